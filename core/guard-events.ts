import {
  anyOfNames,
  anyPolicyOf,
  type CallOrigin,
  groupsOf,
  originOf,
  type PatternScope,
  patternOfCalls,
  recordOf,
} from "./events";
import { GUARD_NAMES, type GuardName, type GuardRef, type GuardRefs } from "./guards";
import { isSameName } from "./names";

/** The calls that can break a guard, by the field that names it. The rule's pattern and the parser are made from this. */
const CALLS = {
  groupName: [
    "AttachGroupPolicy",
    "DetachGroupPolicy",
    "PutGroupPolicy",
    "DeleteGroupPolicy",
    "CreateGroup",
    "DeleteGroup",
    "UpdateGroup",
  ],
  newGroupName: ["UpdateGroup"],
  policyArn: [
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "DeletePolicy",
    // Of a guard's policy, to whichever group.
    "AttachGroupPolicy",
  ],
  // Of policies that are there again: IAM's names are unique in the account, whatever the path.
  policyName: ["CreatePolicy"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * The pattern of the EventBridge rule for calls that can break a guard. It has a rule of its own, for there is no room
 * for it in the other's 2,048 characters.
 */
export function guardEventPattern(scope: PatternScope) {
  const groupName = anyOfNames(groupsOf(scope.guards));
  const policyNames = GUARD_NAMES.map((guard) => policyNameOf(scope.guards[guard]));
  return patternOfCalls(scope, [
    { eventName: CALLS.groupName, requestParameters: { groupName } },
    { eventName: CALLS.newGroupName, requestParameters: { newGroupName: groupName } },
    { eventName: CALLS.policyArn, requestParameters: { policyArn: anyPolicyOf(scope.guards) } },
    { eventName: CALLS.policyName, requestParameters: { policyName: anyOfNames(policyNames) } },
  ]);
}

function policyNameOf({ policyArn }: GuardRef): string {
  return policyArn.slice(policyArn.lastIndexOf("/") + 1);
}

/** A call that may have broken a guard. */
export interface GuardRequest {
  readonly kind: "guard";
  readonly guard: GuardName;
  readonly call: string;
  readonly origin: CallOrigin;
  /** The group, none of the guards', to which the guard's policy was attached; undefined for all other calls. */
  readonly foreignGroup?: string;
}

/**
 * Reads an event: which guard to look at. It judges nothing; the guard's own state does.
 *
 * @returns undefined where the call succeeded on no guard, as any event about users does
 * @throws TypeError as {@link recordOf}
 */
export function readGuardEvent(event: unknown, guards: GuardRefs): GuardRequest | undefined {
  const record = recordOf(event);
  const { eventName: call, errorCode, requestParameters } = record;
  if (errorCode) return undefined;
  const guardBy = (field: keyof typeof CALLS, nameOf: (guard: GuardRef) => string): GuardName | undefined => {
    const given = requestParameters?.[field];
    if (given == null || !CALLS[field].some((name) => name === call)) return undefined;
    return GUARD_NAMES.find((guard) => isSameName(nameOf(guards[guard]), given));
  };
  const ofItsGroup = guardBy("groupName", ({ group }) => group) ?? guardBy("newGroupName", ({ group }) => group);
  const guard = ofItsGroup ?? guardBy("policyArn", ({ policyArn }) => policyArn) ?? guardBy("policyName", policyNameOf);
  if (guard === undefined) return undefined;
  const attached = ofItsGroup === undefined && call === "AttachGroupPolicy";
  const foreignGroup = attached ? requestParameters?.groupName : undefined;
  return { kind: "guard", guard, call, origin: originOf(record), ...(foreignGroup != null && { foreignGroup }) };
}
