import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type EngineRun, runUnderEngine, UNKNOWN } from "../support/fake-engine";

const PROJECT_FOLDER = resolve(__dirname, "../..");

/** Each run is a process that loads the SDK, and the type check reads all declarations of the AWS provider. */
const PATIENCE_MS = 120_000;

/** The exit code by which a program tells Pulumi that it failed and has said why. */
const FAILED_AND_SAID_WHY = 32;

describe("the program under Pulumi's own entry point", function () {
  this.timeout(PATIENCE_MS);

  const program = { program: PROJECT_FOLDER, project: "require-mfa", stack: "dev" };
  const strict = { "aws:region": "us-east-1", "require-mfa:mode": "strict" };

  const everyResource = {
    "aws:iam/group:Group": 3,
    "aws:iam/policy:Policy": 3,
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": 3,
    "aws:iam/role:Role": 1,
    "aws:iam/rolePolicy:RolePolicy": 2,
    "aws:cloudwatch/logGroup:LogGroup": 1,
    "aws:lambda/function:Function": 1,
    "aws:cloudwatch/eventRule:EventRule": 2,
    "aws:cloudwatch/eventTarget:EventTarget": 2,
    "aws:lambda/permission:Permission": 2,
    "aws:lambda/invocation:Invocation": 1,
  };

  it("passes the type check of a preview and registers every resource", async () => {
    const run = await runUnderEngine({ ...program, config: strict, preview: true });

    expect(errorsOf(run)).to.deep.equal([]);
    expect(run.exitCode, run.stderr).to.equal(0);
    expect(countsOf(run)).to.deep.equal(everyResource);
  });

  describe("in an update", () => {
    let run: EngineRun;
    before(async () => {
      run = await runUnderEngine({ ...program, config: strict, preview: false, transpileOnly: true });
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

    it("makes the function wait for its role's permissions, without which the first events would fail", () => {
      expect(waitsFor("aws:lambda/function:Function", "require-mfa")).to.include(
        "Handler$aws:iam/rolePolicy:RolePolicy::require-mfa",
      );
    });

    it("lets events in once they may invoke the function and every guard has its policy", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa")).to.include.members([
        "Trigger$aws:lambda/permission:Permission::require-mfa",
        ...attachments,
      ]);
    });

    it("lets the schedule in on the same terms", () => {
      expect(waitsFor("aws:cloudwatch/eventTarget:EventTarget", "require-mfa-sweep")).to.include.members([
        "Sweep$aws:lambda/permission:Permission::require-mfa-sweep",
        ...attachments,
      ]);
    });

    it("sweeps once it may go on in another run, both targets stand and every guard has its policy", () => {
      expect(waitsFor("aws:lambda/invocation:Invocation", "require-mfa-backfill")).to.include.members([
        "Sweep$aws:iam/rolePolicy:RolePolicy::require-mfa-sweep",
        "Trigger$aws:cloudwatch/eventTarget:EventTarget::require-mfa",
        "Sweep$aws:cloudwatch/eventTarget:EventTarget::require-mfa-sweep",
        ...attachments,
      ]);
    });
  });

  it("ends on a misspelt mode with one error that names it and the mode that was meant, before any resource", async () => {
    const config = { ...strict, "require-mfa:mode": "strickt" };
    const run = await runUnderEngine({ ...program, config, preview: false, transpileOnly: true });

    const errors = errorsOf(run);
    expect(errors).to.have.lengthOf(1);
    expect(errors[0]).to.include("strickt").and.to.include("strict");
    expect(run.exitCode).to.equal(FAILED_AND_SAID_WHY);
    expect(countsOf(run)).to.deep.equal({});
  });
});

