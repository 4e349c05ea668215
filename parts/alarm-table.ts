import { METRIC_NAMESPACE, type MetricName } from "../core/metrics";

/** Whose metrics an alarm can watch: namespace, dimension, and of the metrics those that are watched. */
interface MetricsOf {
  /** The program's own. */
  readonly handler: MetricName;
  /** Lambda's (Lambda Developer Guide, "Types of metrics for Lambda functions"). */
  readonly function: "Errors" | "Throttles" | "DestinationDeliveryFailures";
  /** SQS's (SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"). */
  readonly queue: "ApproximateNumberOfMessagesVisible";
  /** EventBridge's, of a rule on the default bus (EventBridge User Guide, "Monitoring Amazon EventBridge"). */
  readonly rule: "FailedInvocations" | "InvocationsFailedToBeSentToDlq";
  /** SNS's (SNS Developer Guide, "Monitoring Amazon SNS topics using CloudWatch"). */
  readonly topic: "NumberOfNotificationsFailed";
}

type Source = keyof MetricsOf;

/** Where each source's metrics are, and by which dimension. */
export const SOURCES = {
  handler: { namespace: METRIC_NAMESPACE, dimension: "FunctionName" },
  function: { namespace: "AWS/Lambda", dimension: "FunctionName" },
  queue: { namespace: "AWS/SQS", dimension: "QueueName" },
  rule: { namespace: "AWS/Events", dimension: "RuleName" },
  topic: { namespace: "AWS/SNS", dimension: "TopicName" },
} as const satisfies Readonly<Record<Source, { readonly namespace: string; readonly dimension: string }>>;

/** What an alarm watches; of queues and rules each has one of its own. */
type Watched = { readonly [Of in Source]: { readonly of: Of; readonly metric: MetricsOf[Of] } }[Source];

/** An alarm, in CloudWatch's words but where another is said. */
export interface AlarmRow {
  /** In lower case, with hyphens; the end of the alarm's name. */
  readonly name: string;
  readonly watches: Watched;
  readonly statistic: "Maximum" | "SampleCount" | "Sum";
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** In seconds, or from one sweep to the next. */
  readonly period: number | "sweepEvery";
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** How missing data counts. What does not breach by it ends by itself, so that its end tells nothing, and is not told. */
  readonly missing: "breaching" | "ignore" | "notBreaching";
  /** What it means, for whoever is paged by it. */
  readonly means: string;
  /** What to do first. */
  readonly first: string;
}

/** A figure of a sweep, which every sweep puts: until the next one has, what the last one said holds. */
const OF_A_SWEEP = {
  statistic: "Maximum",
  comparison: "GreaterThanThreshold",
  threshold: 0,
  period: "sweepEvery",
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missing: "ignore",
} as const;

/**
 * What services count where there is something to count. Periods are short: CloudWatch falls back on the last period that
 * has data, and would tell again what is long over.
 */
const AS_IT_HAPPENS = {
  statistic: "Sum",
  comparison: "GreaterThanThreshold",
  threshold: 0,
  period: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missing: "notBreaching",
} as const;

/**
 * All alarms, in the order in which they are told everywhere, the heartbeat first. docs/operations.md tells the same, and
 * a test holds it.
 */
