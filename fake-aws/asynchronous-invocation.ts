import type { SqsQueue } from "./sqs-queue";

/** How Lambda invokes a function asynchronously (Lambda Developer Guide, "Invoking a Lambda function asynchronously"). */
export interface AsynchronousInvocation {
  readonly functionArn: string;
  /** How often it is tried again after a failure. */
  readonly retries: number;
  /** The on-failure destination. */
  readonly onFailure: SqsQueue;
  /** Makes one try, and returns the message of the function's error, if it failed. */
  readonly attempt: (event: unknown) => Promise<string | undefined>;
  readonly pause: (seconds: number) => void;
  readonly now: () => Date;
}

/** One minute before the second try, two before the third. */
const PAUSES_SECONDS = [60, 120];

/**
 * Invokes a function asynchronously: where it fails it is tried again, and in the end what was to be done is kept in the
 * on-failure destination, in the form of the guide's "Capturing records of Lambda asynchronous invocations".
 */
export async function invokeAsynchronously(event: unknown, invocation: AsynchronousInvocation): Promise<void> {
  const { functionArn, retries, onFailure, attempt, pause, now } = invocation;
  let failure = await attempt(event);
  for (const seconds of PAUSES_SECONDS.slice(0, retries)) {
    if (failure === undefined) return;
    pause(seconds);
    failure = await attempt(event);
  }
  if (failure === undefined) return;
  const record = {
    version: "1.0",
    timestamp: now().toISOString(),
    requestContext: {
      requestId: "00000000-0000-4000-8000-000000000000",
      functionArn: `${functionArn}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: retries + 1,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType: "Error", errorMessage: failure },
  };
  onFailure.send(JSON.stringify(record));
}
