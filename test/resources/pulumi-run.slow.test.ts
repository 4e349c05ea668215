import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";

const PROJECT_FOLDER = resolve(__dirname, "../..");

/** Each run is a process that loads the SDK. */
const PATIENCE_MS = 120_000;

/** The exit code by which a program tells Pulumi that it failed and has said why. */
const FAILED_AND_SAID_WHY = 32;

describe("the program under Pulumi's own entry point", function () {
  this.timeout(PATIENCE_MS);

  const program = { program: PROJECT_FOLDER, stack: "dev" };
  const strict = { "aws:region": "us-east-1", "require-mfa:mode": "strict" };

  const everyResource = {
    "aws:iam/group:Group": 3,
    "aws:iam/policy:Policy": 3,
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": 3,
    "aws:iam/role:Role": 1,
    "aws:iam/rolePolicy:RolePolicy": 2,
    "aws:cloudwatch/logGroup:LogGroup": 1,
    "aws:lambda/function:Function": 1,
    "aws:cloudwatch/eventRule:EventRule": 12,
    "aws:cloudwatch/eventTarget:EventTarget": 12,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 43,
    "aws:cloudwatch/dashboard:Dashboard": 1,
    "aws:lambda/permission:Permission": 3,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": 1,
    "aws:lambda/invocation:Invocation": 1,
    "aws:sns/topic:Topic": 1,
    "aws:sns/topicPolicy:TopicPolicy": 1,
    "aws:sqs/queue:Queue": 3,
    "aws:sqs/queuePolicy:QueuePolicy": 3,
  };

  it("registers every resource in a preview", async () => {
    const run = await runUnderEngine({ ...program, config: strict, preview: true });

    expect(errorsOf(run)).to.deep.equal([]);
    expect(run.exitCode, run.stderr).to.equal(0);
    expect(countsOf(run)).to.deep.equal(everyResource);
  });

  describe("in an update", () => {
    let run: EngineRun;
    before(async () => {
      run = await runUnderEngine({ ...program, config: strict, preview: false });
    });

    /** What all URNs of this program's components begin with. */
    const components = "urn:pulumi:dev::require-mfa::require-mfa:index:RequireMfa$require-mfa:index:";

    /** What a resource waits for, told by component, type and name. */
    const waitsFor = (type: string, name: string) => {
      const found = run.resources.filter((resource) => resource.type === type && resource.name === name);
      expect(found, `${type} ${name}`).to.have.lengthOf(1);
      return found.flatMap(({ dependencies }) => dependencies.map((urn) => urn.replace(components, "")));
    };

    const attachments = [
      "Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-quarantine",
      "Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-conditional",
      "Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-sealed",
    ];

    it("registers the same resources", () => {
      expect(errorsOf(run)).to.deep.equal([]);
      expect(run.exitCode, run.stderr).to.equal(0);
      expect(countsOf(run)).to.deep.equal(everyResource);
    });

    it("makes the function wait for its permission to write the log, and for no other, which all name the function", () => {
      const ofTheRole = waitsFor("aws:lambda/function:Function", "require-mfa").filter((each) =>
        each.includes("Policy::"),
      );
      expect(ofTheRole).to.include("Handler$aws:iam/rolePolicy:RolePolicy::require-mfa-log");
      expect(ofTheRole).to.not.include("Handler$aws:iam/rolePolicy:RolePolicy::require-mfa");
      expect(waitsFor("aws:iam/rolePolicy:RolePolicy", "require-mfa")).to.include(
        "Handler$aws:lambda/function:Function::require-mfa",
      );
    });

    const permissions = "Handler$aws:iam/rolePolicy:RolePolicy::require-mfa";

    it("lets events in once they may invoke the function, it may do its work and every guard has its policy", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa")).to.include.members([
        "Trigger$aws:lambda/permission:Permission::require-mfa",
        permissions,
        ...attachments,
      ]);
    });

    it("lets in events about guards on the same terms", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa-guards")).to.include.members([
        "Trigger$aws:lambda/permission:Permission::require-mfa-guards",
        permissions,
        ...attachments,
      ]);
    });

    it("lets the schedule in on the same terms", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa-sweep")).to.include.members([
        "Sweep$aws:lambda/permission:Permission::require-mfa-sweep",
        permissions,
        ...attachments,
      ]);
    });

    it("sweeps once the function may do its work, all targets stand and every guard has its policy", () => {
      expect(waitsFor("aws:lambda/invocation:Invocation", "require-mfa-backfill")).to.include.members([
        permissions,
        "Trigger$aws:cloudwatch/eventTarget:EventTarget::require-mfa",
        "Trigger$aws:cloudwatch/eventTarget:EventTarget::require-mfa-guards",
        "Sweep$aws:cloudwatch/eventTarget:EventTarget::require-mfa-sweep",
        "Told$aws:cloudwatch/eventTarget:EventTarget::require-mfa-told",
        ...attachments,
      ]);
    });

    it("listens for sweeps once one has come, and tells the topic once it may be told", () => {
      const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
      const sweep = "Sweep$aws:lambda/invocation:Invocation::require-mfa-backfill";
      const policy = "Told$aws:sns/topicPolicy:TopicPolicy::require-mfa";
      expect(waitsFor(alarm, "require-mfa-heartbeat")).to.include.members([sweep, policy]);
      expect(waitsFor(alarm, "require-mfa-errors")).to.include(policy).and.not.to.include(sweep);
      expect(waitsFor("aws:cloudwatch/dashboard:Dashboard", "require-mfa")).not.to.include(sweep);
    });

    it("has mails written once rules may publish", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa-told")).to.include(
        "Told$aws:sns/topicPolicy:TopicPolicy::require-mfa",
      );
    });

    it("sweeps whenever the function was changed, though the settings be those of a sweep before", () => {
      const [sweep] = run.resources.filter(({ type }) => type === "aws:lambda/invocation:Invocation");
      expect(sweep?.replacementTrigger).to.equal("2026-11-20T09:00:00.000+0000");
      expect(sweep?.inputs["triggers"]).to.include({ MODE: "strict" });
    });
  });

  it("keeps the names by which a stack's state knows everything", async () => {
    const run = await runUnderEngine({ ...program, config: strict, preview: false });
    const ofTheProgram = "urn:pulumi:dev::require-mfa::";
    // Another name is another resource: the old one would be deleted, and whoever it holds with it.
    expect(run.resources.map(({ urn }) => urn.replace(ofTheProgram, "")).sort()).to.deep.equal([
      "pulumi:pulumi:Stack::require-mfa-dev",
      "require-mfa:index:RequireMfa$aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-destination",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-drift",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-errors",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-exempt-unprotected",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-failures",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-guard-broken",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-heartbeat",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-missing-groups",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-not-told",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-notifications",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-pending",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-queue-failed",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-queue-undelivered",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-queue-untold",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-releases-stopped",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-report-missing",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-guards",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-guards",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-sweep",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-alarms",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-events",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-iam",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-lambda",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-logs",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-sns",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-sqs",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-tamper-trail",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-told",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-queue-users",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-sweep",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-alarms",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-events",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-iam",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-lambda",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-logs",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-sns",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-sqs",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-tamper-trail",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-told",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-rule-users",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-throttles",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-trail-missing",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::require-mfa-unholdable",
      "require-mfa:index:RequireMfa$require-mfa:index:Alarms::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Dashboard$aws:cloudwatch/dashboard:Dashboard::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Dashboard::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/group:Group::require-mfa-conditional",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/group:Group::require-mfa-quarantine",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/group:Group::require-mfa-sealed",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-conditional",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-quarantine",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/groupPolicyAttachment:GroupPolicyAttachment::require-mfa-sealed",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/policy:Policy::require-mfa-conditional",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/policy:Policy::require-mfa-quarantine",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard$aws:iam/policy:Policy::require-mfa-sealed",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard::require-mfa-conditional",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard::require-mfa-quarantine",
      "require-mfa:index:RequireMfa$require-mfa:index:Guard::require-mfa-sealed",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler$aws:cloudwatch/logGroup:LogGroup::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler$aws:iam/role:Role::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler$aws:iam/rolePolicy:RolePolicy::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler$aws:iam/rolePolicy:RolePolicy::require-mfa-log",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler$aws:lambda/function:Function::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Handler::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:QueuePolicies$aws:sqs/queuePolicy:QueuePolicy::require-mfa-failed",
      "require-mfa:index:RequireMfa$require-mfa:index:QueuePolicies$aws:sqs/queuePolicy:QueuePolicy::require-mfa-undelivered",
      "require-mfa:index:RequireMfa$require-mfa:index:QueuePolicies$aws:sqs/queuePolicy:QueuePolicy::require-mfa-untold",
      "require-mfa:index:RequireMfa$require-mfa:index:QueuePolicies::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Queues$aws:sqs/queue:Queue::require-mfa-failed",
      "require-mfa:index:RequireMfa$require-mfa:index:Queues$aws:sqs/queue:Queue::require-mfa-undelivered",
      "require-mfa:index:RequireMfa$require-mfa:index:Queues$aws:sqs/queue:Queue::require-mfa-untold",
      "require-mfa:index:RequireMfa$require-mfa:index:Queues::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Sweep$aws:cloudwatch/eventRule:EventRule::require-mfa-sweep",
      "require-mfa:index:RequireMfa$require-mfa:index:Sweep$aws:cloudwatch/eventTarget:EventTarget::require-mfa-sweep",
      "require-mfa:index:RequireMfa$require-mfa:index:Sweep$aws:lambda/invocation:Invocation::require-mfa-backfill",
      "require-mfa:index:RequireMfa$require-mfa:index:Sweep$aws:lambda/permission:Permission::require-mfa-sweep",
      "require-mfa:index:RequireMfa$require-mfa:index:Sweep::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-alarms",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-events",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-iam",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-lambda",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-logs",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-sns",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-sqs",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventRule:EventRule::require-mfa-tamper-trail",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-alarms",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-events",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-iam",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-lambda",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-logs",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-sns",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-sqs",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper$aws:cloudwatch/eventTarget:EventTarget::require-mfa-tamper-trail",
      "require-mfa:index:RequireMfa$require-mfa:index:Tamper::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Told$aws:cloudwatch/eventRule:EventRule::require-mfa-told",
      "require-mfa:index:RequireMfa$require-mfa:index:Told$aws:cloudwatch/eventTarget:EventTarget::require-mfa-told",
      "require-mfa:index:RequireMfa$require-mfa:index:Told$aws:sns/topic:Topic::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Told$aws:sns/topicPolicy:TopicPolicy::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Told::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:cloudwatch/eventRule:EventRule::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:cloudwatch/eventRule:EventRule::require-mfa-guards",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:cloudwatch/eventTarget:EventTarget::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:cloudwatch/eventTarget:EventTarget::require-mfa-guards",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:lambda/permission:Permission::require-mfa",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger$aws:lambda/permission:Permission::require-mfa-guards",
      "require-mfa:index:RequireMfa$require-mfa:index:Trigger::require-mfa",
      "require-mfa:index:RequireMfa::require-mfa",
    ]);
  });

  it("warns of each address that has not confirmed, and of none at all", async () => {
    const warningsWith = async (notifyEmails: string) => {
      const config = { ...strict, "require-mfa:notifyEmails": notifyEmails };
      const { diagnostics } = await runUnderEngine({ ...program, config, preview: false });
      return diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
    };
    expect(await warningsWith('["security@example.com","ops@example.com"]')).to.have.members([
      "security@example.com gets no mail before it has confirmed, by the link in a mail of AWS («AWS Notification - Subscription Confirmation»)",
      "ops@example.com gets no mail before it has confirmed, by the link in a mail of AWS («AWS Notification - Subscription Confirmation»)",
    ]);
    expect(await warningsWith("[]")).to.deep.equal([
      "notifyEmails is empty: nobody gets a mail of what wants a human; name an address there, or subscribe as docs/subscribers.md shows",
    ]);
  });

  it("tells the file of an error in its TypeScript", async () => {
    const folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    try {
      for (const each of ["Pulumi.yaml", "package.json", "tsconfig.json"]) cpSync(each, join(folder, each));
      symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"), "junction");
      writeFileSync(join(folder, "index.ts"), 'const what: string = "somebody broke it";\nthrow new Error(what);\n');
      const run = await runUnderEngine({ ...program, program: folder, config: strict, preview: true });
      expect(stripVTControlCharacters(errorsOf(run).join())).to.match(/somebody broke it\n.*index\.ts:\d+:\d+/);
      expect(run.exitCode).to.equal(FAILED_AND_SAID_WHY);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("ends on a misspelt mode with one error that names it and the mode that was meant, before any resource", async () => {
    const config = { ...strict, "require-mfa:mode": "strickt" };
    const run = await runUnderEngine({ ...program, config, preview: false });

    const errors = errorsOf(run);
    expect(errors).to.have.lengthOf(1);
    expect(errors[0]).to.include("strickt").and.to.include("strict");
    expect(run.exitCode).to.equal(FAILED_AND_SAID_WHY);
    expect(countsOf(run)).to.deep.equal({});
  });
});

/** How many resources of each AWS type were registered. */
function countsOf({ resources }: EngineRun): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) if (type.startsWith("aws:")) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
