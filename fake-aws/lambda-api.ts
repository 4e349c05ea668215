import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/**
 * Lambda's API, as far as a function asks it about itself. Answers GetFunctionConfiguration, on a free loopback port, for whatever function is asked about: that it has these
 * variables. Any other call is refused.
 */
export async function serveConfiguration(variables: Readonly<Record<string, string>>): Promise<LoopbackServer> {
  const server = createServer(({ method, url = "" }, response) => {
    const isKnown = method === "GET" && url.endsWith("/configuration");
    response.writeHead(isKnown ? 200 : 403, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isKnown ? { Environment: { Variables: variables } } : { Message: "not played here" }));
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
