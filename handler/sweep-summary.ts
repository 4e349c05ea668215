import type { Census } from "./census";
import type { Mode } from "./decide";
import type { Enforcement, Outcome } from "./enforce";
import type { GuardName, GuardsOf } from "./guards";
import { coverageOf } from "./scope";
import { guardsHolding } from "./user";

/** Who asks for a sweep: the schedule, or a deploy, which thereby confirms however many it frees. */
export interface SweepRequest {
  readonly by: "schedule" | "deploy";
  /** 1 for the first run; a sweep that runs out of time goes on by itself in the next. */
  readonly run: number;
}

/** How one user came out of a sweep. */
export type Result =
  | { readonly user: string; readonly outcome: Outcome }
  | { readonly user: string; readonly failure: string };

/** What a sweep found and did: a stack output, a line of the log, and the metrics. */
export interface SweepSummary extends SweepRequest {
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

/** Counts what a sweep found by the census and changed by its results. */
export function summarize(
  request: SweepRequest,
  { guards, rules, dryRun }: Enforcement,
  { users }: Census,
  results: readonly Result[],
  effort: Pick<SweepSummary, "calls" | "seconds" | "releasesStopped"> & { readonly outOfPlace: number },
): SweepSummary {
  const outcomes = results.flatMap((result) => ("outcome" in result ? [result.outcome] : []));
  const standing = new Map(users.map(({ detail }) => [detail.name, guardsHolding(detail, guards)]));
  for (const outcome of outcomes) {
    if (outcome.action === "gone") standing.delete(outcome.user);
    else standing.set(outcome.user, placeAfter(outcome));
  }
  const places = [...standing.values()];
  const count = (guard: GuardName) => places.filter((holding) => holding.includes(guard)).length;
  const did = (action: Outcome["action"]) => outcomes.filter((outcome) => outcome.action === action);
  const { outOfPlace, ...spent } = effort;
  return {
    ...request,
    mode: rules.mode,
    dryRun,
    users: standing.size,
    held: { quarantine: count("quarantine"), conditional: count("conditional"), sealed: count("sealed") },
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

function placeAfter({ action, guard, seen }: Outcome): readonly GuardName[] {
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
    ...(failures.length === 0 ? [] : [`${failures.length} users could not be settled: ${failures.join("; ")}`]),
    ...(left === 0 ? [] : [`there was no time for ${left} users, and the next scheduled sweep takes them up`]),
  ];
  return complaints.length === 0 ? undefined : complaints.join(". ");
}
