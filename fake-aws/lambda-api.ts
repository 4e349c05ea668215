import { createServer } from "node:http";

/** Lambda's API, as far as a function asks it about itself. */
export interface LambdaApi {
  /** The endpoint, for AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Stops listening and drops connections that clients keep alive. */
  close(): Promise<void>;
}

/**
 * Answers GetFunctionConfiguration, on a free loopback port, for whatever function is asked about: that it has these
 * variables. Any other call is refused.
 */
export async function serveConfiguration(variables: Readonly<Record<string, string>>): Promise<LambdaApi> {
  const server = createServer(({ method, url = "" }, response) => {
    const isKnown = method === "GET" && url.endsWith("/configuration");
    response.writeHead(isKnown ? 200 : 403, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isKnown ? { Environment: { Variables: variables } } : { Message: "not played here" }));
  });
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
