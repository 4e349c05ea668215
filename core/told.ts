/** The source of every EventBridge event that the handler puts. */
export const EVENT_SOURCE = "require-mfa";

interface Told {
  /** Whether it wants a human: of the rest nobody need hear unless they ask to. */
  readonly wantsHuman: boolean;
  /** Whether each sweep finds it again for as long as it lasts; then sweeps put it once a day. */
  readonly lasts: boolean;
  /** What to do now, and how to undo it: sentences, with which each such event's message ends. */
  readonly firstStep: string;
}

const ROWS = {
  "User Held": {
    wantsHuman: false,
    lasts: false,
    firstStep:
      "Nothing to do where the user can enrol a device, which frees them. To undo it, exempt the user and run pulumi up; whoever is taken out by hand is held again.",
  },
  "User Moved": {
    wantsHuman: false,
    lasts: false,
    firstStep: "Nothing to do. To undo it, exempt the user or set another mode, and run pulumi up.",
  },
  "User Freed": {
    wantsHuman: false,
    lasts: false,
    firstStep: "Nothing to do where the reason is expected. To undo it, undo the reason.",
  },
  "User Pending": {
    wantsHuman: false,
    lasts: true,
    firstStep:
      "Ask the user to enrol a device before that day. To hold at once, set enforceFrom to none and graceDays to 0, and run pulumi up; to spare the user, exempt them.",
  },
  "Device Enrolled": {
    wantsHuman: false,
    lasts: false,
    firstStep:
      "Nothing to do where the user did it. Otherwise deactivate the device, which holds the user again, and reset the password.",
  },
  "Users Changed": {
    wantsHuman: true,
    lasts: false,
    firstStep:
      "See in the function's log whether each has a reason that is expected. To undo it, go back to the settings from before and run pulumi up.",
  },
  "Nobody Held": {
    wantsHuman: false,
    lasts: false,
    firstStep: "Nothing to do: the stack may be destroyed. To hold again, set another mode and run pulumi up.",
  },
  "Suspicious Enrolment": {
    wantsHuman: true,
    lasts: false,
    firstStep:
      "Ask the user whether the device is theirs. If not, deactivate it, which holds the user again, reset the password and delete the access keys.",
  },
  "Scope Changed": {
    wantsHuman: true,
    lasts: false,
    firstStep: "Ask whoever did it whether it was meant. To undo it, take back the group, the path or the name.",
  },
  "Exempt User Unprotected": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Let the user enrol a device. Or end the exemption and run pulumi up, which holds the user.",
  },
  "User Gone": {
    wantsHuman: false,
    lasts: false,
    firstStep: "Nothing to do where the user was deleted; the next sweep looks at whoever has another name now.",
  },
  "User Unholdable": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Take the user out of a group or detach a policy from them; the next sweep holds them.",
  },
  "Event Failed": {
    wantsHuman: true,
    lasts: false,
    firstStep:
      "Read the error. Lambda tries the event twice more and the next sweep mends what is left; if it goes on, run pulumi up --refresh.",
  },
  "Sweep Failed": {
    wantsHuman: true,
    lasts: false,
    firstStep: "Read the error. The next sweep takes up what is left; if it goes on, run pulumi up --refresh.",
  },
  "Releases Stopped": {
    wantsHuman: true,
    lasts: true,
    firstStep:
      "If they are to be free, raise maxReleases or correct the entry, and run pulumi up; else do nothing, for they stay held.",
  },
  "Guard Broken": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Run pulumi up --refresh, which undoes it, and ask CloudTrail who did it.",
  },
  "Guard Reattached": {
    wantsHuman: true,
    lasts: false,
    firstStep: "Nothing to mend. CloudTrail's DetachGroupPolicy tells who took the policy off.",
  },
  "Group Missing": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Make the group, or correct the setting and run pulumi up.",
  },
  "Setting Unmatched": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Correct the entry or remove it, and run pulumi up.",
  },
  "Root Without MFA": {
    wantsHuman: true,
    lasts: true,
    firstStep:
      "Sign in as root and enrol a device; nothing to do where AWS Organizations has taken root's credentials away.",
  },
  "Boundary Found": {
    wantsHuman: true,
    lasts: true,
    firstStep: "See that the boundary allows what docs/policies.md lists as the door, and add what it lacks.",
  },
  "Report Missing": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Nothing to do where it is once. Otherwise see whether the function's role may make and read it.",
  },
  "Trail Missing": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Mend a trail, or set createTrail to true and run pulumi up.",
  },
  "Trail Unknown": {
    wantsHuman: true,
    lasts: true,
    firstStep: "Ask whoever owns the trail whether it logs management events of writing in this region.",
  },
} as const satisfies Readonly<Record<string, Told>>;

/** The detail-type of an event that the handler puts. */
export type DetailType = keyof typeof ROWS;

/**
 * What the handler tells by an EventBridge event, by its detail-type. What each of them means is said in docs/events.json
 * and docs/operations.md.
 */
export const TOLD: Readonly<Record<DetailType, Told>> = ROWS;

/** All detail-types, in the order in which they are told everywhere. */
export const DETAIL_TYPES: readonly DetailType[] = Object.keys(ROWS).filter((type): type is DetailType =>
  Object.hasOwn(ROWS, type),
);

/** Those that want a human, in the same order: what the mails tell where nobody chose. */
export const WANTING_A_HUMAN: readonly DetailType[] = DETAIL_TYPES.filter((type) => TOLD[type].wantsHuman);

/**
 * Of these, what is true of most accounts of an organization, and would come from every one of them every day: that an
 * entry of a list matches nobody, that an organization's trail can't be looked into, as no account but its own may, and
 * that a root has no device, as it has none where Organizations made the account or took root's credentials away.
 */
const TRUE_OF_MOST_MEMBERS: readonly DetailType[] = ["Setting Unmatched", "Trail Unknown", "Root Without MFA"];

/**
 * The pattern of a rule for the handler's events.
 *
 * @param accountId whose events: an event of this source can be sent on from the bus of another account; those of an
 *   organization's accounts if left out
 * @param detailTypes of which events; none given = those that want a human, and are not true of most accounts anyway
 */
export function toldPattern(accountId: string | undefined, detailTypes: readonly string[]) {
  const usual =
    accountId === undefined ? WANTING_A_HUMAN.filter((type) => !TRUE_OF_MOST_MEMBERS.includes(type)) : WANTING_A_HUMAN;
  return {
    source: [EVENT_SOURCE],
    ...(accountId !== undefined && { account: [accountId] }),
    "detail-type": detailTypes.length === 0 ? usual : detailTypes,
  };
}
