import { expect } from "chai";
import { runUnderEngine } from "../../fake-engine/fake-engine";

/** Names of the resources that Pulumi would refuse to delete. */
async function protectedIn(mode: string): Promise<readonly string[]> {
  const { exitCode, resources } = await runUnderEngine({
    program: process.cwd(),
    stack: "dev",
    preview: false,
    config: { "aws:region": "us-east-1", "require-mfa:mode": mode },
  });
  expect(exitCode).to.equal(0);
  const kept = resources.filter(({ protect, custom }) => protect && custom);
  return kept.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();
}

describe("pulumi destroy", function () {
  this.timeout(120_000);

  it("is refused every guard in a mode that holds people, the attachment that makes it hold among it", async () => {
    expect(await protectedIn("strict")).to.deep.equal([
      "Group require-mfa-conditional",
      "Group require-mfa-quarantine",
      "Group require-mfa-sealed",
      "GroupPolicyAttachment require-mfa-conditional",
      "GroupPolicyAttachment require-mfa-quarantine",
      "GroupPolicyAttachment require-mfa-sealed",
      "Policy require-mfa-conditional",
      "Policy require-mfa-quarantine",
      "Policy require-mfa-sealed",
    ]);
  });

  it("may delete everything once mode off has freed them", async () => {
    expect(await protectedIn("off")).to.deep.equal([]);
  });
});
