import type { Finding } from "./check";

/** What a job tries: histories at the port or over the bundle, or one kind of hostile input. */
export const KINDS = ["port", "bundle", "events", "sweep requests", "credential reports", "settings"] as const;

export type Kind = (typeof KINDS)[number];

/** A part of a soak that one worker does in one go, by a seed of its own. */
export interface Job {
  readonly kind: Kind;
  readonly seed: number;
  /** Histories or inputs. */
  readonly runs: number;
  /** The most steps of a history. */
  readonly steps: number;
  /** Which one of all that the seed makes, as shrinking found it. */
  readonly path?: string | undefined;
}

/** What a job came to. Figures count what was tried, shrinking left out. */
export interface Result extends Job {
  readonly tried: number;
  readonly stepsTried: number;
  /** Runs of the function. */
  readonly invocations: number;
  readonly writes: number;
  /** How often each fault took effect, what became of deliveries among it. */
  readonly faults: Readonly<Record<string, number>>;
  readonly finding?: Finding | undefined;
  readonly milliseconds: number;
}

/** How many are tried in one job: a worker that is stopped loses no more. */
const RUNS_OF_A_JOB: Readonly<Record<Kind, number>> = {
  port: 50,
  bundle: 10,
  events: 1000,
  "sweep requests": 1000,
  "credential reports": 1000,
  settings: 1000,
};

/** How many of each kind. */
export interface Wanted {
  readonly histories: number;
  readonly bundleHistories: number;
  /** Of each kind. */
  readonly inputs: number;
}

/** A call over the bundle costs some hundred times what one at the port does. */
const shorter = (steps: number): number => Math.ceil(steps / 5);

/** The jobs of a soak: seeds count up from the first. */
export function jobsOf(
  { histories, bundleHistories, inputs }: Wanted,
  firstSeed: number,
  steps: number,
): readonly Job[] {
  return KINDS.flatMap((kind) => {
    const wanted = kind === "port" ? histories : kind === "bundle" ? bundleHistories : inputs;
    const most = RUNS_OF_A_JOB[kind];
    return Array.from({ length: Math.ceil(wanted / most) }, (_, index): Job => {
      const runs = Math.min(most, wanted - index * most);
      return { kind, seed: firstSeed + index, runs, steps: kind === "bundle" ? shorter(steps) : steps };
    });
  });
}

/** What tells a job from another: a result of one that is there already is not worked for again. */
export function keyOf({ kind, seed, runs, steps }: Job): string {
  return `${kind} ${seed} ${runs} ${steps}`;
}
