import type { GuardName } from "../core/guards";
import type { HandlerSettings } from "../core/settings";
import type { FaultKind } from "./history";
import type { Moment } from "./model";

/** A write of the function's that IAM took. */
export interface Write {
  readonly run: number;
  readonly call: "AddUserToGroup" | "RemoveUserFromGroup" | "AttachUserPolicy" | "DetachUserPolicy";
  readonly guard: GuardName;
  /** The user's id. */
  readonly user: string;
  /** The moment that it began, by its place among the moments. */
  readonly moment: number;
  readonly at: number;
}

/** One run of the function. */
export interface Run {
  readonly id: number;
  readonly of: "event" | "sweep";
  /** The user whom the event names, or undefined. */
  readonly user: string | undefined;
  readonly settings: HandlerSettings;
  readonly startedAt: number;
  endedAt: number;
  ended: "running" | "returned" | "threw" | "killed";
  error: string | undefined;
  /** What the function logged. */
  readonly lines: Readonly<Record<string, unknown>>[];
  readonly writes: Write[];
  /** The users of whom it was denied a write, by the names that they had then; the id is none where nobody had it. */
  readonly denied: { readonly name: string; readonly id: string | undefined }[];
  /** Its calls to IAM of a user or a group whose name is none. */
  readonly misnamed: string[];
  /** How many of its events EventBridge did not take. */
  notTaken: number;
  /** Whether another run was under way meanwhile. */
  overlapped: boolean;
  /** Whether a read showed an old state. */
  sawOld: boolean;
}

/** What a history came to. */
export interface Evidence {
  readonly moments: readonly Moment[];
  readonly runs: readonly Run[];
  /** Indices of the moments before the last sweep and after it, and the runs of it and of the sweep after it. */
  readonly last: {
    readonly before: Moment;
    readonly at: number;
    readonly after: Moment;
    readonly runs: readonly Run[];
    readonly again: readonly Run[];
    readonly settings: HandlerSettings;
  };
  /** Events that the function failed at, at every try. */
  readonly queued: number;
  readonly deliveries: { readonly made: number; readonly lost: number; readonly twice: number };
  /** How often each fault took effect. */
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly steps: number;
  /** Where the model and the account in memory do not say the same: a fault of one of these, and none of the program. */
  readonly modelDiffers: string | undefined;
}
