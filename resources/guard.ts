import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Mode } from "../handler/decide";
import { GUARD_NAMES, type GuardName, type Guards, type GuardsOf } from "../handler/guards";
import type { PolicyDocument } from "../policies/document";
import type { DoorSettings } from "../policies/door";
import { GUARD_POLICIES } from "../policies/guard-policies";
import type { Partition } from "../policies/partitions";
import { CHARACTERS, confirmPolicies } from "./policy-json";

/** What a guard depends on. */
export type GuardSettings = DoorSettings & { readonly partition: Partition; readonly mode: Mode };

/** Constant for ever: IAM can't change a policy's description, so a new wording would replace the policy. */
const DESCRIPTIONS: GuardsOf<string> = {
  quarantine: "require-mfa: denies everything but enrolling an MFA device",
  conditional: "require-mfa: denies everything but enrolling an MFA device unless signed in with MFA",
  sealed: "require-mfa: denies everything unless signed in with MFA",
};

/** The IAM path under which everything of a stack lives, so that people and tools find it. */
export function iamPath(): string {
  return `/require-mfa/${pulumi.getStack()}/`;
}

function nameOf(guard: GuardName): string {
  return `require-mfa-${guard}`;
}

/**
 * The guards' policies. They depend on no resource, so that what is wrong with one is told before the first.
 *
 * @throws PolicyError listing every problem of all three
 */
export async function guardPolicies(settings: GuardSettings): Promise<GuardsOf<PolicyDocument>> {
  const { partition } = settings;
  const documents = {
    quarantine: GUARD_POLICIES.quarantine(settings, partition),
    conditional: GUARD_POLICIES.conditional(settings, partition),
    sealed: GUARD_POLICIES.sealed(settings, partition),
  };
  await confirmPolicies(
    GUARD_NAMES.map((guard) => {
      return { name: nameOf(guard), document: documents[guard], partition, characters: CHARACTERS.guard };
    }),
  );
  return documents;
}

/** A guard: an IAM group, a managed policy, and the one attached to the other. */
export class Guard extends pulumi.ComponentResource {
  readonly group: aws.iam.Group;
  readonly policy: aws.iam.Policy;
  readonly attachment: aws.iam.GroupPolicyAttachment;

  constructor(guard: GuardName, mode: Mode, document: PolicyDocument, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Guard", guard, {}, opts);
    const name = nameOf(guard);
    // Deleting a guard begins with its attachment, and a group without it holds nobody, long before IAM refuses to delete
    // the group with people in it. So Pulumi refuses first, until mode off has freed them.
    const parent = { parent: this, protect: mode !== "off" };
    this.group = new aws.iam.Group(name, { path: iamPath() }, parent);
    this.policy = new aws.iam.Policy(
      name,
      { path: iamPath(), description: DESCRIPTIONS[guard], policy: JSON.stringify(document) },
      parent,
    );
    this.attachment = new aws.iam.GroupPolicyAttachment(
      name,
      { group: this.group.name, policyArn: this.policy.arn },
      parent,
    );
    this.registerOutputs();
  }
}

/** All three guards stand whatever the mode, so that switching modes moves people and deletes nothing. */
export function createGuards({ mode }: GuardSettings, policies: GuardsOf<PolicyDocument>): GuardsOf<Guard> {
  return {
    quarantine: new Guard("quarantine", mode, policies.quarantine),
    conditional: new Guard("conditional", mode, policies.conditional),
    sealed: new Guard("sealed", mode, policies.sealed),
  };
}

/** Where the guards stand, as the handler is told it. */
export function whereaboutsOf(guards: GuardsOf<Guard>): Guards<pulumi.Output<string>> {
  const of = ({ group, policy }: Guard) => ({ group: group.name, policyArn: policy.arn });
  return { quarantine: of(guards.quarantine), conditional: of(guards.conditional), sealed: of(guards.sealed) };
}

/** The guards in the order in which they are told everywhere. */
export function listed(guards: GuardsOf<Guard>): readonly Guard[] {
  return GUARD_NAMES.map((name) => guards[name]);
}
