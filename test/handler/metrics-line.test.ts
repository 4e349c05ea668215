import { expect } from "chai";
import { metricsLine } from "../../handler/metrics-line";

describe("a line of metrics", () => {
  it("declares the metrics that it has values of, and no others, each with its unit, and zero is a value", () => {
    expect(metricsLine({ SweepDuration: 2.5, Users: 0 }, "require-mfa-1a2b3c4", 1_772_668_800_000)).to.deep.equal({
      _aws: {
        Timestamp: 1_772_668_800_000,
        CloudWatchMetrics: [
          {
            Namespace: "require-mfa",
            Dimensions: [["FunctionName"]],
            Metrics: [
              { Name: "Users", Unit: "Count" },
              { Name: "SweepDuration", Unit: "Seconds" },
            ],
          },
        ],
      },
      FunctionName: "require-mfa-1a2b3c4",
      SweepDuration: 2.5,
      Users: 0,
    });
  });
});
