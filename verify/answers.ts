import { type CompiledPolicies, evaluate, type RequestContext } from "../policy-language/evaluator";
import { type HarmlessCall, nobodyBeside } from "./harmless-calls";

/** By what a call is made. */
export type Credentials = "access key" | "session without MFA" | "session with MFA";

/** How AWS answers a call: as asked, as one that is not allowed, or as one by a key that it does not know. */
export type Answer = "allowed" | "refused" | "unknown key";

/** An answer that is to come, and by which statements or rules. */
export interface Expected {
  readonly answer: "allowed" | "refused";
  /** Sids, or AWS's own rule. */
  readonly by: string;
}

/** Who calls: a user by its name and path, in an account. */
export interface CallingUser {
  readonly name: string;
  readonly path: string;
  /** `arn:aws:iam::123456789012:` */
  readonly arnPrefix: string;
}

/** An answer that tells nothing of policies: AWS is out of order, too busy or too far. */
class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** AWS's codes, by which a call is told to be one that may not be made, or one by a key that is not known. */
const REFUSED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/;
const UNKNOWN_KEY = /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|ExpiredToken(Exception)?)$/;
/** Who is told that there is no such user may read it. */
const NOT_THERE = /^NoSuchEntity(Exception)?$/;

/**
 * How AWS answers.
 *
 * @throws NoAnswerError where the answer says nothing of who may do what
 */
export async function answerOf(call: Promise<unknown>): Promise<Answer> {
  try {
    await call;
    return "allowed";
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    // What goes without the SDK has the code in its message: `{"__type":"com.amazon.coral.service#AccessDeniedException"`.
    const code = /"__type" *: *"(?:[^"]*#)?(\w+)"/.exec(message)?.[1] ?? name;
    if (NOT_THERE.test(code)) return "allowed";
    if (REFUSED.test(code)) return "refused";
    if (UNKNOWN_KEY.test(code)) return "unknown key";
    throw new NoAnswerError(`${code}: ${message}`, { cause: error });
  }
}

/**
 * What AWS is to answer: what the evaluator says of these policies, but for what AWS settles beside them.
 *
 * @param policies those that apply to the user, its own and the guards'
 */
export function expectedOf(
  call: HarmlessCall,
  credentials: Credentials,
  user: CallingUser,
  policies: CompiledPolicies,
): Expected {
  // STS API Reference, GetCallerIdentity: no permission is needed, and a deny does not keep anybody from it.
  if (call.action === "sts:GetCallerIdentity") return { answer: "allowed", by: "can't be denied" };
  // STS API Reference, GetSessionToken: no API of IAM without MFA.
  if (credentials === "session without MFA" && call.action.startsWith("iam:")) {
    return { answer: "refused", by: "IAM takes no session without MFA" };
  }
  const { action } = call;
  const verdict = evaluate(policies, {
    action,
    resource: resourceOf(call, user),
    context: contextOf(credentials, user),
  });
  const by = verdict.sids.length > 0 ? verdict.sids.join(", ") : "nothing allows it";
  return { answer: verdict.allowed ? "allowed" : "refused", by };
}

/** Whether an answer is the one to come: where a session may call nothing, AWS takes its key for unknown. */
export function isAsExpected(answer: Answer, { answer: expected }: Expected, credentials: Credentials): boolean {
  return (
    answer === expected || (answer === "unknown key" && expected === "refused" && credentials === "session without MFA")
  );
}

function resourceOf({ on }: HarmlessCall, { name, path, arnPrefix }: CallingUser): string {
  switch (on) {
    case "itself":
      return `${arnPrefix}user${path}${name}`;
    case "another user":
      return `${arnPrefix}user/${nobodyBeside(name)}`;
    case "everything":
      return "*";
  }
}

/** The condition keys of the user's calls (IAM User Guide, "AWS global condition context keys"). */
function contextOf(credentials: Credentials, { name, path, arnPrefix }: CallingUser): RequestContext {
  return {
    "aws:username": name,
    "aws:PrincipalArn": `${arnPrefix}user${path}${name}`,
    "aws:PrincipalType": "User",
    "aws:ViaAWSService": "false",
    // Of a long-term key there is no such key.
    ...(credentials !== "access key" && {
      "aws:MultiFactorAuthPresent": String(credentials === "session with MFA"),
    }),
  };
}
