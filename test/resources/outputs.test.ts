import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { readSummary } from "../../resources/outputs";

const summary = (left: number, startedAt: string) => JSON.stringify({ by: "deploy", startedAt, left });
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** What reading a result warns of. */
function warningsAbout(result: string | undefined): readonly string[] {
  const warn = stub(pulumi.log, "warn").resolves();
  readSummary(result);
  return warn.args.map(([message]) => message);
}

describe("the output lastDeploySweep", () => {
  afterEach(() => restore());

  it("is the sweep's summary as an object", () => {
    expect(readSummary(summary(0, "2026-11-20T09:00:00Z"))).to.deep.equal({
      by: "deploy",
      startedAt: "2026-11-20T09:00:00Z",
      left: 0,
    });
  });

  it("is what came where that is no JSON, and null where nothing did, as in a preview", () => {
    expect(readSummary("Task timed out")).to.equal("Task timed out");
    expect(readSummary(undefined)).to.equal(null);
  });

  it("warns of a sweep of this deploy that goes on by itself", () => {
    expect(warningsAbout(summary(7, inAnHour()))).to.deep.equal([
      "the sweep goes on by itself: 7 users are left; see the log for its end",
    ]);
  });

  it("does not warn again of an earlier deploy's sweep, of which the state still tells", () => {
    expect(warningsAbout(summary(7, "2026-11-20T09:00:00Z"))).to.deep.equal([]);
  });

  it("does not warn of a sweep that left nobody", () => {
    expect(warningsAbout(summary(0, inAnHour()))).to.deep.equal([]);
  });

  describe("of a sweep that looked for a trail", () => {
    const found = (state: string, startedAt = inAnHour()) =>
      JSON.stringify({ by: "deploy", startedAt, left: 0, trail: { state, why: "no trail brings IAM's events" } });

    it("warns where there is none, in the sweep's words, and fails nothing", () => {
      expect(warningsAbout(found("missing"))).to.deep.equal(["no trail brings IAM's events"]);
      expect(readSummary(found("missing", "2026-11-20T09:00:00Z"))).to.deep.include({
        trail: { state: "missing", why: "no trail brings IAM's events" },
      });
    });

    it("does not warn where one records, nor where it can't be told, nor again of an earlier deploy's", () => {
      expect(warningsAbout(found("recording"))).to.deep.equal([]);
      restore();
      expect(warningsAbout(found("unknown"))).to.deep.equal([]);
      restore();
      expect(warningsAbout(found("missing", "2026-11-20T09:00:00Z"))).to.deep.equal([]);
    });
  });
});
