import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { Mode } from "../../core/modes";
import type { Partition } from "../../core/partitions";
import type { Settings } from "../../core/settings";
import { type Deployment, deploy, type Resource } from "../../rehearsal/deployment";
import { memberPlace, memberResources } from "../support/member";
import type { ResolvedResource } from "../support/resolve-template";

/*
 * A stack of one account, as the program deploys it, beside that of a member account, as its template has it: property by
 * property, but for what is meant to differ.
 */

/** Paths of properties, LogicalId.Property.…, and their values, none of them an object or a list. */
type Leaves = ReadonlyMap<string, unknown>;

// What of CloudFormation's each of Pulumi's is

interface Counterpart {
  /** The logical ID of the resource in a member's template, by the name of Pulumi's. */
  readonly ids: Readonly<Record<string, string>>;
  /** The property by the input; what lies below keeps its path. `*` stands for what the resource itself is called. */
  readonly properties: Readonly<Record<string, string>>;
}

const GUARDS = (kind: string) => ({
  "require-mfa-quarantine": `Quarantine${kind}`,
  "require-mfa-conditional": `Conditional${kind}`,
  "require-mfa-sealed": `Sealed${kind}`,
});
const TO_HANDLER = (kind: string) => ({
  "require-mfa": `Users${kind}`,
  "require-mfa-guards": `Guards${kind}`,
  "require-mfa-sweep": `Sweep${kind}`,
});
const QUEUES = (kind: string) => ({
  "require-mfa-undelivered": `Undelivered${kind}`,
  "require-mfa-failed": `Failed${kind}`,
  "require-mfa-untold": `Untold${kind}`,
});

