import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import { policyDocument } from "../../policies/document";
import { policyJson } from "../../resources/policy-json";
import { failureOf } from "../support/failure";

describe("a policy on its way to a resource", () => {
  const expected = { name: "require-mfa-sealed", partition: "aws", characters: 6_144 };

  it("is JSON without white space", async () => {
    const document = policyDocument({
      Sid: "ReadUsers",
      Effect: "Allow",
      Action: "iam:GetUser",
      Resource: "arn:aws:iam::*:user/alice",
    });
    expect(await policyJson({ ...expected, document })).to.equal(
      '{"Version":"2012-10-17","Statement":[{"Sid":"ReadUsers","Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::*:user/alice"}]}',
    );
  });

  it("is stopped by one error that tells everything, and no stack", async () => {
    const document = policyDocument({
      Sid: "ReadUsers",
      Effect: "Allow",
      Action: "iam:GetUsr",
      Resource: "arn:aws-cn:iam::*:user/*",
    });
    const failure = await failureOf(policyJson({ ...expected, document }));
    expect(RunError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.equal(
      [
        "2 problems in the policy require-mfa-sealed; it was not deployed.",
        '  require-mfa-sealed.Statement[0].Action: given "iam:GetUsr", expected an action of iam',
        '  require-mfa-sealed.Statement[0].Resource: given "arn:aws-cn:iam::*:user/*", expected an ARN of the partition aws',
      ].join("\n\n"),
    );
    expect(failure.stack).to.equal(`${failure.message}`);
  });
});
