import { IAMClient } from "@aws-sdk/client-iam";
import type { Deadline } from "../../core/due";
import { GUARD_NAMES, type GuardName, type GuardsOf, guardsOf } from "../../core/guards";
import type { Mode } from "../../core/modes";
import { policyDigest } from "../../core/policy-digest";
import { DEFAULT_SETTINGS, type Rules } from "../../core/settings";
import type { SweepRequest } from "../../core/sweep-request";
import { type CloudTrail, serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import { type BusEvent, type EventBusServer, serveEventBus } from "../../fake-aws/event-bus";
import type { CloudTrailRecord } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { awsIam } from "../../handler/iam/aws-iam";
import { respond } from "../../handler/respond";
import type { SweepSummary } from "../../handler/sweep/sweep-summary";
import { eventBus } from "../../handler/told/event-bus";
import { trailCheck } from "../../handler/trail/check-trail";
import { type HandlerReach, handlerRolePolicy } from "../../policies/handler-role";
import { compile, evaluate } from "../../policy-language/evaluator";
import { HANDLER, lastOf, newAccount, ROOT, type TestAccount, type TestAccountOptions } from "./account";
import { eventProblems } from "./event-schema";
import { GUARD_DOCUMENTS, GUARD_GROUPS, GUARDS } from "./guards";
import { RECORDING_TRAIL } from "./trails";

/** What a world is made with beside what its account is. */
export interface WorldOptions extends TestAccountOptions {
  /** The account's trails; one that records everything, if left out. */
  readonly trails?: readonly Trail[];
  /** What answers in the place of CloudTrail; the world closes it. */
  readonly cloudTrail?: LoopbackServer;
  /** What the guards' policies say; of each that it is that guard's, if left out. */
  readonly documents?: GuardsOf<string>;
}

import { PLACE } from "./quiet-bus";

export interface Settings extends Partial<Rules>, Partial<Deadline> {
  readonly mode: Mode;
  readonly dryRun?: boolean;
  readonly maxReleases?: number;
}

/** What the handler logged of an event: an invoker is told nothing. */
export type Answer = Readonly<Record<string, unknown>>;

/** The answer to a request for a sweep, and the runs that the sweep asked for. */
interface SweepAnswer {
  readonly summary: SweepSummary;
  readonly next: readonly SweepRequest[];
}

/** An account with the guards in it, and the handler reaching it by the real SDK over HTTP. */
export interface World extends TestAccount {
  readonly client: IAMClient;
  /** How many seconds the handler paused, pause by pause; only the account's clock moves by them. */
  readonly pauses: readonly number[];
  /** What the handler logged. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** The default bus, on which the handler puts its events by HTTP. */
  readonly bus: EventBusServer;
  /** Gives a user a passkey; returns the last record of it. */
  enrol(user: string): CloudTrailRecord;
  /** Hands records to the handler as EventBridge would, one after the other; returns its last decision's line. */
  handle(settings: Settings, ...records: readonly unknown[]): Promise<Answer | undefined>;
  /**
   * Lets the handler sweep the account; `hasTime` says whether there is time for one more user, `isCurrent` whether no
   * deploy has told the function something else, and `startNextRun` takes what the sweep asks for.
   */
  sweep(
    settings: Settings,
    request: Partial<SweepRequest>,
    hasTime?: () => boolean,
    isCurrent?: () => Promise<boolean>,
    startNextRun?: () => Promise<void>,
  ): Promise<SweepAnswer>;
  waitHours(hours: number): void;
  /** What the last sweep said that falls short; throws where it said nothing. */
  complaint(): string;
  /** What the last sweep counted, by the metrics' names. */
  metrics(): Readonly<Record<string, unknown>>;
  /** The lines of the log about something that was found, without what tells of which sweep or call. */
  findings(): readonly Readonly<Record<string, unknown>>[];
  /** Where a user stands by the account's record: `free`, `quarantine`, `sealed by policy`, several with `+`. */
  standing(user: string): string;
  /** The events that the handler has put, in order. */
  told(): readonly BusEvent[];
  /** Their detail-types. */
  toldTypes(): readonly string[];
  /** The handler's calls to IAM so far, in the order of their answers. */
  calls(): readonly string[];
  /** Throws where an event that was put is not as docs/events.json says. */
  close(): Promise<void>;
}

/** What the function has: Lambda's 900 seconds, less the 45 that it keeps for whom it has begun with. */
export const RUN_SECONDS = 855;

/** What the handler's role may touch. */
export const HANDLER_REACH: HandlerReach = {
  partition: "aws",
  groupArns: GUARD_GROUPS.map(({ arn }) => arn),
  policyArns: GUARD_NAMES.map((name) => GUARDS[name].policyArn),
  functionArn: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
};

/** The handler may do what its role's policy allows, by the evaluator; everybody else in a world may do everything. */
const byPolicies: NonNullable<TestAccountOptions["authorize"]> = (
  { principal, action, resource, context },
  policiesOf,
) =>
  principal.type !== "AssumedRole" || evaluate(compile(policiesOf(principal)), { action, resource, context }).allowed;

/**
 * A new account with the guards in it and the handler beside it, whose role has the policy that the program deploys.
 */
export async function newWorld(worldOptions: WorldOptions = {}): Promise<World> {
  const { trails = [RECORDING_TRAIL], cloudTrail: another, documents = GUARD_DOCUMENTS, ...options } = worldOptions;
  const aws = newAccount({ authorize: byPolicies, ...options });
  const { account, records } = aws;
  account.putRole(HANDLER.roleArn, [JSON.stringify(handlerRolePolicy(HANDLER_REACH))]);
  for (const name of GUARD_NAMES) createGuard(aws, name, documents[name]);

  const principals = new Map([["ASIAHANDLER", { ...HANDLER, sourceFunctionArn: HANDLER_REACH.functionArn }]]);
  const server = await serveIam(account, principals);
  const allows: CloudTrail["allows"] = (...request) => account.allows(...request);
  const cloudTrail =
    another ?? (await serveCloudTrail({ accountId: "123456789012", region: "us-east-1", trails, principals, allows }));
  const bus = await serveEventBus({
    ...PLACE,
    now: aws.now,
    principals,
    allows: (...request) => account.allows(...request),
  });
  const client = new IAMClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "ASIAHANDLER", secretAccessKey: "secret" },
  });
  const pauses: number[] = [];
  const log: Readonly<Record<string, unknown>>[] = [];
  const clock = {
    now: () => aws.now().getTime(),
    pause: async (seconds: number): Promise<void> => {
      pauses.push(seconds);
      aws.waitSeconds(seconds);
    },
  };
  const serviceOf = ({ dryRun = false, maxReleases = 50, ...rules }: Settings) => ({
    iam: awsIam(client, clock.pause),
    guards: GUARDS,
    policyDigests: guardsOf((name) => policyDigest(documents[name])),
    rules: { ...DEFAULT_SETTINGS, ...rules },
    dryRun,
    deadline: { ...DEFAULT_SETTINGS, ...rules },
    maxReleases,
    sweepEverySeconds: 3600,
    functionName: "require-mfa-1a2b3c4",
    clock,
    checkTrail: trailCheck(
      {
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "ASIAHANDLER",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.url,
      },
      clock.pause,
    ),
    ...eventBus(
      {
        AWS_REGION: PLACE.region,
        AWS_ACCESS_KEY_ID: "ASIAHANDLER",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
      },
      clock.pause,
    ),
    place: PLACE,
    log: (line: Readonly<Record<string, unknown>>) => log.push(line),
  });

  return {
    ...aws,
    client,
    pauses,
    log,
    bus,
    enrol: (user) => {
      account.enrolPasskey(user);
      return lastOf(records);
    },
    handle: async (settings, ...given) => {
      const isCurrent = async () => true;
      const service = { ...serviceOf(settings), secondsLeft: () => RUN_SECONDS, startNextRun: neverCalled, isCurrent };
      for (const record of given) {
        const response = await respond({ source: "aws.iam", detail: record }, service);
        if (response !== undefined) throw new Error(`an invoker was told of a record: ${JSON.stringify(response)}`);
      }
      return log.findLast((line) => "action" in line);
    },
    sweep: async (
      settings,
      { by = "schedule", run = 1, firstRunAt },
      hasTime = () => true,
      isCurrent = async () => true,
      take = async () => undefined,
    ) => {
      const secondsLeft = () => (hasTime() ? RUN_SECONDS : 0);
      const next: SweepRequest[] = [];
      const startNextRun = async (request: SweepRequest): Promise<void> => {
        next.push(request);
        await take();
      };
      const summary = await respond(
        { sweep: { by, run, ...(firstRunAt !== undefined && { firstRunAt }) } },
        { ...serviceOf(settings), secondsLeft, startNextRun, isCurrent },
      );
      if (summary === undefined) throw new Error("a request for a sweep was taken for a record");
      return { summary, next };
    },
    complaint: () => {
      const { error } = lastOf(log.filter((line) => line["action"] === "failed"));
      return String(error);
    },
    metrics: () => lastOf(log.filter((line) => "_aws" in line)),
    findings: () => log.filter((line) => "finding" in line).map(({ sweep: _, ...line }) => line),
    waitHours: (hours) => aws.waitSeconds(hours * 3600),
    standing: (user) => {
      const groups = account.call(ROOT, "ListGroupsForUser", { UserName: user }).Groups;
      const policies = account.call(ROOT, "ListAttachedUserPolicies", { UserName: user }).AttachedPolicies;
      const byGroup = GUARD_NAMES.filter((name) => groups.some(({ GroupName }) => GroupName === GUARDS[name].group));
      const byPolicy = GUARD_NAMES.filter((name) =>
        policies.some(({ PolicyArn }) => PolicyArn === GUARDS[name].policyArn),
      );
      return [...byGroup, ...byPolicy.map((name) => `${name} by policy`)].join(" + ") || "free";
    },
    told: () => bus.events,
    toldTypes: () => bus.events.map((event) => event["detail-type"]),
    calls: () => account.log.filter(({ caller }) => caller.type === "AssumedRole").map(({ action }) => action),
    close: async () => {
      client.destroy();
      await server.close();
      await cloudTrail.close();
      await bus.close();
      const problems = bus.events.flatMap(eventProblems);
      if (problems.length > 0) throw new Error(problems.join("\n"));
    },
  };
}

/** Creates a guard's group with its policy, under the names and the path that the program gives them. */
function createGuard({ root }: TestAccount, guard: GuardName, PolicyDocument: string): void {
  const Path = "/require-mfa/dev/";
  const { group, policyArn } = GUARDS[guard];
  root("CreateGroup", { GroupName: group, Path });
  root("CreatePolicy", { PolicyName: group, Path, PolicyDocument });
  root("AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
}

async function neverCalled(): Promise<never> {
  throw new Error("an event starts no other run and does not ask whether it is current");
}
