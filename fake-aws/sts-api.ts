import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** What GetCallerIdentity says of who calls. */
export interface StsCaller {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/**
 * STS's API, as far as somebody asks who they are or becomes a role: GetCallerIdentity and AssumeRole, by the AWS Query
 * protocol on a free loopback port. Any other call is refused, and so is whoever has no key that is known.
 *
 * @param callers by access key id. A role that is assumed comes to it under the id ASIA and the role's name, and may be
 *   assumed by everybody.
 */
export async function serveSts(callers: Map<string, StsCaller>): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<readonly [number, string]> => {
      const form = new URLSearchParams(await text(request));
      const caller = callers.get(/\bCredential=([^/,\s]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "");
      if (caller === undefined) return [403, refusal("InvalidClientTokenId", "The security token is invalid.")];
      switch (form.get("Action")) {
        case "GetCallerIdentity":
          return [200, identityXml(caller)];
        case "AssumeRole":
          return [200, assume(form, callers)];
        default:
          return [403, refusal("AccessDenied", "not played here")];
      }
    };
    void answer().then(([status, xml]) => response.writeHead(status, { "content-type": "text/xml" }).end(xml));
  });
  return listenOnLoopback(server);
}

function identityXml({ accountId, arn }: StsCaller): string {
  const result = `<Arn>${arn}</Arn><UserId>${accountId}</UserId><Account>${accountId}</Account>`;
  return answerXml("GetCallerIdentity", result);
}

function assume(form: URLSearchParams, callers: Map<string, StsCaller>): string {
  const [, partition, accountId = "", name] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(form.get("RoleArn") ?? "") ?? [];
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${name}/${form.get("RoleSessionName")}`;
  const key = `ASIA${name}`;
  callers.set(key, { accountId, arn });
  const secrets = `<AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>`;
  return answerXml("AssumeRole", `<Credentials>${secrets}<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`);
}

function answerXml(action: string, result: string): string {
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result></${action}Response>`;
}

function refusal(code: string, message: string): string {
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
