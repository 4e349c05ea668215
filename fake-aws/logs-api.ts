import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** Something in a log group: when, in milliseconds since 1970, and what. */
export interface FakeLogEvent {
  readonly timestamp: number;
  readonly message: string;
}

const FilterLogEvents = v.strictObject({
  logGroupName: v.string(),
  startTime: v.number(),
  /** A phrase in quotation marks (CloudWatch Logs User Guide, "Filter pattern syntax"). */
  filterPattern: v.pipe(v.string(), v.regex(/^"[^"]+"$/)),
  nextToken: v.optional(v.string()),
});

/**
 * The API of CloudWatch Logs on a free loopback port, as far as one looks for a phrase: FilterLogEvents, two events a page
 * and between them a page without any, as AWS may have it. Whoever asks is let in.
 *
 * @param groups what is in each log group, by name
 */
export async function serveLogs(groups: ReadonlyMap<string, readonly FakeLogEvent[]>): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<readonly [number, object]> => {
      if (request.headers["x-amz-target"] !== "Logs_20140328.FilterLogEvents") {
        return [400, { __type: "UnknownOperationException" }];
      }
      const asked = v.parse(FilterLogEvents, JSON.parse(await text(request)));
      const group = groups.get(asked.logGroupName);
      if (group === undefined) {
        return [400, { __type: "ResourceNotFoundException", message: "The specified log group does not exist." }];
      }
      const phrase = asked.filterPattern.slice(1, -1);
      const found = group.filter(({ timestamp, message }) => timestamp >= asked.startTime && message.includes(phrase));
      const start = Number(asked.nextToken ?? "0");
      const events = Number.isInteger(start) ? found.slice(start, start + 2) : [];
      const next = Number.isInteger(start) ? start + 1.5 : start + 0.5;
      return [200, { events, ...(next < found.length && { nextToken: String(next) }) }];
    };
    void answer().then(([status, body]) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body)),
    );
  });
  return listenOnLoopback(server);
}
