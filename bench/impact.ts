import { setTimeout } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { DEFAULT_SETTINGS } from "../core/settings";
import { serveIam } from "../fake-aws/iam/server";
import { awsIam } from "../handler/iam/aws-iam";
import { moreOfIam } from "../impact/more-of-iam";
import { readImpact } from "../impact/read-impact";
import { accountOf, ROOT } from "./over-http";
import { people } from "./people";
import type { Cost } from "./ways";

/**
 * Measures an impact report on so many users of whom some are out of place, in real time, by the SDK and over loopback. A
 * credential report is at hand; the trail, of which CloudTrail tells, is left out.
 */
export async function measureImpact(count: number): Promise<Cost> {
  const account = accountOf(people(count, "strict", "some astray"));
  account.call(ROOT, "GenerateCredentialReport");
  // The account answers the first look at a new report with «in progress».
  account.answer(ROOT, "GetCredentialReport", {});
  const server = await serveIam(account, new Map([["ASIABENCH", ROOT]]));
  const client = new IAMClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "ASIABENCH", secretAccessKey: "secret" },
  });
  const clock = { now: Date.now, pause: (seconds: number): Promise<void> => setTimeout(seconds * 1000) };
  account.clearLog();
  try {
    const started = performance.now();
    await readImpact(
      { stack: "dev", name: "require-mfa", settings: { ...DEFAULT_SETTINGS, mode: "strict" } },
      {
        caller: { accountId: "123456789012", arn: "", user: undefined, isLongTermKey: false },
        iam: awsIam(client, clock.pause),
        more: moreOfIam(client),
        checkTrail: async () => ({ state: "recording", why: "" }),
        clock,
        calls: () => account.log.length,
      },
      () => true,
    );
    return { calls: account.log.length, seconds: (performance.now() - started) / 1000 };
  } finally {
    client.destroy();
    await server.close();
  }
}
