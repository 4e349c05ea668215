import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import * as v from "valibot";
import { MODES } from "../../core/modes";
import { policyDigest } from "../../core/policy-digest";
import { compilePattern } from "../../fake-aws/event-pattern";
import { transformInput } from "../../fake-aws/input-transformer";
import { type EngineRun, errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";
import { type Deployment, deploy, type Place } from "../../rehearsal/deployment";
import { withProgramCopy } from "../support/program-copy";

const PLACE: Place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" };
const GOVCLOUD: Place = { ...PLACE, partition: "aws-us-gov", region: "us-gov-west-1" };
const CHINA: Place = { ...PLACE, partition: "aws-cn", region: "cn-north-1" };

const program = (settings: Readonly<Record<string, string>> = {}, place = PLACE) =>
  deploy(Object.fromEntries(Object.entries(settings).map(([name, value]) => [`require-mfa:${name}`, value])), place);

/** The inputs of the one resource of a type, or of the one of that name. */
function inputsOf(deployment: Deployment, type: string, name?: string): Readonly<Record<string, unknown>> {
  const found = deployment.resources.filter((each) => each.type === type && (name === undefined || each.name === name));
  const [resource, another] = found;
  if (resource === undefined || another !== undefined) throw new Error(`${found.length} resources of ${type} ${name}`);
  return resource.inputs;
}

const TRIED_FOR_A_DAY = { retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } };
const KEPT_WHERE_UNDELIVERED = {
  deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:123456789012:require-mfa-undelivered-1a2b3c4" },
};

/** Every input as [resource.path, value], to tell two deployments apart by. */
function flat(deployment: Deployment): ReadonlyMap<string, unknown> {
  const leaves = (value: unknown, path: string): readonly (readonly [string, unknown])[] => {
    if (typeof value === "string" && value.startsWith("{")) return leaves(JSON.parse(value), path);
    return typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, each]) => leaves(each, `${path}.${key}`))
      : [[path, value]];
  };
  return new Map(
    deployment.resources.flatMap(({ type, name, inputs }) => leaves(inputs, `${type.split(":").at(-1)} ${name}`)),
  );
}

function difference(before: Deployment, after: Deployment): readonly string[] {
  const [old, young] = [flat(before), flat(after)];
  const paths = [...new Set([...old.keys(), ...young.keys()])].filter((path) => old.get(path) !== young.get(path));
  return paths.map((path) => `${path}: ${String(old.get(path))} → ${String(young.get(path))}`).sort();
}

