import * as v from "valibot";
import { GUARD_NAMES, type GuardName, type GuardRefs } from "../core/guards";
import { invokeAsynchronously } from "../fake-aws/asynchronous-invocation";
import { serveCloudTrail, type Trail } from "../fake-aws/cloudtrail-api";
import { type BusEvent, serveEventBus } from "../fake-aws/event-bus";
import { compilePattern } from "../fake-aws/event-pattern";
import { type CallParameters, type CloudTrailRecord, IamAccount, type Principal } from "../fake-aws/iam/account";
import { serveIam } from "../fake-aws/iam/server";
import { transformInput } from "../fake-aws/input-transformer";
import { runFunction, sharedTime } from "../fake-aws/lambda";
import { serveOwnFunction } from "../fake-aws/lambda-api";
import { type SqsQueue, sqsQueue } from "../fake-aws/sqs-queue";
import { compile, evaluate } from "../policy-language/evaluator";
import { type Deployment, deploy, type Place, type Resource } from "./deployment";
import { CREDENTIALS_ELSEWHERE, type IamElsewhere, textsOf } from "./iam-elsewhere";
import { newDeviceIn, recorderOf } from "./record-elsewhere";

/** What the handler made of one event that a rule let through, or of one request for a sweep. */
export interface Run {
  /** The message with which the handler failed, if it did. */
  readonly failed: string | undefined;
  /** How many calls to IAM the handler made; 0 where another IAM takes them, which nobody counts. */
  readonly calls: number;
  /** The lines that it wrote to its log, each an object. */
  readonly lines: readonly unknown[];
}

/** An account with the program deployed into it: IAM in memory, the rules on the bus, the bundle in its thread. */
export interface RehearsalEnvironment {
  /** The IAM in memory; where another takes its place, nothing is in it, and it refuses nobody. */
  readonly account: IamAccount;
  /** Makes a call to the account's IAM, of which CloudTrail and the rules hear. */
  call(principal: Principal, action: string, parameters: CallParameters): Promise<unknown>;
  readonly deployment: Deployment;
  readonly guards: GuardRefs;
  /**
   * The time of IAM and of the handler. It stands still but for the handler's pauses, which take none of the machine's
   * time, and for what {@link passTo} lets pass.
   */
  now(): Date;
  /** Lets time pass up to this moment. */
  passTo(moment: Date): void;
  /**
   * Delivers what CloudTrail has recorded since, one event after the other, until nothing is left to deliver. Where the
   * handler fails it is tried again, each try a run, and in the end the event is kept in {@link failed}.
   */
  deliver(): Promise<readonly Run[]>;
  /** Lets what CloudTrail has recorded since be lost, as if it had happened before there was a rule. */
  forget(): void;
  /** Invokes the handler as a deploy does or as the schedule does. */
  sweep(by: "deploy" | "schedule"): Promise<Run>;
  /** The guards that hold the user: by name where the user is in the group, else `… by policy`. */
  standing(userName: string): Promise<readonly string[]>;
  /** The events that the handler has put on the default bus, in order. */
  readonly told: readonly BusEvent[];
  /** The mails that the topic has sent of them and of CloudTrail's records, as EventBridge writes them. */
  readonly mails: readonly string[];
  /** What the handler failed at, at every try. */
  readonly failed: SqsQueue;
  readonly functionName: string;
  /** Takes the handler's role all its policies, or gives it back those that were deployed. */
  setRolePolicies(which: "none" | "as deployed"): void;
  /** Invokes the handler once and waits, as Lambda does for whoever asks it to. */
  invoke(event: unknown): Promise<Run>;
  /** Whether the guard's policy is attached to its group. */
  isAttached(guard: GuardName): Promise<boolean>;
  close(): Promise<void>;
}

const ROOT: Principal = { type: "Root" };
const HANDLER_KEY = "ASIAREQUIREMFAHANDLER";

