import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { METRICS } from "../../core/metrics";
import { deploy } from "../../rehearsal/deployment";

/** How many there are of what costs by the piece, and the price of a piece in US dollars. */
async function counted() {
  const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" } as const;
  const { resources } = await deploy({}, place);
  const ofType = (type: string) => resources.filter((resource) => resource.type === `aws:cloudwatch/${type}`).length;
  return {
    metrics: [Object.keys(METRICS).length, "0.30"],
    alarms: [ofType("metricAlarm:MetricAlarm"), "0.10"],
    dashboard: [ofType("dashboard:Dashboard"), "3.00"],
  } as const;
}

describe("what it costs", () => {
  before(() => stub(pulumi.log, "warn").resolves());
  after(() => restore());

  it("is as many metrics, alarms and dashboards as there are, times their prices", async () => {
    const rows = Object.entries(await counted()).map(([part, [count, price]]) => {
      return `| ${part} | ${count} × ${price} = ${(count * Number(price)).toFixed(2)} |`;
    });
    expect(readFileSync("docs/operations.md", "utf8")).to.include(rows.join("\n"));
  });

  it("is told in README.md by the same figure", async () => {
    const month = Object.values(await counted()).reduce((sum, [count, price]) => sum + count * Number(price), 0);
    const [, told] = /It costs some (\d+) US dollars a month/.exec(readFileSync("README.md", "utf8")) ?? [];
    expect(Number(told)).to.equal(Math.round(month));
  });
});
