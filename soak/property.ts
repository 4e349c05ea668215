import fc from "fast-check";
import { sharedTime } from "../fake-aws/lambda";
import { histories } from "./arbitrary-history";
import { bundleClock } from "./bundle-clock";
import { bundleMachine } from "./bundle-machine";
import type { Evidence } from "./evidence";
import type { History } from "./history";
import { violationsOf } from "./invariants";
import { play, START } from "./play";
import { type Program, portMachine } from "./port-machine";

/** Thrown by the property, so that fast-check shrinks what broke an invariant. */
export class ViolationError extends Error {
  override readonly name = "ViolationError";

  constructor(readonly violations: ReturnType<typeof violationsOf>) {
    super(violations.map(({ invariant, what }) => `${invariant}: ${what}`).join("\n"));
  }
}

/** Plays a history to its end. */
export type Player = (history: History) => Promise<Evidence>;

/** Plays at the port; a test plants a fault in the handler's place. */
export function atThePort(program?: Program): Player {
  return (history) => play(history, async (surroundings) => portMachine(surroundings, program));
}

/** Plays over the bundle that ships, whose code is given. */
export function overTheBundle(code: string): Player {
  return (history) => {
    const time = sharedTime(START);
    const clock = bundleClock(time);
    return play(history, (surroundings) => bundleMachine(code, time, clock, surroundings), clock);
  };
}

/** What histories are made with. */
export interface Size {
  /** The most steps that a history has. */
  readonly steps: number;
  /** The most calls in a row that fail; over the bundle the SDK's pauses are the machine's. */
  readonly failures: number;
}

/** The sizes: of histories at the port, and over the bundle. */
export const FAILURES = { port: 12, bundle: 2 } as const;

/**
 * The property that histories break no invariant.
 *
 * @param see is shown what each history came to, those of shrinking too
 */
export function noViolations(
  player: Player,
  { steps, failures }: Size,
  see: (evidence: Evidence) => void = () => undefined,
): fc.IAsyncProperty<[History]> {
  return fc.asyncProperty(histories(steps, failures), async (history) => {
    const evidence = await player(history);
    see(evidence);
    const violations = violationsOf(evidence);
    if (violations.length > 0) throw new ViolationError(violations);
  });
}
