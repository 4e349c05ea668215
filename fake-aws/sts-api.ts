import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { accessKeyIdOf } from "./iam/access-key";
import { type IamAccount, IamError, type Identity, type SessionToken } from "./iam/account";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** What GetCallerIdentity says of who calls. */
export interface StsCaller {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** A role that somebody asks to assume. */
export interface RoleAsked {
  readonly arn: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly name: string;
}

/** The account whose users' keys STS knows too, and whose sessions it opens. */
type TokenGiver = Pick<IamAccount, "identityOfKey" | "getSessionToken">;

/**
 * STS's API, as far as somebody asks who they are, becomes a role or opens a session: GetCallerIdentity, AssumeRole and
 * GetSessionToken, by the AWS Query protocol on a free loopback port. Any other call is refused, and so is whoever has no
 * key that is known.
 *
 * @param callers by access key id. A role that is assumed comes to it under the id that `keyOf` gives.
 * @param account where IAM users call with keys of their own; without it GetSessionToken is refused
 * @param keyOf the access key id of a role's session, undefined where the caller may not assume the role; if left out, ASIA
 *   and the role's name, and everybody may
 */
export async function serveSts(
  callers: Map<string, StsCaller>,
  account?: TokenGiver,
  keyOf: (role: RoleAsked, caller: StsCaller) => string | undefined = ({ name }) => `ASIA${name}`,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<readonly [number, string]> => {
      const form = new URLSearchParams(await text(request));
      const key = accessKeyIdOf(request.headers) ?? "";
      const user = account?.identityOfKey(key);
      const caller = callers.get(key) ?? (user && callerOf(user));
      if (caller === undefined) return [403, refusal("InvalidClientTokenId", "The security token is invalid.")];
      switch (form.get("Action")) {
        case "GetCallerIdentity":
          return [200, identityXml(caller)];
        case "AssumeRole":
          return assume(form, callers, caller, keyOf);
        case "GetSessionToken":
          if (account !== undefined && user !== undefined) return openSession(form, user, account);
          break;
      }
      return [403, refusal("AccessDenied", "not played here")];
    };
    void answer().then(([status, xml]) => response.writeHead(status, { "content-type": "text/xml" }).end(xml));
  });
  return listenOnLoopback(server);
}

function callerOf({ arn }: Identity): StsCaller {
  return { accountId: arn.split(":")[4] ?? "", arn };
}

function openSession(form: URLSearchParams, { principal }: Identity, account: TokenGiver): readonly [number, string] {
  const [serialNumber, tokenCode] = [form.get("SerialNumber"), form.get("TokenCode")];
  const duration = form.get("DurationSeconds");
  try {
    const token = account.getSessionToken(principal, {
      ...(serialNumber !== null && { serialNumber }),
      ...(tokenCode !== null && { tokenCode }),
      ...(duration !== null && { durationSeconds: Number(duration) }),
    });
    return [200, answerXml("GetSessionToken", credentialsXml(token))];
  } catch (error) {
    if (error instanceof IamError) return [error.status, refusal(error.code, error.message)];
    throw error;
  }
}

function identityXml({ accountId, arn }: StsCaller): string {
  const result = `<Arn>${arn}</Arn><UserId>${accountId}</UserId><Account>${accountId}</Account>`;
  return answerXml("GetCallerIdentity", result);
}

function assume(
  form: URLSearchParams,
  callers: Map<string, StsCaller>,
  caller: StsCaller,
  keyOf: (role: RoleAsked, caller: StsCaller) => string | undefined,
): readonly [number, string] {
  const roleArn = form.get("RoleArn") ?? "";
  const [, partition, accountId = "", name = ""] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const key = keyOf({ arn: roleArn, accountId, name }, caller);
  if (key === undefined) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    return [403, refusal("AccessDenied", message)];
  }
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${name}/${form.get("RoleSessionName")}`;
  callers.set(key, { accountId, arn });
  const token = { accessKeyId: key, secretAccessKey: "secret", sessionToken: "token" };
  const expiration = new Date("2099-01-01T00:00:00Z");
  return [200, answerXml("AssumeRole", credentialsXml({ ...token, expiration }))];
}

function credentialsXml({ accessKeyId, secretAccessKey, sessionToken, expiration }: SessionToken): string {
  const members = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration.toISOString(),
  };
  const xml = Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<Credentials>${xml.join("")}</Credentials>`;
}

function answerXml(action: string, result: string): string {
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result></${action}Response>`;
}

function refusal(code: string, message: string): string {
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
