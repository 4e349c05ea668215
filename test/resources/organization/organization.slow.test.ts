import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine } from "../../../fake-engine/fake-engine";
import type { ProgramRun } from "../../../fake-engine/language-host";
import { destroy, type StackState } from "../../../fake-engine/stack";
import type { Before } from "../../../fake-engine/update";
import { bundleHandler } from "../../../resources/bundle";
import {
  current,
  DEPLOYER,
  HUB,
  newOrganization,
  SANDBOX,
  type TestOrganization,
  told,
  WORKLOADS,
} from "../../support/organization";

const FAILED_AND_SAID_WHY = 32;
const ORGANIZATION_ID = "o-a1b2c3d4e5";
const BELOW = {
  [WORKLOADS]: ["111111111111", "222222222222", "333333333333", "999999999999"],
  [SANDBOX]: ["444444444444"],
};

const SETTINGS = {
  "require-mfa:notifyEmails": '["ops@example.com"]',
  "require-mfa:mode": "strict",
  "require-mfa:deployRoles": '["arn:aws:iam::*:role/deploy"]',
  "require-mfa:organizationTargets": JSON.stringify([WORKLOADS, SANDBOX]),
  "require-mfa:organizationEnforceTargets": JSON.stringify([WORKLOADS]),
};

type Settings = Readonly<Record<string, string>>;
type Resource = EngineRun["resources"][number];

