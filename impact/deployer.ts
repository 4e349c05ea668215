import type { GuardName } from "../core/guards";
import type { Settings } from "../core/settings";
import { stackPath } from "../core/stack-path";
import type { Clock } from "../handler/clock";
import { type Iam, NoSuchEntityError } from "../handler/iam/iam";
import { readUser } from "../handler/iam/read-user";
import { judge } from "../handler/reconcile";
import type { Caller } from "./caller";
import { findGuards } from "./deployed-guards";
import type { Question } from "./read-impact";

/** What a deploy would do to whoever runs it. */
export type Lockout =
  | { readonly kind: "none" }
  /** The guard that would shut the caller out, and why the caller belongs there. */
  | { readonly kind: "locked out"; readonly user: string; readonly guard: GuardName; readonly reason: string }
  /** The same, on a day that is yet to come, ISO 8601. */
  | { readonly kind: "later"; readonly user: string; readonly guard: GuardName; readonly due: string };

/** What the caller is read by. */
interface Reach {
  readonly caller: Caller;
  readonly iam: Iam;
  readonly clock: Clock;
}

/**
 * Finds out whether the settings would shut out whoever deploys them: an IAM user whom a sweep would hold, and who is on
 * a long-term access key, which carries no MFA, or would be in quarantine, which asks for none. Roles and root are never
 * held. It takes six or seven calls where the caller is an IAM user, and none otherwise.
 *
 * @throws what IAM refuses, and NoSuchEntityError where it does not know the caller
 */
export async function lockoutOf({ stack, name, settings }: Question, reach: Reach): Promise<Lockout> {
  const { caller, iam, clock } = reach;
  const { user } = caller;
  if (user === undefined || settings.mode === "off") return { kind: "none" };
  const [groups, policies] = await Promise.all([iam.listGroupsForUser(user), iam.listAttachedUserPolicies(user)]);
  const { guards } = findGuards(
    groups.map((group) => ({ ...group, policies: [] })),
    policies,
    { path: stackPath(stack), name },
  );
  const state = await readUser(iam, user, { guards, rules: settings, deadline: settings });
  if (state === undefined) throw new NoSuchEntityError(`IAM knows no user ${user}`);
  const { decision, withheld, due } = judge(state, contextOf(settings, { guards, iam, clock }));
  if (decision?.decision !== "hold" || withheld) return { kind: "none" };
  const { guard, reason } = decision;
  if (guard !== "quarantine" && !caller.isLongTermKey) return { kind: "none" };
  return due === undefined
    ? { kind: "locked out", user, guard, reason }
    : { kind: "later", user, guard, due: due.toISOString() };
}

function contextOf<Rest>(settings: Settings, rest: Rest) {
  return { rules: settings, dryRun: settings.dryRun, deadline: settings, ...rest };
}
