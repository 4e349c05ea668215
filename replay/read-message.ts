import * as v from "valibot";
import { originOf, readEvent, recordOf } from "../core/events";
import { SweepEvent } from "../core/sweep-request";
import { wordsOf } from "../core/words-of";
import type { QueuedMessage } from "./queue";

/** What a message asks of the function. */
export type Asked =
  | {
      readonly kind: "event";
      /** What the function is invoked with. */
      readonly event: unknown;
      /** IAM's call. */
      readonly call: string;
      /** The user, group or policy that the call was about. */
      readonly about: string;
      /** When the call was made, ISO 8601. */
      readonly at: string;
    }
  | { readonly kind: "sweep"; readonly at: string };

/** A message, read: what it asks and why the function could not do it, or why it can't be replayed. */
export type ReadMessage =
  | { readonly message: QueuedMessage; readonly asked: Asked; readonly failure: string }
  | { readonly message: QueuedMessage; readonly unusable: string };

/**
 * What Lambda puts into an on-failure destination. Where the two payloads would be too large together it leaves them out
 * (Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations").
 */
const InvocationRecord = v.object({
  requestContext: v.object({
    functionArn: v.string(),
    condition: v.string(),
    approximateInvokeCount: v.optional(v.number()),
  }),
  requestPayload: v.optional(v.unknown()),
  responsePayload: v.fallback(
    v.nullish(v.object({ errorType: v.optional(v.string()), errorMessage: v.optional(v.string()) })),
    undefined,
  ),
});

/** What EventBridge puts on a schedule's rule; whether a dead letter holds it or the target's input is not documented. */
const ScheduledEvent = v.object({ source: v.literal("aws.events"), "detail-type": v.literal("Scheduled Event") });

/**
 * Reads a message: a dead letter of EventBridge, which is the event with attributes beside it (EventBridge User Guide,
 * "Using dead-letter queues to process undelivered events"), or Lambda's record of an invocation. What the function would
 * not understand can't be replayed, and neither can what was meant for another target.
 *
 * @param functionName by name or ARN
 */
export function readMessage(message: QueuedMessage, functionName: string): ReadMessage {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson()), message.body);
  if (!body.success) return { message, unusable: "it is no JSON" };
  const record = v.safeParse(InvocationRecord, body.output);
  const { payload, failure, target } = record.success
    ? { payload: record.output.requestPayload, failure: failureOf(record.output), target: targetOf(record.output) }
    : { payload: body.output, failure: undeliveredBecause(message), target: message.attributes["TARGET_ARN"] };
  if (target !== undefined && plainName(target) !== plainName(functionName)) {
    return { message, unusable: `it was meant for ${target}, which is not the function` };
  }
  try {
    return { message, asked: askedBy(payload, message.sentAt), failure };
  } catch (error) {
    return { message, unusable: wordsOf(error) };
  }
}

/** Throws TypeError where the function would not understand it. */
function askedBy(payload: unknown, sentAt: string): Asked {
  if (payload === undefined) throw new TypeError("Lambda left the event out");
  if (v.is(SweepEvent, payload) || v.is(ScheduledEvent, payload)) return { kind: "sweep", at: sentAt };
  const record = recordOf(payload);
  const { call, ...request } = readEvent(payload);
  const { newGroupName, groupName, policyName, policyArn } = record.requestParameters ?? {};
  const named = [newGroupName, groupName, policyName, policyArn?.split("/").at(-1)].find((name) => name != null);
  return {
    kind: "event",
    event: payload,
    call,
    about: request.kind === "user" ? request.user : (named ?? "nobody"),
    at: originOf(record).eventTime ?? sentAt,
  };
}

function undeliveredBecause({ attributes }: QueuedMessage): string {
  const { ERROR_CODE, ERROR_MESSAGE, EXHAUSTED_RETRY_CONDITION, RETRY_ATTEMPTS } = attributes;
  const error = [ERROR_CODE, ERROR_MESSAGE].filter((each) => each !== undefined).join(": ");
  const retries = EXHAUSTED_RETRY_CONDITION && ` (${EXHAUSTED_RETRY_CONDITION}, ${RETRY_ATTEMPTS} retries)`;
  return `not delivered: ${error || "the message does not say why"}${retries ?? ""}`;
}

type InvocationRecord = v.InferOutput<typeof InvocationRecord>;

function failureOf({ requestContext, responsePayload }: InvocationRecord): string {
  const { condition, approximateInvokeCount = 0 } = requestContext;
  const { errorType, errorMessage } = responsePayload ?? {};
  const error = [errorType, errorMessage].filter((each) => each !== undefined).join(": ");
  return `failed: ${error || "the function was not run"} (${condition}, ${approximateInvokeCount} attempts)`;
}

function targetOf({ requestContext }: InvocationRecord): string {
  return requestContext.functionArn;
}

/** A function's name without what an ARN puts around it, version included. */
function plainName(nameOrArn: string): string {
  return /(?:^|:)function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
