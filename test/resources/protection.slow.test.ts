import { expect } from "chai";
import { type EngineRun, runUnderEngine } from "../../fake-engine/fake-engine";

type Resource = EngineRun["resources"][number];

const told = (resources: readonly Resource[]) =>
  resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();

/** What a mode deploys, but for components. */
async function deployedIn(mode: string): Promise<readonly Resource[]> {
  const { exitCode, resources } = await runUnderEngine({
    program: process.cwd(),
    stack: "dev",
    preview: false,
    config: {
      "aws:region": "us-east-1",
      "require-mfa:mode": mode,
      "require-mfa:notifyEmails": '["ops@example.com"]',
    },
  });
  expect(exitCode).to.equal(0);
  return resources.filter(({ custom }) => custom);
}

/** Names of the resources that Pulumi would refuse to delete. */
const protectedAmong = (resources: readonly Resource[]) => told(resources.filter(({ protect }) => protect));

/** Names of the resources on which nothing waits, with which a deletion begins. */
function leavesAmong(resources: readonly Resource[]): readonly string[] {
  const awaited = new Set(resources.flatMap(({ dependencies }) => dependencies));
  return told(resources.filter(({ urn }) => !awaited.has(urn)));
}

describe("pulumi destroy", function () {
  this.timeout(120_000);

  it("is refused every guard in a mode that holds people, the attachment that makes it hold among it", async () => {
    expect(protectedAmong(await deployedIn("strict"))).to.deep.equal([
      "FunctionEventInvokeConfig require-mfa",
      "Group require-mfa-conditional",
      "Group require-mfa-quarantine",
      "Group require-mfa-sealed",
      "GroupPolicyAttachment require-mfa-conditional",
      "GroupPolicyAttachment require-mfa-quarantine",
      "GroupPolicyAttachment require-mfa-sealed",
      "MetricAlarm require-mfa-heartbeat",
      "Policy require-mfa-conditional",
      "Policy require-mfa-quarantine",
      "Policy require-mfa-sealed",
    ]);
  });

  it("may delete everything once mode off has freed them", async () => {
    expect(protectedAmong(await deployedIn("off"))).to.deep.equal([]);
  });

  it("begins with what is protected, and with nothing else", async () => {
    expect(leavesAmong(await deployedIn("strict"))).to.deep.equal([
      "FunctionEventInvokeConfig require-mfa",
      "MetricAlarm require-mfa-heartbeat",
    ]);
  });

  it("is let through only after the sweep of mode off", async () => {
    expect(leavesAmong(await deployedIn("off"))).to.deep.equal(["FunctionEventInvokeConfig require-mfa"]);
  });

  it("leaves the log where it is even in mode off", async () => {
    const resources = await deployedIn("off");
    expect(told(resources.filter(({ retainOnDelete }) => retainOnDelete))).to.deep.equal(["LogGroup require-mfa"]);
  });
});
