import { createServer, type RequestListener } from "node:http";
import { accessKeyIdOf } from "./iam/access-key";
import { type LoopbackServer, listenOnLoopback } from "./loopback";
import type { StsCaller } from "./sts-api";

/**
 * Serves several accounts at one endpoint on a free loopback port, as AWS does: whose key signs a request says whose it is.
 *
 * @param listeners by account
 * @param callers by access key id; read on every request, so it may grow
 */
export async function serveByAccount(
  listeners: ReadonlyMap<string, RequestListener>,
  callers: ReadonlyMap<string, StsCaller>,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const account = callers.get(accessKeyIdOf(request.headers) ?? "")?.accountId ?? "";
    const listener = listeners.get(account);
    if (listener === undefined) response.writeHead(403).end();
    else listener(request, response);
  });
  return listenOnLoopback(server);
}
