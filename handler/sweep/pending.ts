import { dueDate } from "../../core/due";
import { guardsHolding } from "../../core/user";
import { type HandlerContext, judge, type Outcome } from "../reconcile";
import { type AccountSnapshot, possibleStates, type SnapshotUser } from "./account-snapshot";

/** Who is to be held once the hold is due. */
export interface PendingUser {
  readonly user: string;
  /** When the hold is due, ISO 8601. */
  readonly due: string;
}

/**
 * The snapshot without what the report says of whom nobody holds and a hold has fallen due since it was made. Events
 * before that day held nobody, so that no event has mended what it may say of them: they are read live until there is a
 * newer report.
 */
export function distrustingReport(
  snapshot: AccountSnapshot,
  { deadline, guards, clock }: HandlerContext,
): AccountSnapshot {
  const reportedAt = snapshot.report?.generatedAt;
  if (reportedAt === undefined) return snapshot;
  const fellDueSince = ({ detail }: SnapshotUser): boolean => {
    if (guardsHolding(detail, guards).length > 0) return false;
    const due = dueDate(detail.createdAt, deadline);
    return due !== undefined && due > reportedAt && due.getTime() <= clock.now();
  };
  return {
    ...snapshot,
    users: snapshot.users.map((user) => (fellDueSince(user) ? { ...user, row: undefined } : user)),
  };
}

/**
 * That a user is pending for certain, by bulk reads alone: whichever state the user is in, and however old what it rests
 * on may be, there is nothing to write before the hold is due. Of who is not, a live read tells.
 */
export function certainlyPending(user: SnapshotUser, context: HandlerContext): readonly PendingUser[] {
  const judgements = possibleStates(user).map((state) => judge(state, context));
  const [due] = judgements.map((judgement) => judgement.due);
  const isPending = judgements.every((judgement) => judgement.due !== undefined && !judgement.withheld);
  return due !== undefined && isPending ? [{ user: user.detail.name, due: due.toISOString() }] : [];
}

/** All who are pending: for certain, and as live reads told; by name. */
export function allPending(
  certain: readonly PendingUser[],
  outcomes: readonly Pick<Outcome, "user" | "action" | "due">[],
): readonly PendingUser[] {
  const told = outcomes.flatMap(({ user, action, due }) =>
    action === "pending" && due !== undefined ? [{ user, due }] : [],
  );
  return [...certain, ...told].sort((one, other) => (one.user < other.user ? -1 : 1));
}
