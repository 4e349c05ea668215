import type { SweepEvent } from "../core/sweep-request";

/** The descriptions of the rules to the handler, by what each brings. */
export const RULE_DESCRIPTIONS = {
  users: "require-mfa: calls that change where an IAM user belongs",
  guards: "require-mfa: calls that can break a guard",
  sweep: "require-mfa: sweeps the account",
} as const;

/** What the schedule gives the handler in the place of an event. */
export const SCHEDULED_SWEEP: SweepEvent = { sweep: { by: "schedule" } };
