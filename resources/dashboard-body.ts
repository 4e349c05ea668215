import { METRIC_NAMESPACE, type MetricName } from "../core/metrics";

/** What a dashboard is about. */
export interface DashboardOf {
  readonly stack: string;
  readonly region: string;
  readonly functionName: string;
  readonly alarmArns: readonly string[];
  /** Names of the queues, by purpose. */
  readonly queues: Readonly<Record<string, string>>;
  /** From one sweep to the next. */
  readonly sweepEverySeconds: number;
}

type Statistic = "Average" | "Maximum" | "SampleCount" | "Sum" | "p90";

/** A line of a graph: of the handler's metrics, or of Lambda's about the function. */
type Line = {
  readonly label: string;
  readonly stat: Statistic;
  readonly onTheRight?: true;
} & ({ readonly metric: MetricName } | { readonly ofLambda: "Errors" | "Throttles" });

interface Graph {
  readonly title: string;
  readonly stacked?: boolean;
  readonly lines: readonly Line[];
}

/** What the last sweep said. */
const said = (metric: MetricName, label: string): Line => ({ metric, label, stat: "Maximum" });
/** How many in all. */
const sum = (metric: MetricName, label: string): Line => ({ metric, label, stat: "Sum" });

/** The graphs, two a row. */
const GRAPHS: readonly Graph[] = [
  {
    title: "Who stands where",
    stacked: true,
    lines: [
      said("HeldInQuarantine", "quarantine"),
      said("HeldInConditional", "conditional"),
      said("HeldInSealed", "sealed"),
      said("Free", "free"),
    ],
  },
  {
    title: "Moves",
    lines: [
      { metric: "SecondsSinceCall", label: "by events", stat: "SampleCount" },
      sum("NewlyHeld", "held by sweeps"),
      sum("Moved", "moved by sweeps"),
      sum("Freed", "freed by sweeps"),
    ],
  },
  {
    title: "From a call to the decision, seconds",
    lines: [
      { metric: "SecondsSinceCall", label: "on average", stat: "Average" },
      { metric: "SecondsSinceCall", label: "nine of ten within", stat: "p90" },
      said("SecondsSinceCall", "the longest"),
    ],
  },
  { title: "Drift: what sweeps had to correct", lines: [sum("Drift", "users")] },
  {
    title: "Yet to be held, and never",
    lines: [
      said("Pending", "pending"),
      said("Withheld", "withheld by dryRun"),
      said("Exempt", "exempt"),
      said("ExemptUnprotected", "exempt without a device"),
      said("RootWithoutMfa", "root without MFA"),
    ],
  },
  {
    title: "Failures",
    lines: [
      said("Failures", "users who could not be put in place"),
      said("Unholdable", "users whom no guard can hold"),
      said("GuardBroken", "guards broken"),
      said("GuardReattached", "guards mended"),
      said("ReleasesStopped", "releases stopped"),
      said("MissingGroups", "groups missing"),
      said("TrailMissing", "trail missing"),
      said("NotTold", "events not told"),
      said("ReportMissing", "report missing"),
      said("Left", "users left for want of time"),
    ],
  },
  {
    title: "Sweeps: seconds, and calls to IAM",
    lines: [said("SweepDuration", "seconds"), { metric: "Calls", label: "calls", stat: "Maximum", onTheRight: true }],
  },
];

/** The function's and the queues' graph, whose lines are as many as there are queues. */
const FUNCTION: Graph = {
  title: "The function, and what waits in queues",
  lines: [
    { ofLambda: "Errors", label: "errors", stat: "Sum" },
    { ofLambda: "Throttles", label: "throttles", stat: "Sum" },
  ],
};

/** The grid is 24 wide. */
const WIDTH = 24;
const GRAPH = { width: WIDTH / 2, height: 6 };
/** Rows of the grid that the text and the alarms take. */
const TEXT_HEIGHT = 2;
const ALARMS_HEIGHT = 8;

/**
 * A dashboard's body, to be written as JSON: a week of it, a data point a sweep (CloudWatch User Guide, "Dashboard Body
 * Structure and Syntax").
 */
export function dashboardBody(of: DashboardOf) {
  const { stack, functionName, alarmArns, queues } = of;
  const text = `**require-mfa**, stack ${stack}, function ${functionName}. Made by \`pulumi up\`, which undoes what is changed here. What each alarm means and what to do first is in docs/operations.md, and in the alarm itself.`;
  const queueLines = Object.entries(queues).map(([purpose, name]) => [
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "QueueName",
    name,
    { label: `in the queue ${purpose}`, stat: "Maximum" },
  ]);
  const graphs = [...GRAPHS.map((graph) => graphOf(graph, of)), graphOf(FUNCTION, of, queueLines)];
  return {
    start: "-PT168H",
    periodOverride: "inherit",
    widgets: [
      { type: "text", x: 0, y: 0, width: WIDTH, height: TEXT_HEIGHT, properties: { markdown: text } },
      {
        type: "alarm",
        x: 0,
        y: TEXT_HEIGHT,
        width: WIDTH,
        height: ALARMS_HEIGHT,
        properties: { title: "Alarms", alarms: alarmArns, sortBy: "stateUpdatedTimestamp" },
      },
      ...graphs.map((properties, index) => ({
        type: "metric",
        x: (index % 2) * GRAPH.width,
        y: TEXT_HEIGHT + ALARMS_HEIGHT + Math.floor(index / 2) * GRAPH.height,
        ...GRAPH,
        properties,
      })),
    ],
  };
}

function graphOf({ title, stacked = false, lines }: Graph, of: DashboardOf, more: readonly unknown[] = []) {
  return {
    title,
    view: "timeSeries",
    stacked,
    region: of.region,
    period: of.sweepEverySeconds,
    yAxis: { left: { min: 0 }, right: { min: 0 } },
    metrics: [...lines.map((line) => lineOf(line, of.functionName)), ...more],
  };
}

function lineOf(line: Line, functionName: string) {
  const { label, stat, onTheRight } = line;
  const metric = "metric" in line ? [METRIC_NAMESPACE, line.metric] : ["AWS/Lambda", line.ofLambda];
  return [...metric, "FunctionName", functionName, { label, stat, ...(onTheRight && { yAxis: "right" }) }];
}
