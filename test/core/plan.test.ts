import { expect } from "chai";
import type { Decision } from "../../core/decide";
import { planFor } from "../../core/plan";
import { GUARDS } from "../support/guards";

const HOLD: Decision = { decision: "hold", guard: "quarantine", reason: "a password, no MFA device" };
const FREE: Decision = { decision: "free", reason: "a password, one MFA device", exempt: false };
const { quarantine, sealed } = GUARDS;

const teams = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `team-${index}`);

/** The writes in order, as `call guard`. */
function writesFor(groups: readonly string[], policies: readonly string[], decision = HOLD): readonly string[] {
  const { into, outOf } = planFor({ groups, policies }, decision, GUARDS);
  return [...(into === undefined ? [] : [into]), ...outOf].map(({ call, guard }) => `${call} ${guard}`);
}

describe("planFor", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ["by the group where eight are others'", teams(8), [], ["addUserToGroup quarantine"]],
    [
      "by the group where eight are others' and the ninth is a guard's",
      [...teams(8), sealed.group],
      [],
      ["addUserToGroup quarantine", "removeUserFromGroup sealed"],
    ],
    ["by the policy where nine are others', who may want the tenth", teams(9), [], ["attachUserPolicy quarantine"]],
    ["by the policy in ten groups", teams(10), [], ["attachUserPolicy quarantine"]],
    [
      "by the policy in ten groups, two of them guards'",
      [...teams(8), GUARDS.conditional.group, sealed.group],
      [],
      ["attachUserPolicy quarantine", "removeUserFromGroup conditional", "removeUserFromGroup sealed"],
    ],
    ["not at all who is in the tenth group already", [...teams(9), quarantine.group], [], []],
    ["not at all whom the policy holds, with room in groups", teams(2), [quarantine.policyArn], []],
    [
      "once more by the group, before out of another guard",
      [quarantine.group, sealed.group],
      [],
      ["addUserToGroup quarantine", "removeUserFromGroup sealed"],
    ],
    [
      "once more by the policy, before out of another guard",
      [sealed.group],
      [quarantine.policyArn],
      ["attachUserPolicy quarantine", "removeUserFromGroup sealed"],
    ],
    [
      "once more by the group though it is the tenth",
      [...teams(9), quarantine.group],
      [sealed.policyArn],
      ["addUserToGroup quarantine", "detachUserPolicy sealed"],
    ],
  ];
  for (const [title, groups, policies, expected] of cases) {
    it(`holds ${title}`, () => {
      expect(writesFor(groups, policies)).to.deep.equal(expected);
    });
  }

  it("frees by ways out alone", () => {
    expect(writesFor([quarantine.group], [quarantine.policyArn, sealed.policyArn], FREE)).to.deep.equal([
      "removeUserFromGroup quarantine",
      "detachUserPolicy quarantine",
      "detachUserPolicy sealed",
    ]);
  });
});
