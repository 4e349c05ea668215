import { IAMClient } from "@aws-sdk/client-iam";
import { awsIam } from "../handler/aws-iam";
import type { Mode } from "../handler/decide";
import { GUARD_NAMES } from "../handler/guards";
import { type Response, respond } from "../handler/respond";
import {
  type CallParameters,
  type CloudTrailRecord,
  IamAccount,
  type IamAction,
  type IamResult,
  type Principal,
} from "../rehearsal/iam/account";
import { serveIam } from "../rehearsal/iam/server";
import { GUARDS } from "./guards";

const ROOT: Principal = { type: "Root" };
const HANDLER: Principal = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4",
  sessionName: "require-mfa-1a2b3c4",
};

export interface Settings {
  readonly mode: Mode;
  readonly dryRun?: boolean;
}

/** An account with the guards in it, and the handler reaching it by the real SDK over HTTP. */
export interface World {
  readonly account: IamAccount;
  readonly client: IAMClient;
  /** What the handler waited for, in seconds; nobody really waits. */
  readonly pauses: readonly number[];
  /** What the handler logged. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Makes a call as root and returns what CloudTrail records of it. */
  root(action: IamAction, parameters: CallParameters): CloudTrailRecord;
  /** Gives a user a passkey; returns the last record of it. */
  enrol(user: string): CloudTrailRecord;
  /** Hands records to the handler as EventBridge would, one after the other; returns its last answer. */
  handle(settings: Settings, ...records: readonly unknown[]): Promise<Response | undefined>;
  /** Where a user stands by the account's record: `free`, `quarantine`, `sealed by policy`, several with `+`. */
  standing(user: string): string;
  /** The handler's calls so far, in the order of their answers. */
  calls(): readonly string[];
  close(): Promise<void>;
}

/** Makes a world whose IAM cuts its pages at `pageSize` items, if it is given. */
export async function newWorld(pageSize?: number): Promise<World> {
  const records: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: "123456789012",
    partition: "aws",
    now: () => new Date("2026-11-20T09:00:00Z"),
    onRecord: (record) => records.push(record),
    ...(pageSize !== undefined && { pageSize }),
  });
  for (const name of GUARD_NAMES) makeGuard(account, GUARDS[name].group);

  const server = await serveIam(account, new Map([["ASIAHANDLER", HANDLER]]));
  const client = new IAMClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "ASIAHANDLER", secretAccessKey: "secret" },
  });
  const pauses: number[] = [];
  const log: Readonly<Record<string, unknown>>[] = [];
  const pause = async (seconds: number): Promise<void> => {
    pauses.push(seconds);
  };
  const lastRecord = (): CloudTrailRecord => {
    const record = records.at(-1);
    if (record === undefined) throw new Error("nothing has been recorded");
    return record;
  };

  return {
    account,
    client,
    pauses,
    log,
    root: (action, parameters) => {
      account.call(ROOT, action, parameters);
      return lastRecord();
    },
    enrol: (user) => {
      account.enrolPasskey(user);
      return lastRecord();
    },
    handle: async ({ mode, dryRun = false }, ...given) => {
      const enforcement = { iam: awsIam(client, pause), guards: GUARDS, rules: { mode }, dryRun, pause };
      let response: Response | undefined;
      for (const record of given) {
        response = await respond({ source: "aws.iam", detail: record }, enforcement, (line) => log.push(line));
      }
      return response;
    },
    standing: (user) => {
      const groups = account.call(ROOT, "ListGroupsForUser", { UserName: user }).Groups;
      const policies = account.call(ROOT, "ListAttachedUserPolicies", { UserName: user }).AttachedPolicies;
      const byGroup = GUARD_NAMES.filter((name) => groups.some(({ GroupName }) => GroupName === GUARDS[name].group));
      const byPolicy = GUARD_NAMES.filter((name) =>
        policies.some(({ PolicyArn }) => PolicyArn === GUARDS[name].policyArn),
      );
      return [...byGroup, ...byPolicy.map((name) => `${name} by policy`)].join(" + ") || "free";
    },
    calls: () => account.log.filter(({ caller }) => caller.type === "AssumedRole").map(({ action }) => action),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

/** A guard's group with its policy, of the same name and path as the program deploys them. */
function makeGuard(account: IamAccount, name: string): IamResult {
  const Path = "/require-mfa/dev/";
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
  account.call(ROOT, "CreateGroup", { GroupName: name, Path });
  account.call(ROOT, "CreatePolicy", { PolicyName: name, Path, PolicyDocument: JSON.stringify(document) });
  const PolicyArn = `arn:aws:iam::123456789012:policy/require-mfa/dev/${name}`;
  return account.call(ROOT, "AttachGroupPolicy", { GroupName: name, PolicyArn });
}
