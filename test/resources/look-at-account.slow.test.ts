import { resolve } from "node:path";
import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";
import { peopleOf } from "../support/people";
import { newPreviewer, type Previewer } from "../support/previewer";
import { newWorld, type World } from "../support/world";

const PROGRAM = { program: resolve(__dirname, "../.."), stack: "dev" };
const FAILED_AND_SAID_WHY = 32;
// A stack that mails nobody is warned of, which is not what is looked at here. The address is one resource more.
const TOLD = { "require-mfa:notifyEmails": '["ops@example.com"]' };
const RESOURCES = 96;

describe("the program's look at the account, under Pulumi's own entry point", function () {
  this.timeout(120_000);

  let world: World;
  let previewer: Previewer;
  beforeEach(async () => {
    world = await newWorld({ reportPolls: 0 });
    previewer = await newPreviewer(world);
    const { person } = peopleOf(world);
    person("alice", "password");
    person("bob", "password", "device");
  });
  afterEach(async () => {
    await previewer.close();
    await world.close();
  });

  const toldBy = ({ diagnostics }: EngineRun, severity: "info" | "warning") =>
    diagnostics.filter((each) => each.severity === severity).map(({ message }) => message);
  const deployed = ({ resources }: EngineRun) => resources.filter(({ type }) => type.startsWith("aws:")).length;

  it("tells a preview whom the settings would hold, and writes nothing", async () => {
    const before = world.records.length;
    const config = { ...previewer.configuration(), ...TOLD, "require-mfa:exemptUsers": '["allice"]' };
    const run = await runUnderEngine({ ...PROGRAM, config, preview: true });
    expect(toldBy(run, "info")).to.have.lengthOf(1);
    expect(toldBy(run, "info")[0]).to.match(
      /of 2 users 1 would be newly held, .*\n {2}newly held in quarantine: a password, no MFA device: alice$/,
    );
    expect(toldBy(run, "warning")).to.deep.equal([
      'exemptUsers names "allice", which matches nobody (the nearest is "alice")',
    ]);
    expect([run.exitCode, run.stderr, deployed(run)]).to.deep.equal([0, "", RESOURCES]);
    expect(world.records.slice(before)).to.deep.equal([]);
  });

  it("stops a preview beyond failOnImpact with one error, told of whom", async () => {
    const config = { ...previewer.configuration(), "require-mfa:failOnImpact": "0" };
    const run = await runUnderEngine({ ...PROGRAM, config, preview: true });
    expect(errorsOf(run)).to.deep.equal([
      "this would newly hold 1 users, more than failOnImpact allows, 0; nothing was deployed.\n  If they are to be held, confirm it:\n    pulumi config set failOnImpact 1",
    ]);
    expect(run.exitCode).to.equal(FAILED_AND_SAID_WHY);
    expect(toldBy(run, "info")).to.have.lengthOf(1);
  });

  it("does not tell an update, nor stop it", async () => {
    const before = world.account.log.length;
    const config = { ...previewer.configuration(), "require-mfa:failOnImpact": "0" };
    const run = await runUnderEngine({ ...PROGRAM, config, preview: false });
    expect([errorsOf(run), toldBy(run, "info"), run.exitCode]).to.deep.equal([[], [], 0]);
    expect(world.account.log.slice(before)).to.deep.equal([]);
  });

  for (const preview of [true, false]) {
    it(`stops ${preview ? "a preview" : "an update"} that would lock out its own caller, before any resource, with one error`, async () => {
      const caller = "arn:aws:iam::123456789012:user/alice";
      previewer.principals.set("AKIAALICE", { type: "IAMUser", userName: "alice" });
      previewer.callers.set("AKIAALICE", { accountId: "123456789012", arn: caller });
      const run = await runUnderEngine({ ...PROGRAM, config: previewer.configuration("AKIAALICE"), preview, caller });
      expect(errorsOf(run)).to.have.lengthOf(1);
      expect(errorsOf(run)[0]).to.match(/^these settings would lock out alice, who deploys them: /);
      expect([run.exitCode, deployed(run)]).to.deep.equal([FAILED_AND_SAID_WHY, 0]);
    });
  }

  it("goes on without credentials, with one warning", async () => {
    const env = { AWS_EC2_METADATA_DISABLED: "true" };
    const run = await runUnderEngine({
      ...PROGRAM,
      config: { ...TOLD, "aws:region": "us-east-1" },
      preview: true,
      env,
    });
    expect(toldBy(run, "warning")).to.deep.equal([
      "whom these settings would hold can't be told: no credentials: Could not load credentials from any providers",
    ]);
    expect([run.exitCode, errorsOf(run), deployed(run)]).to.deep.equal([0, [], RESOURCES]);
  });
});