/**
 * Deploys the program into an account in memory and starts it, as the very bundle, policies, role and rule that would
 * ship.
 *
 * @param elsewhere an IAM to take the place of the one in memory, of whose calls by the story the environment makes the
 *   records that CloudTrail would
 * @throws what the program throws, and where a deployed document is one that IAM would refuse
 */
export async function createEnvironment(
  config: Readonly<Record<string, string>>,
  place: Place,
  start: Date,
  elsewhere?: IamElsewhere,
): Promise<RehearsalEnvironment> {
  const deployment = await deploy(config, place);
  const { guards, handlerRoleArn } = v.parse(Outputs, deployment.outputs);
  const { inputs, state } = onlyResourceOf("aws:lambda/function:Function", deployment);
  const { code, environment, loggingConfig } = v.parse(LambdaFunction, inputs);
  const functionArn = v.parse(Deployed, state).arn;
  const functionName = v.parse(Named, state).name;
  const targets = resourcesOf("aws:cloudwatch/eventTarget:EventTarget", deployment).map((target) =>
    v.parse(Target, target.inputs),
  );
  const patterns = new Map(
    resourcesOf("aws:cloudwatch/eventRule:EventRule", deployment).flatMap((rule) => {
      const { eventPattern } = v.parse(Rule, rule.inputs);
      const { name } = v.parse(Named, rule.state);
      return eventPattern === undefined ? [] : [[name, compilePattern(JSON.parse(eventPattern))]];
    }),
  );
  const toFunction = targets.filter(({ arn }) => arn === functionArn);
  const mailing = targets.flatMap(({ rule, inputTransformer }) => {
    const matches = patterns.get(rule);
    return inputTransformer === undefined || matches === undefined ? [] : [{ matches, inputTransformer }];
  });
  const mails: string[] = [];
  const mailOf = (event: unknown): void => {
    for (const { matches, inputTransformer } of mailing) {
      if (matches(event)) mails.push(transformInput(inputTransformer, event));
    }
  };
  const [scheduled] = v.parse(
    v.tuple([Invocation]),
    toFunction.filter(({ input }) => input !== undefined),
  );
  const byDeploy = v.parse(Invocation, onlyResourceOf("aws:lambda/invocation:Invocation", deployment).inputs);
  const requests = { deploy: byDeploy.input, schedule: scheduled.input };

  const time = sharedTime(start);
  const now = () => new Date(time[0] ?? Number.NaN);
  const passTo = (moment: Date): void => {
    time[0] = moment.getTime();
  };
  const undelivered: unknown[] = [];
  const onRecord = (record: CloudTrailRecord): void => {
    const event = envelope(record, place);
    for (const { rule } of toFunction) if (patterns.get(rule)?.(event)) undelivered.push(event);
    mailOf(event);
  };
  const account = new IamAccount({
    accountId: place.accountId,
    partition: place.partition,
    now,
    // IAM takes some seconds to make a credential report; a rehearsal does not wait for them.
    reportPolls: 0,
    ...(elsewhere === undefined && {
      authorize: ({ principal, action, resource, context }, policiesOf) =>
        evaluate(compile(policiesOf(principal)), { action, resource, context }).allowed,
    }),
    onRecord,
  });
  const record = recorderOf(place, now);
  const call: RehearsalEnvironment["call"] = async (principal, action, parameters) => {
    if (elsewhere === undefined) return account.call(principal, action, parameters);
    const answer = await elsewhere.call(action, parameters);
    onRecord(record(principal, action, parameters));
    return newDeviceIn(answer);
  };
  /** The texts of an element in a list of IAM's. */
  const listed = async (action: IamList, parameters: CallParameters): Promise<readonly string[]> => {
    const { element, items } = LISTS[action];
    if (elsewhere !== undefined) return textsOf(await elsewhere.call(action, parameters), element);
    return items(account, parameters);
  };
  await createInIam(deployment, call);
  const rolePolicies = resourcesOf("aws:iam/rolePolicy:RolePolicy", deployment).map(
    (policy) => v.parse(RolePolicy, policy.inputs).policy,
  );
  account.putRole(handlerRoleArn, rolePolicies);
  account.clearLog();
  // The rules come after the guards, of whose making they hear nothing.
  undelivered.length = 0;
  mails.length = 0;

  const handlerRole: Principal = {
    type: "AssumedRole",
    roleArn: handlerRoleArn,
    sessionName: "require-mfa",
    sourceFunctionArn: functionArn,
  };
  const principals = new Map([
    [HANDLER_KEY, handlerRole],
    [CREDENTIALS_ELSEWHERE.accessKeyId, handlerRole],
  ]);
  const server = await serveIam(account, principals, now);
  const bus = await serveEventBus({ ...place, now, principals, allows: (...request) => account.allows(...request) });
  const lambda = await serveOwnFunction({
    functionArn,
    variables: environment.variables,
    principals,
    allows: (...request) => account.allows(...request),
  });
  const cloudTrail = await serveCloudTrail({
    ...place,
    trails: [trailIn(place)],
    principals,
    allows: (...request) => account.allows(...request),
  });
  // The bundle has one environment, and so one key for all services; whoever stands in for them must know it.
  const { accessKeyId, secretAccessKey } =
    elsewhere === undefined
      ? { accessKeyId: HANDLER_KEY, secretAccessKey: "of-no-use-but-here" }
      : CREDENTIALS_ELSEWHERE;
  const variables = {
    ...environment.variables,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_LOG_GROUP_NAME: loggingConfig.logGroup,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_IAM: elsewhere?.url ?? server.url,
  };
  const { maximumRetryAttempts } = v.parse(
    InvokeConfig,
    onlyResourceOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", deployment).inputs,
  );
  const failed = sqsQueue(() => now().getTime());
  const handler = runFunction(code["index.mjs"], variables, time);

  const run = async (event: unknown): Promise<Run> => {
    const callsBefore = account.log.length;
    const linesBefore = handler.log.length;
    const toldBefore = bus.events.length;
    const failure = await handler.invoke(event).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    for (const told of bus.events.slice(toldBefore)) mailOf(told);
    return {
      failed: failure,
      calls: account.log.slice(callsBefore).filter(({ caller }) => caller.type === "AssumedRole").length,
      lines: handler.log.slice(linesBefore).map((line) => JSON.parse(line)),
    };
  };

  return {
    account,
    call,
    deployment,
    guards,
    now,
    passTo,
    deliver: async () => {
      const runs: Run[] = [];
      for (let event = undelivered.shift(); event !== undefined; event = undelivered.shift()) {
        await invokeAsynchronously(event, {
          functionArn,
          retries: maximumRetryAttempts,
          onFailure: failed,
          attempt: async (given) => {
            const made = await run(given);
            runs.push(made);
            return made.failed;
          },
          pause: (seconds) => passTo(new Date(now().getTime() + seconds * 1000)),
          now,
        });
      }
      return runs;
    },
    forget: () => {
      undelivered.length = 0;
    },
    sweep: (by) => run(JSON.parse(requests[by])),
    standing: async (userName) => {
      const groups = await listed("ListGroupsForUser", { UserName: userName });
      const policies = await listed("ListAttachedUserPolicies", { UserName: userName });
      return GUARD_NAMES.flatMap((name) => [
        ...(groups.includes(guards[name].group) ? [name] : []),
        ...(policies.includes(guards[name].policyArn) ? [`${name} by policy`] : []),
      ]);
    },
    told: bus.events,
    mails,
    failed,
    functionName,
    setRolePolicies: (which) => account.putRole(handlerRoleArn, which === "none" ? [] : rolePolicies),
    invoke: run,
    isAttached: async (guard) => {
      const { group, policyArn } = guards[guard];
      return (await listed("ListAttachedGroupPolicies", { GroupName: group })).includes(policyArn);
    },
    close: async () => {
      await handler.stop();
      await bus.close();
      await lambda.close();
      await cloudTrail.close();
      await server.close();
    },
  };
}

