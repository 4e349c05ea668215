import { expect } from "chai";
import { allPending } from "../../../handler/sweep/pending";

describe("who is pending", () => {
  it("is told by name, for certain or by a live read, and nobody else with a date", () => {
    const pending = allPending(
      [
        { user: "zoe", due: "2027-01-01T00:00:00.000Z" },
        { user: "bob", due: "2027-01-02T00:00:00.000Z" },
      ],
      [
        { user: "carol", action: "pending", due: "2027-01-03T00:00:00.000Z" },
        { user: "dave", action: "withheld", due: "2027-01-01T00:00:00.000Z" },
        { user: "eve", action: "held", due: "2026-01-01T00:00:00.000Z" },
        { user: "frank", action: "none" },
      ],
    );
    expect(pending).to.deep.equal([
      { user: "bob", due: "2027-01-02T00:00:00.000Z" },
      { user: "carol", due: "2027-01-03T00:00:00.000Z" },
      { user: "zoe", due: "2027-01-01T00:00:00.000Z" },
    ]);
  });
});
