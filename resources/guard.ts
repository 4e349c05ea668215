import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GUARD_NAMES, type GuardName, type GuardRefs, type GuardsOf, guardsOf } from "../core/guards";
import type { Mode } from "../core/modes";
import { GUARD_DESCRIPTIONS } from "../parts/guard-descriptions";
import type { Checked } from "./checks";
import { iamPath } from "./iam-path";

export interface GuardArgs {
  readonly guard: GuardName;
  readonly mode: Mode;
  readonly checked: pulumi.Output<Checked>;
}

/** A guard: an IAM group, a managed policy, and the one attached to the other. */
export class Guard extends pulumi.ComponentResource {
  readonly group: aws.iam.Group;
  readonly policy: aws.iam.Policy;
  readonly attachment: aws.iam.GroupPolicyAttachment;

  constructor(name: string, { guard, mode, checked }: GuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Guard", name, {}, opts);
    // Deleting a guard begins with its attachment, and a group without it holds nobody, long before IAM refuses to delete
    // the group with people in it. So Pulumi refuses first, until mode off has freed them.
    const child = { parent: this, protect: mode !== "off" };
    const path = checked.apply(iamPath);
    this.group = new aws.iam.Group(name, { path }, child);
    this.policy = new aws.iam.Policy(
      name,
      {
        path,
        description: GUARD_DESCRIPTIONS[guard],
        policy: checked.apply(({ documents }) => JSON.stringify(documents[guard])),
      },
      // It changes whenever somebody is held or freed by the policy, which is no change that a preview should show.
      { ...child, hideDiffs: ["attachmentCount"] },
    );
    this.attachment = new aws.iam.GroupPolicyAttachment(
      name,
      { group: this.group.name, policyArn: this.policy.arn },
      child,
    );
    this.registerOutputs();
  }
}

/** How the guards are named in IAM, as the handler is told it. */
export function guardRefs(guards: GuardsOf<Guard>): GuardRefs<pulumi.Output<string>> {
  return guardsOf((name) => ({ group: guards[name].group.name, policyArn: guards[name].policy.arn }));
}

/** The guards in the order in which they are told everywhere. */
export function listed(guards: GuardsOf<Guard>): readonly Guard[] {
  return GUARD_NAMES.map((name) => guards[name]);
}
