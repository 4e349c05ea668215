import { expect } from "chai";
import { type EngineRun, errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";
import {
  destroy,
  inAccount,
  type RegisteredResource,
  refresh,
  type StackState,
  type Step,
} from "../../fake-engine/stack";
import type { Before } from "../../fake-engine/update";

/*
 * What a stack goes through after its first deploy, against an engine that stands in for Pulumi's. What only the real one
 * shows is not seen here: what its AWS provider replaces or fills in by itself, what AWS refuses, the texts of the CLI, and
 * what is left over where a failure stops the rest.
 */

/** Brings a stack up, or previews it. */
function up(before: Before, mode = "strict", stack = "dev", preview = false): Promise<EngineRun> {
  const config = { "aws:region": "us-east-1", "require-mfa:mode": mode };
  return runUnderEngine({ program: process.cwd(), stack, preview, config }, before);
}

/** `Function require-mfa`, of a URN. */
const short = (urn: string) => {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split(":").at(-1)} ${name}`;
};

/** What was done to what, without what is as it was and without components. */
const done = (steps: readonly Step[], state: StackState) =>
  steps
    .filter(({ op, urn }) => op !== "same" && state.get(urn)?.custom !== false)
    .map(({ op, urn }) => `${op} ${short(urn)}`)
    .sort();

const namesIn = (state: StackState) => [...state.keys()].map(short);

describe("a stack", function () {
  this.timeout(300_000);

  describe("that is up", () => {
    const account = new Set<string>();
    let state: StackState;
    before(async () => {
      const run = await up({ account });
      expect(errorsOf(run)).to.deep.equal([]);
      state = run.state;
    });

    it("is left alone by another update, with a refresh or without", async () => {
      const again = await up({ state: refresh(state, account), account });
      expect(errorsOf(again)).to.deep.equal([]);
      expect(done(again.steps, again.state)).to.deep.equal([]);
    });

    it("gets back what was taken away behind Pulumi's back, and is swept for nothing else", async () => {
      const sealed = [...state.values()].find(({ urn }) => short(urn) === "Group require-mfa-sealed");
      const taken = new Set(account);
      taken.delete(inAccount(sealed?.type ?? "", sealed?.physicalName ?? ""));
      const mended = await up({ state: refresh(state, taken), account: taken });
      expect(errorsOf(mended)).to.deep.equal([]);
      expect(done(mended.steps, mended.state)).to.deep.equal(["create Group require-mfa-sealed"]);
    });

    it("shows by a preview that another mode changes the function and what sweeps, and guards by no more than protection", async () => {
      const { steps, state: still } = await up({ state, account }, "conditional-deny", "dev", true);
      expect(done(steps, state)).to.include.members([
        "update Function require-mfa",
        "replace Invocation require-mfa-backfill",
      ]);
      const guards = done(steps, state).filter((step) => /Group|Policy/.test(step) && !/Queue|Topic|Role/.test(step));
      expect(guards).to.deep.equal([]);
      expect(still).to.equal(state);
    });

    for (const skipPreview of [false, true]) {
      it(`is touched by no destroy ${skipPreview ? "that skips its preview" : "with its preview"}`, () => {
        const before = new Set(account);
        const { steps, errors, state: left } = destroy(state, account, { skipPreview });
        expect(errors.length).to.be.greaterThan(0);
        expect(steps).to.deep.equal([]);
        expect(left).to.deep.equal(state);
        expect(account).to.deep.equal(before);
      });
    }

    it("goes after mode off, guards after what may move people, and leaves the log alone", async () => {
      const theirs = new Set(account);
      const off = await up({ state, account: theirs }, "off");
      expect(errorsOf(off)).to.deep.equal([]);
      const { steps, errors, state: left } = destroy(off.state, theirs, { skipPreview: false });
      expect(errors).to.deep.equal([]);
      const order = steps.map(({ urn }) => short(urn));
      expect(order[0]).to.equal("FunctionEventInvokeConfig require-mfa");
      for (const guard of ["quarantine", "conditional", "sealed"]) {
        const attachment = order.indexOf(`GroupPolicyAttachment require-mfa-${guard}`);
        expect(attachment).to.be.greaterThan(order.indexOf("EventTarget require-mfa"));
        expect(attachment).to.be.greaterThan(order.indexOf("EventTarget require-mfa-sweep"));
        expect(order.indexOf(`Group require-mfa-${guard}`)).to.be.greaterThan(attachment);
      }
      expect(order.indexOf("Role require-mfa")).to.be.greaterThan(order.indexOf("Function require-mfa"));
      expect(left.size).to.equal(0);
      expect([...theirs].map((each) => each.split(" ")[0])).to.deep.equal(["aws:cloudwatch/logGroup:LogGroup"]);
    });

    it("has room beside it for another in the same account, which goes without it", async () => {
      const both = new Set(account);
      const prod = await up({ account: both }, "off", "prod");
      expect(errorsOf(prod)).to.deep.equal([]);
      expect(prod.state.size).to.equal(state.size);
      expect(both.size).to.equal(2 * account.size);
      const gone = destroy(prod.state, both, { skipPreview: false });
      expect(gone.errors).to.deep.equal([]);
      expect([...refresh(state, both).keys()]).to.deep.equal([...state.keys()]);
    });
  });

  it("of which the function can't be made holds nobody, for nothing that may sweep is made, and has the rest by the next update", async () => {
    const account = new Set<string>();
    const refuses = ({ type }: RegisteredResource) =>
      type === "aws:lambda/function:Function" ? "not today" : undefined;
    const failed = await up({ account, refuses });
    expect(errorsOf(failed)).to.have.lengthOf(1);
    expect(errorsOf(failed)[0]).to.match(/Function::require-mfa: not today$/);
    const made = namesIn(failed.state);
    expect(made).to.include.members(["GroupPolicyAttachment require-mfa-quarantine", "Role require-mfa"]);
    for (const absent of [
      "Function require-mfa",
      "Invocation require-mfa-backfill",
      "EventTarget require-mfa",
      "EventTarget require-mfa-sweep",
      "FunctionEventInvokeConfig require-mfa",
    ]) {
      expect(made).not.to.include(absent);
    }
    const whole = await up({ state: failed.state, account });
    expect(errorsOf(whole)).to.deep.equal([]);
    expect(namesIn(whole.state)).to.include.members(["Function require-mfa", "Invocation require-mfa-backfill"]);
    expect(
      whole.steps.filter(({ op, urn }) => op !== "same" && failed.state.has(urn)).map(({ urn }) => short(urn)),
    ).to.deep.equal([]);
  });

  it("whose sweep failed is swept by the next update, though it go back to the settings of the sweep before", async () => {
    const account = new Set<string>();
    const first = await up({ account }, "quarantine");
    const refuses = ({ type }: RegisteredResource) =>
      type === "aws:lambda/invocation:Invocation" ? "1 users could not be settled: alice" : undefined;
    const failed = await up({ state: first.state, account, refuses }, "strict");
    expect(errorsOf(failed).join()).to.include("could not be settled: alice");
    const back = await up({ state: failed.state, account }, "quarantine");
    expect(errorsOf(back)).to.deep.equal([]);
    expect(done(back.steps, back.state)).to.include("replace Invocation require-mfa-backfill");
  });
});
