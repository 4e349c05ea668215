import type { GuardFault } from "../../core/guard-state";
import { type GuardName, type GuardsOf, guardsOf } from "../../core/guards";
import type { More } from "../../core/lists";
import type { Mode } from "../../core/modes";
import { coverageOf } from "../../core/scope";
import type { SweepRequest } from "../../core/sweep-request";
import type { UnmatchedEntry } from "../../core/unmatched";
import { guardsHolding } from "../../core/user";
import { type HandlerContext, judge, type Outcome } from "../reconcile";
import type { TrailCheck } from "../trail/judge-trails";
import { type AccountSnapshot, possibleStates, REPORT_LIFETIME_MS, type SnapshotUser } from "./account-snapshot";
import type { Attended } from "./attend";
import { allPending, type PendingUser } from "./pending";

/** What a sweep found and did: a stack output, a line of the log, and the metrics. Lists end at 100 items where told. */
export interface SweepSummary extends SweepRequest, More {
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  /**
   * From when on the result is certain, ISO 8601: from the start, or where the credential report is older than that, from
   * the first sweep after the report has expired. Until then a change whose event was lost may be hidden by it.
   */
  readonly certainFrom: string;
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly users: number;
  /** How many each guard holds now. */
  readonly held: GuardsOf<number>;
  readonly free: number;
  /** Names of the exempt. */
  readonly exempt: readonly string[];
  /** Names of the exempt who have a password and no device. */
  readonly exemptUnprotected: readonly string[];
  /** Names of those whom only the dry run keeps from being held, as far as this run has read them. */
  readonly withheld: readonly string[];
  /** Who is to be held once the hold is due, and when that is; by name. */
  readonly pending: readonly PendingUser[];
  readonly newlyHeld: number;
  readonly moved: number;
  readonly freed: number;
  /** Who could not be put where the state says, and why; who can't be held among them. */
  readonly failures: readonly string[];
  /** Names of those whom no guard can hold, for both quotas are full. */
  readonly unholdable: readonly string[];
  /** Whom maxReleases kept from being freed. */
  readonly releasesStopped: readonly string[];
  /** When the credential report was made by which alone those were counted, ISO 8601; left out where they were read live. */
  readonly releasesByReportOf?: string;
  /** Who would be free by a scope alone of which an entry matches nobody, and stays held. */
  readonly releasesStoppedByScope: readonly string[];
  /** Entries of the scope and of the exemptions that match nobody. */
  readonly unmatched: readonly UnmatchedEntry[];
  /** Groups that the settings name and IAM does not know. */
  readonly missingGroups: readonly string[];
  /** Names of those who stay where they are, for it depends on a missing group where they belong. */
  readonly undecided: readonly string[];
  readonly guards: {
    /** Guards whose policy was off their group and was attached again. */
    readonly reattached: readonly GuardName[];
    /** What is wrong with guards and only a deploy can mend. */
    readonly broken: readonly GuardFault[];
  };
  /** Whether a trail brings IAM's events; left out in mode off and in further runs, which do not look. */
  readonly trail?: TrailCheck;
  /** Who is held and has a permissions boundary, which may shut the door: it must allow what the door leaves open. */
  readonly bounded: readonly { readonly user: string; readonly boundary: string }[];
  /** Whether the credential report says that root has no MFA device. */
  readonly rootWithoutMfa: boolean;
  /** Why there was no credential report, so that whoever may be out of place was looked at live. */
  readonly reportFailure?: string;
  /** How many there was no time for. */
  readonly left: number;
  readonly calls: number;
  readonly seconds: number;
}

/** What a run of a sweep came to, beside the account's snapshot. */
export interface Effort
  extends Pick<
    SweepSummary,
    "guards" | "trail" | "unmatched" | "releasesStopped" | "releasesByReportOf" | "left" | "calls"
  > {
  readonly attended: readonly Attended[];
  /** Who is pending by the snapshot alone. */
  readonly pending: readonly PendingUser[];
  /** Milliseconds since 1970, as the next. */
  readonly started: number;
  readonly ended: number;
}

