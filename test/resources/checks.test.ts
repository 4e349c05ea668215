import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { checkArgs } from "../../resources/checks";

/** What is wrong with arguments, a paragraph each, under the first line. */
function problemsOf(args: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    checkArgs(args, "mfa");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split("\n\n");
  }
  return [];
}

describe("a component's arguments", () => {
  it("have the stack's defaults where they are left out", () => {
    expect(checkArgs({}, "mfa")).to.deep.equal(DEFAULT_SETTINGS);
    expect(checkArgs({ mode: "strict", exemptPaths: ["/machines/"] }, "mfa")).to.deep.equal({
      ...DEFAULT_SETTINGS,
      mode: "strict",
      exemptPaths: ["/machines/"],
    });
  });

  it("are checked as the stack's settings are, all at once", () => {
    const lists = { exemptUsers: ["svc-*"], onlyPaths: ["staff"] };
    expect(problemsOf({ mode: "strickt", maxReleases: -1, dryRun: "yes", moode: "off", ...lists })).to.deep.equal([
      "6 problems in the arguments of RequireMfa mfa; nothing was deployed.",
      '  moode is "off"\n    there is no such setting; did you mean mode?',
      '  mode is "strickt"\n    must be one of quarantine, conditional-deny, strict, off',
      '  dryRun is "yes"\n    must be true or false',
      '  onlyPaths is ["staff"]\n    "staff" is no path: / at both ends, 512 characters at most, no spaces, ASCII only',
      '  exemptUsers is ["svc-*"]\n    "svc-*" has a wildcard, and there are none: name a path, which covers all below it, or a group instead',
      "  maxReleases is -1\n    must be a whole number from 0 to 5000",
    ]);
  });

  for (const [title, value] of [
    ["an Output", pulumi.output("strict")],
    ["a secret", pulumi.secret("strict")],
    ["a promise", Promise.resolve("strict")],
    ["a list with an Output in it", undefined],
  ] as const) {
    it(`are plain values: ${title} is refused by name`, () => {
      const args = value === undefined ? { exemptUsers: ["alice", pulumi.output("bob")] } : { mode: value };
      expect(problemsOf(args)).to.deep.equal([
        "1 problem in the arguments of RequireMfa mfa; nothing was deployed.",
        `  ${value === undefined ? "exemptUsers" : "mode"} is an Output\n    must be a plain value, for settings and policies are checked before the first resource is there to have outputs`,
      ]);
    });
  }

  it("that take more room together than there is are refused", () => {
    const exemptUsers = Array.from({ length: 50 }, (_, index) => String(index).padStart(64, "n"));
    expect(problemsOf({ exemptUsers })[1]).to.match(/^ {2}the lists of the scope and of the exempt take 3,461 bytes/);
  });
});
