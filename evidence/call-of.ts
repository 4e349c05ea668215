import * as v from "valibot";
import { isSameName } from "../core/names";
import { PARTITIONS, type Partition } from "../core/partitions";
import { type Action, actionOf } from "./action-of";

/** The session that a call was made in, as far as a policy can tell. */
type Session = "access key" | "session without MFA" | "session with MFA";

/** What stood between the user and AWS, if anything. */
type GoBetween = "service" | "proxy";

/** An IAM user of one account. */
export interface Caller {
  readonly account: string;
  readonly user: string;
}

/** The ARN of an IAM user, with the path, where the record has it. */
interface WithArn {
  readonly arn: string | undefined;
}

/** A call that an IAM user made. */
export interface UserCall extends Caller, WithArn, Action {
  readonly kind: "call";
  readonly partition: Partition;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly session: Session;
  readonly through: GoBetween | undefined;
  /** Whose credentials the call was about, where it was about anybody's. */
  readonly about: "own user" | "another user";
  /** Whether AWS refused it as it was, so that no guard would change its end. */
  readonly wasRefused: boolean;
}

/** A sign-in to the console, that is by browser, that succeeded. */
export interface SignIn extends Caller, WithArn {
  readonly kind: "sign-in";
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly withMfa: boolean;
}

/** What a record tells of an IAM user; why it can't be read; or nothing, for most tell of others. */
export type Told = UserCall | SignIn | { readonly kind: "problem"; readonly problem: string } | undefined;

const Text = v.nullish(v.string());

/** A part that is only looked into: where it has another form it counts as absent. */
const part = <Entries extends v.ObjectEntries>(entries: Entries) => v.fallback(v.nullish(v.object(entries)), undefined);

/** What of any record is read: whose it is. */
const Record = v.object({ userIdentity: v.nullish(v.object({ type: Text })) });

/** What of an IAM user's record is read (CloudTrail User Guide, "CloudTrail record contents"). */
const UserRecord = v.object({
  eventTime: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}T/)),
  eventSource: v.pipe(v.string(), v.nonEmpty()),
  eventName: v.pipe(v.string(), v.nonEmpty()),
  eventType: Text,
  errorCode: Text,
  recipientAccountId: Text,
  userIdentity: v.object({
    accountId: v.pipe(v.string(), v.nonEmpty()),
    userName: v.pipe(v.string(), v.nonEmpty()),
    arn: Text,
    invokedBy: Text,
    sessionContext: part({ attributes: part({ mfaAuthenticated: Text }) }),
  }),
  requestParameters: part({ userName: Text }),
  responseElements: part({ ConsoleLogin: Text }),
  additionalEventData: part({ MFAUsed: Text }),
});
type UserRecord = v.InferOutput<typeof UserRecord>;

/**
 * Reads a record: the call or the sign-in of an IAM user that it tells of. Another account's users call too, and both
 * accounts are told: here the record of the caller's own counts.
 */
export function callOf(record: unknown): Told {
  const any = v.safeParse(Record, record);
  if (!any.success) return { kind: "problem", problem: "no record of CloudTrail" };
  if (any.output.userIdentity?.type !== "IAMUser") return undefined;
  const read = v.safeParse(UserRecord, record);
  if (!read.success) {
    const paths = read.issues.map((issue) => v.getDotPath(issue) ?? "the record");
    return { kind: "problem", problem: `amiss is ${[...new Set(paths)].join(", ")}` };
  }
  const { eventType, eventName, recipientAccountId, userIdentity } = read.output;
  if (recipientAccountId != null && recipientAccountId !== userIdentity.accountId) return undefined;
  switch (eventType ?? "AwsApiCall") {
    case "AwsApiCall":
    case "AwsConsoleAction":
      return userCallOf(read.output);
    case "AwsConsoleSignIn":
      return eventName === "ConsoleLogin" ? signInOf(read.output) : undefined;
    default:
      return undefined;
  }
}

function userCallOf(record: UserRecord): UserCall {
  const { userIdentity, requestParameters, errorCode } = record;
  const named = requestParameters?.userName;
  return {
    kind: "call",
    ...callerOf(record),
    ...actionOf(record.eventSource, record.eventName),
    partition: PARTITIONS.find((each) => userIdentity.arn?.startsWith(`arn:${each}:`)) ?? "aws",
    session: sessionOf(userIdentity),
    through: goBetweenOf(userIdentity.invokedBy),
    about: named == null || isSameName(named, userIdentity.userName) ? "own user" : "another user",
    wasRefused: errorCode != null && /AccessDenied|Unauthorized|AuthorizationError/.test(errorCode),
  };
}

/** A sign-in that failed says nothing of how its user works. */
function signInOf(record: UserRecord): SignIn | undefined {
  if (record.responseElements?.ConsoleLogin !== "Success") return undefined;
  return { kind: "sign-in", ...callerOf(record), withMfa: record.additionalEventData?.MFAUsed === "Yes" };
}

function callerOf({ userIdentity: { accountId, userName, arn }, eventTime }: UserRecord) {
  const day = eventTime.slice(0, "YYYY-MM-DD".length);
  return { account: accountId, user: userName, arn: arn ?? undefined, day };
}

/** Long-term keys have no session, and so no such attribute. */
function sessionOf({ sessionContext }: UserRecord["userIdentity"]): Session {
  const mfaAuthenticated = sessionContext?.attributes?.mfaAuthenticated;
  if (mfaAuthenticated == null) return "access key";
  return mfaAuthenticated.toLowerCase() === "true" ? "session with MFA" : "session without MFA";
}

/** Of the console's calls some say that sign-in made them, which is no service that acts for the user. */
function goBetweenOf(invokedBy: string | null | undefined): GoBetween | undefined {
  if (invokedBy == null || invokedBy === "signin.amazonaws.com") return undefined;
  return invokedBy === "aws-mcp.amazonaws.com" ? "proxy" : "service";
}
