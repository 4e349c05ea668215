import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../core/settings";
import { memberTemplate } from "../../member-stack/member-template";
import { PHYSICAL_NAMES } from "../../policies/organization-names";
import type { OrganizationChecked } from "./check-organization";
import { CodeBucket } from "./code-bucket";

/**
 * How far a change of all accounts goes at once, and when it stops: until a tenth of them has failed, for one odd account
 * must not keep the others from what holds their people, and a quarter at a time at most. CloudFormation's default is to
 * go on with no more at once than may still fail, so that a fault of the template shows before it is everywhere. In one
 * region the order of regions says nothing.
 */
const PREFERENCES = {
  maxConcurrentPercentage: 25,
  failureTolerancePercentage: 10,
} as const;

/** An operation on hundreds of accounts takes longer than the AWS provider waits, which is half an hour. */
const PATIENCE = "6h";

export interface MemberStacksArgs {
  readonly settings: Settings;
  readonly hub: { readonly busArn: pulumi.Input<string>; readonly topicArn: pulumi.Input<string> };
  /** What is to be done before any account's stack is changed. */
  readonly after: readonly pulumi.Resource[];
  /** What the accounts' stacks wait for to be left alone by Pulumi, once the StackSet is as it should be; see `leaving`. */
  readonly mayLeave: (stackSet: aws.cloudformation.StackSet) => pulumi.Input<pulumi.Resource>;
  readonly checked: pulumi.Output<OrganizationChecked>;
}

/**
 * What brings guards and handler into every account below the targets: a StackSet, with a target's instances as a resource
 * each, so that to add one does nothing to the others.
 */
export class MemberStacks extends pulumi.ComponentResource {
  readonly stackSet: aws.cloudformation.StackSet;
  /** By target. */
  readonly instances: ReadonlyMap<string, aws.cloudformation.StackSetInstance>;

  constructor(name: string, args: MemberStacksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:MemberStacks", name, {}, opts);
    const { settings, hub, after, mayLeave, checked } = args;
    const { mode, organizationTargets } = settings;
    const bucket = new CodeBucket(`${name}-code`, { checked }, { parent: this });
    const template = pulumi
      .all([checked, bucket.bucket.bucket, bucket.code.key, hub.busArn, hub.topicArn])
      .apply(([{ partition }, codeBucket, key, busArn, topicArn]) =>
        JSON.stringify(
          memberTemplate({ partition, settings, code: { bucket: codeBucket, key }, hub: { busArn, topicArn } }),
        ),
      );
    // A delegated administrator acts for the management account, and says so.
    const callAs = checked.apply(({ isManagement }) => (isManagement ? "SELF" : "DELEGATED_ADMIN"));
    const times = { create: PATIENCE, update: PATIENCE, delete: PATIENCE };
    const membersName = `${name}-members`;
    this.stackSet = new aws.cloudformation.StackSet(
      membersName,
      {
        // The SCPs name what is made by it before it is there.
        name: PHYSICAL_NAMES.stackSet,
        description: "require-mfa: makes MFA compulsory for the IAM users of every account",
        permissionModel: "SERVICE_MANAGED",
        // An account that leaves a target keeps what holds its people, until somebody decides otherwise.
        autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
        // New accounts may come while an update is on its way: operations wait for one another instead of failing.
        managedExecution: { active: true },
        capabilities: ["CAPABILITY_NAMED_IAM"],
        operationPreferences: PREFERENCES,
        templateUrl: bucket.storeTemplate(template, checked),
        callAs,
      },
      {
        parent: this,
        protect: mode !== "off",
        dependsOn: [...after],
        customTimeouts: times,
        // AWS fills the role in where permissions are its own (terraform-provider-aws#23464). Another automatic deployment,
        // as somebody may set it by hand, would replace the StackSet, and take every account's stack along.
        ignoreChanges: ["administrationRoleArn", "autoDeployment"],
      },
    );
    const mayLeaveThem = mayLeave(this.stackSet);
    this.instances = new Map(
      organizationTargets.map((target) => [
        target,
        new aws.cloudformation.StackSetInstance(
          `${membersName}-${target}`,
          {
            stackSetName: this.stackSet.name,
            deploymentTargets: checked.apply(({ spared }) => deploymentTargets(target, spared[target] ?? [])),
            operationPreferences: PREFERENCES,
            callAs,
          },
          {
            parent: this,
            protect: mode !== "off",
            dependsOn: [mayLeaveThem],
            customTimeouts: times,
            // Another filter would replace all instances, and take away every account's stack. Where an account is
            // exempt later, its stack stays, in mode off.
            ignoreChanges: ["deploymentTargets"],
            // It changes with each account that comes or goes, which is no change that a preview should show.
            hideDiffs: ["stackInstanceSummaries"],
          },
        ),
      ]),
    );
    this.registerOutputs();
  }
}

function deploymentTargets(target: string, spared: readonly string[]) {
  const organizationalUnitIds = [target];
  if (spared.length === 0) return { organizationalUnitIds };
  return { organizationalUnitIds, accounts: [...spared], accountFilterType: "DIFFERENCE" };
}
