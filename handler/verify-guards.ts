import { faultsOf, type GuardFault, type GuardState, groupArnOf } from "../core/guard-state";
import type { GuardName, GuardRef, GuardRefs, GuardsOf } from "../core/guards";
import type { Mode } from "../core/modes";
import { isSameName } from "../core/names";
import { policyDigest } from "../core/policy-digest";
import { wordsOf } from "../core/words-of";
import type { Clock } from "./clock";
import { AccessDeniedError, type Iam, NoSuchEntityError } from "./iam/iam";
import { policyInForce } from "./iam/policy-in-force";

/** What verifying guards works with. */
export interface VerifyContext {
  readonly iam: Iam;
  readonly guards: GuardRefs;
  /** What {@link policyDigest} makes of each guard's policy as it was deployed. */
  readonly policyDigests: GuardsOf<string>;
  readonly rules: { readonly mode: Mode };
  readonly clock: Clock;
  /** Whether no deploy has told the function something else since this run began. */
  readonly isCurrent: () => Promise<boolean>;
}

/** What was found at first: what could be mended is, everything else is a suspicion until {@link confirm}. */
export interface FirstLook {
  /** Guards whose policy was off their group and was attached again. */
  readonly reattached: readonly GuardName[];
  readonly suspected: readonly GuardFault[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** IAM's record and the function's instructions may each be behind the other for a while after a deploy. */
const SECOND_LOOK_SECONDS = 60;

/** What is wrong with guards, by what `read` tells of each; that one can't be read is a fault as well. */
export async function findFaults(
  names: readonly GuardName[],
  read: (ref: GuardRef) => Promise<GuardState>,
  { guards, policyDigests }: VerifyContext,
): Promise<readonly GuardFault[]> {
  const faults = names.map(async (guard): Promise<readonly GuardFault[]> => {
    try {
      return faultsOf(guard, guards[guard], policyDigests[guard], await read(guards[guard]));
    } catch (error) {
      return [{ guard, fault: "unreadable", what: wordsOf(error) }];
    }
  });
  return (await Promise.all(faults)).flat();
}

/**
 * Gives guards whose policy is off their group their policy back. In mode off nothing is attached, for a destroy may be
 * taking the guards away; nor by instructions that a deploy has replaced.
 */
export async function mendGuards(faults: readonly GuardFault[], context: VerifyContext): Promise<FirstLook> {
  const at = context.clock.now();
  const reattached: GuardName[] = [];
  const suspected: GuardFault[] = [];
  for (const fault of faults) {
    const mended = fault.fault === "policy-detached" ? await reattach(context.guards[fault.guard], context) : "not";
    if (mended === "now") reattached.push(fault.guard);
    if (mended === "not") suspected.push(fault);
  }
  return { reattached, suspected, at };
}

/**
 * Looks again a minute after the first look. A guard with which something is wrong both times is broken, in the way that
 * the second look shows, or where it shows nothing for certain the first; unless a deploy has replaced the function's
 * instructions meanwhile.
 *
 * @param findAgain what is wrong then
 */
export async function confirm(
  { suspected, at }: FirstLook,
  findAgain: () => Promise<readonly GuardFault[]>,
  { clock, isCurrent }: VerifyContext,
): Promise<readonly GuardFault[]> {
  if (suspected.length === 0) return [];
  const seconds = SECOND_LOOK_SECONDS - (clock.now() - at) / 1000;
  if (seconds > 0) await clock.pause(seconds);
  const again = await findAgain();
  if (!(await isCurrentOrUnknown(isCurrent))) return [];
  const guards = [...new Set(suspected.map(({ guard }) => guard))];
  return guards.flatMap((name) => {
    const before = suspected.filter(({ guard }) => guard === name);
    const now = again.filter(({ guard }) => guard === name);
    return now.some(({ fault }) => fault === "unreadable") ? before : now;
  });
}

/** Reads a guard by four calls, each pinned to the guard's own group or policy. */
export async function readGuard(iam: Iam, ref: GuardRef): Promise<GuardState> {
  const [ofGroup, digest] = await Promise.all([readGroup(iam, ref), readPolicyDigest(iam, ref.policyArn)]);
  return { ...ofGroup, policyDigest: digest };
}

async function readGroup(iam: Iam, ref: GuardRef): Promise<Omit<GuardState, "policyDigest">> {
  const none = { policies: [], inlinePolicies: [] };
  try {
    const [policies, inlinePolicies] = await Promise.all([
      iam.listAttachedGroupPolicies(ref.group),
      iam.listGroupPolicies(ref.group),
    ]);
    return { group: "ours", policies, inlinePolicies };
  } catch (error) {
    if (error instanceof NoSuchEntityError) return { group: "gone", ...none };
    // The role may look at the policies of the guards' own groups, and of no other of their names. Of one that is gone
    // IAM knows no path, and so refuses that too.
    const group = error instanceof AccessDeniedError ? await whichGroup(iam, ref) : "ours";
    if (group !== "ours") return { group, ...none };
    throw error;
  }
}

async function whichGroup(iam: Iam, ref: GuardRef): Promise<GuardState["group"]> {
  try {
    return isSameName(await iam.getGroupArn(ref.group), groupArnOf(ref)) ? "ours" : "elsewhere";
  } catch (error) {
    if (error instanceof NoSuchEntityError) return "gone";
    throw error;
  }
}

/** The digest of the policy in force, by two calls; undefined where there is no such policy. */
export async function readPolicyDigest(iam: Iam, policyArn: string): Promise<string | undefined> {
  try {
    return policyDigest(await policyInForce(iam, policyArn));
  } catch (error) {
    if (error instanceof NoSuchEntityError) return undefined;
    throw error;
  }
}

/** Attaches a guard's policy to its group, if the run may; says whether it did now, or somebody has before. */
async function reattach(
  { group, policyArn }: GuardRef,
  { iam, rules, isCurrent }: VerifyContext,
): Promise<"now" | "before" | "not"> {
  if (rules.mode === "off" || !(await isCurrentOrUnknown(isCurrent))) return "not";
  try {
    const attached = await iam.listAttachedGroupPolicies(group);
    if (attached.some((arn) => isSameName(arn, policyArn))) return "before";
    await iam.attachGroupPolicy(group, policyArn);
    return "now";
  } catch {
    // Whatever it is that IAM refuses, the second look says that the policy is off.
    return "not";
  }
}

/** Where Lambda does not tell, guards are to hold all the same. */
function isCurrentOrUnknown(isCurrent: () => Promise<boolean>): Promise<boolean> {
  return isCurrent().catch(() => true);
}
