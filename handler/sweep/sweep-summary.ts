import { type GuardName, type GuardsOf, guardsOf } from "../../core/guards";
import type { Mode } from "../../core/modes";
import { coverageOf } from "../../core/scope";
import type { SweepRequest } from "../../core/sweep-request";
import { guardsHolding } from "../../core/user";
import type { HandlerContext, Outcome } from "../reconcile";
import type { AccountSnapshot } from "./account-snapshot";

/** How one user came out of a sweep. */
export type Result =
  | { readonly user: string; readonly outcome: Outcome }
  | { readonly user: string; readonly failure: string };

/** What a sweep found and did: a stack output, a line of the log, and the metrics. */
export interface SweepSummary extends SweepRequest {
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly users: number;
  /** How many each guard holds now. */
  readonly held: GuardsOf<number>;
  readonly free: number;
  /** Names of the exempt. */
  readonly exempt: readonly string[];
  /** Names of those whom only the dry run keeps from being held. */
  readonly withheld: readonly string[];
  readonly newlyHeld: number;
  readonly moved: number;
  readonly freed: number;
  /** Who could not be put where the state says, and why. */
  readonly failures: readonly string[];
  /** Whom maxReleases kept from being freed. */
  readonly releasesStopped: readonly string[];
  /** How many there was no time for. */
  readonly left: number;
  readonly calls: number;
  readonly seconds: number;
}

/** A sweep that failed for some users or stopped before its releases; everybody else is where the state says. */
export class SweepError extends Error {
  override readonly name = "SweepError";

  constructor(
    message: string,
    readonly summary: SweepSummary,
  ) {
    super(message);
  }
}

/** Counts what a sweep found in the account snapshot and changed by its results. */
export function summarize(
  request: SweepRequest,
  { guards, rules, dryRun }: HandlerContext,
  { users }: AccountSnapshot,
  results: readonly Result[],
  effort: Pick<SweepSummary, "startedAt" | "calls" | "seconds" | "releasesStopped"> & { readonly outOfPlace: number },
): SweepSummary {
  const outcomes = results.flatMap((result) => ("outcome" in result ? [result.outcome] : []));
  const heldBy = new Map(users.map(({ detail }) => [detail.name, guardsHolding(detail, guards)]));
  for (const outcome of outcomes) {
    if (outcome.action === "gone") heldBy.delete(outcome.user);
    else heldBy.set(outcome.user, heldAfter(outcome));
  }
  const places = [...heldBy.values()];
  const count = (guard: GuardName) => places.filter((holding) => holding.includes(guard)).length;
  const did = (action: Outcome["action"]) => outcomes.filter((outcome) => outcome.action === action);
  const { outOfPlace, ...spent } = effort;
  return {
    ...request,
    mode: rules.mode,
    dryRun,
    users: heldBy.size,
    held: guardsOf(count),
    free: places.filter((holding) => holding.length === 0).length,
    exempt: users.flatMap(({ detail }) => {
      const coverage = coverageOf(detail, rules);
      return !coverage.covered && coverage.exempt ? [detail.name] : [];
    }),
    withheld: did("withheld").map(({ user }) => user),
    newlyHeld: did("held").length,
    moved: did("moved").length,
    freed: did("freed").length,
    failures: results.flatMap((result) => ("failure" in result ? [`${result.user}: ${result.failure}`] : [])),
    left: outOfPlace - results.length - spent.releasesStopped.length,
    ...spent,
  };
}

function heldAfter({ action, guard, seen }: Outcome): readonly GuardName[] {
  if (action === "held" || action === "moved") return guard === undefined ? [] : [guard];
  return action === "freed" || action === "withheld" ? [] : (seen?.heldBy ?? []);
}

/** What must be thrown at the end of a sweep's last run, if anything, with the way on. */
export function complaintAbout(
  { failures, releasesStopped, left }: SweepSummary,
  maxReleases: number,
): string | undefined {
  const stopped = releasesStopped.length;
  const complaints = [
    ...(stopped === 0
      ? []
      : [
          `this sweep would free ${stopped} users, and maxReleases lets a scheduled sweep free ${maxReleases}: nobody was freed. If they are to be free, confirm it by a deploy: pulumi config set maxReleases ${stopped} && pulumi up`,
        ]),
    ...(failures.length === 0 ? [] : [`${failures.length} users could not be reconciled: ${failures.join("; ")}`]),
    ...(left === 0 ? [] : [`there was no time for ${left} users, and the next scheduled sweep takes them up`]),
  ];
  return complaints.length === 0 ? undefined : complaints.join(". ");
}
