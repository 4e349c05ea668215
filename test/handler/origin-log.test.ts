import { expect } from "chai";
import { causeInWords, secondsSince } from "../../handler/origin-log";

describe("where a call comes from", () => {
  it("is told as far as the record knows it", () => {
    const caller = "arn:aws:iam::123456789012:user/bob";
    const sourceIPAddress = "192.0.2.10";
    expect(causeInWords("CreateUser", { caller, sourceIPAddress })).to.equal(
      "The call was CreateUser by arn:aws:iam::123456789012:user/bob from 192.0.2.10",
    );
    expect(causeInWords("CreateUser", { sourceIPAddress })).to.equal("The call was CreateUser from 192.0.2.10");
    expect(causeInWords("CreateUser", { caller })).to.equal(
      "The call was CreateUser by arn:aws:iam::123456789012:user/bob",
    );
    expect(causeInWords("CreateUser", {})).to.equal("The call was CreateUser");
  });

  it("is dated in whole seconds, and not where the record has no time or one that is none", () => {
    const now = Date.parse("2026-03-05T00:01:10.400Z");
    expect(secondsSince({ eventTime: "2026-03-05T00:00:00Z" }, now)).to.deep.equal({ secondsSinceCall: 70 });
    expect(secondsSince({ eventTime: "soon" }, now)).to.deep.equal({});
    expect(secondsSince({}, now)).to.deep.equal({});
  });
});
