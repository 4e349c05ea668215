import { IamError } from "./error";
import type { IamState } from "./state";

/** How long a report is given out, and none is made in its place: four hours. */
const LIFETIME_MS = 4 * 60 * 60 * 1000;

interface Report {
  readonly csv: string;
  /** The moment of which the report tells. */
  readonly generatedAt: Date;
}

/**
 * Where an account's credential report is kept: one at a time, "as often as once every four hours" (IAM User Guide,
 * "Generate credential reports for your AWS account").
 */
export class ReportStore {
  readonly #csvOf: (state: IamState) => string;
  readonly #polls: number;
  #report: Report | undefined;
  #pollsLeft = 0;

  /** @param polls how often somebody looks at a new report before it is there */
  constructor(csvOf: (state: IamState) => string, polls: number) {
    this.#csvOf = csvOf;
    this.#polls = polls;
  }

  /** Begins a report of the state as it is now, unless there is one that is young enough. */
  generate(state: IamState, at: Date): "STARTED" | "INPROGRESS" | "COMPLETE" {
    if (this.#report === undefined || isExpired(this.#report, at)) {
      this.#report = { csv: this.#csvOf(state), generatedAt: at };
      this.#pollsLeft = this.#polls;
      return "STARTED";
    }
    return this.#isInProgress() ? "INPROGRESS" : "COMPLETE";
  }

  /** @throws IamError ReportNotPresent, ReportExpired or ReportInProgress, which come without a message. */
  get(at: Date): Report {
    if (this.#report === undefined) throw new IamError("ReportNotPresent", "");
    if (isExpired(this.#report, at)) throw new IamError("ReportExpired", "");
    if (this.#isInProgress()) throw new IamError("ReportInProgress", "");
    return this.#report;
  }

  /**
   * Whoever looks brings the report nearer, be it by asking for it or by asking again that it be made: some callers wait
   * for COMPLETE before they ask for the report at all.
   */
  #isInProgress(): boolean {
    if (this.#pollsLeft === 0) return false;
    this.#pollsLeft--;
    return true;
  }
}

function isExpired({ generatedAt }: Report, at: Date): boolean {
  return at.getTime() - generatedAt.getTime() > LIFETIME_MS;
}
