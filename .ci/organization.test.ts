import { expect } from "chai";
import * as v from "valibot";
import { GUARD_NAMES } from "../core/guards";
import { Mode } from "../core/modes";
import { compilePattern } from "../fake-aws/event-pattern";
import { type RunningFunction, runFunction } from "../fake-aws/lambda";
import { memberTemplate } from "../member-stack/member-template";
import { organizationPolicies } from "../policies/organization";
import { textsOf } from "../rehearsal/iam-elsewhere";
import { recorderOf } from "../rehearsal/record-elsewhere";
import { bundleHandler } from "../resources/bundle";
import { ORGANIZATION } from "../test/policies/matrix/organization";
import { memberStack } from "../test/support/member";
import { resolveTemplate } from "../test/support/resolve-template";
import { type Credentials, type MotoAccount, motoAccount } from "./moto-account";
import { type Moto, motoCommand, startMoto } from "./moto-server";

/*
 * moto is an organization by other people: its StackSets make the stacks of member accounts from our template, and the
 * handler then works in one of them.
 *
 * What moto 5.2.5 does not do, so that nothing here says anything of it: it makes no AWS::IAM::Group (the groups are made
 * by hand from the resolved template), no AWS::CloudWatch::Alarm, no AWS::SQS::QueuePolicy and no
 * AWS::Lambda::EventInvokeConfig; of a function it takes neither Architectures nor LoggingConfig; it deploys to no account
 * that comes later, and updates of a StackSet reach no stack; it knows RetainExceptOnCreate not; it binds nobody by an SCP,
 * by a trust policy or by a bus's policy; an event that a bus is sent from another account becomes one of its own. It
 * writes the inline policies of a stack's role as Python writes them, and takes a schedule's rule for one of all events.
 */

/** moto's own account, which manages the organization and is the hub. */
const HUB = "123456789012";
const REGION = "us-east-1";
const BUCKET = "require-mfa-code-1a2b3c4";
const TEMPLATE_KEY = "member-5d6e7f.json";
const FUNCTION = "/2015-03-31/functions/require-mfa-handler";
const BUS_ARN = `arn:aws:events:${REGION}:${HUB}:event-bus/require-mfa`;

function templateWithout(organizationExemptAccounts: string[]): string {
  return JSON.stringify(
    memberTemplate({
      ...memberStack({ mode: Mode.Quarantine, organizationExemptAccounts }),
      code: { bucket: BUCKET, key: "handler-5d6e7f.zip" },
      hub: { busArn: BUS_ARN, topicArn: `arn:aws:sns:${REGION}:${HUB}:require-mfa` },
    }),
  );
}

const Root = v.object({ Roots: v.tuple([v.object({ Id: v.string() })]) });
const Unit = v.object({ OrganizationalUnit: v.object({ Id: v.string() }) });
const NewAccount = v.object({ CreateAccountStatus: v.object({ AccountId: v.string() }) });
const NewPolicy = v.object({ Policy: v.object({ PolicySummary: v.object({ Id: v.string() }) }) });
const Policy = v.object({ Policy: v.object({ Content: v.string() }) });
const Policies = v.object({ Policies: v.array(v.object({ Name: v.string() })) });
const Rules = v.object({
  Rules: v.array(
    v.object({
      Name: v.string(),
      EventPattern: v.optional(v.string()),
      ScheduleExpression: v.optional(v.string()),
      State: v.string(),
    }),
  ),
});
const Queues = v.object({ QueueUrls: v.array(v.string()) });
const Messages = v.object({ Messages: v.optional(v.array(v.object({ Body: v.string() })), []) });
const LogGroups = v.object({ logGroups: v.array(v.object({ logGroupName: v.string(), retentionInDays: v.number() })) });
const Variables = v.object({
  Configuration: v.object({
    Role: v.string(),
    Timeout: v.number(),
    Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
  }),
});
const Summary = v.object({
  users: v.number(),
  newlyHeld: v.number(),
  failures: v.array(v.unknown()),
  guards: v.object({ reattached: v.array(v.unknown()), broken: v.array(v.unknown()) }),
});
const Scheduled = v.object({ Targets: v.tuple([v.object({ Input: v.string() })]) });

