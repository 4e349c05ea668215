import { setTimeout } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { awsIam } from "./aws-iam";
import { fromEnvironment } from "./environment";
import { type Response, respond } from "./respond";

const pause = (seconds: number): Promise<void> => setTimeout(seconds * 1000);

// Read once, as the function starts: an environment that is amiss fails every invocation, loudly.
const enforcement = { ...fromEnvironment(process.env), iam: awsIam(new IAMClient(), pause), pause };

/** The function's entry: one CloudTrail event of IAM by EventBridge. */
export async function handler(event: unknown): Promise<Response> {
  // Straight to standard output, for console.log would put Lambda's own prefix before the JSON.
  return respond(event, enforcement, (line) => process.stdout.write(`${JSON.stringify(line)}\n`));
}