/** The trail without which nothing would be delivered. */
function trailIn({ accountId, partition, region }: Place): Trail {
  return {
    Name: "management-events",
    TrailARN: `arn:${partition}:cloudtrail:${region}:${accountId}:trail/management-events`,
    HomeRegion: region,
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    IsOrganizationTrail: false,
    IsLogging: true,
    selectors: { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] },
  };
}

/** What EventBridge wraps around a CloudTrail record. */
function envelope(record: CloudTrailRecord, { accountId, region }: Place) {
  return {
    version: "0",
    id: record.eventID,
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account: accountId,
    time: record.eventTime,
    region,
    resources: [],
    detail: record,
  };
}

const Guard = v.object({ group: v.string(), policyArn: v.string() });
const Outputs = v.object({
  guards: v.object({ quarantine: Guard, conditional: Guard, sealed: Guard }),
  handlerRoleArn: v.string(),
});
const Rule = v.object({ eventPattern: v.optional(v.string()) });
const Target = v.object({
  rule: v.string(),
  arn: v.string(),
  input: v.optional(v.string()),
  inputTransformer: v.optional(v.object({ inputPaths: v.record(v.string(), v.string()), inputTemplate: v.string() })),
});
const InvokeConfig = v.object({ maximumRetryAttempts: v.number() });
const LambdaFunction = v.object({
  code: v.object({ "index.mjs": v.string() }),
  environment: v.object({ variables: v.record(v.string(), v.string()) }),
  loggingConfig: v.object({ logGroup: v.string() }),
});
const Deployed = v.object({ arn: v.string() });
const Invocation = v.object({ input: v.string() });
const Named = v.object({ name: v.string() });
const Group = v.object({ path: v.string() });
const Policy = v.object({ path: v.string(), description: v.string(), policy: v.string() });
const Attachment = v.object({ group: v.string(), policyArn: v.string() });
const RolePolicy = v.object({ policy: v.string() });

