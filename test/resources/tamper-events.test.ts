import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compilePattern } from "../../fake-aws/event-pattern";
import { transformInput } from "../../fake-aws/input-transformer";
import {
  SERVICE_NAMES,
  type ServiceName,
  TAMPER_VARIABLES,
  tamperLines,
  tamperPattern,
  type Watched,
} from "../../resources/tamper-events";

const DEPLOY = "arn:aws:iam::123456789012:role/deploy";

const WATCHED: Watched = {
  accountId: "123456789012",
  deployRoles: [DEPLOY, "arn:aws:iam::123456789012:role/ci/release"],
  rules: ["require-mfa-aaaaaaa", "require-mfa-guards-bbbbbbb", "require-mfa-sweep-ccccccc"],
  tamperRules: "require-mfa-1a2b3c4-tamper-",
  functionName: "require-mfa-1a2b3c4",
  roleName: "require-mfa-ddddddd",
  logGroup: "require-mfa-eeeeeee",
  queues: ["require-mfa-undelivered-fffffff", "require-mfa-failed-0000000"],
  topic: "require-mfa-told-1111111",
  alarms: "require-mfa-2222222-",
};

/** Which rules let a record in that came by EventBridge. */
function toldBy(event: unknown, watched: Watched): readonly ServiceName[] {
  return SERVICE_NAMES.filter((name) =>
    compilePattern(JSON.parse(JSON.stringify(tamperPattern(name, watched))))(event),
  );
}

