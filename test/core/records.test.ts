import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eventPattern, readEvent } from "../../core/events";
import { compilePattern } from "../../fake-aws/event-pattern";
import { GUARDS } from "../support/guards";
import { newWorld } from "../support/world";

/**
 * Real CloudTrail records of IAM, each as EventBridge would carry it, through the rule's pattern, the parser and the
 * handler: [file, whether the rule lets it in, whose state is looked at, what the handler does in an account without
 * that user].
 */
const KNOWN: readonly (readonly [string, boolean, string | undefined, string])[] = [
  ["ct-splunk-CreateLoginProfile.json", true, "AtomicRedTeam", "gone"],
  ["ct-splunk-CreateVirtualMFADevice-root.json", false, undefined, "ignored"],
  ["ct-splunk-DeactivateMFADevice-root.json", true, undefined, "ignored"],
  ["ct-splunk-DeleteVirtualMFADevice-root.json", false, undefined, "ignored"],
  ["ct-stratus2024-CreateAccessKey.json", false, undefined, "ignored"],
  ["ct-stratus2024-CreateLoginProfile.json", true, "stratus-red-team-login-profile-user", "gone"],
  ["ct-stratus2024-CreateUser.json", true, "malicious-iam-user", "gone"],
  ["ct-stratus2024-DeleteLoginProfile-EntityTemporarilyUnmodifiableException.json", false, undefined, "ignored"],
  ["ct-stratus2024-UpdateLoginProfile.json", false, undefined, "ignored"],
];

/** Where the records lie: unabridged ones may lie elsewhere. */
const folder = process.env["CLOUDTRAIL_RECORDS"] ?? "test/fixtures/cloudtrail";

describe("real records", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

  it("are all looked at", () => {
    expect(files.sort()).to.deep.equal(KNOWN.map(([file]) => file).sort());
  });

  for (const [file, expectedIn, expectedUser, expectedAction] of KNOWN) {
    it(`${file}: ${expectedIn ? "let in" : "kept out"}, ${expectedUser ?? "nobody"}, ${expectedAction}`, async () => {
      const detail = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const accountId = String(detail.recipientAccountId);
      const matches = compilePattern(
        eventPattern({
          accountId,
          guards: GUARDS,
          groups: [],
          handlerRoleArn: "arn:aws:iam::123456789012:role/handler",
        }),
      );
      const event = {
        source: "aws.iam",
        "detail-type": "AWS API Call via CloudTrail",
        account: accountId,
        region: "us-east-1",
        resources: [],
        detail,
      };
      const request = readEvent(event);
      const world = await newWorld();
      try {
        const line = await world.handle({ mode: "strict" }, detail);
        expect([matches(event), request.kind === "user" ? request.user : undefined, line?.["action"]]).to.deep.equal([
          expectedIn,
          expectedUser,
          expectedAction,
        ]);
      } finally {
        await world.close();
      }
    });
  }
});
