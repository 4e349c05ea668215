import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import * as v from "valibot";
import { compilePattern } from "../../fake-aws/event-pattern";
import { transformInput } from "../../fake-aws/input-transformer";
import { type Deployment, deploy, type Place, type Resource } from "../../rehearsal/deployment";

const PLACE: Place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" };
const DEPLOY = "arn:aws:iam::123456789012:role/deploy";

const Rule = v.object({ name: v.string(), eventPattern: v.string() });
const Target = v.object({
  rule: v.string(),
  arn: v.string(),
  inputTransformer: v.object({ inputPaths: v.record(v.string(), v.string()), inputTemplate: v.string() }),
});

interface Call {
  readonly service: string;
  readonly eventName: string;
  readonly requestParameters: unknown;
}

/** A call that takes a resource away, or what it stands for; undefined where no call is watched, and why is said there. */
function removalOf({ type, inputs, state }: Resource): Call | undefined {
  const call = (service: string, eventName: string, requestParameters: unknown) => ({
    service,
    eventName,
    requestParameters,
  });
  switch (type) {
    case "aws:cloudwatch/eventRule:EventRule":
      return call("events", "DeleteRule", { name: state["name"] });
    case "aws:cloudwatch/eventTarget:EventTarget":
      return call("events", "RemoveTargets", { rule: inputs["rule"], ids: ["1"] });
    case "aws:lambda/function:Function":
      return call("lambda", "DeleteFunction20150331", { functionName: state["name"] });
    case "aws:lambda/permission:Permission":
      return call("lambda", "RemovePermission20150331v2", { functionName: inputs["function"], statementId: "1" });
    case "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig":
      return call("lambda", "DeleteFunctionEventInvokeConfig", { functionName: inputs["functionName"] });
    case "aws:iam/role:Role":
      return call("iam", "DeleteRole", { roleName: state["name"] });
    case "aws:iam/rolePolicy:RolePolicy":
      return call("iam", "DeleteRolePolicy", { roleName: inputs["role"], policyName: state["name"] });
    case "aws:cloudwatch/logGroup:LogGroup":
      return call("logs", "DeleteLogGroup", { logGroupName: state["name"] });
    case "aws:sqs/queue:Queue":
      return call("sqs", "DeleteQueue", { queueUrl: state["url"] });
    case "aws:sqs/queuePolicy:QueuePolicy":
      return call("sqs", "SetQueueAttributes", { queueUrl: inputs["queueUrl"], attributes: { Policy: "" } });
    case "aws:sns/topic:Topic":
      return call("sns", "DeleteTopic", { topicArn: state["arn"] });
    case "aws:sns/topicPolicy:TopicPolicy":
      return call("sns", "SetTopicAttributes", { topicArn: inputs["arn"], attributeName: "Policy" });
    case "aws:sns/topicSubscription:TopicSubscription":
      return call("sns", "Unsubscribe", { subscriptionArn: `${String(inputs["topic"])}:c3019def-3714-403e-ba29` });
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      return call("monitoring", "DeleteAlarms", { alarmNames: [state["name"]] });
    case "aws:cloudtrail/trail:Trail":
      return call("cloudtrail", "DeleteTrail", { name: inputs["name"] });
    // What the trail has recorded: events arrive whatever becomes of it.
    case "aws:s3/bucket:Bucket":
    case "aws:s3/bucketPolicy:BucketPolicy":
    case "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":
    case "aws:s3/bucketOwnershipControls:BucketOwnershipControls":
    case "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    case "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    // Guards: they come to the handler.
    case "aws:iam/group:Group":
    case "aws:iam/policy:Policy":
    case "aws:iam/groupPolicyAttachment:GroupPolicyAttachment":
    // It shows what alarms and metrics tell without it.
    case "aws:cloudwatch/dashboard:Dashboard":
    // Made by an invocation, which leaves nothing behind.
    case "aws:lambda/invocation:Invocation":
      return undefined;
    default:
      throw new Error(`${type} is neither watched nor said here why it is not`);
  }
}

