import { expect } from "chai";
import { heldAsIn } from "../../core/user";
import { GUARDS } from "../support/guards";

const { quarantine, sealed } = GUARDS;
const ALICE = { name: "alice", path: "/", password: true, devices: [], createdAt: undefined, datedAt: undefined };

describe("a user's state", () => {
  it("is told under the guards of another state, with groups and policies of its own", () => {
    const other = {
      ...ALICE,
      groups: ["old-team", quarantine.group],
      policies: ["an old policy", quarantine.policyArn],
    };
    const state = { ...ALICE, groups: ["new-team", sealed.group], policies: ["a new policy", sealed.policyArn] };
    expect(heldAsIn(other, state, GUARDS)).to.deep.equal({
      ...ALICE,
      groups: ["new-team", quarantine.group],
      policies: ["a new policy", quarantine.policyArn],
    });
  });
});
