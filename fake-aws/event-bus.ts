import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { compilePattern } from "./event-pattern";
import type { Principal } from "./iam/account";
import { Identifiers } from "./iam/identifiers";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** An event as rules and their targets see it (EventBridge User Guide, "Event structure"). */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a bus is made with. */
export interface EventBusOptions {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly now: () => Date;
  /** Who calls, by the access key id of the signature, which is not verified. */
  readonly principals: ReadonlyMap<string, Principal>;
  /** Whether a principal's policies allow a request; condition keys as IAM's in-memory account takes them. */
  readonly allows: (
    principal: Principal,
    action: string,
    resource: string,
    context: Readonly<Record<string, readonly string[]>>,
  ) => boolean;
}

/** The errors of whole calls, with their HTTP status (EventBridge API Reference, PutEvents and "Common errors"). */
const STATUS = {
  AccessDeniedException: 400,
  InternalException: 500,
  MissingAuthenticationToken: 403,
  ThrottlingException: 400,
  UnknownOperationException: 400,
  UnrecognizedClientException: 403,
  ValidationException: 400,
} as const;

type ErrorCode = keyof typeof STATUS;

/** Why a single entry is refused (EventBridge API Reference, PutEventsResultEntry). */
type EntryErrorCode =
  | "InternalFailure"
  | "ThrottlingException"
  | "AccessDeniedException"
  | "InvalidArgument"
  | "MalformedDetail"
  | "NotAuthorizedForSourceException";

/** The default event bus of an account, behind EventBridge's API. */
export interface EventBusServer extends LoopbackServer {
  /** The events that the bus took, in order. */
  readonly events: readonly BusEvent[];
  /** Those of them that a rule of this pattern lets through. Throws as {@link compilePattern}. */
  matching(pattern: unknown): readonly BusEvent[];
  /** How many entries each call had that was made, refused ones included. */
  readonly calls: readonly number[];
  /** Makes the next calls fail as a whole. */
  failNext(code: ErrorCode, times?: number): void;
  /** Makes the next entries fail, each by itself, in an answer that else is one. */
  refuseNext(code: EntryErrorCode, entries?: number): void;
}

/** EventBridge API Reference, PutEvents, and User Guide, "Calculating PutEvents event entry size". */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;

const Call = v.strictObject({
  Entries: v.pipe(
    v.array(v.strictObject({ Source: v.string(), DetailType: v.string(), Detail: v.string() })),
    v.minLength(1),
    v.maxLength(MAX_ENTRIES),
  ),
});
type Entry = v.InferOutput<typeof Call>["Entries"][number];

const Detail = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((given) => !Array.isArray(given)),
  v.record(v.string(), v.unknown()),
);

class EventBridgeError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Serves PutEvents, as JSON 1.1, on a free loopback port. It asks for permission, of all entries of a call at once, as the
 * condition key events:source has several values; and it knows no other bus than the default one.
 */
export async function serveEventBus(options: EventBusOptions): Promise<EventBusServer> {
  const { accountId, partition, region, now, principals, allows } = options;
  const identifiers = new Identifiers(`events/${accountId}`);
  const bus = `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
  const events: BusEvent[] = [];
  const calls: number[] = [];
  const faults: ErrorCode[] = [];
  const refusals: EntryErrorCode[] = [];

  const put = (entry: Entry) => {
    const detail = v.safeParse(Detail, entry.Detail);
    const code = refusals.shift() ?? problemOf(entry, detail.success);
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: `Refused: ${code}` };
    const id = identifiers.uuid("event");
    events.push({
      version: "0",
      id,
      "detail-type": entry.DetailType,
      source: entry.Source,
      account: accountId,
      time: now().toISOString().replace(/\.\d+/, ""),
      region,
      resources: [],
      detail: detail.success ? detail.output : {},
    });
    return { EventId: id };
  };
  const answer = async (request: IncomingMessage): Promise<object> => {
    const principal = callerOf(request, region, principals);
    const given = v.safeParse(Call, JSON.parse(await text(request)));
    if (!given.success) throw new EventBridgeError("ValidationException", v.summarize(given.issues));
    const { Entries } = given.output;
    calls.push(Entries.length);
    const fault = faults.shift();
    if (fault !== undefined) throw new EventBridgeError(fault, `Injected fault: ${fault}`);
    const bytes = Entries.reduce((sum, each) => sum + Buffer.byteLength(Object.values(each).join("")), 0);
    if (bytes > MAX_BYTES) {
      throw new EventBridgeError("ValidationException", "Total size of the entries in the request is over the limit.");
    }
    const sources = [...new Set(Entries.map(({ Source }) => Source))];
    if (!allows(principal, "events:PutEvents", bus, { "events:source": sources })) {
      throw new EventBridgeError(
        "AccessDeniedException",
        `not authorized to perform: events:PutEvents on resource: ${bus}`,
      );
    }
    const results = Entries.map(put);
    return { FailedEntryCount: results.filter((each) => "ErrorCode" in each).length, Entries: results };
  };
  const server = createServer((request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    };
    answer(request).then(
      (body) => send(200, body),
      (error: unknown) => {
        const code = error instanceof EventBridgeError ? error.code : "InternalException";
        send(STATUS[code], { __type: code, message: error instanceof Error ? error.message : String(error) });
      },
    );
  });
  return {
    ...(await listenOnLoopback(server)),
    events,
    matching: (pattern) => events.filter(compilePattern(pattern)),
    calls,
    failNext: (code, times = 1) => void faults.push(...Array<ErrorCode>(times).fill(code)),
    refuseNext: (code, entries = 1) => void refusals.push(...Array<EntryErrorCode>(entries).fill(code)),
  };
}

/** Who calls. Throws EventBridgeError where nobody is let in, or what is called is not PutEvents. */
function callerOf({ headers }: IncomingMessage, region: string, principals: EventBusOptions["principals"]): Principal {
  const target = headers["x-amz-target"];
  if (target !== "AWSEvents.PutEvents" || headers["content-type"] !== "application/x-amz-json-1.1") {
    throw new EventBridgeError("UnknownOperationException", `not played here: ${target}`);
  }
  const scope = /\bCredential=([^/,\s]+)\/\d{8}\/([^/]+)\/events\/aws4_request\b/.exec(headers.authorization ?? "");
  if (scope === null) throw new EventBridgeError("MissingAuthenticationToken", "the request is not signed for events");
  const [, accessKeyId = "", signedFor] = scope;
  const principal = signedFor === region ? principals.get(accessKeyId) : undefined;
  if (principal === undefined) {
    throw new EventBridgeError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  return principal;
}

function problemOf({ Source, DetailType }: Entry, isObject: boolean): EntryErrorCode | undefined {
  if (Source === "" || DetailType === "") return "InvalidArgument";
  if (Source.startsWith("aws.")) return "NotAuthorizedForSourceException";
  return isObject ? undefined : "MalformedDetail";
}
