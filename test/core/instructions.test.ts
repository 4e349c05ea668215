import { expect } from "chai";
import { fromEnvironment, type Instructions, toEnvironment } from "../../core/instructions";
import { GUARDS } from "../support/guards";

const INSTRUCTIONS: Instructions = {
  guards: GUARDS,
  policyDigests: {
    quarantine: "7JsPOGsyv6DSQ7lPW9oTDMFP_yPkgFCHYH3XHhLm-6A",
    conditional: "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
    sealed: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
  },
  settings: {
    mode: "strict",
    onlyUsers: [],
    onlyPaths: ["/staff/"],
    onlyGroups: ["console-users"],
    exemptUsers: ["break-glass", "doe,john"],
    exemptPaths: [],
    exemptGroups: ["machines"],
    spareKeyOnlyUsers: true,
    dryRun: true,
    enrolmentByAccessKey: true,
    enforceFrom: "2027-01-01",
    graceDays: 14,
    maxReleases: 7,
    sweepEvery: "rate(2 hours)",
  },
};

describe("the handler's environment", () => {
  const write = () => toEnvironment(INSTRUCTIONS);

  it("reads in plain words", () => {
    expect(write()).to.deep.equal({
      MODE: "strict",
      DRY_RUN: "true",
      ENROLMENT_BY_ACCESS_KEY: "true",
      ONLY_USERS: "[]",
      ONLY_PATHS: '["/staff/"]',
      ONLY_GROUPS: '["console-users"]',
      EXEMPT_USERS: '["break-glass","doe,john"]',
      EXEMPT_PATHS: "[]",
      EXEMPT_GROUPS: '["machines"]',
      SPARE_KEY_ONLY_USERS: "true",
      ENFORCE_FROM: "2027-01-01",
      GRACE_DAYS: "14",
      MAX_RELEASES: "7",
      SWEEP_EVERY: "rate(2 hours)",
      QUARANTINE_GROUP: "require-mfa-quarantine-1a2b3c4",
      QUARANTINE_POLICY_ARN: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4",
      QUARANTINE_POLICY_DIGEST: "7JsPOGsyv6DSQ7lPW9oTDMFP_yPkgFCHYH3XHhLm-6A",
      CONDITIONAL_GROUP: "require-mfa-conditional-1a2b3c4",
      CONDITIONAL_POLICY_ARN: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-conditional-1a2b3c4",
      CONDITIONAL_POLICY_DIGEST: "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
      SEALED_GROUP: "require-mfa-sealed-1a2b3c4",
      SEALED_POLICY_ARN: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4",
      SEALED_POLICY_DIGEST: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    });
  });

  it("is read back as it was written, among the variables that Lambda adds", () => {
    expect(fromEnvironment({ ...write(), AWS_REGION: "us-east-1" })).to.deep.equal(INSTRUCTIONS);
  });

  it("stays within Lambda's 4 KB with the longest names that Pulumi lets stack and component have, and the longest lists", () => {
    const guard = (name: string) => ({
      group: `${"n".repeat(49)}-${name}-1a2b3c4`,
      policyArn: `arn:aws-us-gov:iam::123456789012:policy/require-mfa/${"s".repeat(100)}/${"n".repeat(49)}-${name}-1a2b3c4`,
    });
    const longest = toEnvironment({
      ...INSTRUCTIONS,
      guards: { quarantine: guard("quarantine"), conditional: guard("conditional"), sealed: guard("sealed") },
      settings: {
        ...INSTRUCTIONS.settings,
        mode: "conditional-deny",
        onlyPaths: [],
        onlyGroups: [],
        // The 2,500 bytes that the lists may take: 35 of 64 and one of 68, each with four for its quotes, 35 commas, two
        // brackets and ten for the five empty lists.
        exemptUsers: [...Array.from({ length: 35 }, () => "u".repeat(64)), "u".repeat(68)],
        exemptGroups: [],
        maxReleases: 5000,
        sweepEvery: "rate(15 minutes)",
      },
    });
    // Lambda measures all of it as one JSON object.
    expect(JSON.stringify(longest).length).to.be.at.most(4096);
  });

  it("is refused where anything is amiss, all of it at once", () => {
    const { SEALED_GROUP: _, ...rest } = write();
    expect(() =>
      fromEnvironment({ ...rest, MODE: "lenient", QUARANTINE_POLICY_ARN: "", SEALED_POLICY_DIGEST: "47DEQpj8" }),
    ).to.throw(
      Error,
      'the function\'s environment is not as the program writes it: MODE is "lenient": must be one of quarantine, conditional-deny, strict, off; QUARANTINE_POLICY_ARN is "": must be the ARN of a managed policy; SEALED_GROUP is absent; SEALED_POLICY_DIGEST is "47DEQpj8": must be a SHA-256 in base64url',
    );
  });

  it("is refused where one thing of one guard is all that is amiss", () => {
    const refusal = "the function's environment is not as the program writes it";
    const { CONDITIONAL_GROUP: _, ...withoutGroup } = write();
    expect(() => fromEnvironment(withoutGroup)).to.throw(Error, `${refusal}: CONDITIONAL_GROUP is absent`);
    const { CONDITIONAL_POLICY_ARN: __, ...withoutPolicy } = write();
    expect(() => fromEnvironment(withoutPolicy)).to.throw(Error, `${refusal}: CONDITIONAL_POLICY_ARN is absent`);
    const { CONDITIONAL_POLICY_DIGEST: ___, ...withoutDigest } = write();
    expect(() => fromEnvironment(withoutDigest)).to.throw(Error, `${refusal}: CONDITIONAL_POLICY_DIGEST is absent`);
  });
});
