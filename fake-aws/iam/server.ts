import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type LoopbackServer, listenOnLoopback } from "../loopback";
import { accessKeyIdOf, type Principals } from "./access-key";
import type { IamAccount, Principal } from "./account";
import { IamError } from "./error";
import { Identifiers } from "./identifiers";
import { unknownCredentials } from "./principal";
import { errorXml, resultXml } from "./xml";

const API_VERSION = "2010-05-08";

/** What is sent back. */
interface Reply {
  readonly status: number;
  readonly requestId: string;
  readonly xml: string;
}

/**
 * Serves an account by the AWS Query protocol on a free loopback port, so that an SDK client can be pointed at it. The
 * caller is whom the access key id of the signature stands for; signatures are not verified.
 *
 * @param principals by access key id; read on every request, so it may grow.
 * @param now the time that an answer's Date tells; the machine's if left out. Where an error's is minutes from the
 *   client's, the SDK takes its own clock for wrong and tries the call again.
 * @param before is waited for before a call reaches the account: what happens meanwhile; nothing if left out
 */
export async function serveIam(
  account: IamAccount,
  principals: Principals,
  now?: () => Date,
  before?: (caller: Principal) => Promise<void>,
): Promise<LoopbackServer> {
  return listenOnLoopback(createServer(iamListener(account, principals, now, before)));
}

/** What answers requests as {@link serveIam} does, for a server that has several accounts. */
export function iamListener(
  account: IamAccount,
  principals: Principals,
  now = () => new Date(),
  before: (caller: Principal) => Promise<void> = async () => undefined,
): RequestListener {
  // A request without known credentials does not reach the account, which numbers its own.
  const refused = new Identifiers("refused");
  const replyTo = async (request: IncomingMessage): Promise<Reply> => {
    const form = new URLSearchParams(await text(request));
    const caller = callerOf(request, form, principals);
    if (caller instanceof IamError) return refusal(caller, refused.uuid("request"));
    await before(caller);
    const { Action = "", Version: _, ...parameters } = Object.fromEntries(form);
    const { requestId, ...outcome } = account.answer(caller, Action, parameters);
    if ("error" in outcome) return refusal(outcome.error, requestId);
    return { status: 200, requestId, xml: resultXml(Action, outcome.result, requestId) };
  };
  return (request, response) => {
    response.setHeader("date", now().toUTCString());
    replyTo(request).then(
      (reply) => send(response, reply),
      (fault: unknown) => {
        const error = new IamError("ServiceFailure", `The stand-in for IAM failed: ${String(fault)}`);
        send(response, refusal(error, refused.uuid("request")));
      },
    );
  };
}

/** Who calls, or why nobody is let in. */
function callerOf(
  { method, headers }: IncomingMessage,
  form: URLSearchParams,
  principals: Principals,
): Principal | IamError {
  if (method !== "POST" || form.get("Version") !== API_VERSION) {
    return new IamError("InvalidAction", `Only POST with Version=${API_VERSION} is served here.`);
  }
  const accessKeyId = accessKeyIdOf(headers);
  if (accessKeyId === undefined) {
    return new IamError("MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  return principals.get(accessKeyId) ?? unknownCredentials();
}

function refusal(error: IamError, requestId: string): Reply {
  return { status: error.status, requestId, xml: errorXml(error, requestId) };
}

function send(response: ServerResponse, { status, requestId, xml }: Reply): void {
  response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": requestId }).end(xml);
}
