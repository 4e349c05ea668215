import type { GuardName } from "../core/guards";
import type { HandlerSettings } from "../core/settings";

/** Something that somebody other than the program does to the account, or time does. IAM may refuse any of it. */
export type Command =
  | { readonly do: "create user"; readonly user: string; readonly path: string; readonly password: boolean }
  /** With all that IAM asks to be taken away first. */
  | { readonly do: "delete user"; readonly user: string }
  | { readonly do: "rename user"; readonly user: string; readonly to: string }
  | { readonly do: "move user"; readonly user: string; readonly path: string }
  | { readonly do: "make password"; readonly user: string }
  | { readonly do: "delete password"; readonly user: string }
  | { readonly do: "enrol device"; readonly user: string }
  /** The first one that the user has. */
  | { readonly do: "deactivate device"; readonly user: string }
  | { readonly do: "join group"; readonly user: string; readonly group: string }
  | { readonly do: "leave group"; readonly user: string; readonly group: string }
  | { readonly do: "attach guard's policy"; readonly user: string; readonly guard: GuardName }
  | { readonly do: "detach guard's policy"; readonly user: string; readonly guard: GuardName }
  /** So many groups and policies that are no guard's, from none to ten. */
  | { readonly do: "fill quotas"; readonly user: string; readonly groups: number; readonly policies: number }
  | { readonly do: "make group"; readonly group: string }
  /** With its people taken out first. */
  | { readonly do: "delete group"; readonly group: string }
  | { readonly do: "rename group"; readonly group: string; readonly to: string }
  | { readonly do: "take policy off guard"; readonly guard: GuardName }
  /** As a deploy does that finds it broken. */
  | { readonly do: "repair guard"; readonly guard: GuardName }
  | { readonly do: "deploy"; readonly settings: HandlerSettings }
  | { readonly do: "sweep" }
  | { readonly do: "nothing" };

/** What becomes of an event on its way to the function. */
export interface Delivery {
  readonly lost: boolean;
  readonly seconds: number;
  /** How many seconds after the first it comes a second time, if it does. */
  readonly again: number | undefined;
}

/** Something that goes wrong from a step on. Where `times` is given, so many calls of the function; `after`, so many later. */
export type Fault =
  | {
      readonly fault:
        | "Throttling"
        | "EntityTemporarilyUnmodifiable"
        | "ConcurrentModification"
        | "ServiceFailure"
        | "AccessDenied";
      readonly of: "reads" | "writes";
      readonly after: number;
      readonly times: number;
    }
  | { readonly fault: "denied user"; readonly user: string; readonly seconds: number }
  /** Reads show the state of so many seconds ago. */
  | { readonly fault: "stale reads"; readonly ageSeconds: number; readonly after: number; readonly times: number }
  | { readonly fault: "report capacity"; readonly times: number }
  /** EventBridge takes none of the function's events, for so many calls. */
  | { readonly fault: "events refused"; readonly times: number }
  /** Lambda does not answer the function. */
  | { readonly fault: "Lambda refused"; readonly seconds: number }
  /** The process dies before the nth of its calls to IAM from now on. */
  | { readonly fault: "killed"; readonly after: number }
  /** The next run has so few seconds. */
  | { readonly fault: "short of time"; readonly seconds: number };

export type FaultKind = Fault["fault"];

/** One step of a history. */
export interface Step {
  /** Seconds since the step before. */
  readonly after: number;
  readonly command: Command;
  /** Of the events that CloudTrail makes of it. */
  readonly delivery: Delivery;
  readonly fault: Fault | undefined;
}

/** Who was there before the program. */
export interface Settler {
  readonly user: string;
  readonly password: boolean;
  readonly device: boolean;
}

/** An account's history: plain data, so that it can be shrunk and played again. */
export interface History {
  readonly settlers: readonly Settler[];
  readonly settings: HandlerSettings;
  readonly steps: readonly Step[];
}
