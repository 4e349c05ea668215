import { expect } from "chai";
import { DETAIL_TYPES, toldPattern, WANTING_A_HUMAN } from "../../core/told";
import { compilePattern } from "../../fake-aws/event-pattern";

describe("what is told", () => {
  it("wants a human where somebody has to do something", () => {
    expect(WANTING_A_HUMAN).to.deep.equal([
      "Users Changed",
      "Suspicious Enrolment",
      "Scope Changed",
      "Exempt User Unprotected",
      "User Unholdable",
      "Event Failed",
      "Sweep Failed",
      "Releases Stopped",
      "Guard Broken",
      "Guard Reattached",
      "Group Missing",
      "Setting Unmatched",
      "Root Without MFA",
      "Boundary Found",
      "Report Missing",
      "Trail Missing",
      "Trail Unknown",
    ]);
  });
});

describe("the rule for the handler's events", () => {
  const event = (detailType: string, others = {}) => ({
    source: "require-mfa",
    account: "123456789012",
    "detail-type": detailType,
    detail: { message: "something happened" },
    ...others,
  });

  it("lets in what wants a human where nothing was chosen", () => {
    const matches = compilePattern(toldPattern("123456789012", []));
    expect(DETAIL_TYPES.filter((type) => matches(event(type)))).to.deep.equal(WANTING_A_HUMAN);
  });

  it("lets in of an organization's accounts what is not true of most of them anyway", () => {
    const matches = compilePattern(toldPattern(undefined, []));
    const isOfAMember = (type: string) => matches(event(type, { account: "210987654321" }));
    expect(WANTING_A_HUMAN.filter((type) => !isOfAMember(type))).to.deep.equal([
      "Setting Unmatched",
      "Root Without MFA",
      "Trail Unknown",
    ]);
    expect(DETAIL_TYPES.filter((type) => isOfAMember(type) && !WANTING_A_HUMAN.includes(type))).to.deep.equal([]);
    expect(compilePattern(toldPattern(undefined, ["Root Without MFA"]))(event("Root Without MFA"))).to.equal(true);
  });

  it("lets in what was chosen and nothing else", () => {
    const matches = compilePattern(toldPattern("123456789012", ["User Held", "User Freed"]));
    expect(DETAIL_TYPES.filter((type) => matches(event(type)))).to.deep.equal(["User Held", "User Freed"]);
  });

  it("lets in no event of another account or another source", () => {
    const matches = compilePattern(toldPattern("123456789012", []));
    expect(matches(event("Guard Broken", { account: "210987654321" }))).to.equal(false);
    expect(matches(event("Guard Broken", { source: "aws.iam" }))).to.equal(false);
  });

  it("has room for every type at once in a rule's 2,048 characters", () => {
    expect(JSON.stringify(toldPattern("123456789012", DETAIL_TYPES)).length).to.be.at.most(2_048);
  });
});
