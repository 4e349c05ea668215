import { expect } from "chai";
import * as v from "valibot";
import { DAY_OR_NONE, GROUP_NAMES, integer } from "../../core/setting-kinds";

/** What code gives goes by no text, so that the numbers are checked as they come. */
describe("a whole number from 7 to 9", () => {
  const isTaken = (value: unknown) => v.is(integer(7, 9).schema, value);

  it("is its bounds and what lies between", () => {
    expect([7, 8, 9].map(isTaken)).to.deep.equal([true, true, true]);
  });

  it("is nothing else", () => {
    expect([6, 10, 7.5, -8, Number.NaN, Number.POSITIVE_INFINITY, "8"].map(isTaken)).to.deep.equal(
      Array(7).fill(false),
    );
  });
});

describe("a day", () => {
  const isTaken = (value: unknown) => v.is(DAY_OR_NONE.schema, value);

  it("stands alone", () => {
    expect(["2027-01-01", "none"].map(isTaken)).to.deep.equal([true, true]);
    expect(["02027-01-01", "2027-01-01 ", "on 2027-01-01", "2027-01-010"].map(isTaken)).to.deep.equal(
      Array(4).fill(false),
    );
  });
});

describe("a list of names", () => {
  const problems = (value: unknown) => v.safeParse(GROUP_NAMES.schema, value).issues?.map(({ message }) => message);

  it("tells what is no text, and what is there twice, side by side", () => {
    expect(problems([7, "Staff", 7, "staff"])).to.deep.equal(["7 is no text", "7 is no text"]);
    expect(problems(["Staff", "staff"])).to.deep.equal(['"staff" is there twice: names compare without case']);
  });
});