describe("the program", () => {
  // Nobody is told in most of these stacks, and each would say so.
  before(() => stub(pulumi.log, "warn").resolves());
  after(() => restore());

  for (const mode of MODES) {
    it(`deploys the same 95 resources in mode ${mode}`, async () => {
      const { resources } = await program({ mode });
      expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).to.deep.equal([
        "Dashboard require-mfa",
        "EventRule require-mfa",
        "EventRule require-mfa-guards",
        "EventRule require-mfa-sweep",
        "EventRule require-mfa-tamper-alarms",
        "EventRule require-mfa-tamper-events",
        "EventRule require-mfa-tamper-iam",
        "EventRule require-mfa-tamper-lambda",
        "EventRule require-mfa-tamper-logs",
        "EventRule require-mfa-tamper-sns",
        "EventRule require-mfa-tamper-sqs",
        "EventRule require-mfa-tamper-trail",
        "EventRule require-mfa-told",
        "EventTarget require-mfa",
        "EventTarget require-mfa-guards",
        "EventTarget require-mfa-sweep",
        "EventTarget require-mfa-tamper-alarms",
        "EventTarget require-mfa-tamper-events",
        "EventTarget require-mfa-tamper-iam",
        "EventTarget require-mfa-tamper-lambda",
        "EventTarget require-mfa-tamper-logs",
        "EventTarget require-mfa-tamper-sns",
        "EventTarget require-mfa-tamper-sqs",
        "EventTarget require-mfa-tamper-trail",
        "EventTarget require-mfa-told",
        "Function require-mfa",
        "FunctionEventInvokeConfig require-mfa",
        "Group require-mfa-conditional",
        "Group require-mfa-quarantine",
        "Group require-mfa-sealed",
        "GroupPolicyAttachment require-mfa-conditional",
        "GroupPolicyAttachment require-mfa-quarantine",
        "GroupPolicyAttachment require-mfa-sealed",
        "Invocation require-mfa-backfill",
        "LogGroup require-mfa",
        "MetricAlarm require-mfa-destination",
        "MetricAlarm require-mfa-drift",
        "MetricAlarm require-mfa-errors",
        "MetricAlarm require-mfa-exempt-unprotected",
        "MetricAlarm require-mfa-failures",
        "MetricAlarm require-mfa-guard-broken",
        "MetricAlarm require-mfa-heartbeat",
        "MetricAlarm require-mfa-missing-groups",
        "MetricAlarm require-mfa-not-told",
        "MetricAlarm require-mfa-notifications",
        "MetricAlarm require-mfa-pending",
        "MetricAlarm require-mfa-queue-failed",
        "MetricAlarm require-mfa-queue-undelivered",
        "MetricAlarm require-mfa-queue-untold",
        "MetricAlarm require-mfa-releases-stopped",
        "MetricAlarm require-mfa-report-missing",
        "MetricAlarm require-mfa-rule-guards",
        "MetricAlarm require-mfa-rule-queue-guards",
        "MetricAlarm require-mfa-rule-queue-sweep",
        "MetricAlarm require-mfa-rule-queue-tamper-alarms",
        "MetricAlarm require-mfa-rule-queue-tamper-events",
        "MetricAlarm require-mfa-rule-queue-tamper-iam",
        "MetricAlarm require-mfa-rule-queue-tamper-lambda",
        "MetricAlarm require-mfa-rule-queue-tamper-logs",
        "MetricAlarm require-mfa-rule-queue-tamper-sns",
        "MetricAlarm require-mfa-rule-queue-tamper-sqs",
        "MetricAlarm require-mfa-rule-queue-tamper-trail",
        "MetricAlarm require-mfa-rule-queue-told",
        "MetricAlarm require-mfa-rule-queue-users",
        "MetricAlarm require-mfa-rule-sweep",
        "MetricAlarm require-mfa-rule-tamper-alarms",
        "MetricAlarm require-mfa-rule-tamper-events",
        "MetricAlarm require-mfa-rule-tamper-iam",
        "MetricAlarm require-mfa-rule-tamper-lambda",
        "MetricAlarm require-mfa-rule-tamper-logs",
        "MetricAlarm require-mfa-rule-tamper-sns",
        "MetricAlarm require-mfa-rule-tamper-sqs",
        "MetricAlarm require-mfa-rule-tamper-trail",
        "MetricAlarm require-mfa-rule-told",
        "MetricAlarm require-mfa-rule-users",
        "MetricAlarm require-mfa-throttles",
        "MetricAlarm require-mfa-trail-missing",
        "MetricAlarm require-mfa-unholdable",
        "Permission require-mfa",
        "Permission require-mfa-guards",
        "Permission require-mfa-sweep",
        "Policy require-mfa-conditional",
        "Policy require-mfa-quarantine",
        "Policy require-mfa-sealed",
        "Queue require-mfa-failed",
        "Queue require-mfa-undelivered",
        "Queue require-mfa-untold",
        "QueuePolicy require-mfa-failed",
        "QueuePolicy require-mfa-undelivered",
        "QueuePolicy require-mfa-untold",
        "Role require-mfa",
        "RolePolicy require-mfa",
        "RolePolicy require-mfa-log",
        "Topic require-mfa",
        "TopicPolicy require-mfa",
      ]);
    });
  }

  describe("wires", () => {
    let deployed: Deployment;
    before(async () => {
      deployed = await program({ mode: "strict", dryRun: "true" });
    });

    it("a guard: a group and a policy under the stack's path, one attached to the other", () => {
      expect(inputsOf(deployed, "aws:iam/group:Group", "require-mfa-sealed")).to.deep.equal({
        path: "/require-mfa/dev/",
      });
      const policy = inputsOf(deployed, "aws:iam/policy:Policy", "require-mfa-sealed");
      expect(policy["path"]).to.equal("/require-mfa/dev/");
      expect(policy["description"]).to.equal("require-mfa: denies everything unless signed in with MFA");
      expect(
        inputsOf(deployed, "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "require-mfa-sealed"),
      ).to.deep.equal({
        group: "require-mfa-sealed-1a2b3c4",
        policyArn: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4",
      });
    });

    it("the handler: Node 24 on arm64, one file, told in plain words what to do", () => {
      const { code, environment, ...rest } = inputsOf(deployed, "aws:lambda/function:Function");
      expect(rest).to.deep.equal({
        description: "require-mfa: holds IAM users until they have enrolled an MFA device",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        role: "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4",
        memorySize: 256,
        timeout: 900,
        loggingConfig: { logFormat: "Text", logGroup: "require-mfa-1a2b3c4" },
      });
      expect(code).to.have.all.keys("index.mjs");
      expect(environment).to.have.property("variables").that.deep.includes({
        MODE: "strict",
        DRY_RUN: "true",
        SEALED_GROUP: "require-mfa-sealed-1a2b3c4",
      });
    });

    it("the log: kept for a year", () => {
      expect(inputsOf(deployed, "aws:cloudwatch/logGroup:LogGroup")).to.deep.equal({ retentionInDays: 365 });
    });

    it("the handler's role: reads users, and writes to the guards alone, all by its own function, and to its own log and queue", () => {
      const guards = (kind: "group" | "policy") => [
        `arn:aws:iam::123456789012:${kind}/require-mfa/dev/require-mfa-quarantine-1a2b3c4`,
        `arn:aws:iam::123456789012:${kind}/require-mfa/dev/require-mfa-conditional-1a2b3c4`,
        `arn:aws:iam::123456789012:${kind}/require-mfa/dev/require-mfa-sealed-1a2b3c4`,
      ];
      const itself = {
        "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
      };
      const byItself = { Condition: { ArnEquals: itself } };
      const byItselfOfTheGuardsPolicies = {
        Condition: { ArnEquals: { ...itself, "iam:PolicyARN": guards("policy") } },
      };
      const { policy, role } = inputsOf(deployed, "aws:iam/rolePolicy:RolePolicy", "require-mfa");
      expect(role).to.equal("require-mfa-1a2b3c4");
      expect(JSON.parse(String(policy))).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ReadUsers",
            Effect: "Allow",
            Action: [
              "iam:ListMFADevices",
              "iam:GetLoginProfile",
              "iam:ListGroupsForUser",
              "iam:ListAttachedUserPolicies",
              "iam:GetUser",
            ],
            Resource: "arn:aws:iam::*:user/*",
            ...byItself,
          },
          {
            Sid: "ReadGroupsOfTheRules",
            Effect: "Allow",
            Action: "iam:GetGroup",
            Resource: "arn:aws:iam::*:group/*",
            ...byItself,
          },
          {
            Sid: "ReadAccountInBulk",
            Effect: "Allow",
            Action: ["iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails"],
            Resource: "*",
            ...byItself,
          },
          {
            Sid: "ReadTheGuards",
            Effect: "Allow",
            Action: ["iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies"],
            Resource: guards("group"),
            ...byItself,
          },
          {
            Sid: "ReadTheGuardsPolicies",
            Effect: "Allow",
            Action: ["iam:GetPolicy", "iam:GetPolicyVersion"],
            Resource: guards("policy"),
            ...byItself,
          },
          {
            Sid: "ChangeMembershipOfTheGuards",
            Effect: "Allow",
            Action: ["iam:AddUserToGroup", "iam:RemoveUserFromGroup"],
            Resource: guards("group"),
            ...byItself,
          },
          {
            Sid: "AttachTheGuardsPoliciesAndNoOther",
            Effect: "Allow",
            Action: ["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
            Resource: "arn:aws:iam::*:user/*",
            ...byItselfOfTheGuardsPolicies,
          },
          {
            Sid: "ReattachTheGuardsPolicies",
            Effect: "Allow",
            Action: "iam:AttachGroupPolicy",
            Resource: guards("group"),
            ...byItselfOfTheGuardsPolicies,
          },
          {
            Sid: "GoOnInAnotherRun",
            Effect: "Allow",
            Action: "lambda:InvokeFunction",
            Resource: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
            ...byItself,
          },
          {
            Sid: "PutItsOwnEvents",
            Effect: "Allow",
            Action: "events:PutEvents",
            Resource: "arn:aws:events:us-east-1:123456789012:event-bus/default",
            Condition: {
              ArnEquals: {
                "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
              },
              "ForAllValues:StringEquals": { "events:source": "require-mfa" },
              Null: { "events:source": "false" },
            },
          },
          {
            Sid: "ReadItsOwnConfiguration",
            Effect: "Allow",
            Action: "lambda:GetFunctionConfiguration",
            Resource: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
            ...byItself,
          },
          { Sid: "FindTheTrails", Effect: "Allow", Action: "cloudtrail:DescribeTrails", Resource: "*", ...byItself },
          {
            Sid: "ReadTheTrails",
            Effect: "Allow",
            Action: ["cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"],
            Resource: "arn:aws:cloudtrail:*:*:trail/*",
            ...byItself,
          },
        ],
      });
      const log = inputsOf(deployed, "aws:iam/rolePolicy:RolePolicy", "require-mfa-log");
      expect(log["role"]).to.equal("require-mfa-1a2b3c4");
      expect(JSON.parse(String(log["policy"]))).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "WriteItsOwnLog",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-1a2b3c4:*",
          },
          {
            Sid: "KeepWhatItFailedAt",
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Resource: "arn:aws:sqs:us-east-1:123456789012:require-mfa-failed-1a2b3c4",
          },
        ],
      });
    });

    it("the rule to the handler: on the default bus, by a permission for that rule and without an account", () => {
      const { eventPattern, ...rule } = inputsOf(deployed, "aws:cloudwatch/eventRule:EventRule", "require-mfa");
      expect(rule).to.deep.equal({ description: "require-mfa: calls that change where an IAM user belongs" });
      expect(JSON.parse(String(eventPattern))).to.deep.include({ source: ["aws.iam"], account: ["123456789012"] });
      expect(inputsOf(deployed, "aws:cloudwatch/eventTarget:EventTarget", "require-mfa")).to.deep.equal({
        rule: "require-mfa-1a2b3c4",
        arn: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
        ...TRIED_FOR_A_DAY,
        ...KEPT_WHERE_UNDELIVERED,
      });
      expect(inputsOf(deployed, "aws:lambda/permission:Permission", "require-mfa")).to.deep.equal({
        function: "require-mfa-1a2b3c4",
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: "arn:aws:events:us-east-1:123456789012:rule/require-mfa-1a2b3c4",
      });
    });

    it("the rule for guards to the handler: likewise", () => {
      const { eventPattern, ...rule } = inputsOf(deployed, "aws:cloudwatch/eventRule:EventRule", "require-mfa-guards");
      expect(rule).to.deep.equal({ description: "require-mfa: calls that can break a guard" });
      const matches = compilePattern(JSON.parse(String(eventPattern)));
      const deletion = (groupName: string) => ({
        source: "aws.iam",
        "detail-type": "AWS API Call via CloudTrail",
        account: "123456789012",
        detail: { eventName: "DeleteGroup", userIdentity: { type: "IAMUser" }, requestParameters: { groupName } },
      });
      expect(matches(deletion("require-mfa-sealed-1a2b3c4"))).to.equal(true);
      expect(matches(deletion("admins"))).to.equal(false);
      expect(inputsOf(deployed, "aws:cloudwatch/eventTarget:EventTarget", "require-mfa-guards")).to.deep.equal({
        rule: "require-mfa-guards-1a2b3c4",
        arn: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
        ...TRIED_FOR_A_DAY,
        ...KEPT_WHERE_UNDELIVERED,
      });
      expect(inputsOf(deployed, "aws:lambda/permission:Permission", "require-mfa-guards")["sourceArn"]).to.equal(
        "arn:aws:events:us-east-1:123456789012:rule/require-mfa-guards-1a2b3c4",
      );
    });

    it("events that could not be carried out: tried again as Lambda does by itself, and then kept", () => {
      expect(inputsOf(deployed, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")).to.deep.equal({
        functionName: "require-mfa-1a2b3c4",
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 21_600,
        destinationConfig: {
          onFailure: { destination: "arn:aws:sqs:us-east-1:123456789012:require-mfa-failed-1a2b3c4" },
        },
      });
    });

    it("what each policy says: the digest of the document that is deployed", () => {
      const { environment } = inputsOf(deployed, "aws:lambda/function:Function");
      for (const guard of ["quarantine", "conditional", "sealed"]) {
        const { policy } = inputsOf(deployed, "aws:iam/policy:Policy", `require-mfa-${guard}`);
        expect(environment).to.have.nested.property(
          `variables.${guard.toUpperCase()}_POLICY_DIGEST`,
          policyDigest(String(policy)),
        );
      }
    });

    it("the sweep: on its schedule, and at each deploy that changes something", () => {
      expect(inputsOf(deployed, "aws:cloudwatch/eventRule:EventRule", "require-mfa-sweep")).to.deep.equal({
        description: "require-mfa: sweeps the account",
        scheduleExpression: "rate(1 hour)",
      });
      expect(inputsOf(deployed, "aws:cloudwatch/eventTarget:EventTarget", "require-mfa-sweep")).to.deep.equal({
        rule: "require-mfa-sweep-1a2b3c4",
        arn: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
        input: '{"sweep":{"by":"schedule"}}',
        retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 185 },
        ...KEPT_WHERE_UNDELIVERED,
      });
      expect(inputsOf(deployed, "aws:lambda/permission:Permission", "require-mfa-sweep")["sourceArn"]).to.equal(
        "arn:aws:events:us-east-1:123456789012:rule/require-mfa-sweep-1a2b3c4",
      );
      const { triggers, ...backfill } = inputsOf(deployed, "aws:lambda/invocation:Invocation");
      expect(backfill).to.deep.equal({
        functionName: "require-mfa-1a2b3c4",
        input: '{"sweep":{"by":"deploy"}}',
        lifecycleScope: "CREATE_ONLY",
      });
      expect(triggers).to.include({ MODE: "strict", DRY_RUN: "true", MAX_RELEASES: "50" });
      expect(triggers).to.include.keys("QUARANTINE_POLICY_DIGEST", "CONDITIONAL_POLICY_DIGEST", "SEALED_POLICY_DIGEST");
    });

    it("the queues: encrypted, kept for two weeks", () => {
      for (const kept of ["undelivered", "failed", "untold"]) {
        expect(inputsOf(deployed, "aws:sqs/queue:Queue", `require-mfa-${kept}`), kept).to.deep.equal({
          messageRetentionSeconds: 1_209_600,
          sqsManagedSseEnabled: true,
        });
      }
    });

    it("the queues' policies: the rules whose targets they serve, by TLS alone", () => {
      const policyOf = (kept: string) => {
        const { queueUrl, policy } = inputsOf(deployed, "aws:sqs/queuePolicy:QueuePolicy", `require-mfa-${kept}`);
        expect(queueUrl).to.equal(`https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-${kept}-1a2b3c4`);
        return JSON.parse(String(policy));
      };
      const rules = (kept: string, ...names: readonly string[]) => ({
        Sid: "LetTheRulesSend",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: `arn:aws:sqs:us-east-1:123456789012:require-mfa-${kept}-1a2b3c4`,
        Condition: {
          ArnEquals: {
            "aws:SourceArn": names.map((rule) => `arn:aws:events:us-east-1:123456789012:rule/${rule}`),
          },
        },
      });
      const tls = (kept: string) => ({
        Sid: "RefuseWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: `arn:aws:sqs:us-east-1:123456789012:require-mfa-${kept}-1a2b3c4`,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      expect(policyOf("undelivered")).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          rules("undelivered", "require-mfa-1a2b3c4", "require-mfa-guards-1a2b3c4", "require-mfa-sweep-1a2b3c4"),
          tls("undelivered"),
        ],
      });
      expect(policyOf("failed")).to.deep.equal({ Version: "2012-10-17", Statement: [tls("failed")] });
      expect(policyOf("untold")).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          rules(
            "untold",
            "require-mfa-told-1a2b3c4",
            "require-mfa-1a2b3c4-tamper-events",
            "require-mfa-1a2b3c4-tamper-lambda",
            "require-mfa-1a2b3c4-tamper-iam",
            "require-mfa-1a2b3c4-tamper-logs",
            "require-mfa-1a2b3c4-tamper-sqs",
            "require-mfa-1a2b3c4-tamper-sns",
            "require-mfa-1a2b3c4-tamper-alarms",
            "require-mfa-1a2b3c4-tamper-trail",
          ),
          tls("untold"),
        ],
      });
    });

    it("the topic: to be published to by rules and by this account's alarms, by TLS alone", () => {
      const arn = "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4";
      expect(inputsOf(deployed, "aws:sns/topic:Topic")).to.deep.equal({ displayName: "require-mfa" });
      const { policy, ...rest } = inputsOf(deployed, "aws:sns/topicPolicy:TopicPolicy");
      expect(rest).to.deep.equal({ arn });
      expect(JSON.parse(String(policy))).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          // EventBridge sends no key for a condition to rest on, and would be refused in silence.
          {
            Sid: "LetRulesPublish",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sns:Publish",
            Resource: arn,
          },
          {
            Sid: "LetAlarmsPublish",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: arn,
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" },
            },
          },
          {
            Sid: "RefuseWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    });

    it("the rule for mails to the topic: by name of what wants a human, from this account", () => {
      const { eventPattern, ...rule } = inputsOf(deployed, "aws:cloudwatch/eventRule:EventRule", "require-mfa-told");
      expect(rule).to.deep.equal({ description: "require-mfa: events that are told by mail" });
      const matches = compilePattern(JSON.parse(String(eventPattern)));
      const event = { source: "require-mfa", account: "123456789012", "detail-type": "Guard Broken", detail: {} };
      expect(matches(event)).to.equal(true);
      expect(matches({ ...event, "detail-type": "User Held" })).to.equal(false);
      expect(matches({ ...event, account: "210987654321" })).to.equal(false);
      expect(matches({ ...event, source: "somebody-else" })).to.equal(false);
      expect(inputsOf(deployed, "aws:cloudwatch/eventTarget:EventTarget", "require-mfa-told")).to.deep.equal({
        rule: "require-mfa-told-1a2b3c4",
        arn: "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4",
        inputTransformer: {
          inputPaths: {
            type: "$.detail-type",
            message: "$.detail.message",
            link: "$.detail.consoleLink",
            account: "$.account",
            region: "$.region",
            time: "$.time",
            id: "$.id",
          },
          inputTemplate:
            '"<type>, account <account>"\n"<message>"\n"See <link> in the console"\n"Event <id> of <time>, in <region>"',
        },
        ...TRIED_FOR_A_DAY,
        deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:123456789012:require-mfa-untold-1a2b3c4" },
      });
    });

    it("a mail: what happened, where to look, and which event it was, each line in quotation marks", () => {
      const { inputTransformer } = v.parse(
        v.object({
          inputTransformer: v.object({ inputPaths: v.record(v.string(), v.string()), inputTemplate: v.string() }),
        }),
        inputsOf(deployed, "aws:cloudwatch/eventTarget:EventTarget", "require-mfa-told"),
      );
      const event = {
        id: "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": "Guard Broken",
        source: "require-mfa",
        account: "123456789012",
        time: "2026-11-20T09:00:00Z",
        region: "us-east-1",
        detail: {
          message: "The guard quarantine has no policy. Run pulumi up --refresh.",
          consoleLink: "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1",
        },
      };
      expect(transformInput(inputTransformer, event).split("\n")).to.deep.equal([
        '"Guard Broken, account 123456789012"',
        '"The guard quarantine has no policy. Run pulumi up --refresh."',
        '"See https://console.aws.amazon.com/cloudwatch/home?region=us-east-1 in the console"',
        '"Event 7bf73129-1428-4cd3-a780-95db273d1602 of 2026-11-20T09:00:00Z, in us-east-1"',
      ]);
    });

    it("the alarms: each of the topic, of the function, of a queue or of a rule by its name", () => {
      const watchedBy = (alarm: string) => {
        const { dimensions, alarmActions } = inputsOf(
          deployed,
          "aws:cloudwatch/metricAlarm:MetricAlarm",
          `require-mfa-${alarm}`,
        );
        expect(alarmActions, alarm).to.deep.equal(["arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4"]);
        return dimensions;
      };
      const watched: Readonly<Record<string, Readonly<Record<string, string>>>> = {
        heartbeat: { FunctionName: "require-mfa-1a2b3c4" },
        errors: { FunctionName: "require-mfa-1a2b3c4" },
        notifications: { TopicName: "require-mfa-1a2b3c4" },
        "queue-undelivered": { QueueName: "require-mfa-undelivered-1a2b3c4" },
        "queue-failed": { QueueName: "require-mfa-failed-1a2b3c4" },
        "queue-untold": { QueueName: "require-mfa-untold-1a2b3c4" },
        "rule-users": { RuleName: "require-mfa-1a2b3c4" },
        "rule-guards": { RuleName: "require-mfa-guards-1a2b3c4" },
        "rule-sweep": { RuleName: "require-mfa-sweep-1a2b3c4" },
        "rule-told": { RuleName: "require-mfa-told-1a2b3c4" },
        "rule-queue-tamper-lambda": { RuleName: "require-mfa-1a2b3c4-tamper-lambda" },
      };
      for (const [alarm, dimensions] of Object.entries(watched)) {
        expect(watchedBy(alarm), alarm).to.deep.equal(dimensions);
      }
    });

    it("the dashboard: under the function's name and the stack's, with every alarm", () => {
      const { dashboardName, dashboardBody } = inputsOf(deployed, "aws:cloudwatch/dashboard:Dashboard");
      expect(dashboardName).to.equal("require-mfa-1a2b3c4-dev");
      const [text, alarms] = JSON.parse(String(dashboardBody)).widgets;
      expect(text.properties.markdown).to.match(/^\*\*require-mfa\*\*, stack dev, function require-mfa-1a2b3c4\. /);
      expect(alarms.properties.alarms).to.have.lengthOf(43);
      expect(alarms.properties.alarms).to.include.members([
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:require-mfa-1a2b3c4-heartbeat",
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:require-mfa-drift-1a2b3c4",
      ]);
    });

    it("outputs: what an operator looks for", () => {
      const guard = (name: string) => ({
        group: `require-mfa-${name}-1a2b3c4`,
        policyArn: `arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-${name}-1a2b3c4`,
      });
      expect(deployed.outputs).to.deep.equal({
        mode: "strict",
        dryRun: true,
        guards: { quarantine: guard("quarantine"), conditional: guard("conditional"), sealed: guard("sealed") },
        handlerFunction: "require-mfa-1a2b3c4",
        handlerRoleArn: "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4",
        logGroup: "require-mfa-1a2b3c4",
        rule: "require-mfa-1a2b3c4",
        topicArn: "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4",
        queues: {
          undelivered: "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-undelivered-1a2b3c4",
          failed: "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-failed-1a2b3c4",
          untold: "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-untold-1a2b3c4",
        },
        dashboardUrl:
          "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/require-mfa-1a2b3c4-dev",
        lastDeploySweep: null,
      });
    });
  });

  it("subscribes each address, and tells it what was chosen", async () => {
    const chosen = await program({
      notifyEmails: '["security@example.com","ops@example.com"]',
      notifyOn: '["User Held","Guard Broken"]',
    });
    for (const address of ["security@example.com", "ops@example.com"]) {
      expect(inputsOf(chosen, "aws:sns/topicSubscription:TopicSubscription", `require-mfa-${address}`)).to.deep.equal({
        topic: "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4",
        protocol: "email",
        endpoint: address,
      });
    }
    const { eventPattern } = inputsOf(chosen, "aws:cloudwatch/eventRule:EventRule", "require-mfa-told");
    expect(JSON.parse(String(eventPattern))["detail-type"]).to.deep.equal(["User Held", "Guard Broken"]);
  });

  describe("shows in its diff what a change of settings changes, and changes nothing else", () => {
    const changes: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
      [
        "the mode",
        { mode: "strict" },
        [
          "Function require-mfa.environment.variables.MODE: quarantine → strict",
          "Invocation require-mfa-backfill.triggers.MODE: quarantine → strict",
        ],
      ],
      [
        "the dry run",
        { dryRun: "true" },
        [
          "Function require-mfa.environment.variables.DRY_RUN: false → true",
          "Invocation require-mfa-backfill.triggers.DRY_RUN: false → true",
        ],
      ],
      [
        "the exemptions",
        { exemptUsers: '["break-glass"]' },
        [
          'Function require-mfa.environment.variables.EXEMPT_USERS: [] → ["break-glass"]',
          'Invocation require-mfa-backfill.triggers.EXEMPT_USERS: [] → ["break-glass"]',
        ],
      ],
      [
        "how often it sweeps",
        { sweepEvery: "rate(2 hours)" },
        [
          ...[2, 3, 4, 5, 6, 7, 8, 9].map(
            (widget) => `Dashboard require-mfa.dashboardBody.widgets.${widget}.properties.period: 3600 → 7200`,
          ),
          "EventRule require-mfa-sweep.scheduleExpression: rate(1 hour) → rate(2 hours)",
          "EventTarget require-mfa-sweep.retryPolicy.maximumEventAgeInSeconds: 3600 → 7200",
          "Function require-mfa.environment.variables.SWEEP_EVERY: rate(1 hour) → rate(2 hours)",
          "Invocation require-mfa-backfill.triggers.SWEEP_EVERY: rate(1 hour) → rate(2 hours)",
          "MetricAlarm require-mfa-drift.period: 3600 → 7200",
          "MetricAlarm require-mfa-exempt-unprotected.period: 3600 → 7200",
          "MetricAlarm require-mfa-failures.period: 3600 → 7200",
          "MetricAlarm require-mfa-guard-broken.period: 3600 → 7200",
          "MetricAlarm require-mfa-heartbeat.period: 3600 → 7200",
          "MetricAlarm require-mfa-missing-groups.period: 3600 → 7200",
          "MetricAlarm require-mfa-not-told.period: 3600 → 7200",
          "MetricAlarm require-mfa-pending.period: 3600 → 7200",
          "MetricAlarm require-mfa-releases-stopped.period: 3600 → 7200",
          "MetricAlarm require-mfa-report-missing.period: 3600 → 7200",
          "MetricAlarm require-mfa-trail-missing.period: 3600 → 7200",
          "MetricAlarm require-mfa-unholdable.period: 3600 → 7200",
        ],
      ],
    ];
    for (const [title, settings, expected] of changes) {
      it(title, async () => {
        expect(difference(await program(), await program(settings))).to.deep.equal(expected);
      });
    }

    /** [a setting that opens something, the policies that it changes, some of what it adds to each], others by default. */
    const openings: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ["usersPage", ["quarantine", "conditional", "sealed"], ["iam:ListUsers", "iam:ListAccountAliases"]],
      ["passwordChangeWithoutMfa", ["conditional", "sealed"], ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"]],
      ["spareServiceCalls", ["conditional", "sealed"], ["DenyProxiesUnlessSignedInWithMFA"]],
      ["selfService", ["conditional", "sealed"], ["AllowReadingThePasswordPolicy", "iam:DeactivateMFADevice"]],
    ];
    for (const [setting, guards, added] of openings) {
      it(`${setting}, as additions to the policies: no element of a list turns into another`, async () => {
        const changed = difference(await program({ [setting]: "false" }), await program({ [setting]: "true" }));
        const ofPolicies = changed.filter((line) => line.startsWith("Policy "));
        expect(ofPolicies.filter((line) => !/: undefined → (?!undefined$)/.test(line))).to.deep.equal([]);
        for (const guard of guards) {
          for (const text of added) {
            const places = ofPolicies.filter((line) => line.includes(`-${guard}.`) && line.endsWith(` → ${text}`));
            expect(places, `${text} in ${guard}`).to.not.be.empty;
          }
        }
        const others = changed.filter(
          (line) => !guards.some((guard) => line.startsWith(`Policy require-mfa-${guard}.`)),
        );
        expect(others.map((line) => line.split(":")[0]).sort()).to.deep.equal(
          guards
            .flatMap((guard) => [
              `Function require-mfa.environment.variables.${guard.toUpperCase()}_POLICY_DIGEST`,
              `Invocation require-mfa-backfill.triggers.${guard.toUpperCase()}_POLICY_DIGEST`,
            ])
            .sort(),
        );
      });
    }
  });

  for (const [place, url] of [
    [GOVCLOUD, "https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#dashboards/dashboard/"],
    [CHINA, "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/"],
  ] as const) {
    it(`shows the dashboard in the console of ${place.partition}`, async () => {
      const { outputs } = await program({}, place);
      expect(outputs).to.have.property("dashboardUrl", `${url}require-mfa-1a2b3c4-dev`);
    });

    it(`spells no ARN by hand in ${place.partition}`, async () => {
      const written = JSON.stringify(
        (await program({ mode: "strict", createTrail: "true" }, place)).resources.map(({ inputs }) => {
          const { code: _, ...rest } = inputs;
          return rest;
        }),
      );
      expect(new Set(written.match(/arn:aws[\w-]*/g))).to.deep.equal(new Set([`arn:${place.partition}`]));
    });
  }

  it("stops before the first resource where a setting is wrong", async () => {
    const failure = await program({ mode: "strickt" }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property("message").that.includes('require-mfa:mode is "strickt"');
  });
});

