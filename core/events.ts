import * as v from "valibot";
import { GUARD_NAMES, type GuardRefs } from "./guards";
import { isSameName } from "./names";
import type { ScopedState } from "./scope";
import { hasPolicy, isInGroup, type User } from "./user";

/** Tells whether a read shows what it should, once IAM has caught up with an event. */
export type Expectation = (user: User | undefined) => boolean;

/** A text that is only told on: where it is amiss it counts as absent, for it must keep nobody from being held. */
const Told = v.fallback(v.nullish(v.string()), undefined);

/** What of a call's parameters is read. */
const Parameters = v.object({
  userName: v.nullish(v.string()),
  newUserName: v.nullish(v.string()),
  newPath: Told,
  serialNumber: v.nullish(v.string()),
  groupName: v.nullish(v.string()),
  newGroupName: Told,
  policyArn: v.nullish(v.string()),
  policyName: Told,
});
type Parameters = v.InferOutput<typeof Parameters>;

/** The session's own account of MFA, told on like {@link Told}. */
const SessionContext = v.fallback(
  v.nullish(v.object({ attributes: v.nullish(v.object({ mfaAuthenticated: v.nullish(v.string()) })) })),
  undefined,
);

/**
 * What is read of EventBridge's envelope and the CloudTrail record in it. Everything that real records are known to
 * leave out may be absent or null (CloudTrail User Guide, "CloudTrail record contents").
 */
const CloudTrailEvent = v.object({
  detail: v.object({
    eventName: v.string(),
    eventID: Told,
    eventTime: Told,
    sourceIPAddress: Told,
    userAgent: Told,
    errorCode: v.nullish(v.string()),
    userIdentity: v.nullish(
      v.object({
        type: v.nullish(v.string()),
        userName: v.nullish(v.string()),
        arn: Told,
        sessionContext: SessionContext,
      }),
    ),
    requestParameters: v.nullish(Parameters),
    responseElements: v.nullish(v.object({ loginProfile: v.nullish(v.object({ userName: v.nullish(v.string()) })) })),
  }),
});
type CloudTrailRecord = v.InferOutput<typeof CloudTrailEvent>["detail"];

interface Call {
  /** Whom or what a call must name to concern this program: a user, a group of ours or of the rules, a policy of ours. */
  readonly of: "a user" | "a group" | "a policy";
  /** What becomes true of the user's state. */
  readonly expected: Predicate;
  /** What the scope saw before the call, where the call changes any of it; undefined where the record does not tell. */
  readonly scopeBefore?: (user: User, parameters: Parameters) => ScopedState | undefined;
}

type Predicate = (user: User, parameters: Parameters) => boolean;

const not =
  (predicate: Predicate): Predicate =>
  (user, parameters) =>
    !predicate(user, parameters);

const exists: Predicate = () => true;
const hasPassword: Predicate = (user) => user.password;
const hasSomeDevice: Predicate = (user) => user.devices.length > 0;
const hasThatDevice: Predicate = (user, { serialNumber }) => user.devices.some((device) => device === serialNumber);
const isInThatGroup: Predicate = (user, { groupName }) => isInGroup(user, groupName ?? "");
const hasThatPolicy: Predicate = (user, { policyArn }) => hasPolicy(user, policyArn ?? "");

const beforeUpdate = (user: User, { userName, newPath }: Parameters): ScopedState | undefined => {
  // A record names the new path alone. Where no rule asks for paths, none was read and none matters.
  return newPath != null && user.path !== undefined ? undefined : { ...user, name: userName ?? user.name };
};
const beforeJoining = (user: User, { groupName }: Parameters): ScopedState => {
  return { ...user, groups: user.groups.filter((group) => !isSameName(group, groupName ?? "")) };
};
const beforeLeaving = (user: User, { groupName }: Parameters): ScopedState => {
  return { ...user, groups: [...user.groups, ...(groupName == null ? [] : [groupName])] };
};

/**
 * Every call that can change where a user belongs or stands. The deployed rule's pattern and the parser are both made
 * from this table, so that the rule lets in nothing that the handler does not know.
 *
 * EnableMFADevice counts devices and does not look for the record's serial number: one device is what the decision asks
 * for, and how passkeys' records spell theirs is not documented.
 */
