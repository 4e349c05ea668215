import { readFileSync } from "node:fs";
import { IAMClient } from "@aws-sdk/client-iam";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import type { Principal } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import { type StsCaller, serveSts } from "../../fake-aws/sts-api";
import { awsIam } from "../../handler/iam/aws-iam";
import { lookAtTrails } from "../../handler/trail/check-trail";
import type { Impact } from "../../impact/impact";
import { moreOfIam } from "../../impact/more-of-iam";
import { type Reach, readImpact } from "../../impact/read-impact";
import type { TestAccount } from "./account";
import { RECORDING_TRAIL } from "./trails";

/** The role by which docs/impact.md lets a preview read. */
const PREVIEWER = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/preview",
  sessionName: "pull-request",
} as const;

/** Somebody who reads an account in memory by the real SDK, over HTTP, as the documented role and no more. */
export interface Previewer {
  /** What is told of the account, by these settings and otherwise the defaults. */
  readonly impact: (settings?: Partial<Settings>, reach?: Partial<Reach>) => Promise<Impact>;
  /** The previewer's calls so far, in the order of their answers. */
  readonly calls: () => readonly string[];
  /** Access key ids, and whose they are for IAM. */
  readonly principals: Map<string, Principal>;
  /** Access key ids, and whose they are for STS. */
  readonly callers: Map<string, StsCaller>;
  /** A stack's configuration by which this account is read with the key of that id. */
  readonly configuration: (accessKeyId?: string) => Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** What docs/impact.md says that a preview must be allowed. */
function documentedPolicy(): string {
  const [, policy] =
    /\n```json\n(\{[\s\S]*?"Statement"[\s\S]*?\n\})\n```\n/.exec(readFileSync("docs/impact.md", "utf8")) ?? [];
  if (policy === undefined) throw new Error("docs/impact.md has no policy");
  return policy;
}

/** Lets somebody read an account; all that reading pauses moves the account's own clock. */
export async function newPreviewer(aws: TestAccount, trails: readonly Trail[] = [RECORDING_TRAIL]): Promise<Previewer> {
  const { account } = aws;
  account.putRole(PREVIEWER.roleArn, [documentedPolicy()]);
  const principals = new Map<string, Principal>([["ASIAPREVIEW", PREVIEWER]]);
  const callers = new Map<string, StsCaller>([
    ["ASIAPREVIEW", { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/preview/pull-request" }],
  ]);
  const iam = await serveIam(account, principals);
  const sts = await serveSts(callers);
  const cloudTrail = await serveCloudTrail({
    accountId: "123456789012",
    region: "us-east-1",
    trails,
    principals,
    allows: (principal, action, resource) => account.allows(principal, action, resource),
  });
  const client = new IAMClient({
    endpoint: iam.url,
    region: "us-east-1",
    credentials: { accessKeyId: "ASIAPREVIEW", secretAccessKey: "secret" },
  });
  const clock = {
    now: () => aws.now().getTime(),
    pause: async (seconds: number): Promise<void> => aws.waitSeconds(seconds),
  };
  const calls = () =>
    account.log
      .filter(({ caller }) => caller.type === "AssumedRole" && caller.roleArn === PREVIEWER.roleArn)
      .map(({ action }) => action);
  const reach: Reach = {
    caller: {
      accountId: "123456789012",
      arn: "arn:aws:sts::123456789012:assumed-role/preview/pull-request",
      user: undefined,
      isLongTermKey: false,
    },
    iam: awsIam(client, clock.pause),
    more: moreOfIam(client),
    checkTrail: () =>
      lookAtTrails({
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "ASIAPREVIEW",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.url,
      }),
    clock,
    calls: () => calls().length,
  };
  return {
    impact: (settings = {}, others = {}) => {
      const question = { stack: "dev", name: "require-mfa", settings: { ...DEFAULT_SETTINGS, ...settings } };
      return readImpact(question, { ...reach, ...others }, () => true);
    },
    calls,
    principals,
    callers,
    configuration: (accessKeyId = "ASIAPREVIEW") => ({
      "aws:region": "us-east-1",
      "aws:accessKey": accessKeyId,
      "aws:secretKey": "secret",
      ...(accessKeyId.startsWith("ASIA") && { "aws:token": "token" }),
      "aws:endpoints": JSON.stringify([{ iam: iam.url, sts: sts.url, cloudtrail: cloudTrail.url }]),
    }),
    close: async () => {
      client.destroy();
      await iam.close();
      await sts.close();
      await cloudTrail.close();
    },
  };
}