describe("the fake engine", function () {
  this.timeout(PATIENCE_MS);

  const program = `
    const pulumi = require("@pulumi/pulumi");
    class Resource extends pulumi.CustomResource {}
    class Pair extends pulumi.ComponentResource {}

    const pair = new Pair("test:index:Pair", "pair");
    const made = { name: undefined, arn: undefined };
    const group = new Resource("aws:iam/group:Group", "held", { ...made, path: "/guards/" }, { parent: pair });
    const handler = new Resource("aws:lambda/function:Function", "handler", {
      ...made,
      name: "door-keeper",
      environment: pulumi.secret({ GROUP: group.arn }),
      code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("export {};") }),
      readme: new pulumi.asset.FileAsset("README.md"),
      group,
    });
    pulumi.log.warn("mind the gap");
    module.exports = { group: group.arn, groupId: group.id, handler: handler.arn, name: group.name };
  `;

  let folder: string;

  const run = (source: string, preview: boolean): Promise<EngineRun> => {
    writeFileSync(join(folder, "index.js"), source);
    return runUnderEngine({
      program: folder,
      project: "fixture",
      stack: "dev",
      preview,
      config: { "aws:region": "us-east-1" },
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fake-engine-"));
    symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
    writeFileSync(join(folder, "README.md"), "Who goes there?");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("gives new resources their names, ids and ARNs in an update, and decodes what they were given", async () => {
    const { exitCode, resources, outputs, diagnostics } = await run(program, false);

    expect(exitCode).to.equal(0);
    expect(diagnostics.filter(({ severity }) => severity === "warning")).to.deep.equal([
      { severity: "warning", message: "mind the gap" },
    ]);
    expect(resources).to.deep.equal([
      {
        type: "pulumi:pulumi:Stack",
        name: "fixture-dev",
        custom: false,
        inputs: {},
        parent: "",
        protect: false,
        dependencies: [],
      },
      {
        type: "test:index:Pair",
        name: "pair",
        custom: false,
        inputs: {},
        parent: "urn:pulumi:dev::fixture::pulumi:pulumi:Stack::fixture-dev",
        protect: false,
        dependencies: [],
      },
      {
        type: "aws:iam/group:Group",
        name: "held",
        custom: true,
        inputs: { path: "/guards/" },
        parent: "urn:pulumi:dev::fixture::test:index:Pair::pair",
        protect: false,
        dependencies: [],
      },
      {
        type: "aws:lambda/function:Function",
        name: "handler",
        custom: true,
        inputs: {
          name: "door-keeper",
          environment: { GROUP: "arn:aws:iam::123456789012:group/guards/held-1a2b3c4" },
          code: { "index.mjs": "export {};" },
          readme: "Who goes there?",
          group: "held-1a2b3c4",
        },
        parent: "urn:pulumi:dev::fixture::pulumi:pulumi:Stack::fixture-dev",
        protect: false,
        dependencies: ["urn:pulumi:dev::fixture::test:index:Pair$aws:iam/group:Group::held"],
      },
    ]);
    expect(outputs).to.deep.equal({
      group: "arn:aws:iam::123456789012:group/guards/held-1a2b3c4",
      groupId: "held-1a2b3c4",
      handler: "arn:aws:lambda:us-east-1:123456789012:function:door-keeper",
      name: "held-1a2b3c4",
    });
  });

  it("knows neither ids nor ARNs of new resources in a preview, but their names", async () => {
    const { exitCode, resources, outputs } = await run(program, true);

    expect(exitCode).to.equal(0);
    expect(resources[3]?.inputs).to.deep.include({ environment: UNKNOWN, group: UNKNOWN });
    expect(outputs).to.deep.equal({ group: UNKNOWN, groupId: UNKNOWN, handler: UNKNOWN, name: "held-1a2b3c4" });
  });

  it("refuses two resources of one type and name", async () => {
    const twins = `
      const { CustomResource } = require("@pulumi/pulumi");
      for (const twin of ["one", "two"]) new CustomResource("aws:iam/group:Group", "held", { path: twin });
    `;
    const duplicated = await run(twins, false);

    expect(errorsOf(duplicated).join()).to.include(
      "Duplicate resource URN 'urn:pulumi:dev::fixture::aws:iam/group:Group::held'",
    );
    expect(duplicated.exitCode).to.equal(FAILED_AND_SAID_WHY);
  });

  it("fails a run that calls a function it doesn't know, even where the program makes do without", async () => {
    const asking = `
      const { runtime } = require("@pulumi/pulumi");
      module.exports = () => runtime.invoke("aws:iam/getUsers:getUsers", {}).catch(() => ({}));
    `;
    const failure = await run(asking, false).catch((error: unknown) => error);

    expect(failure).to.be.an("error").with.property("message").that.includes("aws:iam/getUsers:getUsers");
  });
});

/** How many resources of each AWS type were registered. */
function countsOf({ resources }: EngineRun): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) if (type.startsWith("aws:")) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function errorsOf({ diagnostics }: EngineRun): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}
