import type { HandlerSettings } from "../core/settings";
import type { SweepRequest } from "../core/sweep-request";
import type { IamAccount, Principal } from "../fake-aws/iam/account";
import type { VirtualClock } from "../fake-aws/virtual-clock";
import type { Run } from "./evidence";
import type { Faults } from "./faults";

/** What the function runs on, as a machine is made with it. */
export interface Surroundings {
  readonly account: IamAccount;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  /** The settings that are deployed now. */
  readonly deployed: () => HandlerSettings;
  /** Takes what the function invokes itself with. */
  readonly startNextRun: (request: SweepRequest) => void;
}

/** What runs the function: the handler's own code, or the bundle that ships. */
export interface Machine {
  /**
   * Invokes the function once, as the given run, whose lines and ends it fills in. Never throws what the function throws.
   *
   * @param event as Lambda hands it over
   */
  invoke(event: unknown, run: Run): Promise<void>;
  close(): Promise<void>;
}

/** A session of the function's role, whose name tells the run. */
export function sessionOf(run: number) {
  return { type: "AssumedRole", roleArn: HANDLER_ROLE_ARN, sessionName: `run-${run}` } as const;
}

/** The run that a principal's session is of; undefined where it is no session of the function's role. */
export function runOf(principal: Principal): number | undefined {
  return principal.type === "AssumedRole" ? Number(principal.sessionName.slice("run-".length)) : undefined;
}

/** The run whose session a caller's ARN names; undefined where it is no session of the function's role. */
export function runOfSession(arn: string): number | undefined {
  const [, id] = /:assumed-role\/require-mfa-handler\/run-(\d+)$/.exec(arn) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** The function's role. */
export const HANDLER_ROLE_ARN = "arn:aws:iam::123456789012:role/require-mfa/require-mfa-handler";
