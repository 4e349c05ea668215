import { eventPattern } from "../core/events";
import { guardEventPattern } from "../core/guard-events";
import type { HandlerSettings } from "../core/settings";
import type { SweepRequest } from "../core/sweep-request";
import { compilePattern } from "../fake-aws/event-pattern";
import { type CloudTrailRecord, IamAccount, type Principal } from "../fake-aws/iam/account";
import { type VirtualClock, virtualClock } from "../fake-aws/virtual-clock";
import { carryOut, furnish } from "./carry-out";
import type { Evidence, Run, Write } from "./evidence";
import { faultsOn } from "./faults";
import { ACCOUNT_ID, GUARDS, guardOfGroup, guardOfPolicy, isGuardsGroup } from "./guards";
import type { Delivery, History } from "./history";
import { HANDLER_ROLE_ARN, type Machine, runOf, runOfSession, type Surroundings } from "./machine";
import { afterCall, type Moment, personNamed } from "./model";

/** When histories begin. */
export const START = new Date("2026-03-05T01:02:38Z");

/** Seconds until a deploy's settings have reached the function, and until its sweep. */
const DEPLOY_SECONDS = 2;

/** The pauses before an event's second and third try (Lambda Developer Guide, "Asynchronous invocation"). */
const RETRY_PAUSES_SECONDS = [60, 120];

/** So long after all is quiet no credential report is given out any more. */
const REPORT_EXPIRES_SECONDS = 4 * 3600 + 60;

/** Makes a machine in surroundings. */
type MakeMachine = (surroundings: Surroundings) => Promise<Machine>;

/**
 * Plays a history: its commands, the events they make, the faults; then lets all that is under way come to its end, waits
 * until the credential report has expired, and sweeps twice.
 *
 * @param clock in whose time all of it happens; a virtual clock if left out
 */
