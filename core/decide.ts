import type { GuardName } from "./guards";
import { coverageOf } from "./scope";
import type { Rules } from "./settings";
import type { User } from "./user";

/** What of a user's state the decision rests on. */
export type DecidingState = Pick<User, "name" | "path" | "groups" | "password" | "devices">;

/** Under which guard a user belongs, if any, and why, in words fit for a log. */
export type Decision =
  | { readonly decision: "hold"; readonly guard: GuardName; readonly reason: string }
  | { readonly decision: "free"; readonly reason: string; readonly exempt: boolean };

const hold = (guard: GuardName, reason: string): Decision => ({ decision: "hold", guard, reason });
const free = (reason: string, exempt = false): Decision => ({ decision: "free", reason, exempt });

/**
 * Decides under which guard a user belongs: the only place that says so. In prose:
 *
 * - Who is exempt or outside the scope is free in every mode.
 * - `off` frees everybody.
 * - `quarantine` holds who has a password and no MFA device; who only has access keys is left alone.
 * - `conditional-deny` holds everybody in conditional, whose deny spares sessions opened with MFA.
 * - `strict` holds in quarantine who has a password and no MFA device, and everybody else in sealed. With
 *   `enrolmentByAccessKey` who has neither is held in conditional, whose door has the enrolment that sealed's has not.
 */
export function decide(user: DecidingState, rules: Rules): Decision {
  const coverage = coverageOf(user, rules);
  const reason = describe(user);
  const hasDevice = user.devices.length > 0;
  const unprotected = user.password && !hasDevice;
  if (!coverage.covered) return free(coverage.reason, coverage.exempt);
  if (rules.spareKeyOnlyUsers && !user.password && !hasDevice) return free(`${reason}: spared`);
  switch (rules.mode) {
    case "off":
      return free("mode off holds nobody");
    case "quarantine":
      return unprotected ? hold("quarantine", reason) : free(reason);
    case "conditional-deny":
      return hold("conditional", `${reason}; conditional-deny holds everybody`);
    case "strict":
      if (unprotected) return hold("quarantine", reason);
      return hold(rules.enrolmentByAccessKey && !hasDevice ? "conditional" : "sealed", reason);
  }
}

function describe({ password, devices }: DecidingState): string {
  const counted = devices.length === 1 ? "one MFA device" : `${devices.length} MFA devices`;
  return `${password ? "a password" : "no password"}, ${devices.length === 0 ? "no MFA device" : counted}`;
}

/** The guards under which people belong by these rules; nobody belongs under another. */
export function guardsOfRules({
  mode,
  enrolmentByAccessKey,
}: Pick<Rules, "mode" | "enrolmentByAccessKey">): readonly GuardName[] {
  switch (mode) {
    case "off":
      return [];
    case "quarantine":
      return ["quarantine"];
    case "conditional-deny":
      return ["conditional"];
    case "strict":
      return enrolmentByAccessKey ? ["quarantine", "conditional", "sealed"] : ["quarantine", "sealed"];
  }
}
