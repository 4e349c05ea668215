import { expect } from "chai";
import { withoutGroups } from "../../core/guards";
import { decideDespiteMissing } from "../../core/missing-groups";
import { DEFAULT_SETTINGS, type Rules } from "../../core/settings";
import { GUARDS } from "../support/guards";

const PHONE = "arn:aws:iam::123456789012:mfa/phone";
const QUARANTINE = GUARDS.quarantine.group;

/** A user with a password and no device, by default under no guard and in no group. */
function decideFor(
  rules: Partial<Rules>,
  missing: readonly string[],
  having: { groups?: readonly string[]; policies?: readonly string[]; devices?: readonly string[] },
): readonly [string, readonly string[]] {
  const user = { name: "alice", path: "/", password: true, devices: [], groups: [], policies: [], ...having };
  const { decision, undecidedBy } = decideDespiteMissing(user, { ...DEFAULT_SETTINGS, ...rules }, missing, GUARDS);
  return [decision.decision === "hold" ? decision.guard : "free", undecidedBy];
}

describe("decideDespiteMissing", () => {
  const exempt: Partial<Rules> = { exemptGroups: ["break-glass", "robots"] };
  const scoped: Partial<Rules> = { onlyGroups: ["people"] };

  const agreed: readonly (readonly [string, Partial<Rules>, readonly string[], string])[] = [
    ["holds who is in no group: an exempt group that is gone has nobody in it", exempt, [], "quarantine"],
    ["frees who is in no group: a scope group that is gone has nobody in it", scoped, [], "free"],
    ["knows a guard's group for none that was renamed", exempt, [QUARANTINE.toUpperCase()], "quarantine"],
    ["knows a group that the rules name for none that was renamed", exempt, ["ROBOTS"], "free"],
    [
      "asks no further where the user is exempt anyway",
      { ...scoped, exemptUsers: ["alice"] },
      ["staff", QUARANTINE],
      "free",
    ],
    [
      "asks no further where the user is in the scope anyway",
      { ...scoped, onlyUsers: ["alice"] },
      ["staff"],
      "quarantine",
    ],
    ["asks no further in mode off", { ...exempt, mode: "off" }, ["staff", QUARANTINE], "free"],
  ];
  for (const [title, rules, groups, expected] of agreed) {
    it(title, () => {
      expect(decideFor(rules, ["break-glass", "people"], { groups })).to.deep.equal([expected, []]);
    });
  }

  const undecided: readonly (readonly [string, Partial<Rules>, readonly string[], string, string])[] = [
    ["leaves who is free free, who may be exempt", exempt, ["staff"], "free", "break-glass"],
    ["leaves who is held held, who may be exempt", exempt, ["staff", QUARANTINE], "quarantine", "break-glass"],
    ["leaves who is free free, who may be in the scope", scoped, ["staff"], "free", "people"],
    ["leaves who is held held, who may be in the scope", scoped, ["staff", QUARANTINE], "quarantine", "people"],
  ];
  for (const [title, rules, groups, expected, by] of undecided) {
    it(title, () => {
      expect(decideFor(rules, [by], { groups })).to.deep.equal([expected, [by]]);
    });
  }

  it("knows a group for none that was renamed which bears the name of a guard's group that is gone", () => {
    const user = { name: "alice", path: "/", password: true, devices: [], groups: [QUARANTINE], policies: [] };
    const { decision, undecidedBy } = decideDespiteMissing(
      user,
      { ...DEFAULT_SETTINGS, ...exempt },
      ["break-glass"],
      withoutGroups(GUARDS, ["quarantine"]),
    );
    expect([decision.decision, undecidedBy]).to.deep.equal(["hold", []]);
  });

  it("leaves who is held by a policy held", () => {
    const held = { groups: ["staff"], policies: [GUARDS.quarantine.policyArn] };
    expect(decideFor(exempt, ["break-glass"], held)).to.deep.equal(["quarantine", ["break-glass"]]);
  });

  it("still lets who is held move to the guard that a hold asks for", () => {
    const enrolled = { groups: ["staff", QUARANTINE], devices: [PHONE] };
    expect(decideFor({ ...scoped, mode: "strict" }, ["people"], enrolled)).to.deep.equal(["sealed", ["people"]]);
  });

  it("says of nobody that they are exempt by a group that does not exist", () => {
    const user = { name: "alice", path: "/", password: true, devices: [], groups: ["staff"], policies: [] };
    const { decision } = decideDespiteMissing(user, { ...DEFAULT_SETTINGS, ...exempt }, ["break-glass"], GUARDS);
    expect(decision).to.deep.equal({
      decision: "free",
      exempt: false,
      reason:
        "stays free: it can't be told whether the user is in break-glass, which the settings name and IAM does not know",
    });
  });

  it("names every missing group on which it depends, to who stays held and to who stays free", () => {
    const user = { name: "alice", path: "/", password: true, devices: [], groups: ["staff"], policies: [] };
    const reasonFor = (groups: readonly string[]) =>
      decideDespiteMissing({ ...user, groups }, { ...DEFAULT_SETTINGS, ...exempt }, ["break-glass", "robots"], GUARDS)
        .decision.reason;
    const doubt =
      "it can't be told whether the user is in break-glass or robots, which the settings name and IAM does not know";
    expect(reasonFor(["staff"])).to.equal(`stays free: ${doubt}`);
    expect(reasonFor(["staff", QUARANTINE])).to.equal(`stays held: ${doubt}`);
  });

  it("frees who is held where every reading frees, for whatever reason", () => {
    const user = {
      name: "alice",
      path: "/",
      password: true,
      devices: [PHONE],
      groups: ["staff", QUARANTINE],
      policies: [],
    };
    const { decision, undecidedBy } = decideDespiteMissing(
      user,
      { ...DEFAULT_SETTINGS, ...exempt },
      ["robots"],
      GUARDS,
    );
    expect([decision.decision, undecidedBy]).to.deep.equal(["free", []]);
  });
});
