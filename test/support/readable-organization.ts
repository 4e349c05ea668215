<<<<<<<< HEAD:test/support/organization.ts
import { type FakeLogEvent, serveLogs } from "../../fake-aws/logs-api";
import { type MemberAccount, serveOrganizations, type Unit } from "../../fake-aws/organizations-api";
import { type FakeInstance, type FakeStackSet, serveStackSet } from "../../fake-aws/stack-sets-api";
import { serveSts } from "../../fake-aws/sts-api";
========
import { serveByAccount } from "../../fake-aws/by-account";
import { cloudTrailListener } from "../../fake-aws/cloudtrail-api";
import type { Principals } from "../../fake-aws/iam/access-key";
import { IamAccount, type Principal } from "../../fake-aws/iam/account";
import { iamListener } from "../../fake-aws/iam/server";
import { type MemberAccount, type Organization, serveOrganizations, type Unit } from "../../fake-aws/organizations-api";
import { type RoleAsked, type StsCaller, serveSts } from "../../fake-aws/sts-api";
import { ROOT } from "./account";
import { RECORDING_TRAIL } from "./trails";
>>>>>>>> 022c58c (refactor: Name what a test's organization is for):test/support/readable-organization.ts

/** The stack's account, which is the management account. */
export const HUB = "123456789012";

<<<<<<<< HEAD:test/support/organization.ts
/** Who the AWS provider is. */
export const DEPLOYER = `arn:aws:sts::${HUB}:assumed-role/deploy/ci`;
========
/** An account's state, and who is in it: names, each with a password alone. */
interface Member {
  readonly state?: MemberAccount["state"];
  readonly people?: readonly string[];
}
>>>>>>>> 022c58c (refactor: Name what a test's organization is for):test/support/readable-organization.ts

/** An OU with two accounts and one below it with one, and an OU of its own for what is not enforced. */
export const WORKLOADS = "ou-ab12-workload";
const NESTED = "ou-ab12-nested00";
export const SANDBOX = "ou-ab12-sandbox0";

const account = (id: string, name: string, state: MemberAccount["state"] = "ACTIVE"): MemberAccount => ({
  id,
  name,
  state,
});

const unit = (id: string, name: string, accounts: readonly MemberAccount[], units: readonly Unit[] = []): Unit => ({
  id,
  name,
  accounts,
  units,
});

/** What there is at first. */
const ROOT = unit(
  "r-ab12",
  "Root",
  [account(HUB, "management")],
  [
    unit(
      WORKLOADS,
      "workloads",
      [
        account("111111111111", "shop"),
        account("222222222222", "bank"),
        account("999999999999", "closed", "SUSPENDED"),
      ],
      [unit(NESTED, "nested", [account("333333333333", "deep")])],
    ),
    unit(SANDBOX, "sandbox", [account("444444444444", "play")]),
  ],
);

/** CURRENT instances of these accounts. */
export const current = (...accounts: readonly string[]): readonly FakeInstance[] =>
  accounts.map((id) => ({ Account: id, Region: "us-east-1", Status: "CURRENT" }));

/** What a handler told, as EventBridge writes it into the hub's log. */
export const told = (time: string, accountId: string, type = "Nobody Held", source = "require-mfa"): FakeLogEvent => ({
  timestamp: Date.parse(time),
  message: JSON.stringify({ version: "0", source, "detail-type": type, account: accountId, time, detail: {} }),
});

/** An organization behind the APIs that a deploy asks. */
export interface TestOrganization {
  readonly stackSet: FakeStackSet;
  /** What is in each log group, by name. */
  readonly logs: Map<string, readonly FakeLogEvent[]>;
  /** A stack's configuration by which it is asked. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Serves an organization, all of whose open accounts have their stacks. */
export async function newOrganization(): Promise<TestOrganization> {
  const stackSet: FakeStackSet = {
    name: "require-mfa",
    callAs: "SELF",
    instances: current("111111111111", "222222222222", "333333333333", "444444444444"),
    operations: [],
  };
  const logs = new Map<string, readonly FakeLogEvent[]>();
  const callers = new Map([["ASIADEPLOY", { accountId: HUB, arn: DEPLOYER }]]);
  const sts = await serveSts(callers);
  const organizations = await serveOrganizations({
    id: "o-a1b2c3d4e5",
    partition: "aws",
    managementAccount: HUB,
    root: ROOT,
    callers,
  });
  const cloudFormation = await serveStackSet(stackSet);
  const cloudWatchLogs = await serveLogs(logs);
  const servers = [sts, organizations, cloudFormation, cloudWatchLogs];
  const [stsUrl, organizationsUrl, cloudFormationUrl, logsUrl] = servers.map(({ url }) => url);
  const endpoints = { sts: stsUrl, organizations: organizationsUrl, cloudformation: cloudFormationUrl, logs: logsUrl };
  return {
    stackSet,
    logs,
    configuration: {
      "aws:region": "us-east-1",
      "aws:accessKey": "ASIADEPLOY",
      "aws:secretKey": "secret",
      "aws:token": "token",
      "aws:endpoints": JSON.stringify([endpoints]),
    },
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}
