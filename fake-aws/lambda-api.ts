import { createServer } from "node:http";
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
