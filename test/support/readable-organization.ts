import { serveByAccount } from "../../fake-aws/by-account";
import { cloudTrailListener } from "../../fake-aws/cloudtrail-api";
import type { Principals } from "../../fake-aws/iam/access-key";
import { IamAccount, type Principal } from "../../fake-aws/iam/account";
import { iamListener } from "../../fake-aws/iam/server";
import { type MemberAccount, type Organization, serveOrganizations, type Unit } from "../../fake-aws/organizations-api";
import { type RoleAsked, type StsCaller, serveSts } from "../../fake-aws/sts-api";
import { ROOT } from "./account";
import { RECORDING_TRAIL } from "./trails";

export const MANAGEMENT = "111122223333";

/** An account's state, and who is in it: names, each with a password alone. */
interface Member {
  readonly state?: MemberAccount["state"];
  readonly people?: readonly string[];
}

/** What a test's organization is made with. */
interface OrganizationOptions extends Pick<Organization, "delegated" | "pageSize" | "failWith"> {
  readonly root: Unit;
  /** By account. */
  readonly members?: Readonly<Record<string, Member>>;
  /** Whose credentials are at hand; the management account's, if left out. */
  readonly callerAccount?: string;
  /** Whether a role lets the caller in; every role does, if left out. */
  readonly letsIn?: (role: RoleAsked) => boolean;
  /** Is waited for before a call reaches an account. */
  readonly before?: (account: string, caller: Principal) => Promise<void>;
}

/** An organization in memory, served over HTTP. */
export interface TestOrganization {
  /** A stack's configuration by which it is read. */
  readonly configuration: Readonly<Record<string, string>>;
  /** AWS's variables by which a process reads it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accounts: ReadonlyMap<string, IamAccount>;
  /** The roles that were asked for, in order. */
  readonly roles: readonly RoleAsked[];
  /** The calls to AWS Organizations, in order. */
  readonly calls: readonly string[];
  readonly close: () => Promise<void>;
}

/** A root or an OU, with accounts by their ids, each called after its end. */
export function unit(id: string, name: string, accounts: readonly string[], ...units: readonly Unit[]): Unit {
  const named = accounts.map((each) => ({ id: each, name: `account ${each.slice(-2)}`, state: "ACTIVE" as const }));
  return { id, name, accounts: named, units };
}

function accountsIn({ accounts, units }: Unit): readonly string[] {
  return [...accounts.map(({ id }) => id), ...units.flatMap(accountsIn)];
}

/** Serves an organization whose accounts have people with passwords. */
export async function newOrganization(options: OrganizationOptions): Promise<TestOrganization> {
  const { root, members = {}, callerAccount = MANAGEMENT, letsIn = () => true, before, failWith, ...rest } = options;
  const accounts = new Map(
    accountsIn(root).map((id) => {
      const account = new IamAccount({ accountId: id, partition: "aws", now: () => new Date(), reportPolls: 0 });
      for (const UserName of members[id]?.people ?? []) {
        account.call(ROOT, "CreateUser", { UserName });
        account.call(ROOT, "CreateLoginProfile", { UserName, Password: "correct-horse" });
      }
      return [id, account];
    }),
  );
  const arn = `arn:aws:sts::${callerAccount}:assumed-role/reader/test`;
  const callers = new Map<string, StsCaller>([["ASIAREADER", { accountId: callerAccount, arn }]]);
  const everybody: Principals = { get: () => ROOT };
  const roles: RoleAsked[] = [];
  const calls: string[] = [];
  const ofEach = <T>(make: (id: string, account: IamAccount) => T) =>
    new Map([...accounts].map(([id, account]) => [id, make(id, account)]));
  const servers = {
    iam: await serveByAccount(
      ofEach((id, account) => iamListener(account, everybody, undefined, (caller) => before?.(id, caller) ?? none())),
      callers,
    ),
    cloudtrail: await serveByAccount(
      ofEach((accountId) =>
        cloudTrailListener({
          accountId,
          region: "us-east-1",
          trails: [RECORDING_TRAIL],
          principals: everybody,
          allows: () => true,
        }),
      ),
      callers,
    ),
    sts: await serveSts(callers, undefined, (role) => {
      roles.push(role);
      return letsIn(role) ? `ASIA${role.accountId}` : undefined;
    }),
    organizations: await serveOrganizations({
      id: "o-exampleorg1",
      partition: "aws",
      managementAccount: MANAGEMENT,
      root: withStates(root, members),
      callers,
      failWith: (action) => {
        calls.push(action);
        return failWith?.(action);
      },
      ...rest,
    }),
  };
  const endpoints = Object.fromEntries(Object.entries(servers).map(([service, { url }]) => [service, url]));
  return {
    configuration: {
      "aws:region": "us-east-1",
      "aws:accessKey": "ASIAREADER",
      "aws:secretKey": "secret",
      "aws:token": "token",
      "aws:endpoints": JSON.stringify([endpoints]),
    },
    environment: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIAREADER",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      ...Object.fromEntries(
        Object.entries(servers).map(([service, { url }]) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url]),
      ),
    },
    accounts,
    roles,
    calls,
    close: async () => {
      for (const server of Object.values(servers)) await server.close();
    },
  };
}

async function none(): Promise<void> {}

function withStates(root: Unit, members: Readonly<Record<string, Member>>): Unit {
  return {
    ...root,
    accounts: root.accounts.map((account) => ({ ...account, state: members[account.id]?.state ?? account.state })),
    units: root.units.map((each) => withStates(each, members)),
  };
}
