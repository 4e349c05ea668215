import type { DetailType } from "../../core/told";

/** Something to be told by an event. */
export interface News {
  readonly detailType: DetailType;
  /** The line of the log that says the same. */
  readonly line: Readonly<Record<string, unknown>>;
  /** What happened and why, in plain words: one sentence or several, without the last one's full stop. */
  readonly happened: string;
}
