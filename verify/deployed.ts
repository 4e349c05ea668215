import { type IAMClient, paginateListGroups } from "@aws-sdk/client-iam";
import { GUARD_NAMES, type GuardName, type GuardRefs, type GuardsOf, guardsOf } from "../core/guards";
import { stackPath } from "../core/stack-path";
import type { Iam } from "../handler/iam/iam";
import { policyInForce } from "../handler/iam/policy-in-force";
import { findGuards } from "../impact/deployed-guards";

/** The guards that stand in the account, and what their policies say. */
export interface Deployed {
  readonly guards: GuardRefs;
  /** Documents as JSON; undefined of a guard that is not there or has lost its policy. */
  readonly documents: GuardsOf<string | undefined>;
}

/** Reads a stack's guards: the default versions of the policies that are attached to its groups. */
export async function readDeployed(
  client: IAMClient,
  iam: Iam,
  { stack, name }: { readonly stack: string; readonly name: string },
): Promise<Deployed> {
  const path = stackPath(stack);
  const groups: { name: string; arn: string; policies: readonly string[] }[] = [];
  for await (const { Groups = [] } of paginateListGroups({ client }, { PathPrefix: path })) {
    for (const { GroupName = "", Arn = "" } of Groups) {
      groups.push({ name: GroupName, arn: Arn, policies: await iam.listAttachedGroupPolicies(GroupName) });
    }
  }
  const { guards } = findGuards(groups, [], { path, name });
  const attached = new Set(groups.flatMap(({ policies }) => policies));
  const read = async (guard: GuardName): Promise<readonly [GuardName, string | undefined]> => {
    const { policyArn } = guards[guard];
    if (!attached.has(policyArn)) return [guard, undefined];
    return [guard, await policyInForce(iam, policyArn)];
  };
  const documents = new Map(await Promise.all(GUARD_NAMES.map(read)));
  return { guards, documents: guardsOf((guard) => documents.get(guard)) };
}
