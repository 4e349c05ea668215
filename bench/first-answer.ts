import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { toEnvironment } from "../core/instructions";
import { DEFAULT_SETTINGS } from "../core/settings";
import { serveEventBus } from "../fake-aws/event-bus";
import { serveIam } from "../fake-aws/iam/server";
import { serveOwnFunction } from "../fake-aws/lambda-api";
import { bundleHandler } from "../resources/bundle";
import { median } from "./median";
import { accountOf, CALLER, ROOT } from "./over-http";
import { GUARDS, POLICY_DIGESTS } from "./people";

/** Milliseconds from a process that has loaded nothing to its handler, and on to its first answer; medians. */
interface Timed {
  readonly importMs: number;
  readonly inAllMs: number;
}

/** The first answers of two handlers. */
export interface FirstAnswer {
  /** Of the bundle that is deployed. */
  readonly ours: Timed;
  /** Of a handler in Python, by boto3. */
  readonly boto3: Timed;
  /** Which boto3. */
  readonly version: string;
}

/** How often each is run. */
export const ANSWERS = 15;

/** The Python to run by: one that has boto3. */
const PYTHON = process.env["PYTHON"] ?? "python3";

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4";

/** Alice gets a password. */
const EVENT = JSON.stringify({
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.iam",
  detail: {
    eventSource: "iam.amazonaws.com",
    eventName: "CreateLoginProfile",
    eventTime: "2026-11-20T09:00:00Z",
    requestParameters: { userName: "alice" },
    responseElements: { loginProfile: { userName: "alice" } },
  },
});

const Told = v.object({ importMs: v.number(), inAllMs: v.number() });

/** Each loads its handler and answers one event, and writes how long both took. */
const BY_NODE = `
const started = performance.now();
const { handler } = await import(process.argv[1]);
const imported = performance.now();
await handler(${EVENT}, { getRemainingTimeInMillis: () => 30_000 });
console.error(JSON.stringify({ importMs: imported - started, inAllMs: performance.now() - started }));
`;
const BY_PYTHON = `
import sys, time
started = time.perf_counter()
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from handler import handler
import json
imported = time.perf_counter()
handler(json.loads(sys.argv[2]), None)
ms = {"importMs": (imported - started) * 1000, "inAllMs": (time.perf_counter() - started) * 1000}
print(json.dumps(ms), file=sys.stderr)
`;

/**
 * Measures the bundle beside a handler in Python that knows one group and asks nothing: from the first import to the
 * answer to one event, by turns, each in a process of its own, against the same IAM in memory. The interpreters' own
 * start is left out, as is Lambda's.
 *
 * @returns undefined where there is no Python that has boto3
 * @throws Error where one of them fails or does not hold the user
 */
export async function measureFirstAnswer(): Promise<FirstAnswer | undefined> {
  const asked = spawnSync(PYTHON, ["-c", "import boto3; print(boto3.__version__)"], { encoding: "utf8" });
  if (asked.status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "first-answer-"));
  const bundle = join(folder, "index.mjs");
  writeFileSync(bundle, bundleHandler());
  try {
    const ours: Timed[] = [];
    const theirs: Timed[] = [];
    for (let run = 0; run < ANSWERS; run++) {
      ours.push(await timeAnswer(process.execPath, ["--input-type=module", "--eval", BY_NODE, bundle]));
      theirs.push(await timeAnswer(PYTHON, ["-c", BY_PYTHON, join(__dirname, "by-boto3"), EVENT]));
    }
    return { ours: mediansOf(ours), boto3: mediansOf(theirs), version: asked.stdout.trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mediansOf(timed: readonly Timed[]): Timed {
  return {
    importMs: median(timed.map(({ importMs }) => importMs)),
    inAllMs: median(timed.map(({ inAllMs }) => inAllMs)),
  };
}

async function timeAnswer(command: string, args: readonly string[]): Promise<Timed> {
  const account = accountOf([{ name: "alice", password: true, device: false, guard: undefined }]);
  const principals = new Map([["ASIABENCH", CALLER]]);
  const allows = () => true;
  const variables = toEnvironment({ guards: GUARDS, policyDigests: POLICY_DIGESTS, settings: DEFAULT_SETTINGS });
  const iam = await serveIam(account, principals);
  const bus = await serveEventBus({
    accountId: "123456789012",
    partition: "aws",
    region: "us-east-1",
    now: () => new Date(),
    principals,
    allows,
  });
  const lambda = await serveOwnFunction({ functionArn: FUNCTION_ARN, variables, principals, allows });
  const env = {
    ...variables,
    PATH: process.env["PATH"],
    NODE_NO_WARNINGS: "1",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "ASIABENCH",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_LAMBDA_FUNCTION_NAME: "require-mfa-1a2b3c4",
    AWS_LAMBDA_LOG_GROUP_NAME: "require-mfa-1a2b3c4",
    AWS_ENDPOINT_URL_IAM: iam.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  };
  try {
    const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    const told = await text(child.stderr);
    const members = account.call(ROOT, "GetGroup", { GroupName: GUARDS.quarantine.group }).Users;
    if (members.length !== 1) throw new Error(`${command} did not hold alice: ${told}`);
    return v.parse(Told, JSON.parse(told));
  } finally {
    await Promise.all([iam.close(), bus.close(), lambda.close()]);
  }
}
