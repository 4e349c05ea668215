import { expect } from "chai";
import { ALL_SETTINGS } from "../../audit/settings";
import { MODES } from "../../core/modes";
import { EVENT_REGIONS, PARTITIONS, type Partition } from "../../core/partitions";
import { policyDigest } from "../../core/policy-digest";
import type { Settings } from "../../core/settings";
import { DETAIL_TYPES } from "../../core/told";
import { memberTemplate } from "../../member-stack/member-template";
import { organizationPolicies } from "../../policies/organization";
import { REASONS } from "../../policies/reasons";
import { compile, evaluate } from "../../policy-language/evaluator";
import { charactersOf, problemsIn } from "../../policy-language/lint";
import { ORGANIZATION } from "../policies/matrix/organization";
import { FULL_SETTINGS, memberResources, memberStack } from "../support/member";

const resource = (id: string, settings: Partial<Settings> = {}, partition: Partition = "aws") => {
  const found = memberResources(settings, partition)[id];
  if (found === undefined) throw new Error(`the template has no ${id}`);
  return found;
};

/** What a path of keys leads to in a value. */
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (typeof found === "object" && found !== null ? Reflect.get(found, key) : {}),
    value,
  );

describe("a member's template", () => {
  it("has the same 50 resources in every mode", () => {
    for (const mode of MODES) {
      const types = Object.values(memberResources({ mode })).map(({ Type }) => Type);
      const count = (type: string) => types.filter((each) => each === type).length;
      expect(Object.fromEntries([...new Set(types)].map((type) => [type, count(type)])), mode).to.deep.equal({
        "AWS::IAM::ManagedPolicy": 3,
        "AWS::IAM::Group": 3,
        "AWS::SQS::Queue": 3,
        "AWS::SQS::QueuePolicy": 3,
        "AWS::Logs::LogGroup": 1,
        "AWS::IAM::Role": 2,
        "AWS::Lambda::Function": 1,
        "AWS::Lambda::EventInvokeConfig": 1,
        "AWS::Lambda::Permission": 3,
        "AWS::Events::Rule": 4,
        "AWS::CloudWatch::Alarm": 26,
      });
    }
  });

  it("takes no parameter, no macro, no nested stack and nothing of one's own making", () => {
    const template = memberTemplate(memberStack(FULL_SETTINGS));
    expect(template).to.have.all.keys("AWSTemplateFormatVersion", "Description", "Resources", "Outputs");
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    for (const type of types) expect(type).to.not.match(/^(AWS::CloudFormation::|Custom::)/);
    const functions = [...JSON.stringify(template).matchAll(/"(Ref|Fn::\w+)":/g)].map(([, name]) => name);
    expect([...new Set(functions)].sort()).to.deep.equal(["Fn::GetAtt", "Fn::Select", "Fn::Split", "Fn::Sub", "Ref"]);
  });

  it("takes little of the 460,800 bytes that CloudFormation reads of a bucket, whatever the settings", () => {
    const sizes = PARTITIONS.flatMap((partition) =>
      ALL_SETTINGS.map((flags) =>
        Buffer.byteLength(JSON.stringify(memberTemplate(memberStack({ ...FULL_SETTINGS, ...flags }, partition)))),
      ),
    );
    console.log(`      from ${Math.min(...sizes)} to ${Math.max(...sizes)} bytes`);
    expect(Math.max(...sizes)).to.be.at.most(70_000);
  });

  it("leaves the function its 4 KB and each rule its 2,048 characters with the longest lists, in every partition", () => {
    for (const partition of PARTITIONS) {
      const resources = memberResources(FULL_SETTINGS, partition);
      const variables = at(resources["HandlerFunction"]?.Properties, "Environment", "Variables");
      expect(at(variables, "EXEMPT_USERS")).to.have.lengthOf.above(1_800);
      expect(JSON.stringify(variables).length).to.be.at.most(4_096);
      for (const rule of ["UsersRule", "GuardsRule", "ToldRule"]) {
        expect(JSON.stringify(resources[rule]?.Properties["EventPattern"]).length, rule).to.be.within(1, 2_048);
      }
    }
  });

  it("lies in the event region of its partition and in no other", () => {
    for (const partition of PARTITIONS) {
      const text = JSON.stringify(memberTemplate(memberStack(FULL_SETTINGS, partition)));
      for (const [, where, region] of text.matchAll(/arn:([a-z-]+):(?:events|lambda|logs|sqs|sns):([^:]*):/g)) {
        expect([where, region]).to.deep.equal([partition, EVENT_REGIONS[partition]]);
      }
      for (const [, where] of text.matchAll(/"arn:([a-z-]+):/g)) expect(where).to.equal(partition);
    }
  });

  it("keeps the log beyond the stack, but not of a stack that was never completed, and under a name of its own", () => {
    const { LogGroup } = memberTemplate(memberStack()).Resources;
    expect(LogGroup).to.include({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
    expect(resource("LogGroup").Properties).to.deep.equal({
      LogGroupName: "require-mfa-handler-01234567",
      RetentionInDays: 365,
    });
    expect(resource("HandlerFunction").Properties["LoggingConfig"]).to.deep.equal({
      LogFormat: "Text",
      LogGroup: "require-mfa-handler-01234567",
    });
    const kept = Object.entries(memberTemplate(memberStack()).Resources).filter(([, each]) => "DeletionPolicy" in each);
    expect(kept.map(([id]) => id)).to.deep.equal(["LogGroup"]);
  });

  describe("in an exempt account", () => {
    const others = Array.from({ length: 100 }, (_, index) => `${222222222222 + index}`);
    const variablesWhere = (organizationExemptAccounts: string[]) =>
      at(
        resource("HandlerFunction", { mode: "strict", organizationExemptAccounts }).Properties,
        "Environment",
        "Variables",
      );

    it("tells the function mode off, however many are exempt, and tells it nothing else than elsewhere", () => {
      const elsewhere = variablesWhere([]);
      expect(elsewhere).to.include({ MODE: "strict" });
      for (const count of [0, 1, 9, 10, 11, 99, 100]) {
        for (const exempt of [
          [...others.slice(0, count), "123456789012"],
          ["123456789012", ...others.slice(0, count)],
        ]) {
          expect(variablesWhere(exempt), `${count}`).to.deep.equal({ ...Object(elsewhere), MODE: "off" });
        }
      }
    });

    it("leaves all other accounts in the mode", () => {
      for (const count of [1, 10, 11, 100])
        expect(variablesWhere(others.slice(0, count)), `${count}`).to.include({ MODE: "strict" });
    });
  });

  it("takes the code from the bucket", () => {
    const { Code, Handler } = resource("HandlerFunction").Properties;
    expect(Code).to.deep.equal({ S3Bucket: "require-mfa-code-1a2b3c4", S3Key: "handler-5d6e7f.zip" });
    expect(Handler).to.equal("index.handler");
  });

  it("leaves IAM's variables in the guards' policies to IAM, and tells the function what the policies say", () => {
    const { Variables } = Object(resource("HandlerFunction").Properties["Environment"]);
    for (const guard of ["Quarantine", "Conditional", "Sealed"]) {
      const { PolicyDocument } = resource(`${guard}Policy`).Properties;
      const text = JSON.stringify(PolicyDocument);
      expect(text, guard).to.include("arn:aws:iam::*:user/${aws:username}");
      expect(Variables[`${guard.toUpperCase()}_POLICY_DIGEST`], guard).to.equal(policyDigest(text));
    }
  });

  it("is told to the hub: every event of the handler of this account, by a role that can do nothing else", () => {
    const bus = "arn:aws:events:us-east-1:111122223333:event-bus/require-mfa";
    const { EventPattern, ...rule } = resource("ToldRule").Properties;
    expect(rule).to.deep.equal({
      Name: "require-mfa-told",
      Description: "require-mfa: events that are told by the hub",
      Targets: [
        {
          Id: "hub",
          Arn: bus,
          RoleArn: "arn:aws:iam::123456789012:role/require-mfa/organization/require-mfa-told",
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:require-mfa-untold" },
        },
      ],
    });
    expect(EventPattern).to.deep.include({ source: ["require-mfa"], account: ["123456789012"] });
    expect(at(EventPattern, "detail-type"))
      .to.have.lengthOf(DETAIL_TYPES.length)
      .and.include.members(["User Held", "Guard Broken", "Trail Unknown"]);
    expect(resource("ToldRole").Properties).to.deep.equal({
      RoleName: "require-mfa-told",
      Path: "/require-mfa/organization/",
      Description: "require-mfa: sends on what the handler tells",
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AllowAssumeRole",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnEquals: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/require-mfa-told" },
            },
          },
        ],
      },
      Policies: [
        {
          PolicyName: "require-mfa-told",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              { Sid: "SendOnWhatTheHandlerTells", Effect: "Allow", Action: "events:PutEvents", Resource: bus },
            ],
          },
        },
      ],
    });
  });

  it("has no policy with a fault that the lint knows or beyond IAM's quotas, in any partition", async () => {
    const sids = Object.keys(REASONS);
    for (const partition of PARTITIONS) {
      const resources = memberResources({}, partition);
      const documents = ["HandlerRole", "ToldRole"].flatMap((id) => {
        const policies = resources[id]?.Properties["Policies"];
        if (!Array.isArray(policies)) throw new Error(`${id} has no policies`);
        const all = policies.map(({ PolicyDocument }) => PolicyDocument);
        expect(
          all.reduce((sum, each) => sum + charactersOf(each), 0),
          id,
        ).to.be.within(1, 10_240);
        return all;
      });
      const problems = documents.map((document) =>
        problemsIn(document, { name: "the policy", partition, characters: 10_240, sids }),
      );
      expect((await Promise.all(problems)).flat()).to.deep.equal([]);
    }
  });

  it("tells the hub's topic by each alarm, and what helps where pulumi up does not", () => {
    const alarms = Object.values(memberResources()).filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
    for (const { Properties } of alarms) {
      expect(Properties["AlarmActions"]).to.deep.equal(["arn:aws:sns:us-east-1:111122223333:require-mfa"]);
      const description = String(Properties["AlarmDescription"]);
      expect(description.length).to.be.at.most(1_024);
      expect(description.endsWith(" is in docs/organization.md."), description).to.equal(
        description.includes("pulumi up --refresh"),
      );
    }
    expect(resource("RuleQueueUsersAlarm").Properties["AlarmDescription"]).to.equal(
      "EventBridge could not put an event of this rule into its dead-letter queue either: it is lost. First step: Sweep by hand, which goes by the account's state and needs no event. Then pulumi up --refresh, which makes the queue and its policy what was deployed. Here a StackSet deploys: what puts things right in the place of pulumi up --refresh is in docs/organization.md.",
    );
    expect(resource("PendingAlarm").Properties["AlarmDescription"]).to.equal(
      "Someone is to be held on a day to come, by enforceFrom or graceDays, and is free until then. First step: Write to whom summary.pending in the log names. Nothing else is wrong.",
    );
  });

  it("makes each thing after what it can't do without", () => {
    const guards = ["Quarantine", "Conditional", "Sealed"].flatMap((guard) => [`${guard}Policy`, `${guard}Group`]);
    const orders: Readonly<Record<string, readonly string[]>> = {
      // A group without its policy holds nobody.
      QuarantineGroup: ["QuarantinePolicy"],
      ConditionalGroup: ["ConditionalPolicy"],
      SealedGroup: ["SealedPolicy"],
      // What the first run says would be lost, and what it does refused.
      HandlerFunction: ["HandlerRole", "LogGroup", ...guards],
      HandlerInvokeConfig: ["HandlerFunction", "HandlerRole", "FailedQueue"],
      UsersRule: ["UsersPermission", "HandlerFunction", "HandlerRole", "UndeliveredQueue", ...guards],
      GuardsRule: ["GuardsPermission", "HandlerFunction", "HandlerRole", "UndeliveredQueue", ...guards],
      SweepRule: ["SweepPermission", "HandlerFunction", "HandlerRole", "UndeliveredQueue", ...guards],
      ToldRule: ["ToldRole", "UntoldQueue"],
    };
    const resources = memberResources();
    for (const [id, earlier] of Object.entries(orders)) {
      expect([...(resources[id]?.after ?? [])], id).to.include.members(earlier);
    }
  });
});

