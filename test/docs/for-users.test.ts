import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../audit/settings";
import { SETTINGS } from "../../core/settings";
import { actionsOf, DOORS, shutToAccessKeys } from "../../policies/door";

const page = readFileSync("docs/for-users.md", "utf8");

/** By hand: what each command of the page that is signed by the bare access key asks of IAM or STS. */
const BY_BARE_KEY: Readonly<Record<string, string>> = {
  "aws iam list-mfa-devices": "iam:ListMFADevices",
  "aws sts get-session-token": "sts:GetSessionToken",
};

describe("docs/for-users.md", () => {
  it("shows commands of the bare access key that conditional and sealed leave open to it", () => {
    const commands = [...page.matchAll(/^(aws (?:iam|sts) [\w-]+)/gm)].map(([, command = ""]) => command);
    expect(commands).to.deep.equal(Object.keys(BY_BARE_KEY));
    for (const guard of ["conditional", "sealed"] as const) {
      const shut = actionsOf(shutToAccessKeys(guard, DEFAULT_SETTINGS));
      const open = actionsOf(DOORS[guard](DEFAULT_SETTINGS)).filter((action) => !shut.includes(action));
      expect(open, guard).to.include.members(Object.values(BY_BARE_KEY));
    }
  });

  it("names settings that there are", () => {
    const named = [...page.matchAll(/`([a-z]+(?:[A-Z][a-z]+)+)`/g)].map(([, name = ""]) => name);
    expect([...new Set(named)].sort()).to.deep.equal([
      "enrolmentByAccessKey",
      "passwordChangeWithoutMfa",
      "selfService",
      "spareKeyOnlyUsers",
    ]);
    expect(Object.keys(SETTINGS)).to.include.members(named);
  });
});
