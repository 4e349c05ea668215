import type { Mode } from "../core/modes";
import { PARTITIONS, type Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { organizationPolicies } from "../policies/organization";
import { type CompiledPolicies, compile, evaluate } from "../policy-language/evaluator";
import type { Caller, UserCall } from "./call-of";
import { judgeOf } from "./judge";

/** The settings that say what an organization's SCP refuses, and whom. */
export interface ScpSettings extends PolicySettings {
  readonly mode: Mode;
  readonly exemptUsers: readonly string[];
  readonly exemptPaths: readonly string[];
  readonly organizationExemptAccounts: readonly string[];
}

/** Says whom an organization's SCP holds, and which of their calls it would have refused. */
export interface ScpJudge {
  /**
   * @param arn as a record has it, with the user's path
   * @param path the user's as it is now, where it is known
   */
  readonly isHeld: (caller: Caller, arn: string | undefined, path: string | undefined) => boolean;
  readonly isRefused: (call: UserCall, refuser: "SCP") => boolean;
}

/** What an SCP that holds refuses to everybody whom it is about, in a session without MFA. */
const BEYOND_THE_DOOR = { action: "s3:ListAllMyBuckets", resource: "*" } as const;

/** No user can be called so, so that no exemption is about it. */
const NOBODY_EXEMPT = { account: "000000000000", user: "~" } as const;

/**
 * A judge by the very SCP that these settings attach, as of the day from which it holds; undefined where the mode has none.
 *
 * All its statements are about the same users, so that who is held is asked once a user, and a call then judged by the
 * session alone.
 */
export function scpJudge(settings: ScpSettings): ScpJudge | undefined {
  const { mode, exemptUsers, exemptPaths, organizationExemptAccounts: exemptAccounts } = settings;
  const holdingIn = (partition: Partition) =>
    organizationPolicies({
      partition,
      mode,
      settings,
      exemptUsers,
      exemptPaths,
      exemptAccounts,
      enforceFrom: "none",
      dryRun: false,
      // Only the other documents name them.
      deployRoles: [],
    }).holding;
  const compiled = new Map<Partition, CompiledPolicies>();
  for (const partition of PARTITIONS) {
    const holding = holdingIn(partition);
    if (holding === undefined) return undefined;
    compiled.set(partition, compile([holding]));
  }
  const policiesOf = (partition: Partition): CompiledPolicies => compiled.get(partition) ?? compile([]);
  return {
    isHeld: ({ account, user }, arn, path) => {
      const partition = PARTITIONS.find((each) => arn?.startsWith(`arn:${each}:`)) ?? "aws";
      const now = `arn:${partition}:iam::${account}:user${path ?? "/"}${user}`;
      const context = {
        "aws:username": user,
        "aws:PrincipalArn": path === undefined ? (arn ?? now) : now,
        "aws:PrincipalAccount": account,
        "aws:ViaAWSService": "false",
      };
      const verdict = evaluate(policiesOf(partition), { ...BEYOND_THE_DOOR, context });
      return !verdict.allowed && verdict.explicit;
    },
    isRefused: judgeOf<"SCP">(
      (_, partition) => policiesOf(partition),
      (partition) => ({
        "aws:PrincipalArn": `arn:${partition}:iam::${NOBODY_EXEMPT.account}:user/${NOBODY_EXEMPT.user}`,
        "aws:PrincipalAccount": NOBODY_EXEMPT.account,
      }),
    ),
  };
}
