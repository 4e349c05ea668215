import { expect } from "chai";
import { type Decision, decide, guardsOfRules } from "../../core/decide";
import type { Mode } from "../../core/modes";
import { DEFAULT_SETTINGS } from "../../core/settings";

const PHONE = "arn:aws:iam::123456789012:mfa/phone";
const KEY = "arn:aws:iam::123456789012:u2f/user/alice/key-ABC";

/** [mode, password, devices, guard or free] for every mode and every state that it tells apart. */
const TRUTH: readonly (readonly [Mode, boolean, readonly string[], string])[] = [
  ["quarantine", true, [], "quarantine"],
  ["quarantine", true, [PHONE], "free"],
  ["quarantine", true, [PHONE, KEY], "free"],
  ["quarantine", false, [], "free"],
  ["quarantine", false, [PHONE], "free"],
  ["quarantine", false, [PHONE, KEY], "free"],
  ["conditional-deny", true, [], "conditional"],
  ["conditional-deny", true, [PHONE], "conditional"],
  ["conditional-deny", true, [PHONE, KEY], "conditional"],
  ["conditional-deny", false, [], "conditional"],
  ["conditional-deny", false, [PHONE], "conditional"],
  ["conditional-deny", false, [PHONE, KEY], "conditional"],
  ["strict", true, [], "quarantine"],
  ["strict", true, [PHONE], "sealed"],
  ["strict", true, [PHONE, KEY], "sealed"],
  ["strict", false, [], "sealed"],
  ["strict", false, [PHONE], "sealed"],
  ["strict", false, [PHONE, KEY], "sealed"],
  ["off", true, [], "free"],
  ["off", true, [PHONE], "free"],
  ["off", true, [PHONE, KEY], "free"],
  ["off", false, [], "free"],
  ["off", false, [PHONE], "free"],
  ["off", false, [PHONE, KEY], "free"],
];

const ALICE = { name: "alice", path: "/", groups: [] };

const guardOf = (decision: Decision): string => (decision.decision === "hold" ? decision.guard : "free");

describe("decide", () => {
  for (const [mode, password, devices, expected] of TRUTH) {
    const state = `${password ? "a password" : "no password"} and ${devices.length} devices`;
    it(`${mode}: ${state} → ${expected}`, () => {
      expect(guardOf(decide({ ...ALICE, password, devices }, { ...DEFAULT_SETTINGS, mode }))).to.equal(expected);
    });
  }

  it("strict with enrolmentByAccessKey: conditional, where a bare key may enrol, for who has neither, and no one else", () => {
    const settings = { ...DEFAULT_SETTINGS, mode: "strict", enrolmentByAccessKey: true } as const;
    const of = (password: boolean, devices: readonly string[], more = {}) =>
      guardOf(decide({ ...ALICE, password, devices }, { ...settings, ...more }));
    expect(of(false, [])).to.equal("conditional");
    expect(of(true, [])).to.equal("quarantine");
    expect(of(false, [PHONE])).to.equal("sealed");
    expect(of(true, [PHONE])).to.equal("sealed");
    expect(of(false, [], { spareKeyOnlyUsers: true })).to.equal("free");
    expect(of(false, [], { exemptUsers: ["alice"] })).to.equal("free");
    expect(of(false, [], { mode: "quarantine" })).to.equal("free");
    expect(of(false, [], { mode: "conditional-deny" })).to.equal("conditional");
    expect(of(false, [], { mode: "off" })).to.equal("free");
  });

  it("gives its reason in words", () => {
    expect(
      decide({ ...ALICE, password: true, devices: [] }, { ...DEFAULT_SETTINGS, mode: "quarantine" }).reason,
    ).to.equal("a password, no MFA device");
    expect(
      decide({ ...ALICE, password: false, devices: [PHONE] }, { ...DEFAULT_SETTINGS, mode: "strict" }).reason,
    ).to.equal("no password, one MFA device");
    expect(
      decide({ ...ALICE, password: true, devices: [PHONE, KEY] }, { ...DEFAULT_SETTINGS, mode: "quarantine" }).reason,
    ).to.equal("a password, 2 MFA devices");
    expect(decide({ ...ALICE, password: true, devices: [] }, { ...DEFAULT_SETTINGS, mode: "off" }).reason).to.equal(
      "mode off holds nobody",
    );
    expect(
      decide({ ...ALICE, password: false, devices: [] }, { ...DEFAULT_SETTINGS, mode: "conditional-deny" }).reason,
    ).to.equal("no password, no MFA device; conditional-deny holds everybody");
    expect(
      decide(
        { ...ALICE, password: false, devices: [] },
        { ...DEFAULT_SETTINGS, mode: "conditional-deny", spareKeyOnlyUsers: true },
      ).reason,
    ).to.equal("no password, no MFA device: spared");
  });

  it("tells who is exempt from who is free for another reason, and why", () => {
    const of = (settings: Partial<typeof DEFAULT_SETTINGS>) =>
      decide({ ...ALICE, path: "/staff/", password: true, devices: [] }, { ...DEFAULT_SETTINGS, ...settings });
    expect(of({ exemptPaths: ["/staff/"] })).to.deep.equal({
      decision: "free",
      reason: "exempt by path /staff/",
      exempt: true,
    });
    expect(of({ onlyUsers: ["bob"] })).to.deep.equal({ decision: "free", reason: "outside the scope", exempt: false });
    expect(of({ mode: "off" })).to.deep.equal({ decision: "free", reason: "mode off holds nobody", exempt: false });
  });

  it("goes by no path that was not read", () => {
    expect(() =>
      decide(
        { name: "alice", path: undefined, groups: [], password: true, devices: [] },
        { ...DEFAULT_SETTINGS, exemptPaths: ["/staff/"] },
      ),
    ).to.throw(TypeError, "the path of alice was not read, and a rule asks for it");
  });
});

describe("guardsOfRules", () => {
  const cases: readonly (readonly [Mode, boolean, readonly string[]])[] = [
    ["off", false, []],
    ["off", true, []],
    ["quarantine", false, ["quarantine"]],
    ["quarantine", true, ["quarantine"]],
    ["conditional-deny", false, ["conditional"]],
    ["conditional-deny", true, ["conditional"]],
    ["strict", false, ["quarantine", "sealed"]],
    ["strict", true, ["quarantine", "conditional", "sealed"]],
  ];
  for (const [mode, enrolmentByAccessKey, expected] of cases) {
    it(`${mode}, ${enrolmentByAccessKey ? "with" : "without"} enrolment by access key: ${expected.join(", ") || "none"}`, () => {
      expect(guardsOfRules({ mode, enrolmentByAccessKey })).to.deep.equal(expected);
    });
  }
});