const COUNTERPARTS: Readonly<Record<string, Counterpart>> = {
  "aws:iam/group:Group": { ids: GUARDS("Group"), properties: { path: "Path" } },
  "aws:iam/policy:Policy": {
    ids: GUARDS("Policy"),
    properties: { path: "Path", description: "Description", policy: "PolicyDocument" },
  },
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": {
    ids: GUARDS("Group"),
    properties: { group: "GroupName", policyArn: "ManagedPolicyArns.0" },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    ids: { "require-mfa": "LogGroup" },
    properties: { retentionInDays: "RetentionInDays" },
  },
  "aws:iam/role:Role": {
    ids: { "require-mfa": "HandlerRole" },
    properties: { path: "Path", description: "Description", assumeRolePolicy: "AssumeRolePolicyDocument" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    ids: { "require-mfa": "HandlerRole", "require-mfa-log": "HandlerRole" },
    properties: { role: "RoleName", policy: "Policies.*" },
  },
  "aws:lambda/function:Function": {
    ids: { "require-mfa": "HandlerFunction" },
    properties: {
      description: "Description",
      runtime: "Runtime",
      architectures: "Architectures",
      handler: "Handler",
      code: "Code",
      role: "Role",
      memorySize: "MemorySize",
      timeout: "Timeout",
      "environment.variables": "Environment.Variables",
      "loggingConfig.logFormat": "LoggingConfig.LogFormat",
      "loggingConfig.logGroup": "LoggingConfig.LogGroup",
    },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    ids: { "require-mfa": "HandlerInvokeConfig" },
    properties: {
      functionName: "FunctionName",
      maximumRetryAttempts: "MaximumRetryAttempts",
      maximumEventAgeInSeconds: "MaximumEventAgeInSeconds",
      "destinationConfig.onFailure.destination": "DestinationConfig.OnFailure.Destination",
    },
  },
  "aws:lambda/permission:Permission": {
    ids: TO_HANDLER("Permission"),
    properties: { function: "FunctionName", action: "Action", principal: "Principal", sourceArn: "SourceArn" },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    ids: { ...TO_HANDLER("Rule"), "require-mfa-told": "ToldRule" },
    properties: {
      description: "Description",
      eventPattern: "EventPattern",
      scheduleExpression: "ScheduleExpression",
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    ids: { ...TO_HANDLER("Rule"), "require-mfa-told": "ToldRule" },
    properties: {
      rule: "Name",
      arn: "Targets.0.Arn",
      input: "Targets.0.Input",
      inputTransformer: "Targets.0.InputTransformer",
      "retryPolicy.maximumEventAgeInSeconds": "Targets.0.RetryPolicy.MaximumEventAgeInSeconds",
      "retryPolicy.maximumRetryAttempts": "Targets.0.RetryPolicy.MaximumRetryAttempts",
      "deadLetterConfig.arn": "Targets.0.DeadLetterConfig.Arn",
    },
  },
  "aws:sqs/queue:Queue": {
    ids: QUEUES("Queue"),
    properties: { messageRetentionSeconds: "MessageRetentionPeriod", sqsManagedSseEnabled: "SqsManagedSseEnabled" },
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    ids: QUEUES("QueuePolicy"),
    properties: { queueUrl: "Queues.0", policy: "PolicyDocument" },
  },
};

const ALARM_PROPERTIES = {
  name: "AlarmName",
  alarmDescription: "AlarmDescription",
  namespace: "Namespace",
  metricName: "MetricName",
  dimensions: "Dimensions",
  period: "Period",
  statistic: "Statistic",
  comparisonOperator: "ComparisonOperator",
  threshold: "Threshold",
  evaluationPeriods: "EvaluationPeriods",
  datapointsToAlarm: "DatapointsToAlarm",
  treatMissingData: "TreatMissingData",
  alarmActions: "AlarmActions",
  okActions: "OKActions",
} as const;

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What is meant to differ, and why: of a member's properties, or of an account's resource that a member has not. */
const DIFFERENCES: readonly (readonly [what: RegExp, why: string])[] = [
  [/^aws:sns\//, "the topic and its subscriptions are the hub's"],
  [/^aws:cloudwatch\/dashboard:/, "the dashboard is the hub's"],
  [/^aws:cloudwatch\/event(Rule|Target):\w+ require-mfa-tamper-/, "an SCP refuses tampering beforehand"],
  [/^aws:cloudwatch\/metricAlarm:\w+ require-mfa-rule-(queue-)?tamper-/, "and where there is no rule, none can fail"],
  [/^aws:cloudwatch\/metricAlarm:\w+ require-mfa-notifications$/, "the hub watches its topic"],
  [/^aws:lambda\/invocation:/, "the next scheduled sweep acts"],
  [/^aws:(cloudtrail|s3)\//, "an organization's trail brings the events of all accounts"],
  [/^\w+Policy\.ManagedPolicyName$/, "Pulumi makes names up, and an SCP knows fixed ones"],
  [/^LogGroup\.LogGroupName$/, "likewise"],
  [/^\w+Queue\.QueueName$/, "likewise"],
  [/^HandlerFunction\.FunctionName$/, "likewise"],
  [/^\w+Alarm\.AlarmName$/, "likewise"],
  [/^HandlerFunction\.Code\./, "CloudFormation takes the code from a bucket"],
  [/^HandlerInvokeConfig\.Qualifier$/, "Pulumi's provider fills it in"],
  [/^\w+Rule\.Targets\.0\.Id$/, "Pulumi's provider makes one up"],
  [/^ToldRole\./, "another account's bus is put to by a role"],
  [/^ToldRule\.Targets\.0\.(Arn|RoleArn|InputTransformer\..*)$/, "the hub's bus is told, not a topic"],
  [/^ToldRule\.Description$/, "likewise"],
  [/^ToldRule\.EventPattern\.detail-type\./, "the hub chooses what mails tell"],
  [/^UntoldQueuePolicy\.PolicyDocument\.Statement\.0\.Condition\.ArnEquals\.aws:SourceArn\.[1-8]$/, "no tamper rules"],
  [/^\w+Alarm\.AlarmDescription$/, "where a first step is pulumi up --refresh, what else to do is said"],
];

// Names

/** How what Pulumi made up a name for is called in a member account. */
function renamed(value: unknown, path: string, partition: Partition): unknown {
  if (typeof value !== "string") return value;
  const { region } = memberPlace(partition);
  if (value === "require-mfa-1a2b3c4") {
    if (/FunctionName$|RoleName$/.test(path)) return "require-mfa-handler";
    if (/LogGroup$/.test(path)) return "require-mfa-handler-01234567";
    if (/Rule\.Name$|RuleName$/.test(path)) return "require-mfa-users";
  }
  return value
    .replace(
      `arn:${partition}:sns:${region}:123456789012:require-mfa-1a2b3c4`,
      `arn:${partition}:sns:${region}:111122223333:require-mfa`,
    )
    .replace("/require-mfa/dev/", "/require-mfa/organization/")
    .replace(/^require-mfa-1a2b3c4-heartbeat$/, "require-mfa-heartbeat")
    .replace(":function:require-mfa-1a2b3c4", ":function:require-mfa-handler")
    .replace(":log-group:require-mfa-1a2b3c4", ":log-group:require-mfa-handler-01234567")
    .replace("/organization/require-mfa-1a2b3c4", "/organization/require-mfa-handler")
    .replace(":rule/require-mfa-1a2b3c4", ":rule/require-mfa-users")
    .replace(
      /(require-mfa-(?:quarantine|conditional|sealed|undelivered|failed|untold|guards|sweep|told))-1a2b3c4/,
      "$1",
    );
}

// Leaves

function leavesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value === "string" && value.startsWith("{")) return leavesOf(JSON.parse(value), path);
  if (typeof value !== "object" || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, "empty"]];
  return entries.flatMap(([key, each]) => leavesOf(each, `${path}.${key}`));
}

/** Lists of what has a name, as Pulumi has them: by the name. */
function named(property: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (property === "Dimensions") return Object.fromEntries(value.map(({ Name, Value }) => [Name, Value]));
  if (property === "Policies")
    return Object.fromEntries(value.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]));
  return value;
}

function leavesOfMember(resources: Readonly<Record<string, ResolvedResource>>): Leaves {
  return new Map(
    Object.entries(resources).flatMap(([id, { Properties }]) =>
      Object.entries(Properties).flatMap(([property, value]) => leavesOf(named(property, value), `${id}.${property}`)),
    ),
  );
}

