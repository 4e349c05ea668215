import { expect } from "chai";
import type { RegisteredResource } from "../../fake-engine/stack";
import { type Before, beginUpdate } from "../../fake-engine/update";

const GROUP = "aws:iam/group:Group";

/** A group of the stack `dev`, and what it waits for. */
const group = (name: string, waitsFor: readonly string[] = [], more: Partial<RegisteredResource> = {}) => ({
  urn: name,
  type: GROUP,
  name,
  custom: true,
  inputs: { path: "/" },
  parent: "",
  dependencies: waitsFor,
  protect: false,
  retainOnDelete: false,
  ...more,
});

/** Registers resources, each under one of two names of its own, and ends the update. */
function update(resources: readonly RegisteredResource[], before: Before = {}, preview = false) {
  const running = beginUpdate(before, preview);
  for (const resource of resources) running.register(resource, [`${resource.name}-1`, `${resource.name}-2`]);
  const errors = running.end();
  return {
    did: running.steps.map(({ op, urn }) => `${op} ${urn}`),
    errors,
    steps: running.steps,
    state: running.state,
  };
}

describe("an update by the fake engine", () => {
  it("makes what is new, changes what differs, leaves the rest and deletes what is gone", () => {
    const { state } = update([group("one"), group("two"), group("three", ["two"])]);
    const moved = group("two", [], { inputs: { path: "/guards/" } });
    const second = update([group("one"), moved, group("four")], { state });
    expect(second.did).to.deep.equal(["same one", "update two", "create four", "delete three"]);
    expect(second.steps[1]?.differing).to.deep.equal(["path"]);
    expect([...second.state.keys()]).to.deep.equal(["one", "two", "four"]);
  });

  it("replaces what a trigger says, though its inputs be the same", () => {
    const { state } = update([group("one", [], { replacementTrigger: "Monday" })]);
    expect(update([group("one", [], { replacementTrigger: "Tuesday" })], { state }).did).to.deep.equal(["replace one"]);
  });

  it("makes all but what can't be made and what waits for it, and the next one makes the rest", () => {
    const all = [group("one"), group("two"), group("three", ["two"]), group("four", ["three"]), group("five", ["one"])];
    const refuses = ({ name }: RegisteredResource) => (name === "two" ? "not today" : undefined);
    const failed = update(all, { refuses });
    expect(failed.did).to.deep.equal(["create one", "failed two", "skipped three", "skipped four", "create five"]);
    expect([...failed.state.keys()]).to.deep.equal(["one", "five"]);
    expect(update(all, { state: failed.state }).did).to.deep.equal([
      "same one",
      "create two",
      "create three",
      "create four",
      "same five",
    ]);
  });

  it("skips the children of a component no less", () => {
    const component = group("pair", ["one"], { custom: false });
    const child = group("child", [], { parent: "pair" });
    const refuses = ({ name }: RegisteredResource) => (name === "one" ? "not today" : undefined);
    expect(update([group("one"), component, child], { refuses }).did).to.deep.equal([
      "failed one",
      "skipped pair",
      "skipped child",
    ]);
  });

  it("keeps what it could not change as it was, and deletes nothing then", () => {
    const { state } = update([group("one"), group("two")]);
    const moved = group("one", [], { inputs: { path: "/guards/" } });
    const failed = update([moved], { state, refuses: () => "not today" });
    expect(failed.did).to.deep.equal(["failed one"]);
    expect(failed.state.get("one")?.inputs).to.deep.equal({ path: "/" });
    expect([...failed.state.keys()]).to.deep.equal(["one", "two"]);
  });

  it("refuses to delete what is protected and gone from the program", () => {
    const { state } = update([group("one"), group("two", [], { protect: true })]);
    const second = update([group("one")], { state });
    expect(second.errors).to.have.lengthOf(1);
    expect(second.errors[0]).to.match(/^resource "two" cannot be deleted\nbecause it is protected/);
    expect([...second.state.keys()]).to.deep.equal(["one", "two"]);
  });

  it("finds another name where another stack of the account has one, and is refused where the name is given", () => {
    const account = new Set<string>();
    const dev = update([group("one")], { account });
    const prod = update([group("one")], { account });
    expect([dev, prod].map(({ state }) => state.get("one")?.physicalName)).to.deep.equal(["one-1", "one-2"]);
    const running = beginUpdate({ account }, false);
    expect(running.register(group("one"), ["one-1"])).to.deep.equal({
      op: "failed",
      error: "aws:iam/group:Group one-1 already exists",
    });
  });

  it("touches neither state nor account in a preview, and tells the same steps", () => {
    const account = new Set<string>();
    const { state } = update([group("one"), group("two")], { account });
    const before = [...account];
    const preview = update([group("one"), group("three")], { state, account }, true);
    expect(preview.did).to.deep.equal(["same one", "create three", "delete two"]);
    expect(preview.state).to.equal(state);
    expect([...account]).to.deep.equal(before);
  });
});