/** The permissions boundary that may shut the door to a user: any but the one that bounds nothing. */
export function boundaryOf({ permissionsBoundary }: SnapshotUser["detail"]): string | undefined {
  const boundsNothing = permissionsBoundary?.endsWith(":iam::aws:policy/AdministratorAccess");
  return boundsNothing ? undefined : permissionsBoundary;
}

/** Counts what a sweep found in the account snapshot and changed. */
export function summarize(
  request: SweepRequest,
  context: HandlerContext,
  { users, report, reportFailure }: AccountSnapshot,
  { attended, pending, started, ended, ...effort }: Effort,
): SweepSummary {
  const { guards, rules, dryRun, missingGroups = [] } = context;
  const outcomes = attended.flatMap((each) => ("outcome" in each ? [each.outcome] : []));
  const failed = attended.flatMap((each) => ("failure" in each ? [each] : []));
  const places = new Map(users.map(({ detail }) => [detail.id, guardsHolding(detail, guards)]));
  for (const each of attended) {
    if (!("outcome" in each)) continue;
    if (each.outcome.action === "gone") places.delete(each.detail.id);
    else places.set(each.detail.id, placeAfter(each.outcome));
  }
  const holding = [...places.values()];
  const did = (action: Outcome["action"]) => outcomes.filter((outcome) => outcome.action === action);
  const exempt = users.filter(({ detail }) => isExempt(detail, context));
  const startedAt = new Date(started).toISOString();
  return {
    ...request,
    startedAt,
    certainFrom: report === undefined ? startedAt : certainFrom(report.generatedAt, started).toISOString(),
    mode: rules.mode,
    dryRun,
    users: places.size,
    held: guardsOf((guard) => holding.filter((held) => held.includes(guard)).length),
    free: holding.filter((held) => held.length === 0).length,
    exempt: exempt.map(({ detail }) => detail.name),
    exemptUnprotected: rules.mode === "off" ? [] : exempt.filter(isUnprotected).map(({ detail }) => detail.name),
    withheld: did("withheld").map(({ user }) => user),
    pending: allPending(pending, outcomes),
    newlyHeld: did("held").length,
    moved: did("moved").length,
    freed: did("freed").length,
    failures: failed.map(({ detail, failure }) => `${detail.name}: ${failure}`),
    unholdable: failed.flatMap(({ detail, isUnholdable }) => (isUnholdable ? [detail.name] : [])),
    releasesStoppedByScope: attended.flatMap((each) => ("leave" in each ? [each.detail.name] : [])),
    missingGroups,
    undecided:
      missingGroups.length === 0
        ? []
        : users.filter((user) => isUndecided(user, context)).map(({ detail }) => detail.name),
    bounded: users.flatMap(({ detail }) => {
      const boundary = boundaryOf(detail);
      return boundary === undefined || !places.get(detail.id)?.length ? [] : [{ user: detail.name, boundary }];
    }),
    rootWithoutMfa: report?.rootHasDevice === false,
    ...(reportFailure !== undefined && { reportFailure }),
    ...effort,
    seconds: Math.round((ended - started) / 1000),
  };
}

/** IAM tells dates by the second. */
function certainFrom(reportMadeAt: Date, started: number): Date {
  const isFresh = reportMadeAt.getTime() >= Math.floor(started / 1000) * 1000;
  return new Date(isFresh ? started : reportMadeAt.getTime() + REPORT_LIFETIME_MS);
}

function isExempt(detail: SnapshotUser["detail"], { rules }: HandlerContext): boolean {
  const coverage = coverageOf(detail, rules);
  return !coverage.covered && coverage.exempt;
}

function isUnprotected({ row }: SnapshotUser): boolean {
  return row?.password === true && !row.device;
}

function isUndecided(user: SnapshotUser, context: HandlerContext): boolean {
  return possibleStates(user).some((state) => judge(state, context).undecidedBy.length > 0);
}

function placeAfter({ action, guard, seen }: Outcome): readonly GuardName[] {
  if (action === "held" || action === "moved") return guard === undefined ? [] : [guard];
  return action === "freed" || action === "withheld" ? [] : (seen?.heldBy ?? []);
}
