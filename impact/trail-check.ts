/** What is known of the account's trails. */
export interface TrailCheck {
  /** Whether one records IAM's write events in the region where they arrive, or none does, or it can't be told. */
  readonly state: "recording" | "missing" | "unknown";
  /** In words, with the first step where there is one. */
  readonly why: string;
}