const removed = ({ service, eventName, requestParameters }: Call, issuer?: string) => ({
  source: `aws.${service}`,
  "detail-type": "AWS API Call via CloudTrail",
  account: "123456789012",
  region: "us-east-1",
  detail: {
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestParameters,
    eventCategory: "Management",
    userIdentity: issuer === undefined ? { type: "Root" } : { sessionContext: { sessionIssuer: { arn: issuer } } },
  },
});

describe("a stack's rules for tampering", () => {
  // Nobody is told in most of these stacks, and each would say so.
  let deployed: Deployment;
  before(async () => {
    stub(pulumi.log, "warn").resolves();
    deployed = await deploy(
      {
        "require-mfa:notifyEmails": '["oncall@example.com"]',
        "require-mfa:deployRoles": JSON.stringify([DEPLOY]),
        "require-mfa:createTrail": "true",
      },
      PLACE,
    );
  });
  after(() => restore());

  const ofType = (type: string) => deployed.resources.filter((resource) => resource.type === type);
  const rules = () =>
    ofType("aws:cloudwatch/eventRule:EventRule")
      .filter(({ name }) => name.includes("-tamper-"))
      .map(({ inputs }) => v.parse(Rule, inputs));
  const toldBy = (event: object) =>
    rules()
      .filter(({ eventPattern }) => compilePattern(JSON.parse(eventPattern))(event))
      .map(({ name }) => name);

  it("tell of each resource of the stack that somebody takes away, by one rule, and never of a deployment", () => {
    const calls = deployed.resources.flatMap((resource) => {
      const call = removalOf(resource);
      return call === undefined ? [] : [{ call, of: `${resource.type} ${resource.name}` }];
    });
    expect(calls).to.have.lengthOf.above(40);
    for (const { call, of } of calls) {
      expect(toldBy(removed(call)), of).to.have.lengthOf(1);
      expect(toldBy(removed(call, DEPLOY)), of).to.deep.equal([]);
    }
  });

  it("are named after the function, which no other stack's are, and tell of one another", () => {
    expect(rules().map(({ name }) => name)).to.deep.equal([
      "require-mfa-1a2b3c4-tamper-events",
      "require-mfa-1a2b3c4-tamper-lambda",
      "require-mfa-1a2b3c4-tamper-iam",
      "require-mfa-1a2b3c4-tamper-logs",
      "require-mfa-1a2b3c4-tamper-sqs",
      "require-mfa-1a2b3c4-tamper-sns",
      "require-mfa-1a2b3c4-tamper-alarms",
      "require-mfa-1a2b3c4-tamper-trail",
    ]);
    const disabled = (name: string) =>
      removed({ service: "events", eventName: "DisableRule", requestParameters: { name } });
    expect(toldBy(disabled("require-mfa-1a2b3c4-tamper-events"))).to.deep.equal(["require-mfa-1a2b3c4-tamper-events"]);
    expect(toldBy(disabled("require-mfa-7654321-tamper-events"))).to.deep.equal([]);
  });

  it("write their mails to the topic, and what can't be delivered goes into the queue for it", () => {
    const targets = ofType("aws:cloudwatch/eventTarget:EventTarget").filter(({ name }) => name.includes("-tamper-"));
    expect(targets).to.have.lengthOf(8);
    for (const { name, inputs } of targets) {
      const { inputTransformer, ...others } = inputs;
      expect(others, name).to.deep.equal({
        rule: name.replace("require-mfa-", "require-mfa-1a2b3c4-"),
        arn: "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4",
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:123456789012:require-mfa-untold-1a2b3c4" },
      });
      expect(inputTransformer, name)
        .to.have.property("inputTemplate")
        .that.matches(/^"require-mfa, account 123456789012: <call> on /);
    }
    const [role] = targets.filter(({ name }) => name.endsWith("-iam")).map(({ inputs }) => v.parse(Target, inputs));
    const call = { service: "iam", eventName: "DeleteRole", requestParameters: { roleName: "require-mfa-1a2b3c4" } };
    if (role === undefined) throw new Error("no target tells of the role");
    expect(transformInput(role.inputTransformer, removed(call)).split("\n")[0]).to.equal(
      '"require-mfa, account 123456789012: DeleteRole on the handler\'s role require-mfa-1a2b3c4"',
    );
  });
});
