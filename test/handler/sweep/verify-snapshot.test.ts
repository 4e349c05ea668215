import { expect } from "chai";
import { groupInSnapshot, policiesElsewhere } from "../../../handler/sweep/verify-snapshot";
import { GUARD_GROUPS, GUARDS } from "../../support/guards";

const { quarantine } = GUARDS;
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const [OURS] = GUARD_GROUPS;

describe("a guard in a bulk read", () => {
  it("has its group, with what hangs on it", () => {
    expect(groupInSnapshot(quarantine, GUARD_GROUPS)).to.deep.equal({
      group: "ours",
      policies: [quarantine.policyArn],
      inlinePolicies: [],
    });
  });

  it("has none where there is none of its name", () => {
    expect(groupInSnapshot(quarantine, GUARD_GROUPS.slice(1))).to.deep.equal({
      group: "gone",
      policies: [],
      inlinePolicies: [],
    });
  });

  it("has none of its own where one of its name stands under another path", () => {
    const name = quarantine.group.toUpperCase();
    const other = { name, arn: `arn:aws:iam::123456789012:group/${name}`, policies: [], inlinePolicies: ["allow"] };
    expect(groupInSnapshot(quarantine, [other])).to.deep.equal({
      group: "elsewhere",
      policies: [],
      inlinePolicies: ["allow"],
    });
  });

  it("has its policy on its own group alone, or it is told on which other", () => {
    const arn = "arn:aws:iam::123456789012:group/robots";
    const robots = {
      name: "robots",
      arn,
      policies: [READ_ONLY, quarantine.policyArn.toUpperCase()],
      inlinePolicies: [],
    };
    expect(OURS?.policies).to.deep.equal([quarantine.policyArn]);
    expect(policiesElsewhere(GUARDS, GUARD_GROUPS)).to.deep.equal([]);
    expect(policiesElsewhere(GUARDS, [...GUARD_GROUPS, robots])).to.deep.equal([
      { guard: "quarantine", fault: "policy-elsewhere", what: arn },
    ]);
  });
});
