import type { Server } from "node:http";

/** A server that listens on this machine alone. */
export interface LoopbackServer {
  /** The endpoint, for an SDK client's `endpoint` or AWS's AWS_ENDPOINT_URL_…: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Stops listening and drops connections that clients keep alive. */
  close(): Promise<void>;
}

/** Lets a server listen on a free loopback port. Rejects where it can't. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
