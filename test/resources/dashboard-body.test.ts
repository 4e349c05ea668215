import { expect } from "chai";
import * as v from "valibot";
import { METRICS } from "../../core/metrics";
import { dashboardBody } from "../../resources/dashboard-body";

/**
 * The structure that AWS documents, as far as it is used (CloudWatch User Guide, "Dashboard Body Structure and Syntax"):
 * widgets on a grid that is 24 wide, each with the properties of its type.
 */
const wholeNumber = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to));
const Place = {
  x: wholeNumber(0, 23),
  y: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  width: wholeNumber(1, 24),
  height: wholeNumber(1, 1_000),
};
const Rendering = v.strictObject({
  label: v.string(),
  stat: v.pipe(v.string(), v.regex(/^(Average|Maximum|Minimum|SampleCount|Sum|p\d{1,2})$/)),
  yAxis: v.optional(v.picklist(["left", "right"])),
});
/** Namespace, name, one dimension's name and value, and how it is rendered. */
const Metric = v.strictTuple([v.string(), v.string(), v.string(), v.string(), Rendering]);
const Axis = v.strictObject({ min: v.number() });
const Body = v.strictObject({
  start: v.pipe(v.string(), v.regex(/^-PT\d+[MH]$/)),
  periodOverride: v.picklist(["auto", "inherit"]),
  widgets: v.pipe(
    v.array(
      v.variant("type", [
        v.strictObject({
          type: v.literal("text"),
          ...Place,
          properties: v.strictObject({ markdown: v.string() }),
        }),
        v.strictObject({
          type: v.literal("alarm"),
          ...Place,
          properties: v.strictObject({
            title: v.string(),
            alarms: v.pipe(v.array(v.pipe(v.string(), v.startsWith("arn:"))), v.minLength(1), v.maxLength(100)),
            sortBy: v.picklist(["default", "stateUpdatedTimestamp", "timestamp"]),
          }),
        }),
        v.strictObject({
          type: v.literal("metric"),
          ...Place,
          properties: v.strictObject({
            title: v.string(),
            view: v.picklist(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
            stacked: v.boolean(),
            region: v.string(),
            period: v.pipe(wholeNumber(60, 86_400), v.multipleOf(60)),
            yAxis: v.strictObject({ left: Axis, right: Axis }),
            metrics: v.pipe(v.array(Metric), v.minLength(1), v.maxLength(500)),
          }),
        }),
      ]),
    ),
    v.maxLength(500),
  ),
});

const ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:require-mfa-drift-1a2b3c4";

describe("the dashboard", () => {
  const body = v.parse(
    Body,
    dashboardBody({
      stack: "dev",
      region: "us-east-1",
      functionName: "require-mfa-1a2b3c4",
      alarmArns: [ALARM],
      queues: { failed: "require-mfa-failed-1a2b3c4", untold: "require-mfa-untold-1a2b3c4" },
      sweepEverySeconds: 900,
    }),
  );
  const graphs = body.widgets.flatMap((widget) => (widget.type === "metric" ? [widget.properties] : []));

  it("lays its widgets side by side, and none over another", () => {
    const cells = body.widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`),
    );
    expect(new Set(cells)).to.have.lengthOf(cells.length);
    expect(Math.max(...body.widgets.map(({ x, width }) => x + width))).to.equal(24);
  });

  it("shows the alarms' states, latest first", () => {
    const [shown] = body.widgets.flatMap((widget) => (widget.type === "alarm" ? [widget.properties] : []));
    expect(shown).to.deep.equal({ title: "Alarms", alarms: [ALARM], sortBy: "stateUpdatedTimestamp" });
  });

  it("shows who stands where, one above the other, a data point a sweep", () => {
    const ofFunction = ["FunctionName", "require-mfa-1a2b3c4"];
    expect(graphs[0]).to.deep.equal({
      title: "Who stands where",
      view: "timeSeries",
      stacked: true,
      region: "us-east-1",
      period: 900,
      yAxis: { left: { min: 0 }, right: { min: 0 } },
      metrics: [
        ["require-mfa", "HeldInQuarantine", ...ofFunction, { label: "quarantine", stat: "Maximum" }],
        ["require-mfa", "HeldInConditional", ...ofFunction, { label: "conditional", stat: "Maximum" }],
        ["require-mfa", "HeldInSealed", ...ofFunction, { label: "sealed", stat: "Maximum" }],
        ["require-mfa", "Free", ...ofFunction, { label: "free", stat: "Maximum" }],
      ],
    });
  });

  it("shows every metric but how many users there are, which is the height of who stands where", () => {
    const shown = graphs.flatMap(({ metrics }) =>
      metrics.flatMap(([namespace, name]) => (namespace === "require-mfa" ? [name] : [])),
    );
    expect(Object.keys(METRICS).filter((name) => !shown.includes(name))).to.deep.equal(["Users"]);
  });

  it("shows what waits in each queue", () => {
    expect(graphs.flatMap(({ metrics }) => metrics.filter(([namespace]) => namespace === "AWS/SQS"))).to.deep.equal([
      [
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "require-mfa-failed-1a2b3c4",
        { label: "in the queue failed", stat: "Maximum" },
      ],
      [
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "require-mfa-untold-1a2b3c4",
        { label: "in the queue untold", stat: "Maximum" },
      ],
    ]);
  });

  it("has no more than the fifty metrics of the cheaper kind", () => {
    const metrics = graphs.flatMap((graph) => graph.metrics.map(([namespace, name]) => `${namespace} ${name}`));
    expect(metrics.length).to.be.at.most(50);
  });
});