export async function play(
  history: History,
  makeMachine: MakeMachine,
  clock: VirtualClock = virtualClock(START),
): Promise<Evidence> {
  const moments: Moment[] = [{ since: clock.now(), people: new Map(), groups: new Map() }];
  const runs: Run[] = [];
  const running = new Set<Run>();
  const underWay = new Set<Promise<void>>();
  const deliveries = { made: 0, lost: 0, twice: 0 };
  const faults = faultsOn(clock.now);
  let queued = 0;
  let deployed = history.settings;
  let matches = matcherOf(deployed);
  /** What becomes of the events of calls that are made now; undefined where nobody delivers any. */
  let delivery: Delivery | undefined;

  const momentNow = (): Moment => moments[moments.length - 1] ?? never();
  const runOfCaller = (caller: Principal): Run | undefined => {
    const id = runOf(caller);
    return id === undefined ? undefined : runs[id];
  };

  const account: IamAccount = new IamAccount({
    accountId: ACCOUNT_ID,
    partition: "aws",
    now: () => new Date(clock.now()),
    // The role's own policy pins it to the guards' groups; of the rest nothing here asks.
    authorize: ({ principal, action, resource }) =>
      principal.type !== "AssumedRole" || !PINNED.has(action) || isGuardsGroup(resource),
    refuse: (call) => {
      if (call.principal.type !== "AssumedRole") return undefined;
      const code = faults.refusalOf(call);
      const { UserName = "-", GroupName = "-" } = call.parameters;
      if (!LEGAL_NAME.test(UserName) || !LEGAL_NAME.test(GroupName)) {
        runOfCaller(call.principal)?.misnamed.push(`${call.action} ${JSON.stringify(call.parameters)}`);
      }
      // The record of a call that is refused for want of permission does not tell of whom it was.
      const user = call.parameters["UserName"];
      if (code === "AccessDenied" && user !== undefined && WRITES.some((write) => write === call.action)) {
        const name = String(user);
        runOfCaller(call.principal)?.denied.push({ name, id: personNamed(momentNow(), name)?.id });
      }
      return code;
    },
    ageOfRead: (call) => {
      if (call.principal.type !== "AssumedRole") return 0;
      const age = faults.ageOf(call);
      const run = runOfCaller(call.principal);
      if (age > 0 && run !== undefined) run.sawOld = true;
      return age;
    },
    onRecord: (record) => {
      const run = runs[runOfSession(record.userIdentity.arn ?? "") ?? -1];
      if (record.errorCode === undefined) {
        const before = momentNow();
        const moment = afterCall(before, record, clock.now());
        if (moment !== before) moments.push(moment);
        if (run !== undefined) noteWrite(run, record, before);
      }
      if (delivery !== undefined && run === undefined && matches(envelope(record))) deliver(record, delivery);
    },
  });
  const noteWrite = (run: Run, { eventName, requestParameters }: CloudTrailRecord, before: Moment): void => {
    const { userName, groupName, policyArn } = requestParameters ?? {};
    const call = WRITES.find((each) => each === eventName);
    const guard = groupName === undefined ? guardOfPolicy(String(policyArn)) : guardOfGroup(String(groupName));
    const user = personNamed(before, String(userName))?.id;
    if (call === undefined || guard === undefined || user === undefined) return;
    const write: Write = { run: run.id, call, guard, user, moment: moments.length - 1, at: clock.now() };
    run.writes.push(write);
  };
  const launch = (work: () => Promise<void>): void => {
    const promise = work().finally(() => underWay.delete(promise));
    underWay.add(promise);
  };
  const invoke = async (of: Run["of"], event: unknown, user?: string): Promise<Run> => {
    const run: Run = {
      id: runs.length,
      of,
      user,
      settings: deployed,
      startedAt: clock.now(),
      endedAt: clock.now(),
      ended: "running",
      error: undefined,
      lines: [],
      writes: [],
      denied: [],
      misnamed: [],
      notTaken: 0,
      overlapped: running.size > 0,
      sawOld: false,
    };
    for (const other of running) other.overlapped = true;
    runs.push(run);
    running.add(run);
    await machine.invoke(event, run);
    running.delete(run);
    run.endedAt = clock.now();
    return run;
  };
  /** As EventBridge and the function itself invoke it: where it fails it is tried twice more. */
  const invokeAsynchronously = async (of: Run["of"], event: unknown, user?: string): Promise<void> => {
    for (const seconds of [...RETRY_PAUSES_SECONDS, undefined]) {
      const { ended } = await invoke(of, event, user);
      if (ended === "returned") return;
      if (seconds !== undefined) await clock.pause(seconds);
    }
    queued++;
  };
  const deliver = (record: CloudTrailRecord, { lost, seconds, again }: Delivery): void => {
    if (lost) {
      deliveries.lost++;
      return;
    }
    const user = String(record.requestParameters?.["newUserName"] ?? record.requestParameters?.["userName"] ?? "");
    const after = (delay: number) => async (): Promise<void> => {
      deliveries.made++;
      await clock.pause(delay);
      await invokeAsynchronously("event", envelope(record), user === "" ? undefined : user);
    };
    launch(after(seconds));
    if (again === undefined) return;
    deliveries.twice++;
    launch(after(seconds + again));
  };
  const surroundings: Surroundings = {
    account,
    clock,
    faults,
    deployed: () => deployed,
    startNextRun: (request: SweepRequest) => launch(() => invokeAsynchronously("sweep", { sweep: request })),
  };
  const machine = await makeMachine(surroundings);

  const sweep = async (by: "deploy" | "schedule"): Promise<void> => {
    if (by === "schedule") await invokeAsynchronously("sweep", { sweep: { by } });
    else await invoke("sweep", { sweep: { by } });
  };
  const story = async (): Promise<Evidence> => {
    furnish(account);
    for (const { user, password, device } of history.settlers) {
      carryOut(account, { do: "create user", user, path: "/", password }, momentNow());
      if (device) carryOut(account, { do: "enrol device", user }, momentNow());
    }
    launch(() => sweep("deploy"));
    for (const step of history.steps) {
      await clock.pause(step.after);
      if (step.fault !== undefined) faults.arm(step.fault);
      const { command } = step;
      delivery = step.delivery;
      if (command.do === "deploy") {
        deployed = command.settings;
        matches = matcherOf(deployed);
        launch(async () => {
          await clock.pause(DEPLOY_SECONDS);
          await sweep("deploy");
        });
      } else if (command.do === "sweep") launch(() => sweep("schedule"));
      else carryOut(account, command, momentNow());
      delivery = undefined;
    }
    // What is under way may start more of it.
    while (underWay.size > 0) await Promise.all(underWay);
    faults.end();
    await clock.pause(REPORT_EXPIRES_SECONDS);
    const before = momentNow();
    const at = clock.now();
    const sweepOnce = async (): Promise<readonly Run[]> => {
      const first = runs.length;
      launch(() => sweep("schedule"));
      while (underWay.size > 0) await Promise.all(underWay);
      return runs.slice(first);
    };
    const lastRuns = await sweepOnce();
    const after = momentNow();
    const again = await sweepOnce();
    return {
      moments,
      runs,
      last: { before, at, after, runs: lastRuns, again, settings: deployed },
      queued,
      deliveries,
      faults: faults.counts,
      steps: history.steps.length,
      modelDiffers: differenceBetween(momentNow(), account),
    };
  };
  try {
    return await clock.run(story());
  } finally {
    await machine.close();
  }
}

