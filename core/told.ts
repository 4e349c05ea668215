/** The source of every EventBridge event that the handler puts. */
export const EVENT_SOURCE = "require-mfa";

/**
 * What the handler tells by an EventBridge event, by its detail-type, and whether it wants a human: of the rest nobody
 * need hear unless they ask to.
 */
const TOLD = {
  /** Under a guard now, having been under none. */
  "User Held": { wantsHuman: false },
  /** From one guard to another. */
  "User Moved": { wantsHuman: false },
  /** Out of every guard. */
  "User Freed": { wantsHuman: false },
  /** To be held on a day that is yet to come. */
  "User Pending": { wantsHuman: false },
  /** A device was enrolled by its user, as it should be. */
  "Device Enrolled": { wantsHuman: false },
  /** A sweep changed more users than it puts an event each for. */
  "Users Changed": { wantsHuman: true },
  /** A device was enrolled by someone other than its user, or beside another one in a session without MFA. */
  "Suspicious Enrolment": { wantsHuman: true },
  /** Someone with a password and no device became exempt, or came into the scope or out of it. */
  "Scope Changed": { wantsHuman: true },
  "Exempt User Unprotected": { wantsHuman: true },
  /** There is no user of that name any more: deleted, or renamed since. */
  "User Gone": { wantsHuman: false },
  /** Both of IAM's quotas are full, so that no guard can hold the user. */
  "User Unholdable": { wantsHuman: true },
  /** A call could not be acted upon. */
  "Event Failed": { wantsHuman: true },
  /** A sweep fell short. */
  "Sweep Failed": { wantsHuman: true },
  /** A sweep would free more users than it may. */
  "Releases Stopped": { wantsHuman: true },
  "Guard Broken": { wantsHuman: true },
  /** A guard's policy was off its group, and the handler has attached it again. */
  "Guard Reattached": { wantsHuman: true },
  /** A group that the settings name does not exist. */
  "Group Missing": { wantsHuman: true },
  /** An entry of the settings matches nobody. */
  "Setting Unmatched": { wantsHuman: true },
  "Root Without MFA": { wantsHuman: true },
  /** A held user has a permissions boundary, which may shut the door. */
  "Boundary Found": { wantsHuman: true },
  /** There was no credential report. */
  "Report Missing": { wantsHuman: true },
  /** No trail brings IAM's events. */
  "Trail Missing": { wantsHuman: true },
  /** Whether a trail brings IAM's events can't be told. */
  "Trail Unknown": { wantsHuman: true },
} as const satisfies Readonly<Record<string, { readonly wantsHuman: boolean }>>;

/** The detail-type of an event that the handler puts. */
type DetailType = keyof typeof TOLD;

/** All detail-types, in the order in which they are told everywhere. */
export const DETAIL_TYPES: readonly DetailType[] = Object.keys(TOLD).filter((type): type is DetailType =>
  Object.hasOwn(TOLD, type),
);

/** Those that want a human, in the same order: what the mails tell where nobody chose. */
export const WANTING_A_HUMAN: readonly DetailType[] = DETAIL_TYPES.filter((type) => TOLD[type].wantsHuman);

/**
 * The pattern of a rule for the handler's events.
 *
 * @param accountId whose events: an event of this source can be sent on from the bus of another account
 * @param detailTypes of which events; none given = those that want a human
 */
export function toldPattern(accountId: string, detailTypes: readonly string[]) {
  return {
    source: [EVENT_SOURCE],
    account: [accountId],
    "detail-type": detailTypes.length === 0 ? WANTING_A_HUMAN : detailTypes,
  };
}
