import { setTimeout } from "node:timers/promises";
import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { GUARD_NAMES } from "../core/guards";
import type { Mode } from "../core/modes";
import { IamAccount, type Principal } from "../fake-aws/iam/account";
import { serveIam } from "../fake-aws/iam/server";
import { awsIam } from "../handler/iam/aws-iam";
import type { Iam } from "../handler/iam/iam";
import { medianBy } from "./median";
import { countAstray, DOCUMENT, GUARDS, type Person, people } from "./people";
import { type BruteForceIam, bruteForce, type Cost, sweepOnce } from "./ways";

/** One account over HTTP, each figure the median of several runs. */
export interface HttpCosts {
  /** The sweep with everybody enrolled and in place, where a credential report is at hand. */
  readonly finding: Cost;
  /** The same where the report must be made first. */
  readonly findingAfresh: Cost;
  /** The sweep with mending, where a credential report is at hand. */
  readonly inAll: Cost;
  readonly bruteForce: Cost;
}

/** Runs of each kind. */
export const RUNS = 5;

export const ROOT: Principal = { type: "Root" };
/** The handler in its role. */
export const CALLER: Principal = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4",
  sessionName: "require-mfa-1a2b3c4",
};

const clock = {
  now: Date.now,
  pause: (seconds: number): Promise<void> => setTimeout(seconds * 1000),
};

/** Measures an account of so many users in real time, by the SDK and over loopback, without throttling or latency. */
export async function measureOverHttp(count: number, mode: Mode): Promise<HttpCosts> {
  const inPlace = people(count, mode, "all enrolled");
  const astray = people(count, mode, "some astray");
  const unprotected = astray.filter(({ password, device }) => password && !device).length;
  const finding: Cost[] = [];
  const findingAfresh: Cost[] = [];
  const inAll: Cost[] = [];
  const byBruteForce: Cost[] = [];
  // By turns, so that whatever slows this machine for a while slows all of them.
  for (let run = 0; run < RUNS; run++) {
    finding.push(await costOf(inPlace, "report at hand", (iam) => sweepOnce(iam, clock, mode, 0)));
    findingAfresh.push(await costOf(inPlace, "no report", (iam) => sweepOnce(iam, clock, mode, 0)));
    inAll.push(await costOf(astray, "report at hand", (iam) => sweepOnce(iam, clock, mode, countAstray(count))));
    byBruteForce.push(await costOf(astray, "no report", (iam) => bruteForce(iam, unprotected)));
  }
  return {
    finding: medianOf(finding),
    findingAfresh: medianOf(findingAfresh),
    inAll: medianOf(inAll),
    bruteForce: medianOf(byBruteForce),
  };
}

async function costOf(
  everybody: readonly Person[],
  report: "report at hand" | "no report",
  work: (iam: Iam & BruteForceIam) => Promise<void>,
): Promise<Cost> {
  const account = accountOf(everybody);
  if (report === "report at hand") {
    account.call(ROOT, "GenerateCredentialReport");
    // The account answers the first look at a new report with «in progress».
    account.answer(ROOT, "GetCredentialReport", {});
  }
  const server = await serveIam(account, new Map([["ASIABENCH", CALLER]]));
  const client = new IAMClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "ASIABENCH", secretAccessKey: "secret" },
  });
  try {
    const iam = { ...awsIam(client, clock.pause), listUsers: listUsersBy(client) };
    // The connection and the client's own beginnings are no part of any way.
    await iam.getGroupArn(GUARDS.sealed.group);
    account.clearLog();
    const started = performance.now();
    await work(iam);
    return { calls: account.log.length, seconds: (performance.now() - started) / 1000 };
  } finally {
    client.destroy();
    await server.close();
  }
}

/** An account of these people, with the guards in it. */
export function accountOf(everybody: readonly Person[]): IamAccount {
  const account = new IamAccount({ accountId: "123456789012", partition: "aws", now: () => new Date() });
  const Path = "/require-mfa/dev/";
  for (const name of GUARD_NAMES) {
    const { group, policyArn } = GUARDS[name];
    account.call(ROOT, "CreateGroup", { GroupName: group, Path });
    account.call(ROOT, "CreatePolicy", { PolicyName: group, Path, PolicyDocument: DOCUMENT });
    account.call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
  for (const { name, password, device, guard } of everybody) {
    account.call(ROOT, "CreateUser", { UserName: name });
    if (password) account.call(ROOT, "CreateLoginProfile", { UserName: name, Password: "correct-horse" });
    if (device) account.enrolPasskey(name);
    if (guard !== undefined) account.call(ROOT, "AddUserToGroup", { UserName: name, GroupName: GUARDS[guard].group });
  }
  return account;
}

function listUsersBy(client: IAMClient): BruteForceIam["listUsers"] {
  return async (Marker) => {
    const page = await client.send(new ListUsersCommand({ MaxItems: 1000, Marker }));
    return {
      names: (page.Users ?? []).map(({ UserName = "" }) => UserName),
      marker: page.IsTruncated ? page.Marker : undefined,
    };
  };
}

/** The run in the middle by time; what is called is the same in all. */
function medianOf(costs: readonly Cost[]): Cost {
  const median = medianBy(costs, ({ seconds }) => seconds);
  if (median === undefined) throw new Error("nothing was measured");
  return median;
}
