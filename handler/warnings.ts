import type { Enrolment } from "../core/events";
import type { Mode } from "../core/modes";
import { type Coverage, coverageOf, type ScopedState } from "../core/scope";
import type { Rules } from "../core/settings";
import type { User } from "../core/user";
import type { Outcome } from "./reconcile";

/** Why what became of an event wants a human's look. */
export type Warning =
  /** No read showed what the event promised. */
  | "lagging"
  /** There is no user of this name: deleted, or renamed since. */
  | "gone"
  /** Someone who was held is exempt now. */
  | "freed-as-exempt"
  /** Exempt, with a password and no device. */
  | "exempt-without-device"
  /** Someone with a password and no device has come into the scope or out of it, by exemption or otherwise. */
  | "scope-changed-without-device"
  /** A device was enrolled by someone other than its user. */
  | "device-by-another"
  /** A device was enrolled beside another one, and the record does not show MFA for that session. */
  | "second-device-without-mfa"
  /** At full quotas, for a moment under no guard. */
  | "out-before-in";

/** What is known of the call. */
interface Call {
  readonly scopeBefore: (user: User) => ScopedState | undefined;
  readonly enrolment: Enrolment | undefined;
}

/**
 * Tells what is amiss, or worth a look, about what became of an event.
 *
 * @param first the user's state as the event left it; undefined where there is no such user
 */
export function warningsOf(
  { scopeBefore, enrolment }: Call,
  first: User | undefined,
  outcome: Outcome,
  rules: Rules,
): readonly Warning[] {
  const { lagging, action, exempt, outBeforeIn } = outcome;
  const isUnprotected = first?.password === true && first.devices.length === 0 && rules.mode !== "off";
  const coverage = first && coverageOf(first, rules);
  const warnings: readonly (readonly [boolean, Warning])[] = [
    [lagging, "lagging"],
    [action === "gone", "gone"],
    [action === "freed" && exempt === true, "freed-as-exempt"],
    [isUnprotected && coverage !== undefined && placeOf(coverage) === "exempt", "exempt-without-device"],
    [isUnprotected && hasChangedScope(first, outcome, scopeBefore(first), rules), "scope-changed-without-device"],
    [enrolment?.byAnother === true, "device-by-another"],
    [enrolment?.withMfa === false && (first?.devices.length ?? 0) > 1, "second-device-without-mfa"],
    [outBeforeIn === true, "out-before-in"],
  ];
  return given(warnings);
}

/**
 * Tells what is worth a look about what a sweep did. Becoming exempt is worth more than a line among many, and so is
 * becoming free without a device: it is how someone gets out. So is a moment without a guard.
 */
export function warningsOfSweep({ action, exempt, outBeforeIn, seen }: Outcome, mode: Mode): readonly Warning[] {
  const isUnprotected = seen?.password === true && seen.devices.length === 0 && mode !== "off";
  const warnings: readonly (readonly [boolean, Warning])[] = [
    [action === "freed" && exempt === true, "freed-as-exempt"],
    [action === "freed" && isUnprotected, "scope-changed-without-device"],
    [outBeforeIn === true, "out-before-in"],
  ];
  return given(warnings);
}

function given(warnings: readonly (readonly [boolean, Warning])[]): readonly Warning[] {
  return warnings.flatMap(([isSo, warning]) => (isSo ? [warning] : []));
}

function placeOf(coverage: Coverage): "covered" | "exempt" | "outside" {
  if (coverage.covered) return "covered";
  return coverage.exempt ? "exempt" : "outside";
}

/** Whether the call brought the user into the scope or out of it; where the record does not tell, whether it may have. */
function hasChangedScope(user: User, { seen }: Outcome, before: ScopedState | undefined, rules: Rules): boolean {
  const now = placeOf(coverageOf(user, rules));
  if (before !== undefined) return placeOf(coverageOf(before, rules)) !== now;
  // A move to another path. Who is in the scope and was under a guard already has been in it before.
  return now !== "covered" || seen === undefined || seen.heldBy.length === 0;
}