/** The alarms' logical IDs, by the name that Pulumi's has. */
function alarmIds(resources: Readonly<Record<string, ResolvedResource>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
      Type === "AWS::CloudWatch::Alarm" ? [[String(Properties["AlarmName"]), id]] : [],
    ),
  );
}

/** What one account's stack has, as a member's would have it. Throws where two inputs say one thing in two ways. */
function leavesOfAccount(
  { resources }: Deployment,
  member: Readonly<Record<string, ResolvedResource>>,
  partition: Partition,
): Leaves {
  const counterparts: Readonly<Record<string, Counterpart>> = {
    ...COUNTERPARTS,
    [ALARM]: { ids: alarmIds(member), properties: ALARM_PROPERTIES },
  };
  const all = new Map<string, unknown>();
  for (const resource of resources) {
    for (const [path, value] of leavesOfResource(resource, counterparts[resource.type])) {
      const known = renamed(value, path, partition);
      if (all.has(path)) expect(known, path).to.equal(all.get(path));
      all.set(path, known);
    }
  }
  return all;
}

function leavesOfResource(
  { type, name, inputs }: Resource,
  counterpart: Counterpart | undefined,
): readonly (readonly [string, unknown])[] {
  const id = counterpart?.ids[name];
  if (counterpart === undefined || id === undefined) return [[`${type} ${name}`, "there"]];
  return leavesOf(inputs, "").map(([below, value]) => {
    const path = below.slice(1);
    const input = Object.keys(counterpart.properties).find((each) => path === each || path.startsWith(`${each}.`));
    const property = input === undefined ? undefined : counterpart.properties[input];
    if (input === undefined || property === undefined) throw new Error(`${type} ${name}: what is ${path} of a member?`);
    const called = property.replace("*", name.replace("require-mfa", "require-mfa-handler"));
    return [`${id}.${called}${path.slice(input.length)}`, value] as const;
  });
}

const CASES: readonly (readonly [title: string, Partial<Settings>, Partition?])[] = [
  ["by default", {}],
  ["in mode conditional-deny, in GovCloud", { mode: Mode.ConditionalDeny }, "aws-us-gov"],
  ["in mode off, in China", { mode: Mode.Off }, "aws-cn"],
  [
    "in mode strict, with every list and everything that is a resource's",
    {
      mode: Mode.Strict,
      onlyUsers: ["alice"],
      onlyPaths: ["/staff/"],
      onlyGroups: ["developers", "ops"],
      exemptUsers: ["break-glass"],
      exemptPaths: ["/${aws:username}/", "/a$b/"],
      exemptGroups: ["robots"],
      enforceFrom: "2027-02-01",
      graceDays: 7,
      maxReleases: 3,
      sweepEvery: "rate(15 minutes)",
      notifyEmails: ["ops@example.com"],
      notifyOn: ["User Held"],
      deployRoles: ["arn:aws:iam::123456789012:role/deploy"],
      createTrail: true,
    },
  ],
  [
    "with every other setting of the policies, as a dry run",
    {
      mode: Mode.Strict,
      dryRun: true,
      passwordChangeWithoutMfa: true,
      enrolmentByAccessKey: true,
      usersPage: true,
      spareServiceCalls: true,
      selfService: false,
      spareKeyOnlyUsers: true,
      sweepEvery: "rate(1 day)",
    },
  ],
];

describe("a member's stack says what the stack of one account says", () => {
  const met = new Set<RegExp>();

  // Nobody is told in these stacks, and each would say so.
  before(() => stub(pulumi.log, "warn").resolves());
  after(() => restore());

  for (const [title, settings, partition = "aws"] of CASES) {
    it(`${title}, but for what is meant to differ`, async () => {
      const { accountId, region } = memberPlace(partition);
      const member = memberResources(settings, partition);
      const config = Object.entries(settings).map(([name, value]) => {
        return [`require-mfa:${name}`, typeof value === "string" ? value : JSON.stringify(value)];
      });
      const account = await deploy(Object.fromEntries(config), { accountId, partition, region, stack: "dev" });
      const ofMember = leavesOfMember(member);
      const ofAccount = leavesOfAccount(account, member, partition);
      const differing = [...new Set([...ofMember.keys(), ...ofAccount.keys()])].filter(
        (path) => ofMember.get(path) !== ofAccount.get(path),
      );
      const unexpected = differing.filter((path) => {
        const meant = DIFFERENCES.filter(([what]) => what.test(path));
        for (const [what] of meant) met.add(what);
        return meant.length === 0;
      });
      expect(
        unexpected.map((path) => `${path}: ${String(ofAccount.get(path))} → ${String(ofMember.get(path))}`),
      ).to.deep.equal([]);
      expect(ofMember.size - differing.length, "properties that are the same").to.be.greaterThan(500);
    });
  }

  it("and everything that is meant to differ does", () => {
    expect(DIFFERENCES.filter(([what]) => !met.has(what)).map(String)).to.deep.equal([]);
  });
});