/** IAM's rule for names, of groups as of users ("IAM and AWS STS quotas", IAM name requirements). */
const LEGAL_NAME = /^[\w+=,.@-]{1,128}$/;

const WRITES = ["AddUserToGroup", "RemoveUserFromGroup", "AttachUserPolicy", "DetachUserPolicy"] as const;

/** What the function's role may do to the guards' own groups alone. */
const PINNED: ReadonlySet<string> = new Set([
  "iam:AddUserToGroup",
  "iam:RemoveUserFromGroup",
  "iam:AttachGroupPolicy",
  "iam:ListAttachedGroupPolicies",
  "iam:ListGroupPolicies",
]);

const SCOPE = { accountId: ACCOUNT_ID, guards: GUARDS, handlerRoleArn: HANDLER_ROLE_ARN };

/** The rule that no settings change. */
const isOfGuards = compilePattern(guardEventPattern(SCOPE));

/** Whether a rule lets an event through to the function, as the rules are deployed with these settings. */
function matcherOf({ onlyGroups, exemptGroups }: HandlerSettings): (event: unknown) => boolean {
  const isOfUsers = compilePattern(eventPattern({ ...SCOPE, groups: [...onlyGroups, ...exemptGroups] }));
  return (event) => isOfUsers(event) || isOfGuards(event);
}

/** What EventBridge wraps around a record. */
function envelope(record: CloudTrailRecord) {
  return {
    version: "0",
    id: record.eventID,
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account: ACCOUNT_ID,
    time: record.eventTime,
    region: "us-east-1",
    resources: [],
    detail: record,
  };
}

/** The first thing that the model and the account in memory say differently of the users. */
function differenceBetween(moment: Moment, account: IamAccount): string | undefined {
  const { UserDetailList } = account.call({ type: "Root" }, "GetAccountAuthorizationDetails", {
    "Filter.member.1": "User",
  });
  const sorted = (list: readonly string[]) => list.map((each) => each.toLowerCase()).toSorted();
  const theirs = UserDetailList.map((user) => {
    const policies = user.AttachedManagedPolicies.map(({ PolicyArn }) => PolicyArn);
    const devices = account.call({ type: "Root" }, "ListMFADevices", { UserName: user.UserName }).MFADevices;
    return [user.UserId, user.UserName, user.Path, sorted(user.GroupList), sorted(policies), devices.length];
  });
  const ours = [...moment.people.values()].map((person) => {
    const { id, name, path, groups, policies, devices } = person;
    return [id, name, path, sorted(groups), sorted(policies), devices.length];
  });
  const text = (rows: readonly (readonly unknown[])[]) =>
    JSON.stringify(rows.map((row) => JSON.stringify(row)).toSorted());
  return text(theirs) === text(ours) ? undefined : `the account: ${text(theirs)}; the model: ${text(ours)}`;
}

function never(): never {
  throw new Error("there is no moment");
}
