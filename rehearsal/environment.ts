import * as v from "valibot";
import { GUARD_NAMES, type GuardRefs } from "../core/guards";
import { compilePattern } from "../fake-aws/event-pattern";
import { type CloudTrailRecord, IamAccount, type Principal } from "../fake-aws/iam/account";
import { serveIam } from "../fake-aws/iam/server";
import { runFunction } from "../fake-aws/lambda";
import { serveConfiguration } from "../fake-aws/lambda-api";
import { compile, evaluate } from "../policy-language/evaluator";
import { type Deployment, deploy, type Place, type Resource } from "./deployment";

/** One event that the rule let through, and what the handler made of it. */
export interface Delivery {
  readonly record: CloudTrailRecord;
  /** What the handler returned, or the message with which it failed. */
  readonly outcome: { readonly returned: unknown } | { readonly failed: string };
  /** The handler's calls to IAM, in order. */
  readonly calls: readonly string[];
}

/** An account with the program deployed into it: IAM in memory, the rule on the bus, the bundle in its thread. */
export interface RehearsalEnvironment {
  readonly account: IamAccount;
  readonly deployment: Deployment;
  readonly guards: GuardRefs;
  /** Delivers what CloudTrail has recorded since, one event after the other, until nothing is left to deliver. */
  deliver(): Promise<readonly Delivery[]>;
  /** Lets what CloudTrail has recorded since be lost, as if it had happened before there was a rule. */
  forget(): void;
  /** Invokes the handler as the deploy does. Returns what it answers and how many calls to IAM it made. */
  sweep(): Promise<{ readonly returned: unknown; readonly calls: number }>;
  /** The guards that hold the user: by name where the user is in the group, else `… by policy`. */
  standing(userName: string): readonly string[];
  /** The handler's log lines so far. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

const ROOT: Principal = { type: "Root" };
const HANDLER_KEY = "ASIAREQUIREMFAHANDLER";

/**
 * Deploys the program into an account in memory and starts it, as the very bundle, policies, role and rule that would
 * ship.
 *
 * @throws what the program throws, and where a deployed document is one that IAM would refuse
 */
export async function createEnvironment(
  config: Readonly<Record<string, string>>,
  place: Place,
  now: () => Date,
): Promise<RehearsalEnvironment> {
  const deployment = await deploy(config, place);
  const { guards, handlerRoleArn } = v.parse(Outputs, deployment.outputs);
  const [{ eventPattern }] = v.parse(
    v.tuple([Rule]),
    resourcesOf("aws:cloudwatch/eventRule:EventRule", deployment)
      .map(({ inputs }) => inputs)
      .filter((inputs) => "eventPattern" in inputs),
  );
  const { input } = v.parse(Invocation, onlyResourceOf("aws:lambda/invocation:Invocation", deployment).inputs);
  const { inputs, state } = onlyResourceOf("aws:lambda/function:Function", deployment);
  const { code, environment } = v.parse(LambdaFunction, inputs);

  const matchesRule = compilePattern(JSON.parse(eventPattern));
  const undelivered: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: place.accountId,
    partition: place.partition,
    now,
    // IAM takes some seconds to make a credential report; a rehearsal does not wait for them.
    reportPolls: 0,
    authorize: ({ principal, action, resource, context }, policiesOf) =>
      evaluate(compile(policiesOf(principal)), { action, resource, context }).allowed,
    onRecord: (record) => {
      if (matchesRule(envelope(record, place))) undelivered.push(record);
    },
  });
  createInIam(deployment, handlerRoleArn, account);
  account.clearLog();

  const handlerRole: Principal = {
    type: "AssumedRole",
    roleArn: handlerRoleArn,
    sessionName: "require-mfa",
    sourceFunctionArn: v.parse(Deployed, state).arn,
  };
  const server = await serveIam(account, new Map([[HANDLER_KEY, handlerRole]]));
  const lambda = await serveConfiguration(environment.variables);
  const handler = runFunction(code["index.mjs"], {
    ...environment.variables,
    AWS_LAMBDA_FUNCTION_NAME: "require-mfa-rehearsal",
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: HANDLER_KEY,
    AWS_SECRET_ACCESS_KEY: "of-no-use-but-here",
    AWS_ENDPOINT_URL_IAM: server.url,
  });

  const deliverOne = async (record: CloudTrailRecord): Promise<Delivery> => {
    const before = account.log.length;
    const outcome = await handler.invoke(envelope(record, place)).then(
      (returned) => ({ returned }),
      (error: unknown) => ({ failed: String(error) }),
    );
    return { record, outcome, calls: callsOf(before).map(({ action }) => action) };
  };

  const callsOf = (from: number) => account.log.slice(from).filter(({ caller }) => caller.type === "AssumedRole");

  return {
    account,
    deployment,
    guards,
    log: handler.log,
    deliver: async () => {
      const deliveries: Delivery[] = [];
      for (let record = undelivered.shift(); record !== undefined; record = undelivered.shift()) {
        deliveries.push(await deliverOne(record));
      }
      return deliveries;
    },
    forget: () => {
      undelivered.length = 0;
    },
    sweep: async () => {
      const before = account.log.length;
      const returned = await handler.invoke(JSON.parse(input));
      return { returned, calls: callsOf(before).length };
    },
    standing: (userName) => {
      const groups = account.call(ROOT, "ListGroupsForUser", { UserName: userName }).Groups;
      const policies = account.call(ROOT, "ListAttachedUserPolicies", { UserName: userName }).AttachedPolicies;
      return GUARD_NAMES.flatMap((name) => [
        ...(groups.some(({ GroupName }) => GroupName === guards[name].group) ? [name] : []),
        ...(policies.some(({ PolicyArn }) => PolicyArn === guards[name].policyArn) ? [`${name} by policy`] : []),
      ]);
    },
    close: async () => {
      await handler.stop();
      await lambda.close();
      await server.close();
    },
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
const Rule = v.object({ eventPattern: v.string() });
const LambdaFunction = v.object({
  code: v.object({ "index.mjs": v.string() }),
  environment: v.object({ variables: v.record(v.string(), v.string()) }),
});
const Deployed = v.object({ arn: v.string() });
const Invocation = v.object({ input: v.string() });
const Named = v.object({ name: v.string() });
const Group = v.object({ path: v.string() });
const Policy = v.object({ path: v.string(), description: v.string(), policy: v.string() });
const Attachment = v.object({ group: v.string(), policyArn: v.string() });
const RolePolicy = v.object({ policy: v.string() });

/** Creates what the program deploys into IAM by IAM's own calls, which check names, paths and documents. */
function createInIam(deployment: Deployment, handlerRoleArn: string, account: IamAccount): void {
  for (const { inputs, state } of resourcesOf("aws:iam/group:Group", deployment)) {
    account.call(ROOT, "CreateGroup", { GroupName: v.parse(Named, state).name, Path: v.parse(Group, inputs).path });
  }
  for (const { inputs, state } of resourcesOf("aws:iam/policy:Policy", deployment)) {
    const { path, description, policy } = v.parse(Policy, inputs);
    account.call(ROOT, "CreatePolicy", {
      PolicyName: v.parse(Named, state).name,
      Path: path,
      Description: description,
      PolicyDocument: policy,
    });
  }
  for (const { inputs } of resourcesOf("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", deployment)) {
    const { group, policyArn } = v.parse(Attachment, inputs);
    account.call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
  account.putRole(
    handlerRoleArn,
    resourcesOf("aws:iam/rolePolicy:RolePolicy", deployment).map(({ inputs }) => v.parse(RolePolicy, inputs).policy),
  );
}

function resourcesOf(type: string, { resources }: Deployment): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function onlyResourceOf(type: string, deployment: Deployment): Resource {
  const [resource, another] = resourcesOf(type, deployment);
  if (resource === undefined || another !== undefined) throw new Error(`the program deploys not exactly one ${type}`);
  return resource;
}