/** The lists that are asked for of either IAM: the element that counts in the answer's XML, and what it comes to in memory. */
const LISTS = {
  ListGroupsForUser: {
    element: "GroupName",
    items: (account: IamAccount, parameters: CallParameters) =>
      account.call(ROOT, "ListGroupsForUser", parameters).Groups.map(({ GroupName }) => GroupName),
  },
  ListAttachedUserPolicies: {
    element: "PolicyArn",
    items: (account: IamAccount, parameters: CallParameters) =>
      account.call(ROOT, "ListAttachedUserPolicies", parameters).AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
  },
  ListAttachedGroupPolicies: {
    element: "PolicyArn",
    items: (account: IamAccount, parameters: CallParameters) =>
      account.call(ROOT, "ListAttachedGroupPolicies", parameters).AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
  },
};
type IamList = keyof typeof LISTS;

/** Creates what the program deploys into IAM by IAM's own calls, which check names, paths and documents. */
async function createInIam(deployment: Deployment, call: RehearsalEnvironment["call"]): Promise<void> {
  for (const { inputs, state } of resourcesOf("aws:iam/group:Group", deployment)) {
    await call(ROOT, "CreateGroup", { GroupName: v.parse(Named, state).name, Path: v.parse(Group, inputs).path });
  }
  for (const { inputs, state } of resourcesOf("aws:iam/policy:Policy", deployment)) {
    const { path, description, policy } = v.parse(Policy, inputs);
    await call(ROOT, "CreatePolicy", {
      PolicyName: v.parse(Named, state).name,
      Path: path,
      Description: description,
      PolicyDocument: policy,
    });
  }
  for (const { inputs } of resourcesOf("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", deployment)) {
    const { group, policyArn } = v.parse(Attachment, inputs);
    await call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
}

function resourcesOf(type: string, { resources }: Deployment): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function onlyResourceOf(type: string, deployment: Deployment): Resource {
  const [resource, another] = resourcesOf(type, deployment);
  if (resource === undefined || another !== undefined) throw new Error(`the program deploys not exactly one ${type}`);
  return resource;
}
