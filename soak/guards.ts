import { groupArnOf } from "../core/guard-state";
import { GUARD_NAMES, type GuardName, type GuardRefs, guardsOf } from "../core/guards";
import { policyDigest } from "../core/policy-digest";

/** The account in which histories play. */
export const ACCOUNT_ID = "123456789012";

/** The path of the guards of the stack. */
export const GUARD_PATH = "/require-mfa/dev/";

/** The guards of the stack. */
export const GUARDS: GuardRefs = guardsOf((guard) => {
  const name = `require-mfa-${guard}-1a2b3c4`;
  return { group: name, policyArn: `arn:aws:iam::${ACCOUNT_ID}:policy${GUARD_PATH}${name}` };
});

/** What the guards' policies say; each another thing, so that none can be taken for the other. */
export const GUARD_DOCUMENTS = guardsOf((guard) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: guard, Effect: "Deny", Action: "*", Resource: "*" }] }),
);

/** What the function is told that they say. */
export const POLICY_DIGESTS = guardsOf((guard) => policyDigest(GUARD_DOCUMENTS[guard]));

const GROUP_ARNS = GUARD_NAMES.map((guard) => groupArnOf(GUARDS[guard]).toLowerCase());

/** Whether an ARN is that of a guard's own group. */
export function isGuardsGroup(arn: string): boolean {
  return GROUP_ARNS.includes(arn.toLowerCase());
}

/** The guard that a group's name is of. */
export function guardOfGroup(name: string): GuardName | undefined {
  return GUARD_NAMES.find((guard) => GUARDS[guard].group.toLowerCase() === name.toLowerCase());
}

/** The guard that a policy's ARN is of. */
export function guardOfPolicy(arn: string): GuardName | undefined {
  return GUARD_NAMES.find((guard) => GUARDS[guard].policyArn.toLowerCase() === arn.toLowerCase());
}
