import { expect } from "chai";
import { deployRolesIn, isDeployRole } from "../../core/deploy-roles";

const ROLES = ["arn:aws:iam::*:role/ci/deploy", "arn:aws-cn:iam::123456789012:role/release"];

describe("the deploy roles", () => {
  it("are the account's own where they may be any account's", () => {
    expect(deployRolesIn("111122223333", ROLES)).to.deep.equal([
      "arn:aws:iam::111122223333:role/ci/deploy",
      "arn:aws-cn:iam::123456789012:role/release",
    ]);
  });

  const callers: readonly (readonly [string, boolean])[] = [
    ["arn:aws:sts::111122223333:assumed-role/deploy/ci", true],
    ["arn:aws:iam::111122223333:role/ci/deploy", true],
    ["arn:aws-cn:sts::123456789012:assumed-role/release/a@b.c", true],
    ["arn:aws-cn:sts::111122223333:assumed-role/release/ci", false],
    ["arn:aws:sts::111122223333:assumed-role/deployer/ci", false],
    ["arn:aws:sts::111122223333:assumed-role/other/deploy", false],
    ["arn:aws:sts::111122223333:federated-user/deploy", false],
    ["arn:aws:iam::111122223333:user/deploy", false],
    ["arn:aws:iam::111122223333:root", false],
    ["", false],
  ];
  for (const [caller, expected] of callers) {
    it(`${expected ? "are" : "are not"} ${JSON.stringify(caller)}`, () => {
      expect(isDeployRole(caller, ROLES)).to.equal(expected);
    });
  }
});
