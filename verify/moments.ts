import { type Decision, decide } from "../core/decide";
import { dueDate } from "../core/due";
import type { GuardName } from "../core/guards";
import type { Settings } from "../core/settings";
import type { TestNames } from "./test-user";

/** What is done to the test user, in this order. */
const DEEDS = ["make", "givePassword", "enrol", "takeAway", "move", "rename"] as const;

export type Deed = (typeof DEEDS)[number];

/** The user after a deed, and where it belongs then. */
export interface Moment {
  readonly deed: Deed;
  /** What is done, in words, with the call that the handler hears of. */
  readonly what: string;
  readonly name: string;
  readonly path: string;
  readonly place: GuardName | "free";
  readonly reason: string;
}

/** What was done, in words. */
export const DONE: Readonly<Record<Deed, string>> = {
  make: "made, with an access key",
  givePassword: "given a password",
  enrol: "enrolled by a virtual device",
  takeAway: "its device taken away",
  move: "moved to another path",
  rename: "renamed",
};

/** The call of which the handler hears. */
const CALLS: Readonly<Record<Deed, string>> = {
  make: "CreateUser",
  givePassword: "CreateLoginProfile",
  enrol: "EnableMFADevice",
  takeAway: "DeactivateMFADevice",
  move: "UpdateUser",
  rename: "UpdateUser",
};

/** Where the test user belongs after each deed, by the decision that the handler takes. */
export function momentsOf({ name, newName, path, newPath }: TestNames, settings: Settings): readonly Moment[] {
  let [password, devices] = [false, [] as readonly string[]];
  let identity = { name, path };
  return DEEDS.map((deed) => {
    if (deed === "givePassword") password = true;
    if (deed === "enrol") devices = ["the device"];
    if (deed === "takeAway") devices = [];
    if (deed === "move") identity = { ...identity, path: newPath };
    if (deed === "rename") identity = { ...identity, name: newName };
    const decision = decide({ ...identity, groups: [], password, devices }, settings);
    return {
      deed,
      what: `${DONE[deed]} (${CALLS[deed]})`,
      ...identity,
      place: placeOf(decision),
      reason: decision.reason,
    };
  });
}

function placeOf(decision: Decision): Moment["place"] {
  return decision.decision === "hold" ? decision.guard : "free";
}

/** Why these settings would leave the test user alone, so that nothing could be proved; nothing where they would not. */
export function sparing(moments: readonly Moment[], settings: Settings, nowMs: number): readonly string[] {
  const reasons: string[] = [];
  const { mode, dryRun, enforceFrom, graceDays } = settings;
  if (mode === "off") return ["mode is off, which holds nobody"];
  if (dryRun) reasons.push("dryRun is on, which holds nobody new; npm run impact says whom it would hold");
  const asleep = moments.find(({ deed }) => deed === "givePassword");
  if (asleep?.place === "free")
    reasons.push(`the test user is ${asleep.reason}: ${asleep.path} must be in the scope and not exempt`);
  const due = dueDate(new Date(nowMs), { enforceFrom, graceDays });
  if (due !== undefined && due.getTime() > nowMs) {
    const by = graceDays > 0 ? `graceDays is ${graceDays}` : `enforceFrom is ${enforceFrom}`;
    reasons.push(`${by}: who is made now is held from ${due.toISOString().slice(0, 10)} on`);
  }
  return reasons;
}