/** `StackSet require-mfa-members`, of a URN. */
const short = (urn: string) => {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split(":").at(-1)} ${name}`;
};

const isOfTheOrganization = (urn: string) => urn.includes("require-mfa:index:Organization");
const warningsOf = ({ diagnostics }: EngineRun) =>
  diagnostics
    .filter(({ severity, message }) => severity === "warning" && !message.startsWith("ops@example.com"))
    .map(({ message }) => message);

describe("the resources of an organization", function () {
  this.timeout(300_000);

  let organization: TestOrganization;
  let run: EngineRun;
  const account = new Set<string>();
  before(async () => {
    organization = await newOrganization();
    run = await up({}, { account });
    expect([errorsOf(run), run.exitCode, run.stderr]).to.deep.equal([[], 0, ""]);
  });
  after(() => organization.close());

  const up = (settings: Settings = {}, before: Before = {}, options: Partial<ProgramRun> = {}): Promise<EngineRun> =>
    runUnderEngine(
      {
        program: resolve(__dirname, "../../.."),
        stack: "dev",
        preview: false,
        caller: DEPLOYER,
        organization: { managementAccount: HUB, below: BELOW },
        config: { ...organization.configuration, ...SETTINGS, ...settings },
        ...options,
      },
      before,
    );

  const find = (name: string, resources: readonly Resource[] = run.resources): Resource => {
    const [found, another] = resources.filter(({ urn }) => isOfTheOrganization(urn) && short(urn) === name);
    if (found === undefined || another !== undefined) throw new Error(`not exactly one ${name}`);
    return found;
  };
  const json = (name: string, property: string) => JSON.parse(String(find(name).inputs[property]));
  const awaited = (name: string) => find(name).dependencies.filter(isOfTheOrganization).map(short);

  it("are these, beside an account's very own", async () => {
    expect(
      run.resources
        .filter(({ custom, urn }) => custom && isOfTheOrganization(urn))
        .map(({ urn }) => short(urn))
        .sort(),
    ).to.deep.equal([
      "Bucket require-mfa-code",
      "BucketObjectv2 require-mfa-code-handler",
      "BucketObjectv2 require-mfa-code-template",
      "BucketOwnershipControls require-mfa-code",
      "BucketPolicy require-mfa-code",
      "BucketPublicAccessBlock require-mfa-code",
      "BucketServerSideEncryptionConfiguration require-mfa-code",
      "BucketVersioning require-mfa-code",
      "Dashboard require-mfa-hub",
      "EventBus require-mfa-hub",
      "EventBusPolicy require-mfa-hub",
      "EventRule require-mfa-hub-log",
      "EventRule require-mfa-hub-mail",
      "EventRule require-mfa-hub-own",
      "EventTarget require-mfa-hub-log",
      "EventTarget require-mfa-hub-mail",
      "EventTarget require-mfa-hub-own",
      "LogGroup require-mfa-hub",
      "LogResourcePolicy require-mfa-hub",
      `Policy require-mfa-exemptions`,
      `Policy require-mfa-holding`,
      `Policy require-mfa-tampering`,
      `PolicyAttachment require-mfa-exemptions-${SANDBOX}`,
      `PolicyAttachment require-mfa-exemptions-${WORKLOADS}`,
      `PolicyAttachment require-mfa-holding-${WORKLOADS}`,
      `PolicyAttachment require-mfa-tampering-${SANDBOX}`,
      `PolicyAttachment require-mfa-tampering-${WORKLOADS}`,
      "StackSet require-mfa-members",
      `StackSetInstance require-mfa-members-${SANDBOX}`,
      `StackSetInstance require-mfa-members-${WORKLOADS}`,
    ]);
    const alone = await up({
      "require-mfa:organizationTargets": "[]",
      "require-mfa:organizationEnforceTargets": "[]",
    });
    expect(errorsOf(alone)).to.deep.equal([]);
    expect(alone.invokes.filter((token) => token.includes("organizations"))).to.deep.equal([]);
    expect(alone.resources.filter(({ urn }) => isOfTheOrganization(urn))).to.deep.equal([]);
    const others = run.resources.map(({ urn }) => urn).filter((urn) => !isOfTheOrganization(urn));
    expect(others).to.have.members(alone.resources.map(({ urn }) => urn));
    expect(alone.outputs).not.to.have.property("organization");
  });

  it("have their code and their template in a private bucket of versions, for the organization alone, by keys of their content", () => {
    const bucket = "require-mfa-code-1a2b3c4";
    expect(find("Bucket require-mfa-code").inputs).to.deep.equal({ forceDestroy: true });
    expect(find("BucketPublicAccessBlock require-mfa-code").inputs).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(find("BucketOwnershipControls require-mfa-code").inputs["rule"]).to.deep.equal({
      objectOwnership: "BucketOwnerEnforced",
    });
    expect(find("BucketServerSideEncryptionConfiguration require-mfa-code").inputs["rules"]).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(find("BucketVersioning require-mfa-code").inputs["versioningConfiguration"]).to.deep.equal({
      status: "Enabled",
    });
    expect(json("BucketPolicy require-mfa-code", "policy")).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LetTheOrganizationRead",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: `arn:aws:s3:::${bucket}/*`,
          Condition: { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION_ID } },
        },
        {
          Sid: "DenyEverythingWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const code = find("BucketObjectv2 require-mfa-code-handler");
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
    expect(code.inputs["key"]).to.equal(`handler-${hash(bundleHandler())}.zip`);
    expect(Buffer.from(String(code.inputs["contentBase64"]), "base64").includes(bundleHandler())).to.equal(true);
    const template = find("BucketObjectv2 require-mfa-code-template");
    const body = String(template.inputs["content"]);
    expect(template.inputs["key"]).to.equal(`template-${hash(body)}.json`);
    for (const named of [
      `"S3Bucket":"${bucket}"`,
      `"S3Key":"${code.inputs["key"]}"`,
      `arn:aws:events:us-east-1:${HUB}:event-bus/require-mfa`,
      `arn:aws:sns:us-east-1:${HUB}:require-mfa-1a2b3c4`,
    ]) {
      expect(body).to.include(named);
    }
    for (const object of [code, template]) {
      expect(object.retainOnDelete, object.name).to.equal(true);
      expect(object.dependencies.map(short)).to.include.members([
        "BucketPolicy require-mfa-code",
        "BucketOwnershipControls require-mfa-code",
        "BucketServerSideEncryptionConfiguration require-mfa-code",
        "BucketVersioning require-mfa-code",
      ]);
    }
  });

  it("bring the template into every account below each target, later ones too, a part at a time", () => {
    const preferences = {
      maxConcurrentPercentage: 25,
      failureTolerancePercentage: 10,
    };
    expect(find("StackSet require-mfa-members").inputs).to.deep.equal({
      name: "require-mfa",
      description: "require-mfa: makes MFA compulsory for the IAM users of every account",
      permissionModel: "SERVICE_MANAGED",
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
      managedExecution: { active: true },
      capabilities: ["CAPABILITY_NAMED_IAM"],
      operationPreferences: preferences,
      templateUrl: `https://require-mfa-code-1a2b3c4.s3.us-east-1.amazonaws.com/${find("BucketObjectv2 require-mfa-code-template").inputs["key"]}`,
      callAs: "SELF",
    });
    expect(find(`StackSetInstance require-mfa-members-${SANDBOX}`).inputs).to.deep.equal({
      stackSetName: "require-mfa",
      deploymentTargets: { organizationalUnitIds: [SANDBOX] },
      operationPreferences: preferences,
      callAs: "SELF",
    });
  });

  it("open the door first, and hold only where every account has its own", () => {
    expect(awaited("StackSet require-mfa-members")).to.include.members([
      "EventBusPolicy require-mfa-hub",
      "EventTarget require-mfa-hub-mail",
      "EventTarget require-mfa-hub-log",
      "BucketObjectv2 require-mfa-code-template",
    ]);
    for (const target of [WORKLOADS, SANDBOX]) {
      expect(awaited(`StackSetInstance require-mfa-members-${target}`)).to.include("StackSet require-mfa-members");
      for (const scp of ["tampering", "exemptions"]) {
        expect(awaited(`PolicyAttachment require-mfa-${scp}-${target}`)).to.have.members([
          `StackSetInstance require-mfa-members-${target}`,
          `Policy require-mfa-${scp}`,
        ]);
      }
    }
    expect(awaited("Policy require-mfa-holding")).to.include.members([
      `StackSetInstance require-mfa-members-${WORKLOADS}`,
      `StackSetInstance require-mfa-members-${SANDBOX}`,
    ]);
  });

  it("have SCPs without white space, by the stack's own settings", () => {
    const contentOf = (scp: string) => String(find(`Policy require-mfa-${scp}`).inputs["content"]);
    const sidsIn = (scp: string) => JSON.parse(contentOf(scp)).Statement.map(({ Sid }: { Sid: string }) => Sid);
    expect(sidsIn("holding")).to.include("BlockMostAccessUnlessSignedInWithMFA");
    expect(sidsIn("tampering")).to.include("LeaveTheStackToItsDeployRoles");
    expect(sidsIn("exemptions")).to.deep.equal(["LeaveTheRolesOfStackSetsToAWS", "LeaveTheStacksOfStackSetsToThem"]);
    for (const scp of ["holding", "tampering", "exemptions"]) {
      expect(contentOf(scp), scp).to.equal(JSON.stringify(JSON.parse(contentOf(scp))));
      expect(find(`Policy require-mfa-${scp}`).inputs["type"]).to.equal("SERVICE_CONTROL_POLICY");
    }
    expect(contentOf("tampering")).to.include("arn:aws:iam::*:role/deploy");
  });

  it("hear the organization's accounts and nobody else, and tell the same people", () => {
    const bus = `arn:aws:events:us-east-1:${HUB}:event-bus/require-mfa`;
    expect(find("EventBus require-mfa-hub").inputs).to.deep.equal({ name: "require-mfa" });
    expect(json("EventBusPolicy require-mfa-hub", "policy")).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LetTheOrganizationTell",
          Effect: "Allow",
          Principal: "*",
          Action: "events:PutEvents",
          Resource: bus,
          Condition: {
            StringEquals: { "aws:PrincipalOrgID": ORGANIZATION_ID },
            "ForAllValues:StringEquals": { "events:source": "require-mfa" },
            Null: { "events:source": "false" },
          },
        },
      ],
    });
    const theirs = run.resources.find(({ urn }) => short(urn) === "EventRule require-mfa-told");
    const { account: pinned, "detail-type": told, ...pattern } = JSON.parse(String(theirs?.inputs["eventPattern"]));
    expect(pinned).to.deep.equal([HUB]);
    const { "detail-type": toldOfMembers, ...ofMembers } = json("EventRule require-mfa-hub-mail", "eventPattern");
    expect(ofMembers).to.deep.equal(pattern);
    expect(told.filter((type: string) => !toldOfMembers.includes(type))).to.deep.equal([
      "Setting Unmatched",
      "Root Without MFA",
      "Trail Unknown",
    ]);
    expect(json("EventRule require-mfa-hub-log", "eventPattern")).to.deep.equal({ source: ["require-mfa"] });
    expect(json("EventRule require-mfa-hub-own", "eventPattern")).to.deep.equal({
      source: ["require-mfa"],
      account: [HUB],
    });
    const onTheBus = ["mail", "log", "own"].map(
      (rule) => find(`EventRule require-mfa-hub-${rule}`).inputs["eventBusName"],
    );
    expect(onTheBus).to.deep.equal(["require-mfa", "require-mfa", undefined]);
    const own = run.resources.find(({ urn }) => short(urn) === "EventTarget require-mfa-told");
    const { rule: _, ...mail } = find("EventTarget require-mfa-hub-mail").inputs;
    const { rule: __, ...ownMail } = own?.inputs ?? {};
    expect(mail).to.deep.equal({ ...ownMail, eventBusName: "require-mfa" });
    for (const [rule, busName] of [
      ["log", "require-mfa"],
      ["own", undefined],
    ] as const) {
      const target = find(`EventTarget require-mfa-hub-${rule}`);
      expect(target.inputs["arn"]).to.equal(`arn:aws:logs:us-east-1:${HUB}:log-group:require-mfa-hub-1a2b3c4`);
      expect(target.inputs["eventBusName"]).to.equal(busName);
      expect(target.inputs["deadLetterConfig"]).to.deep.equal({
        arn: `arn:aws:sqs:us-east-1:${HUB}:require-mfa-untold-1a2b3c4`,
      });
      expect(target.dependencies.map(short)).to.include("LogResourcePolicy require-mfa-hub");
    }
    expect(find("LogGroup require-mfa-hub")).to.deep.include({
      retainOnDelete: true,
      inputs: { retentionInDays: 365 },
    });
    expect(json("LogResourcePolicy require-mfa-hub", "policyDocument").Statement).to.deep.equal([
      {
        Sid: "LetRulesBeginToWrite",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
        Action: "logs:CreateLogStream",
        Resource: `arn:aws:logs:us-east-1:${HUB}:log-group:require-mfa-hub-1a2b3c4:*`,
      },
      {
        Sid: "LetTheRulesWrite",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
        Action: "logs:PutLogEvents",
        Resource: `arn:aws:logs:us-east-1:${HUB}:log-group:require-mfa-hub-1a2b3c4:*`,
        Condition: {
          ArnEquals: {
            "aws:SourceArn": ["log", "own"].map(
              (rule) => `arn:aws:events:us-east-1:${HUB}:rule/require-mfa-hub-${rule}-1a2b3c4`,
            ),
          },
        },
      },
    ]);
    const policyOf = (name: string, property: string) =>
      JSON.parse(String(run.resources.find(({ urn }) => short(urn) === name)?.inputs[property]));
    expect(policyOf("TopicPolicy require-mfa", "policy").Statement[2]).to.deep.equal({
      Sid: "LetAlarmsOfTheOrganizationPublish",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: `arn:aws:sns:us-east-1:${HUB}:require-mfa-1a2b3c4`,
      Condition: {
        StringEquals: { "aws:SourceOrgID": ORGANIZATION_ID },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:*:alarm:require-mfa-*" },
      },
    });
    expect(JSON.stringify(policyOf("QueuePolicy require-mfa-untold", "policy"))).to.include(
      "rule/require-mfa-hub-mail-",
    );
    expect(
      policyOf("EventRule require-mfa-tamper-events", "eventPattern").detail.$or[0].requestParameters.name,
    ).to.deep.include({
      prefix: "require-mfa-hub-",
    });
  });

  it("are told as outputs", () => {
    expect(run.outputs["organization"]).to.deep.equal({
      stackSet: "require-mfa",
      busArn: `arn:aws:events:us-east-1:${HUB}:event-bus/require-mfa`,
      logGroup: "require-mfa-hub-1a2b3c4",
      dashboardUrl:
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/require-mfa-hub-dev",
      policyIds: {
        holding: "require-mfa-holding",
        tampering: "require-mfa-tampering",
        exemptions: "require-mfa-exemptions",
      },
    });
  });

  it("hold by no SCP before every account has its guards, and all else is made; a preview is warned", async () => {
    const all = organization.stackSet.instances;
    organization.stackSet.instances = current("222222222222", "333333333333", "444444444444");
    try {
      const stopped = await up();
      expect(errorsOf(stopped)).to.have.lengthOf(1);
      expect(errorsOf(stopped)[0]).to.include("  111111111111 (shop): no stack\n");
      expect(stopped.exitCode).to.equal(FAILED_AND_SAID_WHY);
      const made = [...stopped.state.keys()].filter(isOfTheOrganization).map(short);
      expect(made).to.include.members([
        `PolicyAttachment require-mfa-tampering-${WORKLOADS}`,
        `PolicyAttachment require-mfa-exemptions-${SANDBOX}`,
      ]);
      expect(made.filter((each) => /^Policy.* require-mfa-holding/.test(each))).to.deep.equal([]);

      const preview = await up({}, {}, { preview: true });
      expect([errorsOf(preview), preview.exitCode]).to.deep.equal([[], 0]);
      expect(warningsOf(preview).filter((each) => each.includes("111111111111 (shop): no stack"))).to.have.lengthOf(1);
      expect(preview.resources.map(({ urn }) => short(urn))).to.include(
        `PolicyAttachment require-mfa-holding-${WORKLOADS}`,
      );
    } finally {
      organization.stackSet.instances = all;
    }
  });

  it("hold by none in a mode that goes by devices, in which one that held is emptied before the stacks change", async () => {
    const quarantine = await up({ "require-mfa:mode": "quarantine" }, { state: run.state, account: new Set(account) });
    expect(errorsOf(quarantine)).to.deep.equal([]);
    const holding = find("Policy require-mfa-holding", quarantine.resources);
    expect(JSON.parse(String(holding.inputs["content"])).Statement).to.deep.equal([
      { Sid: "RefuseNothing", Effect: "Deny", Action: "sts:GetCallerIdentity", Resource: "*" },
    ]);
    expect(find("StackSet require-mfa-members", quarantine.resources).dependencies).to.include(holding.urn);
    const steps = quarantine.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${short(urn)}`);
    const order = [
      "update Policy require-mfa-holding",
      "update StackSet require-mfa-members",
      `delete PolicyAttachment require-mfa-holding-${WORKLOADS}`,
    ].map((step) => steps.indexOf(step));
    expect(order)
      .to.deep.equal([...order].sort((one, other) => one - other))
      .and.not.to.include(-1);
  });

  describe("in leaving", () => {
    const log = "require-mfa-hub-1a2b3c4";
    const theirs = new Set<string>();
    let off: EngineRun;
    const instances = [WORKLOADS, SANDBOX].map((target) => `StackSetInstance require-mfa-members-${target}`);
    const protectedIn = (state: StackState) =>
      [...state.values()].filter((each) => each.protect && isOfTheOrganization(each.urn)).map(({ urn }) => short(urn));
    before(async () => {
      for (const each of account) theirs.add(each);
      organization.stackSet.operations = [{ Action: "UPDATE", CreationTimestamp: "2026-05-01T00:00:00Z" }];
      organization.logs.set(log, [told("2026-05-01T01:00:00Z", "111111111111")]);
      off = await up({ "require-mfa:mode": "off" }, { state: run.state, account: theirs });
    });
    after(() => {
      organization.stackSet.operations = [];
      organization.logs.clear();
    });

    it("send mode off everywhere once no SCP holds, and stay, protected, until every account has told that nobody is held", () => {
      expect(errorsOf(off)).to.have.lengthOf(1);
      expect(errorsOf(off)[0]).to.match(
        /^mode off was sent everywhere, and 3 of 4 accounts .*: 222222222222, 333333333333, 444444444444\.\n/,
      );
      const steps = off.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${short(urn)}`);
      expect(steps.indexOf("update StackSet require-mfa-members")).to.be.greaterThan(
        steps.indexOf("update Policy require-mfa-holding"),
      );
      expect(protectedIn(off.state)).to.include.members([
        ...instances,
        `PolicyAttachment require-mfa-tampering-${WORKLOADS}`,
      ]);
      const last = [...off.state.values()].find(({ type }) => type.endsWith("FunctionEventInvokeConfig"));
      expect(last?.protect).to.equal(true);
      const refused = destroy(off.state, new Set(theirs), { skipPreview: false });
      expect(refused.errors.length).to.be.greaterThan(0);
      expect(refused.steps).to.deep.equal([]);
    });

    it("warn a preview of it", async () => {
      const preview = await up(
        { "require-mfa:mode": "off" },
        { state: off.state, account: new Set(theirs) },
        { preview: true },
      );
      expect(errorsOf(preview)).to.deep.equal([]);
      expect(
        warningsOf(preview).filter((each) => each.startsWith("pulumi up sends mode off everywhere")),
      ).to.have.lengthOf(1);
    });

    it("go then, SCPs before stacks, and stacks before what they are made from", async () => {
      organization.logs.set(
        log,
        ["111111111111", "222222222222", "333333333333", "444444444444"].map((id) => told("2026-05-01T01:00:00Z", id)),
      );
      const passed = await up({ "require-mfa:mode": "off" }, { state: off.state, account: theirs });
      expect(errorsOf(passed)).to.deep.equal([]);
      expect(protectedIn(passed.state)).to.deep.equal([]);
      expect([...passed.state.keys()].map(short)).not.to.include(`PolicyAttachment require-mfa-holding-${WORKLOADS}`);
      const gone = destroy(passed.state, theirs, { skipPreview: false });
      expect(gone.errors).to.deep.equal([]);
      expect(gone.state.size).to.equal(0);
      const order = gone.steps.map(({ urn }) => short(urn));
      expect(order[0]).to.equal("FunctionEventInvokeConfig require-mfa");
      const rank = (name: string) => order.indexOf(name);
      for (const instance of instances) {
        for (const scp of ["tampering", "exemptions"]) {
          const target = instance.endsWith(WORKLOADS) ? WORKLOADS : SANDBOX;
          expect(rank(instance)).to.be.greaterThan(rank(`PolicyAttachment require-mfa-${scp}-${target}`));
        }
        expect(rank("StackSet require-mfa-members")).to.be.greaterThan(rank(instance));
      }
      for (const later of ["Bucket require-mfa-code", "EventBus require-mfa-hub", "Topic require-mfa"]) {
        expect(rank(later), later).to.be.greaterThan(rank("StackSet require-mfa-members"));
      }
      expect([...theirs].map((each) => each.split(" ")[0]).sort()).to.deep.equal([
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:s3/bucketObjectv2:BucketObjectv2",
      ]);
    });
  });

  describe("before anything is deployed", () => {
    const asDelegate = { organization: { managementAccount: "000000000000", below: { ...BELOW, [SANDBOX]: [HUB] } } };
    const deployed = ({ resources }: EngineRun) => resources.filter(({ type }) => type.startsWith("aws:"));

    it("are refused to a caller whom the SCPs would refuse the next deploy", async () => {
      const caller = `arn:aws:sts::${HUB}:assumed-role/admin/alice`;
      const refused = await up({}, {}, { ...asDelegate, caller });
      expect(errorsOf(refused)).to.deep.equal([
        `${caller} is none of deployRoles, and account ${HUB} lies below organizationTargets: the SCPs would refuse the next deploy; nothing was deployed.\n  Deploy by a role of deployRoles, or name this one there.`,
      ]);
      expect(deployed(refused)).to.deep.equal([]);
    });

    it("are let through from a delegated administrator, whose own account and the exempt get no stack of the StackSet", async () => {
      const settings = { "require-mfa:organizationExemptAccounts": '["222222222222","555555555555"]' };
      const preview = await up(settings, {}, { ...asDelegate, preview: true });
      expect([errorsOf(preview), preview.exitCode]).to.deep.equal([[], 0]);
      expect(find("StackSet require-mfa-members", preview.resources).inputs["callAs"]).to.equal("DELEGATED_ADMIN");
      const targets = [WORKLOADS, SANDBOX].map(
        (target) =>
          find(`StackSetInstance require-mfa-members-${target}`, preview.resources).inputs["deploymentTargets"],
      );
      expect(targets).to.deep.equal([
        { organizationalUnitIds: [WORKLOADS], accounts: ["222222222222"], accountFilterType: "DIFFERENCE" },
        { organizationalUnitIds: [SANDBOX], accounts: [HUB], accountFilterType: "DIFFERENCE" },
      ]);
    });

    it("are refused where one target covers another", async () => {
      const refused = await up(
        {},
        {},
        {
          organization: { managementAccount: HUB, below: { ...BELOW, [SANDBOX]: ["333333333333"] } },
        },
      );
      expect(errorsOf(refused)).to.deep.equal([
        `organizationTargets: account 333333333333 lies below both ${SANDBOX} and ${WORKLOADS}, of which one covers the other: name that one alone; nothing was deployed.`,
      ]);
      expect(deployed(refused)).to.deep.equal([]);
    });

    it("are refused where an SCP has no room, with the settings to shorten", async () => {
      const users = Array.from({ length: 20 }, (_, index) => `somebody-with-a-long-name-${index}`);
      const refused = await up({ "require-mfa:exemptUsers": JSON.stringify(users) });
      expect(errorsOf(refused)).to.have.lengthOf(1);
      expect(errorsOf(refused)[0]).to.match(
        /^1 problem in the settings of RequireMfa require-mfa; nothing was deployed\.\n\n {2}the SCP holding takes [\d,]+ characters\n {4}must take at most 5,120: shorten exemptUsers; /,
      );
      expect(deployed(refused)).to.deep.equal([]);
    });
  });
});
