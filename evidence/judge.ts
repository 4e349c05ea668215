import type { GuardName } from "../core/guards";
import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { GUARD_POLICIES } from "../policies/guard-policies";
import {
  type CompiledPolicies,
  compile,
  inSession,
  type RequestContext,
  type Session,
} from "../policy-language/evaluator";
import type { UserCall } from "./call-of";

/** Says whether a guard would have refused a call. */
export type Judge = (call: UserCall, guard: GuardName) => boolean;

/** AWS answers it whatever a policy says (STS API Reference, GetCallerIdentity). */
const NEVER_REFUSED = "sts:GetCallerIdentity";

/**
 * A judge by the very policies that these settings deploy. The guards leave open actions of IAM, STS and sign-in alone,
 * by names that CloudTrail uses too; so whatever another service calls its actions, they lie outside the door.
 *
 * What a policy asks of the caller is the name alone, so that one name stands for all.
 */
export function judgeBy(settings: PolicySettings): Judge {
  return judgeOf<GuardName>(
    (guard, partition) => compile([GUARD_POLICIES[guard](settings, partition)]),
    () => ({}),
  );
}

/**
 * A judge by these policies, which say what they refuse: a call that they do not even mention is let through.
 *
 * @param policiesOf compiled once for each that refuses and each kind of session
 * @param moreOf what the policies ask of the caller beside the session
 */
export function judgeOf<Refuser extends string>(
  policiesOf: (refuser: Refuser, partition: Partition) => CompiledPolicies,
  moreOf: (partition: Partition) => RequestContext,
): (call: UserCall, refuser: Refuser) => boolean {
  const sessions = new Map<string, Session>();
  const sessionOf = (call: UserCall, refuser: Refuser): Session => {
    const key = [refuser, call.partition, call.session, call.through].join();
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const context = { ...contextOf(call), ...moreOf(call.partition) };
    const session = inSession(policiesOf(refuser, call.partition), context);
    sessions.set(key, session);
    return session;
  };
  return (call, refuser) => {
    if (call.action.toLowerCase() === NEVER_REFUSED.toLowerCase()) return false;
    const verdict = sessionOf(call, refuser)({ action: call.action, resource: resourceOf(call.partition, call.about) });
    return !verdict.allowed && verdict.explicit;
  };
}

function contextOf({ session, through }: UserCall): RequestContext {
  return {
    "aws:username": "caller",
    "aws:ViaAWSService": String(through !== undefined),
    ...(through === "proxy" && { "aws:ViaAWSMCPService": "true" }),
    ...(session !== "access key" && { "aws:MultiFactorAuthPresent": String(session === "session with MFA") }),
  };
}

/** Whose user a call is about is all that the guards ask of a resource, but for sign-in's tokens. */
function resourceOf(partition: Partition, about: UserCall["about"]): string {
  return `arn:${partition}:iam::123456789012:user/${about === "own user" ? "caller" : "another"}`;
}
