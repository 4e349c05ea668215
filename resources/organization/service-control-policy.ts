import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyDocument } from "../../policies/document";
import type { OrganizationPolicies } from "../../policies/organization";
import { NAMES_BEGIN } from "../../policies/organization-names";

/** What an SCP is for, in one sentence; Organizations shows it in its list. */
const DESCRIPTIONS: Readonly<Record<keyof OrganizationPolicies, string>> = {
  holding: "require-mfa: refuses IAM users in sessions without MFA everything but enrolling a device",
  tampering: "require-mfa: leaves guards and handler to the deploy roles",
  exemptions: "require-mfa: leaves roles and users that are exempt to the deploy roles",
};

export interface ServiceControlPolicyArgs {
  readonly which: keyof OrganizationPolicies;
  readonly document: pulumi.Output<PolicyDocument>;
  /** Roots and OUs to which it is attached, each with what has to be there before. */
  readonly attachTo: ReadonlyMap<string, pulumi.Resource>;
  /** Whether it stays attached until the stack has left. */
  readonly stays: boolean;
}

/** A service control policy, and where it is attached. */
export class ServiceControlPolicy extends pulumi.ComponentResource {
  readonly policy: aws.organizations.Policy;

  constructor(
    name: string,
    { which, document, attachTo, stays }: ServiceControlPolicyArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("require-mfa:index:ServiceControlPolicy", name, {}, opts);
    this.policy = new aws.organizations.Policy(
      name,
      {
        name: `${NAMES_BEGIN}-${which}`,
        description: DESCRIPTIONS[which],
        type: "SERVICE_CONTROL_POLICY",
        // Without white space, which counts.
        content: document.apply((each) => JSON.stringify(each)),
      },
      { parent: this },
    );
    for (const [target, after] of attachTo) {
      new aws.organizations.PolicyAttachment(
        `${name}-${target}`,
        { policyId: this.policy.id, targetId: target },
        { parent: this, protect: stays, dependsOn: [after] },
      );
    }
    this.registerOutputs();
  }
}
