import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine, UNKNOWN } from "../../fake-engine/fake-engine";

const PROJECT_FOLDER = resolve(__dirname, "../..");

/** The exit code by which a program tells Pulumi that it failed and has said why. */
const FAILED_AND_SAID_WHY = 32;

describe("the fake engine", () => {
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

  const describeProject = (options: object, main?: string): void => {
    const project = { name: "fixture", runtime: { name: "nodejs", options }, main };
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify(project));
  };

  const run = (source: string, preview: boolean, file = "index.js"): Promise<EngineRun> => {
    writeFileSync(join(folder, file), source);
    return runUnderEngine({
      program: folder,
      stack: "dev",
      preview,
      config: { "aws:region": "us-east-1" },
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fake-engine-"));
    symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
    describeProject({});
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
        urn: "urn:pulumi:dev::fixture::pulumi:pulumi:Stack::fixture-dev",
        type: "pulumi:pulumi:Stack",
        name: "fixture-dev",
        custom: false,
        inputs: {},
        parent: "",
        protect: false,
        retainOnDelete: false,
        dependencies: [],
      },
      {
        urn: "urn:pulumi:dev::fixture::test:index:Pair::pair",
        type: "test:index:Pair",
        name: "pair",
        custom: false,
        inputs: {},
        parent: "urn:pulumi:dev::fixture::pulumi:pulumi:Stack::fixture-dev",
        protect: false,
        retainOnDelete: false,
        dependencies: [],
      },
      {
        urn: "urn:pulumi:dev::fixture::test:index:Pair$aws:iam/group:Group::held",
        type: "aws:iam/group:Group",
        name: "held",
        custom: true,
        inputs: { path: "/guards/" },
        parent: "urn:pulumi:dev::fixture::test:index:Pair::pair",
        protect: false,
        retainOnDelete: false,
        dependencies: [],
      },
      {
        urn: "urn:pulumi:dev::fixture::aws:lambda/function:Function::handler",
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
        retainOnDelete: false,
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

  it("runs the file that Pulumi.yaml names, whatever package.json names", async () => {
    describeProject({}, "other.js");
    const { exitCode, outputs } = await run('module.exports = { ran: "other" };', true, "other.js");

    expect(exitCode).to.equal(0);
    expect(outputs).to.deep.equal({ ran: "other" });
  });

  const mistyped = 'const count: number = "three";\nexport const ran: string = `with ${count}`;\n';

  it("checks types where Pulumi.yaml says nothing of TypeScript, and tells file and line", async () => {
    describeProject({}, "typed.ts");
    const checked = await run(mistyped, true, "typed.ts");

    expect(errorsOf(checked)).to.have.lengthOf(1);
    expect(stripVTControlCharacters(errorsOf(checked).join())).to.match(
      /typed\.ts[(:]1.+TS2322: Type 'string' is not assignable to type 'number'/s,
    );
    expect(checked.exitCode).to.equal(FAILED_AND_SAID_WHY);
  });

  it("leaves types unchecked where Pulumi.yaml has Node load tsx in place of it", async () => {
    describeProject({ typescript: false, nodeargs: "--import tsx" }, "typed.ts");
    const { exitCode, outputs, stderr } = await run(mistyped, true, "typed.ts");

    expect(exitCode, stderr).to.equal(0);
    expect(outputs).to.deep.equal({ ran: "with three" });
  });

  it("refuses an option of the runtime that it would pass over", async () => {
    describeProject({ tsconfig: "tsconfig.pulumi.json" });
    const failure = await run(program, true).catch((error: unknown) => error);

    expect(failure).to.be.an("error").with.property("message").that.includes("tsconfig");
  });
});