export const ALARMS: readonly [AlarmRow, ...AlarmRow[]] = [
  {
    name: "heartbeat",
    watches: { of: "handler", metric: "Users" },
    statistic: "SampleCount",
    comparison: "LessThanThreshold",
    threshold: 1,
    period: "sweepEvery",
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    // It takes longer than two: CloudWatch goes by older data for as long as it finds any in an evaluation range, whose
    // length it does not tell ("Configuring how CloudWatch alarms treat missing data").
    missing: "breaching",
    means: "Sweeps have ceased to come: whom no event reaches is neither held nor freed.",
    first:
      "Sweep by hand, as docs/operations.md says, and read the end of the log. If the log stays empty: is the sweep's rule enabled, the function's reserved concurrency unset, the role as deployed?",
  },
  {
    name: "errors",
    watches: { of: "function", metric: "Errors" },
    ...AS_IT_HAPPENS,
    // One error may be mended by the next try: a run whose instructions a deploy has replaced fails on purpose. The next
    // try comes a minute after the first has failed, which may take a quarter of an hour.
    period: 60,
    evaluationPeriods: 60,
    datapointsToAlarm: 2,
    means: "The function has failed twice within an hour: an event or a sweep, and Lambda's next try of it.",
    first:
      "Look in the log for level ERROR and for 'Task timed out'. What has failed three times waits in a queue, to be replayed.",
  },
  {
    name: "throttles",
    watches: { of: "function", metric: "Throttles" },
    ...AS_IT_HAPPENS,
    // Lambda tries again at growing distances, up to five minutes: a burst is over by the second period.
    evaluationPeriods: 6,
    datapointsToAlarm: 3,
    means: "Lambda has refused for ten minutes to start the function: events wait, for six hours at the most.",
    first:
      "aws lambda get-function-concurrency must say nothing; if it says 0, somebody has switched the function off. If it says nothing, other functions use up the account's concurrency.",
  },
  {
    name: "destination",
    watches: { of: "function", metric: "DestinationDeliveryFailures" },
    ...AS_IT_HAPPENS,
    means: "What the function had failed at three times could not be put into its queue either, and is lost.",
    first:
      "Sweep by hand, which goes by the account's state and needs no event. Then pulumi up --refresh, which makes the queue and the role what was deployed.",
  },
  {
    name: "queue",
    watches: { of: "queue", metric: "ApproximateNumberOfMessagesVisible" },
    statistic: "Maximum",
    comparison: "GreaterThanThreshold",
    threshold: 0,
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    // SQS falls silent about a queue that nothing has happened to for six hours, whatever waits in it.
    missing: "ignore",
    means: "Something that failed for good waits in a dead-letter queue.",
    first:
      "docs/operations.md says what each queue keeps. npm run replay shows what is in undelivered and failed; mend what it says, and let it replay them.",
  },
  {
    name: "rule",
    watches: { of: "rule", metric: "FailedInvocations" },
    ...AS_IT_HAPPENS,
    means: "EventBridge could not bring an event of this rule to its target. It waits in a dead-letter queue.",
    first:
      "pulumi up --refresh makes rule, target and permission what was deployed. Then look into the queue, as docs/operations.md says.",
  },
  {
    name: "rule-queue",
    watches: { of: "rule", metric: "InvocationsFailedToBeSentToDlq" },
    ...AS_IT_HAPPENS,
    means: "EventBridge could not put an event of this rule into its dead-letter queue either: it is lost.",
    first:
      "Sweep by hand, which goes by the account's state and needs no event. Then pulumi up --refresh, which makes the queue and its policy what was deployed.",
  },
  {
    name: "notifications",
    watches: { of: "topic", metric: "NumberOfNotificationsFailed" },
    ...AS_IT_HAPPENS,
    means: "The topic could not deliver a message to a subscriber: somebody was not told.",
    first:
      "Look at the topic's subscriptions: which endpoint is gone or refuses? The log has what was to be told, and the dashboard which alarms stand.",
  },
  {
    name: "failures",
    watches: { of: "handler", metric: "Failures" },
    ...OF_A_SWEEP,
    means: "A sweep could not put a user where the account's state says. The next one tries again.",
    first:
      "summary.failures in the log says who and why. AccessDenied: has an SCP or the handler's role changed? If it lasts, put the user into the guard's group by hand.",
  },
  {
    name: "unholdable",
    watches: { of: "handler", metric: "Unholdable" },
    ...OF_A_SWEEP,
    means: "Someone who is to be held is free, for no guard can hold them: both of IAM's quotas are full.",
    first:
      "The log's line unholdable names the user. Take them out of a group or detach a managed policy; the next sweep holds them.",
  },
  {
    name: "guard-broken",
    watches: { of: "handler", metric: "GuardBroken" },
    ...OF_A_SWEEP,
    means: "A guard is not what was deployed, and may hold nobody.",
    first:
      "pulumi up --refresh makes it what was deployed. The log's line guard-broken says what was wrong, and CloudTrail who did it.",
  },
  {
    name: "trail-missing",
    watches: { of: "handler", metric: "TrailMissing" },
    ...OF_A_SWEEP,
    means: "No trail brings IAM's events to this region: nobody is held or freed before the next sweep.",
    first:
      "The log's line trail-missing says why. aws cloudtrail start-logging where a trail stands still, and CloudTrail's event history says who stopped it; createTrail makes one where there is none.",
  },
  {
    name: "not-told",
    watches: { of: "handler", metric: "NotTold" },
    ...OF_A_SWEEP,
    means: "EventBridge did not take events of the handler: what it did stands, and nobody was told of it.",
    first:
      "The log's line not-told says why, and the lines before it what was to be told. Where permission is wanting, pulumi up --refresh makes the role what was deployed.",
  },
  {
    name: "releases-stopped",
    watches: { of: "handler", metric: "ReleasesStopped" },
    ...OF_A_SWEEP,
    means:
      "A sweep would have freed more users than maxReleases, or some for a scope that matches nobody, and freed none.",
    first:
      "summary.releasesStopped in the log names them. Are they to be free? Then confirm it as docs/operations.md says; if not, look for what has changed their state or the settings.",
  },
  {
    name: "drift",
    watches: { of: "handler", metric: "Drift" },
    ...OF_A_SWEEP,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    means:
      "Three sweeps running had to correct what events should have: the trail is probably missing, or somebody works around the guards.",
    first:
      "aws cloudtrail describe-trails and get-trail-status: does one log management events here? Are the rules enabled? If so, the log's lines with drift say whom it is about.",
  },
  {
    name: "missing-groups",
    watches: { of: "handler", metric: "MissingGroups" },
    ...OF_A_SWEEP,
    means:
      "The settings onlyGroups or exemptGroups name a group that does not exist: for whom it matters nothing changes any more.",
    first: "Make the group that the log's line missing-group names, or correct the setting and pulumi up.",
  },
  {
    name: "exempt-unprotected",
    watches: { of: "handler", metric: "ExemptUnprotected" },
    ...OF_A_SWEEP,
    means: "Someone who is exempt has a password and no MFA device.",
    first: "The log's line exempt-without-device names them. Have them enrol, or end the exemption.",
  },
  {
    name: "pending",
    watches: { of: "handler", metric: "Pending" },
    ...OF_A_SWEEP,
    means: "Someone is to be held on a day to come, by enforceFrom or graceDays, and is free until then.",
    first: "Write to whom summary.pending in the log names. Nothing else is wrong.",
  },
  {
    name: "report-missing",
    watches: { of: "handler", metric: "ReportMissing" },
    ...OF_A_SWEEP,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    means:
      "Two sweeps running had no credential report, and read live whoever may be out of place, which takes longer.",
    first: "aws iam generate-credential-report: what does it refuse? If nothing, look whether the role is as deployed.",
  },
];
