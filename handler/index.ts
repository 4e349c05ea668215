import { setTimeout } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { fromEnvironment } from "../core/instructions";
import { secondsOfRate } from "../core/rate";
import { awsIam } from "./iam/aws-iam";
import { ownFunction } from "./own-function";
import { type Response, respond } from "./respond";
import { placeOf } from "./told/entry";
import { eventBus } from "./told/event-bus";
import { trailCheck } from "./trail/check-trail";

/** What is used of Lambda's context object. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** So many seconds must be left to begin with one more user: reads, writes and their retries. */
const RESERVE_SECONDS = 45;

/** How often a call is tried that IAM throttles or fails: the SDK's three are few where a whole account is swept. */
const MAX_ATTEMPTS = 6;

/** A call that hangs must not hold up a sweep. */
const TIMEOUTS_MS = { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

const clock = {
  now: Date.now,
  pause: (seconds: number): Promise<void> => setTimeout(seconds * 1000),
};

// Read once, as the function starts: an environment that is amiss fails every invocation, loudly.
const { guards, policyDigests, settings } = fromEnvironment(process.env);
const service = {
  guards,
  policyDigests,
  rules: settings,
  dryRun: settings.dryRun,
  deadline: settings,
  maxReleases: settings.maxReleases,
  sweepEverySeconds: secondsOfRate(settings.sweepEvery),
  functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"] ?? "",
  clock,
  iam: awsIam(new IAMClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: TIMEOUTS_MS }), clock.pause),
  ...ownFunction(process.env, clock.pause),
  checkTrail: trailCheck(process.env, clock.pause),
  ...eventBus(process.env, clock.pause),
  place: placeOf(guards, process.env),
  // Straight to standard output, for console.log would put Lambda's own prefix before the JSON.
  log: (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`),
};

/** The function's entry: a CloudTrail event of IAM by EventBridge, or a request for a sweep. */
export async function handler(event: unknown, context: Context): Promise<Response> {
  const end = Date.now() + context.getRemainingTimeInMillis() - RESERVE_SECONDS * 1000;
  return respond(event, { ...service, secondsLeft: () => (end - Date.now()) / 1000 });
}
