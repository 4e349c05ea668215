import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../core/settings";
import { organizationDoor, REFUSES_NOTHING } from "../../policies/organization";
import type { Checked } from "../checks";
import type { MailsTo } from "../mail-from";
import type { OrganizationChecked } from "./check-organization";
import { Hub } from "./hub";
import { lookAtOrganization } from "./look-at-organization";
import { MemberStacks } from "./member-stacks";
import { ServiceControlPolicy } from "./service-control-policy";

/** What an organization's stack has made. */
export interface OrganizationOutputs {
  /** The name of the StackSet. */
  readonly stackSet: string;
  /** The ARN of the event bus that hears the accounts. */
  readonly busArn: string;
  /** The name of the log group in which all that the accounts told is. */
  readonly logGroup: string;
  /** Where the console shows the dashboard of all accounts. */
  readonly dashboardUrl: string;
  /** The IDs of the service control policies, by which they are taken off. */
  readonly policyIds: OrganizationPolicyIds;
}

/** The IDs of the service control policies. */
interface OrganizationPolicyIds {
  /** Of what holds; none where there is nothing to be enforced. */
  readonly holding?: string;
  /** Of what leaves the stacks to who deploys them. */
  readonly tampering: string;
  /** Of what leaves the exemptions to them. */
  readonly exemptions: string;
}

export interface OrganizationArgs {
  readonly settings: Settings;
  readonly told: MailsTo;
  readonly checked: pulumi.Output<Checked>;
}

/**
 * What goes beyond the account: guards and handler in every account below the targets, SCPs that hold beside them, and a
 * hub that hears what they tell.
 *
 * The door comes first, and an SCP only where it stands: an SCP holds from the moment at which it is attached, and grants
 * nobody to enrol. In leaving it is the other way round.
 */
export class Organization extends pulumi.ComponentResource {
  readonly hub: Hub;
  readonly outputs: pulumi.Output<OrganizationOutputs>;

  constructor(name: string, args: OrganizationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Organization", name, {}, opts);
    const { settings, told, checked: allChecked } = args;
    const { mode, dryRun, notifyOn, organizationEnforceTargets } = settings;
    const child = { parent: this };
    const checked = allChecked.apply(organizationOf);
    const stays = mode !== "off";
    const isEnforced = organizationEnforceTargets.length > 0;
    const isHolding = isEnforced && !dryRun && organizationDoor({ mode, settings }).length > 0;
    const holdingName = `${name}-holding`;

    this.hub = new Hub(`${name}-hub`, { notifyOn, to: told, checked }, child);
    const gates = lookAtOrganization({ settings, isHolding, logGroup: this.hub.logGroup.name, checked }, this);
    // An SCP that is to hold nobody any more is emptied before the stacks change, for Pulumi detaches it at the end alone.
    const released =
      isEnforced && !isHolding
        ? new ServiceControlPolicy(
            holdingName,
            {
              which: "holding",
              document: checked.apply(() => REFUSES_NOTHING),
              attachTo: new Map(),
              stays: false,
            },
            child,
          )
        : undefined;
    const members = new MemberStacks(
      name,
      {
        settings,
        hub: { busArn: this.hub.bus.arn, topicArn: told.topic.arn },
        after: [this.hub, ...(released ? [released] : [])],
        mayLeave: gates.mayLeave,
        checked,
      },
      child,
    );
    const mayHold = gates.mayHold([...members.instances.values()]);
    const everywhere = { attachTo: members.instances, stays };
    const tampering = new ServiceControlPolicy(
      `${name}-tampering`,
      { which: "tampering", document: checked.apply(({ policies }) => policies.tampering), ...everywhere },
      child,
    );
    const exemptions = new ServiceControlPolicy(
      `${name}-exemptions`,
      { which: "exemptions", document: checked.apply(({ policies }) => policies.exemptions), ...everywhere },
      child,
    );
    const enforced = [...members.instances].filter(([target]) => organizationEnforceTargets.includes(target));
    const holding = isHolding
      ? new ServiceControlPolicy(
          holdingName,
          {
            which: "holding",
            document: pulumi.all([checked, mayHold]).apply(([{ policies }]) => policies.holding ?? REFUSES_NOTHING),
            attachTo: new Map(enforced),
            stays: false,
          },
          child,
        )
      : released;
    this.outputs = pulumi.output({
      // What is to be said of the accounts is said by then.
      stackSet: isHolding ? members.stackSet.name : mayHold.apply(() => members.stackSet.name),
      busArn: this.hub.bus.arn,
      logGroup: this.hub.logGroup.name,
      dashboardUrl: this.hub.dashboardUrl,
      policyIds: {
        ...(holding && { holding: holding.policy.id }),
        tampering: tampering.policy.id,
        exemptions: exemptions.policy.id,
      },
    });
    this.registerOutputs();
  }
}

function organizationOf({ organization }: Checked): OrganizationChecked {
  if (organization === undefined) throw new TypeError("the organization was not checked");
  return organization;
}