// What an SCP refuses

/** Calls on each kind of resource that would break it, by what a member's stack calls its resources. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::ManagedPolicy": ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"],
  "AWS::IAM::Group": ["iam:DetachGroupPolicy", "iam:PutGroupPolicy", "iam:UpdateGroup", "iam:DeleteGroup"],
  "AWS::IAM::Role": [
    "iam:CreateRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteRole",
    "iam:PassRole",
  ],
  "AWS::Lambda::Function": [
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:DeleteFunction",
    "lambda:PutFunctionConcurrency",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:DeleteFunctionEventInvokeConfig",
    "lambda:AddPermission",
    "lambda:RemovePermission",
  ],
  "AWS::Logs::LogGroup": ["logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter"],
  "AWS::Events::Rule": [
    "events:PutRule",
    "events:DisableRule",
    "events:DeleteRule",
    "events:PutTargets",
    "events:RemoveTargets",
  ],
  "AWS::SQS::Queue": ["sqs:SetQueueAttributes", "sqs:PurgeQueue", "sqs:DeleteQueue", "sqs:AddPermission"],
  "AWS::CloudWatch::Alarm": [
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:SetAlarmState",
    "cloudwatch:DeleteAlarms",
  ],
};

/** What has no ARN of its own, and is reached by that of another. */
const PARTS_OF_ANOTHER = ["AWS::SQS::QueuePolicy", "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"];