const CALLS: Readonly<Record<string, Call>> = {
  CreateUser: { of: "a user", expected: exists },
  UpdateUser: { of: "a user", expected: exists, scopeBefore: beforeUpdate },
  CreateLoginProfile: { of: "a user", expected: hasPassword },
  DeleteLoginProfile: { of: "a user", expected: not(hasPassword) },
  EnableMFADevice: { of: "a user", expected: hasSomeDevice },
  DeactivateMFADevice: { of: "a user", expected: not(hasThatDevice) },
  AddUserToGroup: { of: "a group", expected: isInThatGroup, scopeBefore: beforeJoining },
  RemoveUserFromGroup: { of: "a group", expected: not(isInThatGroup), scopeBefore: beforeLeaving },
  AttachUserPolicy: { of: "a policy", expected: hasThatPolicy },
  DetachUserPolicy: { of: "a policy", expected: not(hasThatPolicy) },
};

const callsOf = (of: Call["of"]): readonly string[] => Object.keys(CALLS).filter((name) => CALLS[name]?.of === of);

/** What the pattern of every rule pins. */
export interface PatternScope {
  readonly accountId: string;
  readonly guards: GuardRefs;
  /** The handler's own role, whose calls would only come back as echoes. */
  readonly handlerRoleArn: string;
}

/** Where the rule stands: what its pattern pins beside the calls. */
export interface RuleScope extends PatternScope {
  /** The groups of the scope and of the exemptions. */
  readonly groups: readonly string[];
}

/** The pattern of the EventBridge rule for calls that change where a user belongs or stands. */
export function eventPattern(scope: RuleScope) {
  const groupNames = [...groupsOf(scope.guards), ...scope.groups];
  return patternOfCalls(scope, [
    { eventName: callsOf("a user") },
    { eventName: callsOf("a group"), requestParameters: { groupName: anyOfNames(groupNames) } },
    { eventName: callsOf("a policy"), requestParameters: { policyArn: anyPolicyOf(scope.guards) } },
  ]);
}

/**
 * The pattern of a rule for calls to IAM that succeeded. China's documentation spells the detail-type both ways, and the
 * console has one of its own, so all are let in. IAM users and root have no sessionIssuer, and `anything-but` alone
 * matches no event in which the field is absent, hence `exists: false` beside it (EventBridge User Guide, "Comparison
 * operators for use in event patterns").
 *
 * @param calls alternatives, two or more: which calls, and what of them must match
 */
export function patternOfCalls<Alternative extends { readonly eventName: readonly string[] }>(
  { accountId, handlerRoleArn }: PatternScope,
  calls: readonly Alternative[],
) {
  return {
    source: ["aws.iam"],
    "detail-type": DETAIL_TYPES,
    account: [accountId],
    detail: {
      errorCode: [{ exists: false }],
      userIdentity: {
        sessionContext: { sessionIssuer: { arn: [{ exists: false }, { "anything-but": [handlerRoleArn] }] } },
      },
      $or: calls,
    },
  };
}

/** Whether the console's own calls, by which passkeys are enrolled, come as the third is not documented. */
const DETAIL_TYPES = [
  "AWS API Call via CloudTrail",
  "Amazon API Call via CloudTrail",
  "AWS Console Action via CloudTrail",
];

/** The names of the guards' groups. */
export function groupsOf(guards: GuardRefs): readonly string[] {
  return GUARD_NAMES.map((name) => guards[name].group);
}

/** The matchers of a field that has one of these of IAM's names. */
export function anyOfNames(names: readonly string[]) {
  return names.map((name) => ({ "equals-ignore-case": name }));
}

/** The matcher of a field that has a guard's policy: all of them share their path, and nothing else lives there. */
export function anyPolicyOf({ quarantine: { policyArn } }: GuardRefs) {
  return [{ prefix: policyArn.slice(0, policyArn.lastIndexOf("/") + 1) }];
}

/** Who made a call and when, as far as CloudTrail's record says, in its words. */
export interface CallOrigin {
  readonly caller?: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly eventID?: string;
  /** ISO 8601 */
  readonly eventTime?: string;
}

