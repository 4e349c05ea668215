import { GUARD_NAMES, type GuardName, type GuardsOf } from "../core/guards";
import { GUARD_DESCRIPTIONS } from "../parts/guard-descriptions";
import type { PolicyDocument } from "../policies/document";
import { guardName, ORGANIZATION_PATH } from "../policies/organization-names";
import { logicalId, type Resources, ref, resource } from "./template";

const policyId = (guard: GuardName) => logicalId(guard, "policy");
const groupId = (guard: GuardName) => logicalId(guard, "group");

/** Whoever holds, or knows what the policies say, waits for these: of an update too, which goes the same way. */
export const GUARD_IDS = GUARD_NAMES.flatMap((guard) => [policyId(guard), groupId(guard)]);

/** The guards: of each the policy, and the group to which it is attached from the first moment on. */
export function guardResources(documents: GuardsOf<PolicyDocument>): Resources {
  return Object.fromEntries(
    GUARD_NAMES.flatMap((guard) => [
      [
        policyId(guard),
        resource("AWS::IAM::ManagedPolicy", {
          ManagedPolicyName: guardName(guard),
          Path: ORGANIZATION_PATH,
          Description: GUARD_DESCRIPTIONS[guard],
          PolicyDocument: documents[guard],
        }),
      ],
      [
        groupId(guard),
        resource("AWS::IAM::Group", {
          GroupName: guardName(guard),
          Path: ORGANIZATION_PATH,
          ManagedPolicyArns: [ref(policyId(guard))],
        }),
      ],
    ]),
  );
}