const ARNS: Readonly<Record<string, (name: string, path: string) => string>> = {
  "AWS::IAM::ManagedPolicy": (name, path) => `arn:aws:iam::123456789012:policy${path}${name}`,
  "AWS::IAM::Group": (name, path) => `arn:aws:iam::123456789012:group${path}${name}`,
  "AWS::IAM::Role": (name, path) => `arn:aws:iam::123456789012:role${path}${name}`,
  "AWS::Lambda::Function": (name) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
  "AWS::Logs::LogGroup": (name) => `arn:aws:logs:us-east-1:123456789012:log-group:${name}`,
  "AWS::Events::Rule": (name) => `arn:aws:events:us-east-1:123456789012:rule/${name}`,
  "AWS::SQS::Queue": (name) => `arn:aws:sqs:us-east-1:123456789012:${name}`,
  "AWS::CloudWatch::Alarm": (name) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`,
};

describe("the SCP for tampering", () => {
  const { tampering } = organizationPolicies(ORGANIZATION);
  const policies = compile([
    { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    tampering,
  ]);
  const isAllowed = (principal: string, action: string, on: string, more = {}) =>
    evaluate(policies, {
      action,
      resource: on,
      context: { "aws:PrincipalArn": principal, "aws:PrincipalAccount": "123456789012", ...more },
    }).allowed;

  it("refuses an administrator to change anything of a member's stack by its name, and lets the StackSet", () => {
    const asked = Object.entries(memberResources()).flatMap(([id, { Type, Properties }]) => {
      const arnOf = ARNS[Type];
      if (arnOf === undefined) {
        expect(PARTS_OF_ANOTHER, id).to.include(Type);
        return [];
      }
      const name = Object.entries(Properties).find(([property]) => property.endsWith("Name"))?.[1];
      const on = arnOf(String(name), String(Properties["Path"]));
      return (CALLS[Type] ?? []).map((action) => ({ id, action, on }));
    });
    expect(asked.length).to.be.greaterThan(150);
    const open = (principal: string) =>
      asked.filter(({ action, on }) => isAllowed(principal, action, on)).map(({ id, action }) => `${action} on ${id}`);
    expect(open("arn:aws:iam::123456789012:role/admin")).to.deep.equal([]);
    expect(open("arn:aws:iam::123456789012:role/stacksets-exec-0123456789abcdef")).to.have.lengthOf(asked.length);
  });

  it("lets the role that sends on put the handler's events on the hub's bus, and no other role of the stack", () => {
    const bus = "arn:aws:events:us-east-1:111122223333:event-bus/require-mfa";
    const puts = (id: string) => {
      const { RoleName, Path } = resource(id).Properties;
      const principal = `arn:aws:iam::123456789012:role${String(Path)}${String(RoleName)}`;
      return isAllowed(principal, "events:PutEvents", bus, { "events:source": ["require-mfa"] });
    };
    expect(puts("ToldRole")).to.equal(true);
    expect(puts("HandlerRole")).to.equal(false);
  });
});