describe("a policy with a fault in it", function () {
  // A run takes some seconds, and several times as many on a busy machine.
  this.timeout(120_000);

  /** Runs an update of a copy of the program in which one text of one file is another, its types unchecked. */
  function updateOfACopy(file: string, right: string, faulty: string): Promise<EngineRun> {
    return withProgramCopy((copy) => {
      const text = readFileSync(join(copy, file), "utf8");
      expect(text, file).to.include(right);
      writeFileSync(join(copy, file), text.replaceAll(right, faulty));
      return runUnderEngine({ program: copy, stack: "dev", preview: false, config: { "aws:region": "us-east-1" } });
    });
  }

  const ofTheGuards = (count: string) =>
    `${count} in the policies require-mfa-quarantine, require-mfa-conditional, require-mfa-sealed; they were not deployed.`;
  const faultsOfKey =
    '.Condition.BoolIfExists.aws:MultiFactorAuthPresnt: given "aws:MultiFactorAuthPresnt", expected one of the condition keys aws:CalledVia, aws:CurrentTime, aws:MultiFactorAuthAge, aws:MultiFactorAuthPresent, aws:PrincipalAccount, aws:PrincipalArn, aws:PrincipalType, aws:userid, aws:username, aws:ViaAWSMCPService, aws:ViaAWSService, events:source, iam:PassedToService, iam:PermissionsBoundary, iam:PolicyARN, lambda:SourceFunctionArn, organizations:PolicyType';

  /** [whose, the file, what stands there, what is there instead, what is told, what of IAM is registered]. */
  const faults: readonly (readonly [string, string, string, string, readonly string[], readonly string[]])[] = [
    [
      "a guard's",
      "policies/quarantine.ts",
      '"DenyEverythingButTheDoor"',
      '"DenyEverythingButTheDor"',
      [
        `${ofTheGuards("1 problem")}\n\n  require-mfa-quarantine.Statement[3].Sid: given "DenyEverythingButTheDor", expected a Sid that is documented`,
      ],
      [],
    ],
    [
      "two guards'",
      "policies/without-mfa.ts",
      '"aws:MultiFactorAuthPresent"',
      '"aws:MultiFactorAuthPresnt"',
      [
        `${ofTheGuards("2 problems")}\n\n  require-mfa-conditional.Statement[3]${faultsOfKey}\n\n  require-mfa-sealed.Statement[2]${faultsOfKey}`,
      ],
      [],
    ],
    [
      "the handler's",
      "policies/handler-role.ts",
      '"iam:GetLoginProfile"',
      '"iam:GetLoginProfiles"',
      [
        '1 problem in the policy require-mfa; it was not deployed.\n\n  require-mfa.Statement[0].Action: given "iam:GetLoginProfiles", expected an action of iam',
      ],
      [
        "Group require-mfa-conditional",
        "Group require-mfa-quarantine",
        "Group require-mfa-sealed",
        "GroupPolicyAttachment require-mfa-conditional",
        "GroupPolicyAttachment require-mfa-quarantine",
        "GroupPolicyAttachment require-mfa-sealed",
        "Policy require-mfa-conditional",
        "Policy require-mfa-quarantine",
        "Policy require-mfa-sealed",
        "Role require-mfa",
        "RolePolicy require-mfa-log",
      ],
    ],
  ];
  for (const [whose, file, right, faulty, told, registered] of faults) {
    it(`${whose}: is told once and not registered`, async () => {
      const run = await updateOfACopy(file, right, faulty);
      const { exitCode, resources, stderr } = run;
      expect(errorsOf(run).toSorted()).to.deep.equal(told);
      expect(exitCode, stderr).to.equal(32);
      const ofIam = resources.filter(({ type }) => type.startsWith("aws:iam/"));
      expect(ofIam.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).to.deep.equal(registered);
    });
  }
});
