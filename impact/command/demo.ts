import type { StackConfiguration } from "../../config/stack-configuration";
import { GUARD_NAMES, type GuardRefs, guardsOf } from "../../core/guards";
import { stackPath } from "../../core/stack-path";
import { serveByAccount } from "../../fake-aws/by-account";
import { cloudTrailListener, serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import type { Principals } from "../../fake-aws/iam/access-key";
import { IamAccount } from "../../fake-aws/iam/account";
import { iamListener, serveIam } from "../../fake-aws/iam/server";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { serveOrganizations, type Unit } from "../../fake-aws/organizations-api";
import { serveSts } from "../../fake-aws/sts-api";
import { createUserOf, EVERYTHING, newPhone } from "../../rehearsal/populate";
import { ACCOUNT, type FirstSweepStep, type Population, SCENARIOS, SETTINGS } from "../../rehearsal/scenario";
import { MEMBER_STACK } from "../organization/read-organization-impact";

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

/** By which stack's guards, and how their names end: Pulumi gives them an end, CloudFormation takes them as they are. */
const STACKS = {
  own: { stack: STACK, ending: "-1a2b3c4" },
  member: { stack: MEMBER_STACK, ending: "" },
} as const;

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
  const account = rehearsedAccount(STACKS.own);
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
    configuration: configurationOf({ iam, sts, cloudtrail: cloudTrail }),
    close: async () => {
      await iam.close();
      await sts.close();
      await cloudTrail.close();
    },
  };
}

/** The stack's configuration, with where the services are. */
function configurationOf(
  servers: Readonly<Record<string, LoopbackServer>>,
  settings: Readonly<Record<string, string>> = {},
): StackConfiguration {
  const endpoints = Object.fromEntries(Object.entries(servers).map(([service, { url }]) => [service, url]));
  const given = { ...SETTINGS, ...settings };
  return {
    project: PROJECT,
    stack: STACK,
    config: {
      "aws:region": REGION,
      "aws:accessKey": KEY,
      "aws:secretKey": "of-no-use-but-here",
      "aws:endpoints": JSON.stringify([endpoints]),
      ...Object.fromEntries(Object.entries(given).map(([name, text]) => [`${PROJECT}:${name}`, text])),
    },
    secretKeys: new Set(),
    environment: {},
  };
}

/** The account that the rehearsal sweeps first, with the guards of a stack. */
function rehearsedAccount(stack: StackOfGuards): IamAccount {
  const [step] = SCENARIOS.quarantine.filter((each): each is FirstSweepStep => each.kind === "first sweep");
  const account = accountOf(ACCOUNT, stack, step?.populations ?? []);
  for (const [user, service] of Object.entries(USES)) account.useAccessKey(user, service);
  account.call(ROOT, "CreateServiceSpecificCredential", { UserName: "ci-4", ServiceName: "codecommit.amazonaws.com" });
  return account;
}

/** An account with these people and the guards of a stack in it. */
function accountOf(accountId: string, stack: StackOfGuards, populations: readonly Population[]): IamAccount {
  const account = new IamAccount({ accountId, partition: "aws", now: () => new Date(), reportPolls: 0 });
  const guards = createGuards(account, accountId, stack);
  const phone = newPhone(() => new Date());
  for (const population of populations) {
    for (const name of population.names) createUserOf(population, name, { account, guards }, phone);
  }
  return account;
}

const MANAGEMENT = "111122223333";

/** The accounts of the demonstration's organization that can be read: the rehearsal's, and a few people elsewhere. */
const PEOPLE: Readonly<Record<string, readonly Population[]>> = {
  [MANAGEMENT]: [{ who: "who pays", names: ["finance"], has: ["a password", "a passkey"], leaves: "free" }],
  "444455556666": [
    { who: "who tests", names: ["ines", "noor", "tom"], has: ["a password"], leaves: "quarantine" },
    { who: "who tests with MFA", names: ["yuki"], path: "/staff/", has: ["a password", "a passkey"], leaves: "free" },
    { who: "a build", names: ["deploy"], has: ["an access key"], leaves: "free" },
  ],
  "555566667777": [],
};

