import { decide } from "../core/decide";
import { groupArnOf } from "../core/guard-state";
import { GUARD_NAMES, type GuardName, type GuardRefs, guardsOf } from "../core/guards";
import type { Mode } from "../core/modes";
import { policyDigest } from "../core/policy-digest";
import { DEFAULT_SETTINGS } from "../core/settings";
import type { GroupDetail } from "../handler/iam/iam";

/** A user to measure with. */
export interface Person {
  readonly name: string;
  readonly password: boolean;
  readonly device: boolean;
  /** The guard whose group the user is in. */
  readonly guard: GuardName | undefined;
}

/** The guards of the accounts that are measured. */
export const GUARDS: GuardRefs = {
  quarantine: guard("quarantine"),
  conditional: guard("conditional"),
  sealed: guard("sealed"),
};

/** What all guards' policies say here; nobody asks. */
export const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** What the sweep is told that they say. */
export const POLICY_DIGESTS = guardsOf(() => policyDigest(DOCUMENT));

/** The guards' groups, as a bulk read shows them. */
export const GUARD_GROUPS: readonly GroupDetail[] = GUARD_NAMES.map((name) => ({
  name: GUARDS[name].group,
  arn: groupArnOf(GUARDS[name]),
  policies: [GUARDS[name].policyArn],
  inlinePolicies: [],
}));

/** One user in this many is out of place. */
const USERS_PER_ASTRAY = 100;

/** What an account looks like: everybody enrolled, a quarter not yet, or that quarter and some out of place. */
export type Setting = "all enrolled" | "a quarter not enrolled" | "some astray";

/**
 * So many users: half with password and device, a quarter with neither, and a quarter with a password, who have a device
 * too where all are enrolled. Where some are astray, one in a hundred is out of place, by turns someone with a password
 * and no device under no guard, and someone who has enrolled and is still in quarantine.
 */
export function people(count: number, mode: Mode, setting: Setting): readonly Person[] {
  const astray = setting === "some astray";
  return Array.from({ length: count }, (_, index) => {
    const enrolled = setting === "all enrolled" || index % (2 * USERS_PER_ASTRAY) === USERS_PER_ASTRAY;
    const has = {
      password: index % 4 !== 3,
      device: (enrolled && index % 4 === 0) || index % 4 === 1 || index % 4 === 2,
    };
    const name = `user-${String(index).padStart(5, "0")}`;
    if (astray && isAstray(index)) return { name, ...has, guard: enrolled ? "quarantine" : undefined };
    const state = { ...has, name, path: "/", groups: [], devices: has.device ? ["a device"] : [] };
    const decision = decide(state, { ...DEFAULT_SETTINGS, mode });
    return { name, ...has, guard: decision.decision === "hold" ? decision.guard : undefined };
  });
}

/** How many of {@link people} are out of place. */
export function countAstray(count: number): number {
  return Math.ceil(count / USERS_PER_ASTRAY);
}

function isAstray(index: number): boolean {
  return index % USERS_PER_ASTRAY === 0;
}

function guard(name: GuardName): GuardRefs[GuardName] {
  const fullName = `require-mfa-${name}-1a2b3c4`;
  return { group: fullName, policyArn: `arn:aws:iam::123456789012:policy/require-mfa/dev/${fullName}` };
}
