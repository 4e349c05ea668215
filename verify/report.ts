import type { GuardName } from "../core/guards";
import type { Mode } from "../core/modes";
import type { Answer, Credentials, Expected } from "./answers";
import type { Deed } from "./moments";
import type { Failure } from "./remove";

/** A harmless call by the test user, what the evaluator says of it and what AWS answered. */
export interface Try {
  /** After which deed. */
  readonly after: Deed;
  readonly credentials: Credentials;
  /** `iam:GetUser on itself` */
  readonly call: string;
  readonly expected: Expected;
  readonly answer: Answer;
  readonly asExpected: boolean;
}

/** What was seen after a deed. */
export interface Seen {
  readonly deed: Deed;
  readonly what: string;
  readonly place: GuardName | "free";
  /** Why it belongs there. */
  readonly reason: string;
  /** From the deed's answer until the user stood in its place; left out where it stood there already. */
  readonly secondsToGuard?: number;
  /** From then until AWS answered the user's own key as the evaluator does; left out where its answers don't change. */
  readonly secondsToEnforcement?: number;
}

/** What was proved. */
export interface Report {
  /** What AWS answered otherwise than the evaluator. */
  readonly otherwise: readonly Try[];
  /** Twelve digits. */
  readonly account: string;
  readonly stack: string;
  readonly mode: Mode;
  /** The test user, which is gone. */
  readonly user: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly seen: readonly Seen[];
  readonly tries: readonly Try[];
  /** Where the test user stood and should not, and what to look at: what comes after it was not tried. */
  readonly misplaced?: string;
  /** What ended the run before its end. */
  readonly failure?: string;
  /** What could not be deleted, and why. */
  readonly left: readonly Failure[];
}
