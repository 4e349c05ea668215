import type { GuardName } from "../core/guards";

/** What the names of all that an organization's stacks are made of begin with, a hyphen behind it. */
export const NAMES_BEGIN = "require-mfa";

/** The IAM path of an organization's stacks. */
export const ORGANIZATION_PATH = "/require-mfa/organization/";

const named = (rest: string) => `${NAMES_BEGIN}-${rest}`;

/**
 * The physical names of what an organization's stacks are made of: fixed, and so the same in every account, for the SCPs
 * name them and hold before an account has its stack.
 */
export const PHYSICAL_NAMES = {
  /** The StackSet's own; CloudFormation calls its stacks `StackSet-NAME-UUID`. */
  stackSet: NAMES_BEGIN,
  function: named("handler"),
  /** What its name begins with: the log outlives its stack, and is not to be in the way of the next. */
  logGroup: named("handler"),
  role: named("handler"),
  /** The role by which EventBridge sends on what the handler tells. */
  toldRole: named("told"),
  rules: { users: named("users"), guards: named("guards"), sweep: named("sweep"), told: named("told") },
  queues: { undelivered: named("undelivered"), failed: named("failed"), untold: named("untold") },
} as const;

/** The physical name of an alarm, by the end that parts/alarms.ts gives it. */
export function alarmName(ending: string): string {
  return named(ending);
}

/** The physical name of a guard's group, and of its policy. */
export function guardName(guard: GuardName): string {
  return named(guard);
}