/** What an event asks for: one user's state to be read, or nothing, and why. */
export type Request =
  | {
      readonly kind: "user";
      readonly call: string;
      readonly origin: CallOrigin;
      readonly user: string;
      readonly expected: Expectation;
      /** What the scope saw of the user before the call; undefined where the record does not tell. */
      readonly scopeBefore: (user: User) => ScopedState | undefined;
      /** How the call enrolled a device; undefined where it enrolled none. */
      readonly enrolment: Enrolment | undefined;
    }
  | { readonly kind: "nobody"; readonly call: string; readonly origin: CallOrigin; readonly reason: string };

/** How a device was enrolled. */
export interface Enrolment {
  /** Whether the record names a caller who is not the user. */
  readonly byAnother: boolean;
  /** Whether the record says that the session was opened with MFA; of a bare access key it never does. */
  readonly withMfa: boolean;
}

/**
 * Reads an event: whose state to look at, and what it should soon show. It decides nothing.
 *
 * @throws TypeError where the value is no CloudTrail event at all, naming each field that is amiss.
 */
export function readEvent(event: unknown): Request {
  const record = recordOf(event);
  const call = Object.hasOwn(CALLS, record.eventName) ? CALLS[record.eventName] : undefined;
  const origin = originOf(record);
  const nobody = (reason: string): Request => ({ kind: "nobody", call: record.eventName, origin, reason });
  if (call === undefined) return nobody("this call changes neither where a user belongs nor where a user stands");
  if (record.errorCode) return nobody(`the call failed: ${record.errorCode}`);
  const user = targetOf(record);
  if (user === undefined) return nobody("the call names no user");
  if (!isUserName(user)) return nobody(`${JSON.stringify(user)} is not the name of an IAM user`);
  const parameters = record.requestParameters ?? {};
  return {
    kind: "user",
    call: record.eventName,
    origin,
    user,
    // Where there is no user at all the read lags behind: of a user whom it knows IAM may say for a moment that there is
    // none, and whoever is really gone is so for all of the 10 s.
    expected: (state) => state !== undefined && call.expected(state, parameters),
    scopeBefore: (state) => (call.scopeBefore === undefined ? state : call.scopeBefore(state, parameters)),
    enrolment: record.eventName === "EnableMFADevice" ? enrolmentOf(record, user) : undefined,
  };
}

/**
 * CloudTrail's record in an event, as far as it is read.
 *
 * @throws TypeError where the value is no CloudTrail event at all, naming each field that is amiss.
 */
export function recordOf(event: unknown): CloudTrailRecord {
  const parsed = v.safeParse(CloudTrailEvent, event);
  if (parsed.success) return parsed.output.detail;
  // What was received is not told: a password may stand where a name should.
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "the event"}: expected ${issue.expected}`);
  throw new TypeError(`not an event of AWS API Call via CloudTrail: ${problems.join("; ")}`);
}

/** Who called and when, without what the record leaves out. */
export function originOf({
  userIdentity,
  sourceIPAddress,
  userAgent,
  eventID,
  eventTime,
}: CloudTrailRecord): CallOrigin {
  const caller = userIdentity?.arn;
  return {
    ...(caller != null && { caller }),
    ...(sourceIPAddress != null && { sourceIPAddress }),
    ...(userAgent != null && { userAgent }),
    ...(eventID != null && { eventID }),
    ...(eventTime != null && { eventTime }),
  };
}

function enrolmentOf({ userIdentity }: CloudTrailRecord, user: string): Enrolment {
  const { type, userName, sessionContext } = userIdentity ?? {};
  return {
    byAnother: type != null && !(type === "IAMUser" && isSameName(userName ?? "", user)),
    withMfa: sessionContext?.attributes?.mfaAuthenticated === "true",
  };
}

/**
 * The user whom a call was about. The caller is meant only where a call that may leave the user out did so, and only if
 * the caller is an IAM user: root's userName is the account's alias.
 */
function targetOf({ requestParameters, responseElements, userIdentity }: CloudTrailRecord): string | undefined {
  const caller = userIdentity?.type === "IAMUser" ? userIdentity.userName : undefined;
  const named = requestParameters?.newUserName ?? requestParameters?.userName;
  return named ?? responseElements?.loginProfile?.userName ?? caller ?? undefined;
}

/** IAM's own rule for user names (API Reference, User); `AWS ROOT USER`, which records of root carry, is none. */
function isUserName(name: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(name);
}
