import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";

const PROJECT_FOLDER = resolve(__dirname, "../..");
const PULUMI_YAML =
  "name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --import tsx\n";

/** Runs a program of somebody else's that uses the component; `require` and `aws` are there for it. */
async function run(source: string): Promise<EngineRun> {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  try {
    symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(folder, "node_modules"), "junction");
    mkdirSync(join(folder, "program"));
    writeFileSync(join(folder, "Pulumi.yaml"), PULUMI_YAML);
    writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
    const component = JSON.stringify(join(PROJECT_FOLDER, "component.js"));
    const lines = [`const { RequireMfa } = require(${component});`, 'const aws = require("@pulumi/aws");', source];
    writeFileSync(join(folder, "index.js"), lines.join("\n"));
    return await runUnderEngine({
      program: folder,
      stack: "prod",
      preview: false,
      config: { "aws:region": "us-east-1" },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const namesOf = ({ resources }: EngineRun, type: string) =>
  resources.filter((resource) => resource.type === type).map(({ name }) => name);

describe("the component in a program of somebody else's", function () {
  this.timeout(120_000);

  it("may be there twice, with two providers, each in its own partition and region", async () => {
    const twice = await run(`
      const gov = new aws.Provider("gov", { region: "us-gov-west-1" });
      new RequireMfa("people", { mode: "strict" });
      const other = new RequireMfa("gov-people", {}, { provider: gov });
      module.exports = { mode: other.mode, guards: other.guards };
    `);
    expect(errorsOf(twice)).to.deep.equal([]);
    expect(namesOf(twice, "require-mfa:index:RequireMfa")).to.have.members(["people", "gov-people"]);
    expect(namesOf(twice, "aws:iam/group:Group")).to.have.members([
      "people-quarantine",
      "people-conditional",
      "people-sealed",
      "gov-people-quarantine",
      "gov-people-conditional",
      "gov-people-sealed",
    ]);
    expect(twice.resources.filter(({ type }) => type.startsWith("aws:"))).to.have.lengthOf(190);
    const policies = twice.resources.filter(({ type }) => type === "aws:iam/policy:Policy");
    const partitionsOf = (name: string) =>
      JSON.stringify(policies.find((policy) => policy.name === name)?.inputs["policy"]).match(/arn:aws[\w-]*:iam/g) ??
      [];
    expect(new Set(partitionsOf("people-sealed"))).to.deep.equal(new Set(["arn:aws:iam"]));
    expect(new Set(partitionsOf("gov-people-sealed"))).to.deep.equal(new Set(["arn:aws-us-gov:iam"]));
    expect(twice.outputs["mode"]).to.equal("quarantine");
    expect(twice.outputs["guards"]).to.have.property("sealed").that.includes({ group: "gov-people-sealed-1a2b3c4" });
  });

  it("registers nothing but components where its provider works where IAM's events don't arrive, and says so once", async () => {
    const elsewhere = await run(`
      const provider = new aws.Provider("europe", { region: "eu-central-1" });
      new RequireMfa("people", {}, { provider });
    `);
    expect(errorsOf(elsewhere)).to.deep.equal([
      '1 problem in the provider of RequireMfa people; nothing was deployed.\n\n  the region of the AWS provider is "eu-central-1"\n    IAM\'s events never arrive there; in the partition aws they arrive in us-east-1 only\n    pulumi config set aws:region us-east-1',
    ]);
    expect(elsewhere.exitCode).to.equal(32);
    expect(elsewhere.resources.filter(({ type }) => type.startsWith("aws:"))).to.deep.equal([]);
  });

  it("registers nothing at all below itself where an argument is wrong, and says so once", async () => {
    const wrong = await run('new RequireMfa("people", { mode: "strickt", exemptUsers: ["svc-*"] });');
    expect(errorsOf(wrong)).to.have.lengthOf(1);
    expect(errorsOf(wrong)[0]).to.match(/^2 problems in the arguments of RequireMfa people; nothing was deployed\./);
    expect(wrong.resources.map(({ type }) => type)).to.deep.equal([
      "pulumi:pulumi:Stack",
      "require-mfa:index:RequireMfa",
    ]);
  });

  it("refuses an Output for an argument by the argument's name", async () => {
    const pending = await run(`
      const { group } = { group: new aws.iam.Group("break-glass", {}) };
      new RequireMfa("people", { exemptGroups: [group.name] });
    `);
    expect(errorsOf(pending)[0]).to.include("exemptGroups is an Output\n    must be a plain value");
  });
});
