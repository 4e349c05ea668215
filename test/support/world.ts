import { IAMClient } from "@aws-sdk/client-iam";
import { GUARD_NAMES } from "../../core/guards";
import type { Mode } from "../../core/modes";
import { DEFAULT_SETTINGS, type Rules } from "../../core/settings";
import type { SweepRequest } from "../../core/sweep-request";
import {
  type CallParameters,
  type CloudTrailRecord,
  IamAccount,
  type IamAction,
  type IamResult,
  type Principal,
} from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import { awsIam } from "../../handler/iam/aws-iam";
import { type Response, respond } from "../../handler/respond";
import type { SweepSummary } from "../../handler/sweep/sweep-summary";
import { GUARDS } from "./guards";

const ROOT: Principal = { type: "Root" };
const HANDLER: Principal = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4",
  sessionName: "require-mfa-1a2b3c4",
};

export interface Settings extends Partial<Rules> {
  readonly mode: Mode;
  readonly dryRun?: boolean;
  readonly maxReleases?: number;
}

/** The answer to an event. */
export type Answer = Exclude<Response, SweepSummary>;

/** The answer to a request for a sweep, and the runs for which it asked in turn. */
interface Swept {
  readonly summary: SweepSummary;
  readonly next: readonly SweepRequest[];
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
  handle(settings: Settings, ...records: readonly unknown[]): Promise<Answer | undefined>;
  /**
   * Lets the handler sweep the account; `hasTime` says whether there is time for one more user, `isCurrent` whether no
   * deploy has told the function something else.
   */
  sweep(
    settings: Settings,
    request: Partial<SweepRequest>,
    hasTime?: () => boolean,
    isCurrent?: () => Promise<boolean>,
  ): Promise<Swept>;
  /** Lets so many hours pass. */
  wait(hours: number): void;
  /** Where a user stands by the account's record: `free`, `quarantine`, `sealed by policy`, several with `+`. */
  standing(user: string): string;
  /** The handler's calls so far, in the order of their answers. */
  calls(): readonly string[];
  close(): Promise<void>;
}

/** Makes a world whose IAM cuts its pages at `pageSize` items, if it is given. */
export async function newWorld(pageSize?: number): Promise<World> {
  let time = Date.parse("2026-11-20T09:00:00Z");
  const records: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: "123456789012",
    partition: "aws",
    now: () => new Date(time),
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
  const clock = {
    now: () => time,
    pause: async (seconds: number): Promise<void> => {
      pauses.push(seconds);
      time += seconds * 1000;
    },
  };
  const serviceOf = ({ dryRun = false, maxReleases = 50, ...rules }: Settings) => ({
    iam: awsIam(client, clock.pause),
    guards: GUARDS,
    rules: { ...DEFAULT_SETTINGS, ...rules },
    dryRun,
    maxReleases,
    sweepEverySeconds: 3600,
    functionName: "require-mfa-1a2b3c4",
    clock,
    log: (line: Readonly<Record<string, unknown>>) => log.push(line),
  });
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
    handle: async (settings, ...given) => {
      const service = { ...serviceOf(settings), hasTime: () => true, startNextRun: neverAsked, isCurrent: neverAsked };
      let answer: Answer | undefined;
      for (const record of given) {
        const response = await respond({ source: "aws.iam", detail: record }, service);
        if (!("action" in response)) throw new Error("a record was taken for a request for a sweep");
        answer = response;
      }
      return answer;
    },
    sweep: async (settings, { by = "schedule", run = 1 }, hasTime = () => true, isCurrent = async () => true) => {
      const next: SweepRequest[] = [];
      const startNextRun = async (request: SweepRequest): Promise<void> => {
        next.push(request);
      };
      const summary = await respond(
        { sweep: { by, run } },
        { ...serviceOf(settings), hasTime, startNextRun, isCurrent },
      );
      if ("action" in summary) throw new Error("a request for a sweep was taken for a record");
      return { summary, next };
    },
    wait: (hours) => {
      time += hours * 3_600_000;
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

async function neverAsked(): Promise<never> {
  throw new Error("an event goes on in no other run");
}
