import { type AlarmRow, SOURCES } from "./alarm-table";

/** Names by purpose: a word each, which ends the name of the alarm. `T` as in {@link WatchedNames}. */
export type NamesByPurpose<T> = Readonly<Record<string, T>>;

/** The names of what alarms watch. `T` is a text, or an output of Pulumi, which is passed through unread. */
export interface WatchedNames<T> {
  readonly functionName: T;
  /** Of the dead-letter queues. */
  readonly queues: NamesByPurpose<T>;
  /** Of the rules, which are on the default bus. */
  readonly rules: NamesByPurpose<T>;
  /** Of the topic that is told; none where another account has it. */
  readonly topicName?: T;
}

/** Of each alarm that a row stands for, the end of its name and the name of what it watches. */
export function watchedBy<T>(
  { name, watches }: AlarmRow,
  { functionName, queues, rules, topicName }: WatchedNames<T>,
): readonly (readonly [ending: string, watched: T])[] {
  const ofEach = (names: NamesByPurpose<T>) =>
    Object.entries(names).map(([purpose, each]) => [`${name}-${purpose}`, each] as const);
  switch (watches.of) {
    case "handler":
    case "function":
      return [[name, functionName]];
    case "queue":
      return ofEach(queues);
    case "rule":
      return ofEach(rules);
    case "topic":
      return topicName === undefined ? [] : [[name, topicName]];
  }
}

/**
 * What the alarms of a row have in common, in CloudWatch's words: all but their names, what they watch and whom they tell.
 *
 * @param sweepEverySeconds from one sweep to the next
 */
export function alarmOf(row: AlarmRow, sweepEverySeconds: number) {
  const { watches, statistic, threshold, evaluationPeriods, datapointsToAlarm, missing } = row;
  const { namespace, dimension } = SOURCES[watches.of];
  return {
    alarm: {
      alarmDescription: `${row.means} First step: ${row.first}`,
      namespace,
      metricName: watches.metric,
      period: row.period === "sweepEvery" ? sweepEverySeconds : row.period,
      statistic,
      comparisonOperator: row.comparison,
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData: missing,
    },
    dimension,
    isEndTold: missing !== "notBreaching",
  };
}
