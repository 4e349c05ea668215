import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { named } from "./aws-refusal";

/** Invokes a function, waits for its end, and tells why it failed; undefined where it did not. */
export type Invoke = (event: unknown) => Promise<string | undefined>;

/** Lambda ends a function after a quarter of an hour at the latest; this waits a little longer. */
const TIMEOUTS_MS = { connectionTimeout: 10_000, requestTimeout: 920_000, throwOnRequestTimeout: true };

const FunctionError = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ errorType: v.optional(v.string()), errorMessage: v.string() }),
);

/**
 * A way to invoke a function, which throws Error with what Lambda says where Lambda does not run it.
 *
 * @param functionName by name or ARN
 * @param region the SDK's default if undefined; an ARN's own wins
 */
export function invokerOf(functionName: string, region: string | undefined): Invoke {
  const ofArn = /^arn:[^:]+:lambda:([^:]+):/.exec(functionName)?.[1] ?? region;
  const client = new LambdaClient({ requestHandler: TIMEOUTS_MS, ...(ofArn !== undefined && { region: ofArn }) });
  return async (event) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
    const { FunctionError: kind, Payload } = await named("lambda:InvokeFunction", client.send(command));
    if (kind === undefined) return undefined;
    const told = v.safeParse(FunctionError, Payload?.transformToString());
    if (!told.success) return kind;
    const { errorType, errorMessage } = told.output;
    return [errorType, errorMessage].filter((each) => each !== undefined).join(": ");
  };
}