/** A call in EventBridge's envelope; the service goes by the first part of its eventSource. */
function call(service: string, eventName: string, requestParameters: unknown, detail: object = {}, envelope = {}) {
  return {
    version: "0",
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${service}`,
    account: "123456789012",
    time: "2026-11-26T10:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity: {
        type: "IAMUser",
        arn: "arn:aws:iam::123456789012:user/bob",
        accountId: "123456789012",
        userName: "bob",
      },
      eventTime: "2026-11-26T10:00:00Z",
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: "us-east-1",
      sourceIPAddress: "203.0.113.7",
      requestParameters,
      responseElements: null,
      eventID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: "123456789012",
      eventCategory: "Management",
      ...detail,
    },
    ...envelope,
  };
}

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4";
const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:require-mfa-told-1111111";
const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-undelivered-fffffff";

type Call = readonly [service: string, eventName: string, requestParameters: unknown];

/** Calls that are told, by the rule that tells them. */
const TOLD: Readonly<Record<ServiceName, readonly Call[]>> = {
  events: [
    ["events", "DisableRule", { name: "require-mfa-aaaaaaa" }],
    ["events", "DeleteRule", { name: "require-mfa-guards-bbbbbbb", force: false }],
    ["events", "PutRule", { name: "require-mfa-sweep-ccccccc", scheduleExpression: "rate(1 day)", state: "ENABLED" }],
    ["events", "PutRule", { name: "require-mfa-aaaaaaa", eventPattern: '{"source":["x"]}', state: "ENABLED" }],
    ["events", "RemoveTargets", { rule: "require-mfa-aaaaaaa", ids: ["1"], force: false }],
    ["events", "PutTargets", { rule: "require-mfa-sweep-ccccccc", targets: [{ id: "1", arn: "arn:aws:sqs:x" }] }],
    ["events", "DisableRule", { name: "require-mfa-1a2b3c4-tamper-events" }],
    ["events", "RemoveTargets", { rule: "require-mfa-1a2b3c4-tamper-iam", ids: ["1"] }],
  ],
  lambda: [
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "require-mfa-1a2b3c4", publish: false }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: FUNCTION_ARN }],
    ["lambda", "UpdateFunctionConfiguration20150331v2", { functionName: "123456789012:function:require-mfa-1a2b3c4" }],
    ["lambda", "DeleteFunction20150331", { functionName: "require-mfa-1a2b3c4" }],
    ["lambda", "DeleteFunction20150331", { functionName: `${FUNCTION_ARN}:1` }],
    ["lambda", "PutFunctionConcurrency20171031", { functionName: FUNCTION_ARN, reservedConcurrentExecutions: 0 }],
    ["lambda", "AddPermission20150331v2", { functionName: "require-mfa-1a2b3c4", principal: "*" }],
    ["lambda", "RemovePermission20150331v2", { functionName: "require-mfa-1a2b3c4", statementId: "x" }],
    ["lambda", "PutFunctionEventInvokeConfig", { functionName: "require-mfa-1a2b3c4", maximumRetryAttempts: 0 }],
    ["lambda", "DeleteFunctionEventInvokeConfig", { functionName: "require-mfa-1a2b3c4" }],
    ["lambda", "PutResourcePolicy", { functionName: FUNCTION_ARN }],
    ["lambda", "CreateEventSourceMapping20150331", { functionName: FUNCTION_ARN, eventSourceArn: "arn:aws:sqs:x" }],
    ["lambda", "CreateFunctionUrlConfig", { functionName: "require-mfa-1a2b3c4", authType: "NONE" }],
    ["lambda", "PutRuntimeManagementConfig", { functionName: "require-mfa-1a2b3c4", updateRuntimeOn: "Manual" }],
    ["lambda", "CallThatIsYetToCome20300101", { functionName: "require-mfa-1a2b3c4" }],
  ],
  iam: [
    ["iam", "UpdateAssumeRolePolicy", { roleName: "require-mfa-ddddddd", policyDocument: "{}" }],
    ["iam", "AttachRolePolicy", { roleName: "require-mfa-ddddddd", policyArn: "arn:aws:iam::aws:policy/AWSDenyAll" }],
    ["iam", "DetachRolePolicy", { roleName: "require-mfa-ddddddd", policyArn: "arn:aws:iam::aws:policy/AWSDenyAll" }],
    ["iam", "PutRolePolicy", { roleName: "REQUIRE-MFA-DDDDDDD", policyName: "x", policyDocument: "{}" }],
    ["iam", "DeleteRolePolicy", { roleName: "require-mfa-ddddddd", policyName: "require-mfa-1a2b3c4" }],
    ["iam", "PutRolePermissionsBoundary", { roleName: "require-mfa-ddddddd", permissionsBoundary: "x" }],
    ["iam", "DeleteRole", { roleName: "require-mfa-ddddddd" }],
    ["iam", "UpdateRole", { roleName: "require-mfa-ddddddd", maxSessionDuration: 43200 }],
  ],
  logs: [
    ["logs", "DeleteLogGroup", { logGroupName: "require-mfa-eeeeeee" }],
    ["logs", "DeleteLogStream", { logGroupName: "require-mfa-eeeeeee", logStreamName: "x" }],
    ["logs", "PutRetentionPolicy", { logGroupName: "require-mfa-eeeeeee", retentionInDays: 1 }],
    ["logs", "DeleteRetentionPolicy", { logGroupName: "require-mfa-eeeeeee" }],
    ["logs", "PutSubscriptionFilter", { logGroupName: "require-mfa-eeeeeee", filterName: "x" }],
    ["logs", "DeleteSubscriptionFilter", { logGroupName: "require-mfa-eeeeeee", filterName: "x" }],
    ["logs", "PutDataProtectionPolicy", { logGroupIdentifier: "require-mfa-eeeeeee", policyDocument: "{}" }],
    [
      "logs",
      "PutTransformer",
      { logGroupIdentifier: "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-eeeeeee" },
    ],
    ["logs", "AssociateKmsKey", { logGroupName: "require-mfa-eeeeeee", kmsKeyId: KEY_ARN }],
    [
      "logs",
      "DisassociateKmsKey",
      { resourceIdentifier: "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-eeeeeee:*" },
    ],
  ],
  sqs: [
    ["sqs", "DeleteQueue", { queueUrl: QUEUE_URL }],
    ["sqs", "PurgeQueue", { queueUrl: QUEUE_URL }],
    ["sqs", "SetQueueAttributes", { queueUrl: QUEUE_URL, attributes: { Policy: "" } }],
    ["sqs", "SetQueueAttributes", { queueUrl: "https://queue.amazonaws.com/123456789012/require-mfa-failed-0000000" }],
    ["sqs", "RemovePermission", { queueUrl: QUEUE_URL, label: "x" }],
  ],
  sns: [
    ["sns", "DeleteTopic", { topicArn: TOPIC_ARN }],
    ["sns", "SetTopicAttributes", { topicArn: TOPIC_ARN, attributeName: "Policy", attributeValue: "{}" }],
    ["sns", "Unsubscribe", { subscriptionArn: `${TOPIC_ARN}:c3019def-3714-403e-ba29-eb14079d5c69` }],
    [
      "sns",
      "SetSubscriptionAttributes",
      { subscriptionArn: `${TOPIC_ARN}:c3019def-3714-403e-ba29-eb14079d5c69`, attributeName: "FilterPolicy" },
    ],
    ["sns", "RemovePermission", { topicArn: TOPIC_ARN, label: "x" }],
    ["sns", "Subscribe", { topicArn: TOPIC_ARN, protocol: "email", endpoint: "HIDDEN_DUE_TO_SECURITY_REASONS" }],
    ["sns", "PutDataProtectionPolicy", { resourceArn: TOPIC_ARN, dataProtectionPolicy: "{}" }],
  ],
  alarms: [
    ["monitoring", "DeleteAlarms", { alarmNames: ["other", "require-mfa-2222222-Heartbeat"] }],
    ["monitoring", "DisableAlarmActions", { alarmNames: ["require-mfa-2222222-Heartbeat"] }],
    ["monitoring", "PutMetricAlarm", { alarmName: "require-mfa-2222222-Heartbeat", threshold: 1000 }],
    ["monitoring", "PutCompositeAlarm", { alarmName: "require-mfa-2222222-Heartbeat", alarmRule: "FALSE" }],
    ["monitoring", "SetAlarmState", { alarmName: "require-mfa-2222222-Heartbeat", stateValue: "OK" }],
    ["monitoring", "PutAlarmMuteRule", { name: "x", muteTargets: { alarmNames: ["require-mfa-2222222-Heartbeat"] } }],
  ],
  trail: [
    ["cloudtrail", "StopLogging", { name: "arn:aws:cloudtrail:us-east-1:123456789012:trail/anybodys" }],
    ["cloudtrail", "DeleteTrail", { name: "anybodys" }],
    ["cloudtrail", "UpdateTrail", { name: "anybodys", includeGlobalServiceEvents: false }],
    ["cloudtrail", "PutEventSelectors", { trailName: "anybodys", eventSelectors: [] }],
  ],
};

/** Calls that nobody is told of. */
const UNTOLD: readonly (readonly [title: string, event: object])[] = [
  ["another stack's rule", call("events", "DisableRule", { name: "require-mfa-3333333" })],
  ["another stack's rule for tampering", call("events", "DisableRule", { name: "require-mfa-5555555-tamper-iam" })],
  ["a rule of the same name and more", call("events", "DeleteRule", { name: "require-mfa-aaaaaaa2" })],
  ["a target of another rule", call("events", "PutTargets", { rule: "other", targets: [{ arn: FUNCTION_ARN }] })],
  ["another stack's function", call("lambda", "DeleteFunction20150331", { functionName: "require-mfa-5555555" })],
  ["a call without parameters", call("lambda", "ListFunctions20150331", null)],
  [
    "an invocation, where a trail logs data events",
    call("lambda", "Invoke", { functionName: FUNCTION_ARN }, { managementEvent: false, eventCategory: "Data" }),
  ],
  ["another role", call("iam", "DeleteRole", { roleName: "require-mfa-ddddddd2" })],
  ["a user of the role's name", call("iam", "DeleteUser", { userName: "require-mfa-ddddddd" })],
  ["another log group", call("logs", "DeleteLogGroup", { logGroupName: "/aws/lambda/other" })],
  ["a log stream of Lambda's", call("logs", "CreateLogStream", { logGroupName: "require-mfa-eeeeeee" })],
  ["another stack's queue", call("sqs", "PurgeQueue", { queueUrl: QUEUE_URL.replace("fffffff", "5555555") })],
  [
    "a message that is put into a queue",
    call("sqs", "SendMessage", { queueUrl: QUEUE_URL }, { managementEvent: false, eventCategory: "Data" }),
  ],
  ["another topic", call("sns", "DeleteTopic", { topicArn: "arn:aws:sns:us-east-1:123456789012:other" })],
  [
    "a mail of this very topic",
    call("sns", "Publish", { topicArn: TOPIC_ARN }, { managementEvent: false, eventCategory: "Data" }),
  ],
  ["another stack's alarms", call("monitoring", "DeleteAlarms", { alarmNames: ["require-mfa-5555555-Heartbeat"] })],
  ["a trail that is made", call("cloudtrail", "CreateTrail", { name: "new" })],
  [
    "an attempt that was refused",
    call("events", "DisableRule", { name: "require-mfa-aaaaaaa" }, { errorCode: "AccessDenied" }),
  ],
  [
    "the same names in another account",
    call("events", "DisableRule", { name: "require-mfa-aaaaaaa" }, {}, { account: "999999999999" }),
  ],
  [
    "an event that somebody put, who can't name a source of AWS's",
    call("events", "DisableRule", { name: "require-mfa-aaaaaaa" }, {}, { source: "mine.events" }),
  ],
];

const byRole = (arn: string, service: object = {}) => ({
  userIdentity: {
    type: "AssumedRole",
    arn: "arn:aws:sts::123456789012:assumed-role/deploy/release-7",
    accountId: "123456789012",
    sessionContext: {
      sessionIssuer: { type: "Role", arn, accountId: "123456789012", userName: "deploy" },
      attributes: { mfaAuthenticated: "false" },
    },
    ...service,
  },
});

const ROOT = { userIdentity: { type: "Root", arn: "arn:aws:iam::123456789012:root", accountId: "123456789012" } };

describe("the rules for tampering", () => {
  for (const name of SERVICE_NAMES) {
    describe(name, () => {
      for (const [service, eventName, parameters] of TOLD[name]) {
        it(`tells of ${eventName} on ${JSON.stringify(parameters)}`, () => {
          expect(toldBy(call(service, eventName, parameters), WATCHED)).to.deep.equal([name]);
        });

        it(`tells nobody of it as part of a deployment`, () => {
          expect(toldBy(call(service, eventName, parameters, byRole(DEPLOY)), WATCHED)).to.deep.equal([]);
        });
      }
    });
  }

  for (const [title, event] of UNTOLD) {
    it(`tell nobody of ${title}`, () => {
      expect(toldBy(event, WATCHED)).to.deep.equal([]);
    });
  }

  const disabled = (detail: object) => call("events", "DisableRule", { name: "require-mfa-aaaaaaa" }, detail);

  it("tell of root, of other roles and of sessions of AWS's services, as of users", () => {
    for (const detail of [
      ROOT,
      byRole("arn:aws:iam::123456789012:role/admin"),
      byRole("arn:aws:iam::123456789012:role/deploy2"),
      byRole("arn:aws:iam::123456789012:role/other/deploy"),
      byRole("arn:aws:iam::999999999999:role/deploy"),
      { userIdentity: { type: "AWSService", invokedBy: "config.amazonaws.com" } },
      { userIdentity: { type: "AWSAccount", accountId: "999999999999", principalId: "AIDAX" } },
    ])
      expect(toldBy(disabled(detail), WATCHED)).to.deep.equal(["events"]);
  });

  it("tell nobody of a deployment by CloudFormation, or of the second role's", () => {
    expect(toldBy(disabled(byRole(DEPLOY, { invokedBy: "cloudformation.amazonaws.com" })), WATCHED)).to.deep.equal([]);
    expect(toldBy(disabled(byRole("arn:aws:iam::123456789012:role/ci/release")), WATCHED)).to.deep.equal([]);
  });

  it("tell of every deployment where deployRoles names no role", () => {
    expect(toldBy(disabled(byRole(DEPLOY)), { ...WATCHED, deployRoles: [] })).to.deep.equal(["events"]);
  });

  it("go without a category, as old records do, and by the console's and China's names of the event", () => {
    const parameters = { name: "require-mfa-aaaaaaa" };
    expect(toldBy(disabled({ eventCategory: undefined }), WATCHED)).to.deep.equal(["events"]);
    for (const type of ["AWS Console Action via CloudTrail", "Amazon API Call via CloudTrail"])
      expect(toldBy(call("events", "DisableRule", parameters, {}, { "detail-type": type }), WATCHED)).to.deep.equal([
        "events",
      ]);
  });

  it("have room for the longest names that AWS lets a stack have, and for 700 characters of deployRoles", () => {
    // "-tamper-" and the longest service leave 50 of a rule's 64 characters to the function's name.
    const longest: Watched = {
      accountId: "123456789012",
      deployRoles: Array.from({ length: 10 }, (_, index) =>
        `arn:aws-us-gov:iam::123456789012:role/${index}`.padEnd(67, "r"),
      ),
      rules: Array.from({ length: 4 }, (_, index) => `${index}`.repeat(64)),
      tamperRules: `${"f".repeat(50)}-tamper-`,
      hubRules: `${"h".repeat(42)}-hub-`,
      functionName: "f".repeat(50),
      roleName: "r".repeat(64),
      logGroup: "l".repeat(50),
      queues: ["q".repeat(80), "p".repeat(80), "s".repeat(80)],
      topic: "t".repeat(64),
      alarms: "a".repeat(64),
    };
    expect(Math.max(...SERVICE_NAMES.map((name) => `${longest.tamperRules}${name}`.length))).to.equal(64);
    for (const name of SERVICE_NAMES)
      expect(JSON.stringify(tamperPattern(name, longest)).length, name).to.be.at.most(2048);
  });
});

/** [file, the rules that tell of it where the stack's resources have the record's names]. */
const REAL: readonly (readonly [string, readonly ServiceName[]])[] = [
  ["ct-splunk-DeleteAlarms", ["alarms"]],
  ["ct-splunk-DeleteLogGroup", ["logs"]],
  ["ct-splunk-DeleteRule-waf", []],
  ["ct-splunk-DeleteTrail", ["trail"]],
  ["ct-splunk-StopLogging", ["trail"]],
  ["ct-splunk-UpdateTrail", ["trail"]],
  ["ct-stratus2024-AddPermission20150331v2", ["lambda"]],
];

describe("real records of calls to other services", () => {
  for (const [file, expected] of REAL) {
    it(`${file}: ${expected.join() || "nobody is told"}`, () => {
      const detail = JSON.parse(readFileSync(join("test/fixtures/cloudtrail/tampering", `${file}.json`), "utf8"));
      const [service = ""] = String(detail.eventSource).split(".");
      const watched: Watched = {
        ...WATCHED,
        accountId: detail.recipientAccountId,
        functionName: "stratus-red-team-backdoor-f-func",
        logGroup: "test-logs",
        alarms: "TargetTracking-table/attack-range",
      };
      const event = call(service, "", null, detail, { account: detail.recipientAccountId, region: detail.awsRegion });
      expect(toldBy(event, watched)).to.deep.equal(expected);
    });
  }
});

describe("what the topic is sent", () => {
  const sent = (name: ServiceName, event: object, watched = WATCHED) => {
    const inputTemplate = tamperLines(name, watched)
      .map((line) => JSON.stringify(line))
      .join("\n");
    return transformInput({ inputPaths: TAMPER_VARIABLES, inputTemplate }, event);
  };

  it("says what was changed, by whom, from where and when, what to do, and where the record is", () => {
    const event = call("lambda", "UpdateFunctionCode20150331v2", { functionName: "require-mfa-1a2b3c4" });
    expect(sent("lambda", event)).to.equal(
      `"require-mfa, account 123456789012: UpdateFunctionCode20150331v2 on the handler's function require-mfa-1a2b3c4"
"by arn:aws:iam::123456789012:user/bob  (IAMUser, account 123456789012), from 203.0.113.7, at 2026-11-26T10:00:00Z"
"No role of deployRoles did it, so it is no deployment."
"What to do: if none of you meant it, find out what else they did, and take it back by pulumi up."
"The record: aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventId,AttributeValue=6a7e8feb-b491-4cf7-a9f1-bf3703467718"`,
    );
  });

  it("names the rule, whether the call has it as name or as rule", () => {
    const first = (event: object) => sent("events", event).split("\n")[0];
    expect(first(call("events", "DisableRule", { name: "require-mfa-aaaaaaa" }))).to.equal(
      '"require-mfa, account 123456789012: DisableRule on the EventBridge rule require-mfa-aaaaaaa"',
    );
    expect(first(call("events", "RemoveTargets", { rule: "require-mfa-aaaaaaa" }))).to.equal(
      '"require-mfa, account 123456789012: RemoveTargets on the EventBridge rule require-mfa-aaaaaaa"',
    );
  });

  it("names a service that called, and an account where there is no ARN", () => {
    const second = (detail: object) => sent("sqs", call("sqs", "DeleteQueue", {}, detail)).split("\n")[1];
    expect(second(byRole(DEPLOY, { invokedBy: "cloudformation.amazonaws.com" }))).to.equal(
      '"by arn:aws:sts::123456789012:assumed-role/deploy/release-7 cloudformation.amazonaws.com (AssumedRole, account 123456789012), from 203.0.113.7, at 2026-11-26T10:00:00Z"',
    );
    expect(second({ userIdentity: { type: "AWSAccount", accountId: "999999999999" } })).to.equal(
      '"by   (AWSAccount, account 999999999999), from 203.0.113.7, at 2026-11-26T10:00:00Z"',
    );
  });

  it("says what a stopped trail means, and that deployments are told too where no role is named", () => {
    const lines = (name: ServiceName, watched = WATCHED) => sent(name, call("x", "x", {}), watched).split("\n");
    expect(lines("trail")[4]).to.equal(
      '"Without a trail that logs management events the handler hears of nothing between its sweeps: aws cloudtrail start-logging."',
    );
    expect(lines("iam", { ...WATCHED, deployRoles: [] })[2]).to.equal(
      '"deployRoles names no role, so deployments are told too."',
    );
  });

  it("has no quotes but those around its lines, whatever the record has", () => {
    for (const name of SERVICE_NAMES) {
      for (const [service, eventName, parameters] of TOLD[name]) {
        for (const line of sent(name, call(service, eventName, parameters)).split("\n"))
          expect(line).to.match(/^"[^"\\<>]+"$/);
      }
    }
  });
});
