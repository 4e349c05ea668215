import { expect } from "chai";
import { type Account, destroy, refresh, type StackState, type StandingResource } from "../../fake-engine/stack";

const standing = (name: string, waitsFor: readonly string[], more: Partial<StandingResource> = {}) => ({
  urn: name,
  type: "t",
  name,
  custom: true,
  inputs: {},
  parent: "",
  dependencies: waitsFor,
  protect: false,
  retainOnDelete: false,
  physicalName: name,
  revision: 0,
  ...more,
});

/** A component `guard` with a group and a policy, one attached to the other; a function; a log. */
const stack = (more: Readonly<Record<string, Partial<StandingResource>>> = {}): StackState =>
  new Map(
    [
      standing("guard", [], { custom: false }),
      standing("group", [], { parent: "guard", ...more["group"] }),
      standing("policy", [], { parent: "guard", ...more["policy"] }),
      standing("attachment", ["group", "policy"], { parent: "guard", ...more["attachment"] }),
      standing("log", [], more["log"]),
      standing("function", ["log", "attachment"], more["function"]),
    ].map((resource) => [resource.urn, resource]),
  );

const accountOf = (state: StackState): Account =>
  new Set([...state.values()].filter(({ custom }) => custom).map(({ name }) => `t ${name}`));

describe("a destroy by the fake engine", () => {
  it("begins with what nothing waits for, and ends with what waits for nothing, parents after their children", () => {
    const state = stack();
    const account = accountOf(state);
    const { steps, errors, state: left } = destroy(state, account, { skipPreview: false });
    expect(errors).to.deep.equal([]);
    const order = steps.map(({ urn }) => urn);
    for (const [first, then] of [
      ["function", "attachment"],
      ["function", "log"],
      ["attachment", "group"],
      ["attachment", "policy"],
      ["group", "guard"],
      ["policy", "guard"],
    ] as const) {
      expect(order.indexOf(first), `${first} before ${then}`).to.be.lessThan(order.indexOf(then));
    }
    expect([left.size, account.size]).to.deep.equal([0, 0]);
  });

  it("touches nothing where its preview finds something protected", () => {
    const state = stack({ group: { protect: true } });
    const account = accountOf(state);
    const { steps, errors, state: left } = destroy(state, account, { skipPreview: false });
    expect([steps, errors.length, left]).to.deep.equal([[], 1, state]);
    expect(account.size).to.equal(5);
  });

  it("has deleted what waits for the protected one by the time that it comes to it, where there was no preview", () => {
    const state = stack({ group: { protect: true } });
    const { steps, errors, state: left } = destroy(state, accountOf(state), { skipPreview: true });
    expect(steps.map(({ urn }) => urn)).to.have.members(["function", "log", "attachment", "policy"]);
    expect(errors).to.have.lengthOf(1);
    expect([...left.keys()]).to.deep.equal(["guard", "group"]);
  });

  it("leaves all that a protected one waits for, so that one at the very end keeps the whole", () => {
    const state = stack({ function: { protect: true } });
    const { steps, errors, state: left } = destroy(state, accountOf(state), { skipPreview: true });
    expect([steps, errors.length, [...left.keys()]]).to.deep.equal([[], 1, [...state.keys()]]);
  });

  it("names every protected resource at once", () => {
    const state = stack({ group: { protect: true }, policy: { protect: true } });
    expect(destroy(state, accountOf(state), { skipPreview: false }).errors).to.have.lengthOf(2);
  });

  it("forgets what is to be retained, and leaves it in the account", () => {
    const state = stack({ log: { retainOnDelete: true } });
    const account = accountOf(state);
    const { steps, state: left } = destroy(state, account, { skipPreview: false });
    expect(steps.find(({ urn }) => urn === "log")?.op).to.equal("forget");
    expect([left.size, [...account]]).to.deep.equal([0, ["t log"]]);
  });
});

describe("a refresh by the fake engine", () => {
  it("changes nothing where all still stands, and forgets what is gone", () => {
    const state = stack();
    const account = accountOf(state);
    expect([...refresh(state, account).keys()]).to.deep.equal([...state.keys()]);
    account.delete("t attachment");
    expect([...refresh(state, account).keys()]).to.deep.equal(["guard", "group", "policy", "log", "function"]);
  });
});
