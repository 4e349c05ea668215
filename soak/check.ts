import fc from "fast-check";

/** What to try: so many, made by a seed; or the one at a path that shrinking has found. */
export interface Selection {
  readonly seed: number;
  readonly runs: number;
  readonly path?: string | undefined;
}

/** The smallest that was found to break something. */
export interface Finding {
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  /** JSON */
  readonly counterexample: string;
}

/** Tries a property, and shrinks the first that breaks it; undefined where nothing does. */
export async function check<T>(
  property: fc.IAsyncProperty<T>,
  { seed, runs, path }: Selection,
): Promise<Finding | undefined> {
  const tried = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(path !== undefined && { path, endOnFailure: true }),
  });
  if (!tried.failed) return undefined;
  const { counterexample, counterexamplePath, errorInstance } = tried;
  return {
    seed: tried.seed,
    path: counterexamplePath ?? "",
    message: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    counterexample: JSON.stringify(counterexample),
  };
}
