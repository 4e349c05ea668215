import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { accessKeyIdOf } from "./iam/access-key";
import type { Principal } from "./iam/account";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** A function that asks Lambda about itself, and by whose leave. */
export interface AskingFunction {
  readonly functionArn: string;
  /** What GetFunctionConfiguration tells of its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Who calls, by access key. */
  readonly principals: ReadonlyMap<string, Principal>;
  readonly allows: (principal: Principal, action: string, resource: string) => boolean;
  /** Takes what the function invokes itself with asynchronously; where it is left out, that is refused. */
  readonly onInvoke?: (event: unknown) => void;
}

/**
 * Lambda's API, as far as a function asks it about itself: GetFunctionConfiguration, and Invoke with InvocationType Event,
 * on a free loopback port. Any other call is refused, and so is one that the caller may not make.
 */
export async function serveOwnFunction(asking: AskingFunction): Promise<LoopbackServer> {
  const { functionArn, variables, principals, allows, onInvoke } = asking;
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    const { method, url = "", headers } = request;
    const caller = principals.get(accessKeyIdOf(headers) ?? "");
    const mayDo = (action: string) => caller !== undefined && allows(caller, action, functionArn);
    if (method === "GET" && url.endsWith("/configuration") && mayDo("lambda:GetFunctionConfiguration")) {
      answer(200, { Environment: { Variables: variables } });
    } else if (
      method === "POST" &&
      url.endsWith("/invocations") &&
      headers["x-amz-invocation-type"] === "Event" &&
      onInvoke !== undefined &&
      mayDo("lambda:InvokeFunction")
    ) {
      onInvoke(await json(request));
      answer(202, null);
    } else {
      answer(403, { Message: "not played here, or not allowed" });
    }
  });
  return listenOnLoopback(server);
}

/**
 * Lambda's API, as far as somebody invokes a function and waits for what it returns (API Reference, Invoke), on a free
 * loopback port. Any other call is refused, and so is one of a function that is not there.
 *
 * @param functions by name. What one throws is told as Lambda tells a function's error: with success and a header.
 */
export async function serveInvocations(
  functions: Readonly<Record<string, (event: unknown) => Promise<unknown>>>,
): Promise<LoopbackServer> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, headers: Readonly<Record<string, string>>, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const { method, url = "", headers } = request;
    const [, name = ""] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url) ?? [];
    if (method !== "POST" || (headers["x-amz-invocation-type"] ?? "RequestResponse") !== "RequestResponse") {
      answer(403, { "x-amzn-errortype": "AccessDeniedException" }, { Message: "not played here" });
      return;
    }
    const invoke = functions[decodeURIComponent(name)];
    if (invoke === undefined) {
      const Message = `Function not found: ${decodeURIComponent(name)}`;
      answer(404, { "x-amzn-errortype": "ResourceNotFoundException" }, { Type: "User", Message });
      return;
    }
    try {
      answer(200, {}, (await invoke(await json(request))) ?? null);
    } catch (error) {
      const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error(String(error));
      answer(200, { "x-amz-function-error": "Unhandled" }, { errorType, errorMessage, trace: [] });
    }
  });
  return listenOnLoopback(server);
}
