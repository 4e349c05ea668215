import { expect } from "chai";
import { secondsOfRate } from "../../core/rate";

describe("rates", () => {
  it("count in seconds", () => {
    const rates = [
      "rate(1 minute)",
      "rate(90 minutes)",
      "rate(1 hour)",
      "rate(24 hours)",
      "rate(1 day)",
      "rate(2 days)",
    ];
    expect(rates.map(secondsOfRate)).to.deep.equal([60, 5_400, 3_600, 86_400, 86_400, 172_800]);
  });

  it("are no number where EventBridge would refuse them", () => {
    for (const text of [
      "rate(1 hours)",
      "rate(2 hour)",
      "rate(0 minutes)",
      "rate(01 hour)",
      "rate(1 week)",
      "1 hour",
      "every rate(1 hour)",
      "rate(1 hour) or so",
    ]) {
      expect(secondsOfRate(text), text).to.be.NaN;
    }
  });
});
