import fc from "fast-check";
import { histories } from "./arbitrary-history";
import type { Evidence } from "./evidence";
import type { History } from "./history";
import { violationsOf } from "./invariants";
import { type MakeMachine, play } from "./play";

/** Thrown by the property, so that fast-check shrinks what broke an invariant. */
export class ViolationError extends Error {
  override readonly name = "ViolationError";

  constructor(readonly violations: ReturnType<typeof violationsOf>) {
    super(violations.map(({ invariant, what }) => `${invariant}: ${what}`).join("\n"));
  }
}

/**
 * The property that histories break no invariant.
 *
 * @param steps the most that a history has
 * @param see is shown what each history came to, those of shrinking too
 */
export function noViolations(
  makeMachine: MakeMachine,
  steps: number,
  see: (evidence: Evidence) => void = () => undefined,
): fc.IAsyncProperty<[History]> {
  return fc.asyncProperty(histories(steps), async (history) => {
    const evidence = await play(history, makeMachine);
    see(evidence);
    const violations = violationsOf(evidence);
    if (violations.length > 0) throw new ViolationError(violations);
  });
}