/** The account whose role lets nobody in. */
const SHUT = "777788889999";
const EXEMPT = "999900001111";

const active = (id: string, name: string) => ({ id, name, state: "ACTIVE" }) as const;

const ROOT_UNIT: Unit = {
  id: "r-demo",
  name: "Root",
  accounts: [active(MANAGEMENT, "management")],
  units: [
    {
      id: "ou-demo-workload",
      name: "Workloads",
      accounts: [active(ACCOUNT, "production"), active("444455556666", "staging")],
      units: [{ id: "ou-demo-datalake", name: "Data", accounts: [active(SHUT, "warehouse")], units: [] }],
    },
    {
      id: "ou-demo-sandboxs",
      name: "Sandboxes",
      accounts: [
        active("555566667777", "sandbox"),
        { id: "888899990000", name: "old website", state: "SUSPENDED" },
        active(EXEMPT, "acquired"),
      ],
      units: [],
    },
  ],
};

/** Serves a small organization, of which the stack is in the management account: one account lets nobody in. */
export async function serveOrganizationDemo(): Promise<Demo> {
  const accounts = new Map([
    [ACCOUNT, rehearsedAccount(STACKS.member)],
    ...Object.entries(PEOPLE).map(([id, populations]): [string, IamAccount] => {
      return [id, accountOf(id, id === MANAGEMENT ? STACKS.own : STACKS.member, populations)];
    }),
  ]);
  const callers = new Map([[KEY, { accountId: MANAGEMENT, arn: `arn:aws:iam::${MANAGEMENT}:user/administrator` }]]);
  const everybody: Principals = { get: () => ROOT };
  const trail = {
    ...TRAIL,
    TrailARN: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/organization`,
    IsOrganizationTrail: true,
  };
  const iam = await serveByAccount(
    mapped(accounts, (_, account) => iamListener(account, everybody)),
    callers,
  );
  const cloudTrail = await serveByAccount(
    mapped(accounts, (accountId) =>
      cloudTrailListener({ accountId, region: REGION, trails: [trail], principals: everybody, allows: () => true }),
    ),
    callers,
  );
  const sts = await serveSts(callers, undefined, ({ accountId }) =>
    accountId === SHUT ? undefined : `ASIA${accountId}`,
  );
  const organizations = await serveOrganizations({
    id: "o-demodemo00",
    partition: "aws",
    managementAccount: MANAGEMENT,
    root: ROOT_UNIT,
    callers,
  });
  return {
    configuration: configurationOf(
      { iam, sts, cloudtrail: cloudTrail, organizations },
      {
        organizationTargets: JSON.stringify([ROOT_UNIT.id]),
        organizationExemptAccounts: JSON.stringify([EXEMPT]),
        deployRoles: JSON.stringify(["arn:aws:iam::*:role/deploy"]),
      },
    ),
    close: async () => {
      for (const server of [iam, cloudTrail, sts, organizations]) await server.close();
    },
  };
}

function mapped<T, U>(map: ReadonlyMap<string, T>, of: (key: string, value: T) => U): ReadonlyMap<string, U> {
  return new Map([...map].map(([key, value]) => [key, of(key, value)]));
}

/** Whose guards stand in an account. */
type StackOfGuards = (typeof STACKS)[keyof typeof STACKS];

/** The guards as an earlier deploy would have left them; what they say is no matter here. */
function createGuards(account: IamAccount, accountId: string, { stack, ending }: StackOfGuards): GuardRefs {
  const Path = stackPath(stack);
  const guards = guardsOf((guard) => {
    const name = `require-mfa-${guard}${ending}`;
    return { group: name, policyArn: `arn:aws:iam::${accountId}:policy${Path}${name}` };
  });
  for (const guard of GUARD_NAMES) {
    const { group, policyArn } = guards[guard];
    account.call(ROOT, "CreateGroup", { GroupName: group, Path });
    account.call(ROOT, "CreatePolicy", { PolicyName: group, Path, PolicyDocument: EVERYTHING });
    account.call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
  return guards;
}