describe("an organization of moto's", () => {
  const command = motoCommand(".ci/organization.test.ts");
  let moto: Moto;
  let hub: MotoAccount;
  let unit: string;
  let memberId: string;
  let outsiderId: string;
  let exemptId: string;
  let template: string;
  let member: MotoAccount;

  before(async () => {
    moto = await startMoto(command);
    hub = motoAccount(moto.url, REGION, { accessKeyId: HUB });
    await hub.json("organizations", "CreateOrganization", { FeatureSet: "ALL" });
    const { Roots } = v.parse(Root, await hub.json("organizations", "ListRoots"));
    const [{ Id: root }] = Roots;
    const made = await hub.json("organizations", "CreateOrganizationalUnit", { ParentId: root, Name: "staff" });
    unit = v.parse(Unit, made).OrganizationalUnit.Id;
    const newAccount = async (AccountName: string) => {
      const status = await hub.json("organizations", "CreateAccount", {
        AccountName,
        Email: `${AccountName}@example.com`,
      });
      return v.parse(NewAccount, status).CreateAccountStatus.AccountId;
    };
    memberId = await newAccount("member");
    outsiderId = await newAccount("outsider");
    exemptId = await newAccount("exempt");
    template = templateWithout([outsiderId, exemptId]);
    for (const AccountId of [memberId, exemptId]) {
      await hub.json("organizations", "MoveAccount", { AccountId, SourceParentId: root, DestinationParentId: unit });
    }
    ({ account: member } = await hub.as(`arn:aws:iam::${memberId}:role/OrganizationAccountAccessRole`));
  });

  after(() => moto.stop());

  it("takes the template as a StackSet's, and makes the stacks of the accounts in the OU, and of no other", async () => {
    await hub.rest("s3", "PUT", `/${BUCKET}`);
    await hub.rest("s3", "PUT", `/${BUCKET}/handler-5d6e7f.zip`, "what a function is made of");
    await hub.rest("s3", "PUT", `/${BUCKET}/${TEMPLATE_KEY}`, template);
    await hub.json("organizations", "EnableAWSServiceAccess", {
      ServicePrincipal: "member.org.stacksets.cloudformation.amazonaws.com",
    });
    await hub.query("cloudformation", "CreateStackSet", {
      StackSetName: "require-mfa",
      TemplateURL: `https://${BUCKET}.s3.${REGION}.amazonaws.com/${TEMPLATE_KEY}`,
      PermissionModel: "SERVICE_MANAGED",
      "AutoDeployment.Enabled": "true",
      "AutoDeployment.RetainStacksOnAccountRemoval": "true",
      "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
    });
    await hub.query("cloudformation", "CreateStackInstances", {
      StackSetName: "require-mfa",
      "DeploymentTargets.OrganizationalUnitIds.member.1": unit,
      "Regions.member.1": REGION,
    });
    const instances = await hub.query("cloudformation", "ListStackInstances", { StackSetName: "require-mfa" });
    expect(textsOf(instances, "Account")).to.have.members([memberId, exemptId]);
    expect(textsOf(instances, "Status")).to.deep.equal(["CURRENT", "CURRENT"]);
    const { account: outsider } = await hub.as(`arn:aws:iam::${outsiderId}:role/OrganizationAccountAccessRole`);
    expect(textsOf(await outsider.query("iam", "ListPolicies", { Scope: "Local" }), "PolicyName")).to.deep.equal([]);
  });

  it("has the function of an exempt account in mode off, and the member's in its own", async () => {
    const { account: exempt } = await hub.as(`arn:aws:iam::${exemptId}:role/OrganizationAccountAccessRole`);
    const modeIn = async (account: MotoAccount) =>
      v.parse(Variables, JSON.parse(await account.rest("lambda", "GET", FUNCTION))).Configuration.Environment.Variables[
        "MODE"
      ];
    expect([await modeIn(exempt), await modeIn(member)]).to.deep.equal(["off", "quarantine"]);
  });

  it("has the guards' policies and the roles in the member's IAM, and they say what the template says", async () => {
    const resources = resolveTemplate(template, {
      accountId: memberId,
      partition: "aws",
      region: REGION,
      uuid: "01234567-89ab-cdef-0123-456789abcdef",
    });
    for (const guard of GUARD_NAMES) {
      const arn = `arn:aws:iam::${memberId}:policy/require-mfa/organization/require-mfa-${guard}`;
      const version = await member.query("iam", "GetPolicyVersion", { PolicyArn: arn, VersionId: "v1" });
      const id = `${guard.charAt(0).toUpperCase()}${guard.slice(1)}`;
      expect(documentIn(version, "Document"), guard).to.deep.equal(
        resources[`${id}Policy`]?.Properties["PolicyDocument"],
      );
      // moto makes no group of a stack's.
      const { GroupName, Path, ManagedPolicyArns } = Object(resources[`${id}Group`]?.Properties);
      await member.query("iam", "CreateGroup", { GroupName, Path });
      await member.query("iam", "AttachGroupPolicy", { GroupName, PolicyArn: ManagedPolicyArns[0] });
    }
    for (const [role, names] of [
      ["require-mfa-handler", ["require-mfa-handler", "require-mfa-handler-log"]],
      ["require-mfa-told", ["require-mfa-told"]],
    ] as const) {
      const id = role === "require-mfa-told" ? "ToldRole" : "HandlerRole";
      const { Path, AssumeRolePolicyDocument, Policies: policies } = Object(resources[id]?.Properties);
      const found = await member.query("iam", "GetRole", { RoleName: role });
      expect(textsOf(found, "Path")).to.deep.equal([Path]);
      expect(documentIn(found, "AssumeRolePolicyDocument")).to.deep.equal(AssumeRolePolicyDocument);
      const listed = textsOf(await member.query("iam", "ListRolePolicies", { RoleName: role }), "member");
      expect([...listed].sort()).to.deep.equal(names);
      for (const { PolicyName, PolicyDocument } of policies) {
        const policy = await member.query("iam", "GetRolePolicy", { RoleName: role, PolicyName });
        // A log group's name is made of the stack's ID, which moto makes up.
        const said = JSON.stringify(documentIn(policy, "PolicyDocument")).replace(
          /log-group:require-mfa-handler-[0-9a-f]{8}:/,
          "log-group:require-mfa-handler-01234567:",
        );
        expect(JSON.parse(said), PolicyName).to.deep.equal(PolicyDocument);
      }
    }
  });

  it("has the rules, the queues and the log, by the names that an SCP knows", async () => {
    const { Rules: rules } = v.parse(Rules, await member.json("events", "ListRules"));
    expect(rules.map(({ Name, State }) => `${Name} ${State}`).sort()).to.deep.equal([
      "require-mfa-guards ENABLED",
      "require-mfa-sweep ENABLED",
      "require-mfa-told ENABLED",
      "require-mfa-users ENABLED",
    ]);
    const { QueueUrls } = v.parse(Queues, await member.json("sqs", "ListQueues"));
    expect(QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1)).sort()).to.deep.equal([
      "require-mfa-failed",
      "require-mfa-undelivered",
      "require-mfa-untold",
    ]);
    const { logGroups } = v.parse(LogGroups, await member.json("logs", "DescribeLogGroups"));
    expect(logGroups).to.have.lengthOf(1);
    expect(logGroups[0]?.logGroupName).to.match(/^require-mfa-handler-[0-9a-f]{8}$/);
    expect(logGroups[0]?.retentionInDays).to.equal(365);
  });

  it("takes the SCPs and has them on the OU as they were written", async () => {
    await hub.json("organizations", "EnablePolicyType", {
      RootId: v.parse(Root, await hub.json("organizations", "ListRoots")).Roots[0].Id,
      PolicyType: "SERVICE_CONTROL_POLICY",
    });
    const scps = Object.entries(organizationPolicies(ORGANIZATION));
    expect(scps.map(([name]) => name).sort()).to.deep.equal(["exemptions", "holding", "tampering"]);
    for (const [name, document] of scps) {
      const made = await hub.json("organizations", "CreatePolicy", {
        Name: `require-mfa-${name}`,
        Description: name,
        Type: "SERVICE_CONTROL_POLICY",
        Content: JSON.stringify(document),
      });
      const { Id: PolicyId } = v.parse(NewPolicy, made).Policy.PolicySummary;
      await hub.json("organizations", "AttachPolicy", { PolicyId, TargetId: unit });
      const { Content } = v.parse(Policy, await hub.json("organizations", "DescribePolicy", { PolicyId })).Policy;
      expect(JSON.parse(Content), name).to.deep.equal(document);
    }
    const attached = await hub.json("organizations", "ListPoliciesForTarget", {
      TargetId: unit,
      Filter: "SERVICE_CONTROL_POLICY",
    });
    expect(v.parse(Policies, attached).Policies.map(({ Name }) => Name)).to.include.members([
      "require-mfa-exemptions",
      "require-mfa-holding",
      "require-mfa-tampering",
    ]);
  });

  describe("in a member's account the handler,", () => {
    let handler: RunningFunction;
    let letsIn: (event: unknown) => boolean;
    let schedule: string;
    const place = () => ({ accountId: memberId, partition: "aws", region: REGION, stack: "organization" }) as const;

    before(async () => {
      const told = await member.rest("lambda", "GET", FUNCTION);
      const { Role, Environment } = v.parse(Variables, JSON.parse(told)).Configuration;
      const { credentials } = await hub.as(Role);
      handler = runFunction(bundleHandler(), { ...Environment.Variables, ...inLambda(moto.url, credentials) });
      const targets = await member.json("events", "ListTargetsByRule", { Rule: "require-mfa-sweep" });
      schedule = v.parse(Scheduled, targets).Targets[0].Input;
      // By moto the handler's own events would go to this target too, which it does not know.
      await member.json("events", "RemoveTargets", { Rule: "require-mfa-sweep", Ids: ["handler"] });
      const { Rules: rules } = v.parse(Rules, await member.json("events", "ListRules"));
      const pattern = rules.find(({ Name }) => Name === "require-mfa-users")?.EventPattern;
      letsIn = compilePattern(JSON.parse(pattern ?? ""));
      // Whatever the member's rule sends to the hub's bus lands in a queue of the hub's.
      await hub.json("events", "CreateEventBus", { Name: "require-mfa" });
      await hub.json("sqs", "CreateQueue", { QueueName: "told" });
      await hub.json("events", "PutRule", {
        Name: "told",
        EventBusName: "require-mfa",
        EventPattern: JSON.stringify({ source: ["require-mfa"] }),
      });
      await hub.json("events", "PutTargets", {
        Rule: "told",
        EventBusName: "require-mfa",
        Targets: [{ Id: "told", Arn: `arn:aws:sqs:${REGION}:${HUB}:told` }],
      });
    });

    after(() => handler.stop());

    /** Makes a call to the member's IAM, and brings the handler CloudTrail's record of it, if the deployed rule lets it in. */
    async function call(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
      const answer = await member.query("iam", action, parameters);
      const detail = recorderOf(place(), () => new Date())({ type: "Root" }, action, parameters);
      const event = {
        version: "0",
        id: detail.eventID,
        "detail-type": "AWS API Call via CloudTrail",
        source: "aws.iam",
        account: memberId,
        time: detail.eventTime,
        region: REGION,
        resources: [],
        detail,
      };
      if (letsIn(event)) await handler.invoke(event);
      return answer;
    }
    const groupsOf = async (UserName: string) =>
      textsOf(await member.query("iam", "ListGroupsForUser", { UserName }), "GroupName");
    const toldToTheHub = async () => {
      const all: string[] = [];
      for (;;) {
        const { Messages: messages } = v.parse(
          Messages,
          await hub.json("sqs", "ReceiveMessage", {
            QueueUrl: `${moto.url}/${HUB}/told`,
            MaxNumberOfMessages: 10,
          }),
        );
        if (messages.length === 0) return all.sort();
        all.push(...messages.map(({ Body }) => String(JSON.parse(Body)["detail-type"])));
      }
    };

    it("by the environment that the stack gave it, holds who gets a password", async () => {
      await call("CreateUser", { UserName: "alice" });
      expect(await groupsOf("alice")).to.deep.equal([]);
      await call("CreateLoginProfile", { UserName: "alice", Password: "correct-horse-battery" });
      expect(await groupsOf("alice")).to.deep.equal(["require-mfa-quarantine"]);
    });

    it("frees who enrols a device, and holds again who takes it away", async () => {
      const device = await call("CreateVirtualMFADevice", { VirtualMFADeviceName: "alice" });
      const [SerialNumber = ""] = textsOf(device, "SerialNumber");
      expect(SerialNumber).to.equal(`arn:aws:iam::${memberId}:mfa/alice`);
      const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
      await call("EnableMFADevice", { UserName: "alice", SerialNumber, ...codes });
      expect(await groupsOf("alice")).to.deep.equal([]);
      await call("DeactivateMFADevice", { UserName: "alice", SerialNumber });
      expect(await groupsOf("alice")).to.deep.equal(["require-mfa-quarantine"]);
    });

    it("sweeps: holds whom no event brought, and finds the guards as they were deployed", async () => {
      await member.query("iam", "CreateUser", { UserName: "bob" });
      await member.query("iam", "CreateLoginProfile", { UserName: "bob", Password: "correct-horse-battery" });
      const summary = v.parse(Summary, await handler.invoke(JSON.parse(schedule)));
      expect(summary).to.deep.equal({ users: 2, newlyHeld: 1, failures: [], guards: { reattached: [], broken: [] } });
      expect(await groupsOf("bob")).to.deep.equal(["require-mfa-quarantine"]);
    });

    it("tells all of it to the hub, over the member's rule and the hub's bus", async () => {
      // A device that the account's root enrolled for somebody else, without MFA.
      expect(await toldToTheHub()).to.include.members(["User Held", "User Freed", "Suspicious Enrolment"]);
      expect(handler.log.filter((line) => line.includes("not-told"))).to.deep.equal([]);
    });
  });
});

/** The document in an answer's XML. */
function documentIn(xml: string, element: string): unknown {
  const [, text = ""] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(xml) ?? [];
  const plain = text.includes("%7B") ? decodeURIComponent(text) : text;
  return JSON.parse(plain.startsWith("{'") ? plain.replaceAll("'", '"') : plain);
}

/** What Lambda adds to the function's environment, with moto in the place of all of AWS. */
function inLambda(url: string, { accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return {
    AWS_LAMBDA_FUNCTION_NAME: "require-mfa-handler",
    AWS_LAMBDA_LOG_GROUP_NAME: "require-mfa-handler-01234567",
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: url,
  };
}
