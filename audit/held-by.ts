import { decide } from "../core/decide";
import { GUARD_NAMES, type GuardName } from "../core/guards";
import type { Mode } from "../core/modes";
import { DEFAULT_SETTINGS, type PolicySettings } from "../core/settings";

/** The states that a user can be in, as far as they decide, in the words that follow "has". */
const STATES = [
  { password: true, devices: [], has: "a password and no MFA device" },
  { password: true, devices: ["a device"], has: "a password and an MFA device" },
  { password: false, devices: ["a device"], has: "an MFA device and no password" },
  { password: false, devices: [], has: "neither (access keys only)" },
] as const;

/** Whom a guard holds in a mode, by these settings, in words, asked of the decision itself; undefined if nobody. */
export function heldBy(guard: GuardName, mode: Mode, settings: PolicySettings): string | undefined {
  const held = STATES.filter(({ password, devices }) => {
    const user = { name: "somebody", path: undefined, groups: [], password, devices };
    const decision = decide(user, { ...DEFAULT_SETTINGS, ...settings, mode });
    return decision.decision === "hold" && decision.guard === guard;
  });
  if (held.length === 0) return undefined;
  if (held.length === STATES.length) return "everybody";
  return `whoever has ${new Intl.ListFormat("en", { type: "disjunction" }).format(held.map(({ has }) => has))}`;
}

/** The guards that hold somebody in a mode, by these settings. */
export function guardsIn(mode: Mode, settings: PolicySettings): readonly GuardName[] {
  return GUARD_NAMES.filter((guard) => heldBy(guard, mode, settings) !== undefined);
}
