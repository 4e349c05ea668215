import { wordsOf } from "../core/words-of";
import type { Clock } from "../handler/clock";

/** What waiting goes by. */
export interface Waiting {
  readonly clock: Clock;
  /** Ends every pause, with its reason. */
  readonly signal: AbortSignal;
  /** Is told what is waited for. */
  readonly doing: (text: string) => void;
}

/** What is waited for. */
interface Awaited {
  /** In words, behind «waiting for». */
  readonly what: string;
  readonly everySeconds: number;
  readonly limitSeconds: number;
}

/** Whoever started the command ends it before its end. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  /** @param by `SIGINT` */
  constructor(readonly by: string) {
    super(`interrupted by ${by}`);
  }
}

/** Pauses. Throws the signal's reason as soon as it is aborted. */
export async function pauseFor(seconds: number, { clock, signal }: Pick<Waiting, "clock" | "signal">): Promise<void> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(wordsOf(signal.reason)));
    signal.addEventListener("abort", onAbort);
  });
  try {
    await Promise.race([clock.pause(seconds), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Looks again and again until what is looked for is there.
 *
 * @param look what is there, or undefined
 * @returns what was found; undefined where the limit passed before
 * @throws what the look throws, and the signal's reason
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  { what, everySeconds, limitSeconds }: Awaited,
  waiting: Waiting,
): Promise<T | undefined> {
  const { clock, signal, doing } = waiting;
  const begun = clock.now();
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    const seconds = (clock.now() - begun) / 1000;
    if (seconds >= limitSeconds) return undefined;
    doing(`waiting for ${what}: ${Math.round(seconds)} s of ${limitSeconds} s`);
    await pauseFor(Math.min(everySeconds, limitSeconds - seconds), waiting);
  }
}
