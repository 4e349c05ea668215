import type { Attempted, IamErrorCode } from "../fake-aws/iam/account";
import type { Fault, FaultKind } from "./history";

type Armed = { fault: Fault; after: number; left: number; readonly until: number };

/** The faults that are under way, and how often each took effect. */
export interface Faults {
  arm(fault: Fault): void;
  /** No fault from now on. */
  end(): void;
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Why IAM refuses this call of the function. */
  refusalOf(call: Attempted): IamErrorCode | undefined;
  /** How old the state is that this read of the function shows, milliseconds. */
  ageOf(call: Attempted): number;
  /** Whether the process dies before this call. */
  kills(): boolean;
  refusesEvents(): boolean;
  refusesLambda(): boolean;
  /** How many seconds a run has that begins now. */
  secondsOfRun(): number;
}

/** What Lambda gives a run, less what the function keeps for whom it has begun with. */
const RUN_SECONDS = 855;

const isWrite = (action: string): boolean => /^(Add|Remove|Attach|Detach)/.test(action);

/** Faults on a clock, which tells milliseconds. */
export function faultsOn(now: () => number): Faults {
  let armed: Armed[] = [];
  const counts = new Map<FaultKind, number>();
  /** Lets a fault of this call take effect, where one is due. */
  const strike = <Kind extends Fault>(matches: (fault: Fault) => fault is Kind): Kind | undefined => {
    armed = armed.filter(({ left, until }) => left > 0 && now() < until);
    for (const each of armed) {
      const { fault } = each;
      if (!matches(fault)) continue;
      if (each.after > 0) {
        each.after--;
        continue;
      }
      each.left--;
      counts.set(fault.fault, (counts.get(fault.fault) ?? 0) + 1);
      return fault;
    }
    return undefined;
  };
  const isOf =
    <Kind extends FaultKind>(...kinds: readonly Kind[]) =>
    (fault: Fault): fault is Extract<Fault, { readonly fault: Kind }> =>
      kinds.some((kind) => kind === fault.fault);
  return {
    counts,
    arm: (fault) => {
      armed.push({
        fault,
        after: "after" in fault ? fault.after : 0,
        left: "times" in fault ? fault.times : "seconds" in fault && fault.fault !== "short of time" ? Infinity : 1,
        until: "seconds" in fault && fault.fault !== "short of time" ? now() + fault.seconds * 1000 : Infinity,
      });
    },
    end: () => {
      armed = [];
    },
    refusalOf: ({ action, parameters }) => {
      const passing = isOf(
        "Throttling",
        "EntityTemporarilyUnmodifiable",
        "ConcurrentModification",
        "ServiceFailure",
        "AccessDenied",
      );
      const struck = strike(
        (fault): fault is Extract<Fault, { readonly of: string }> =>
          passing(fault) && (fault.of === "writes") === isWrite(action),
      );
      if (struck !== undefined) return struck.fault;
      const user = String(parameters["UserName"] ?? "").toLowerCase();
      const denied = strike(
        (fault): fault is Extract<Fault, { readonly fault: "denied user" }> =>
          fault.fault === "denied user" && isWrite(action) && fault.user.toLowerCase() === user,
      );
      if (denied !== undefined) return "AccessDenied";
      if (action !== "GenerateCredentialReport") return undefined;
      return strike(isOf("report capacity")) === undefined ? undefined : "LimitExceeded";
    },
    ageOf: () => (strike(isOf("stale reads"))?.ageSeconds ?? 0) * 1000,
    kills: () => strike(isOf("killed")) !== undefined,
    refusesEvents: () => strike(isOf("events refused")) !== undefined,
    refusesLambda: () => strike(isOf("Lambda refused")) !== undefined,
    secondsOfRun: () => strike(isOf("short of time"))?.seconds ?? RUN_SECONDS,
  };
}
