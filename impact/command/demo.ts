import type { StackConfiguration } from "../../config/stack-configuration";
import { GUARD_NAMES, type GuardRefs, guardsOf } from "../../core/guards";
import { stackPath } from "../../core/stack-path";
import { serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import { IamAccount } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import { serveSts } from "../../fake-aws/sts-api";
import { createUserOf, EVERYTHING, newPhone } from "../../rehearsal/populate";
import { ACCOUNT, type FirstSweepStep, SCENARIOS, SETTINGS } from "../../rehearsal/scenario";

/** An account in memory that is read as one at AWS is. */
export interface Demo {
  readonly configuration: StackConfiguration;
  readonly close: () => Promise<void>;
}

const ROOT = { type: "Root" } as const;
const PROJECT = "require-mfa";
const STACK = "demo";
const REGION = "us-east-1";
const KEY = "ASIADEMO";

/** A trail as the console makes it: for all regions, with all management events. */
const TRAIL: Trail = {
  Name: "management-events",
  TrailARN: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/management-events`,
  HomeRegion: REGION,
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
  IsLogging: true,
  selectors: { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] }] },
};

/** What the machines of the rehearsal's account do with their access keys. */
const USES = { "ci-1": "s3", "ci-2": "ecr", "ci-3": "ses" } as const;

/** Serves the account that the rehearsal sweeps first: people and machines of whom no event has told. */
export async function serveDemo(): Promise<Demo> {
  const account = new IamAccount({ accountId: ACCOUNT, partition: "aws", now: () => new Date(), reportPolls: 0 });
  const guards = createGuards(account);
  const phone = newPhone(() => new Date());
  const [step] = SCENARIOS.quarantine.filter((each): each is FirstSweepStep => each.kind === "first sweep");
  for (const population of step?.populations ?? []) {
    for (const name of population.names) createUserOf(population, name, { account, guards }, phone);
  }
  for (const [user, service] of Object.entries(USES)) account.useAccessKey(user, service);
  account.call(ROOT, "CreateServiceSpecificCredential", { UserName: "ci-4", ServiceName: "codecommit.amazonaws.com" });
  const principals = new Map([[KEY, ROOT]]);
  const iam = await serveIam(account, principals);
  const cloudTrail = await serveCloudTrail({
    accountId: ACCOUNT,
    region: REGION,
    trails: [TRAIL],
    principals,
    allows: () => true,
  });
  const sts = await serveSts(new Map([[KEY, { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` }]]));
  return {
    configuration: {
      project: PROJECT,
      stack: STACK,
      config: {
        "aws:region": REGION,
        "aws:accessKey": KEY,
        "aws:secretKey": "of-no-use-but-here",
        "aws:endpoints": JSON.stringify([{ iam: iam.url, sts: sts.url, cloudtrail: cloudTrail.url }]),
        ...Object.fromEntries(Object.entries(SETTINGS).map(([name, text]) => [`${PROJECT}:${name}`, text])),
      },
      secretKeys: new Set(),
      environment: {},
    },
    close: async () => {
      await iam.close();
      await sts.close();
      await cloudTrail.close();
    },
  };
}

/** The guards as an earlier deploy would have left them; what they say is no matter here. */
function createGuards(account: IamAccount): GuardRefs {
  const Path = stackPath(STACK);
  const guards = guardsOf((guard) => {
    const name = `require-mfa-${guard}-1a2b3c4`;
    return { group: name, policyArn: `arn:aws:iam::${ACCOUNT}:policy${Path}${name}` };
  });
  for (const guard of GUARD_NAMES) {
    const { group, policyArn } = guards[guard];
    account.call(ROOT, "CreateGroup", { GroupName: group, Path });
    account.call(ROOT, "CreatePolicy", { PolicyName: group, Path, PolicyDocument: EVERYTHING });
    account.call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
  return guards;
}
