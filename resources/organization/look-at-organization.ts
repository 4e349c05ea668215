import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PlainError } from "../../config/plain-error";
import type { Settings } from "../../core/settings";
import { PHYSICAL_NAMES } from "../../policies/organization-names";
import type { OrganizationChecked } from "./check-organization";

interface OrganizationLook {
  readonly settings: Settings;
  /** Whether an SCP is to hold below organizationEnforceTargets. */
  readonly isHolding: boolean;
  /** The name of the log group in which all that the accounts told is. */
  readonly logGroup: pulumi.Output<string>;
  readonly checked: pulumi.Output<OrganizationChecked>;
}

/** What a deploy waits for. Each rejects with a PlainError where it has to stop; a preview is warned instead. */
export interface OrganizationGates {
  /** That the SCP may hold, once the targets' instances are as they should be: every account there has its guards. */
  readonly mayHold: (instances: readonly aws.cloudformation.StackSetInstance[]) => pulumi.Output<unknown>;
  /** In mode off that the accounts' stacks may go, once the StackSet has it: nobody is held. The StackSet itself. */
  readonly mayLeave: (stackSet: aws.cloudformation.StackSet) => pulumi.Output<pulumi.Resource>;
}

/**
 * Looks at the organization as it stands, and not at what Pulumi has noted of it. Where there is no engine, as under the
 * mocks of tests, there is no organization either.
 */
export function lookAtOrganization(look: OrganizationLook, component: pulumi.Resource): OrganizationGates {
  const { settings, isHolding, logGroup, checked } = look;
  if (!pulumi.runtime.hasEngine()) {
    return { mayHold: () => pulumi.output(true), mayLeave: (stackSet) => pulumi.output(stackSet) };
  }
  const isPreview = pulumi.runtime.isDryRun();
  const warn = (message: string) => void pulumi.log.warn(message, component);
  // Loaded here, and by require: a program that is not tsx's own may have it compile what is required only.
  const { wordsOfLacking, wordsOfHolding }: typeof import("../../gates/at-deploy") = require("../../gates/at-deploy");
  const question = (of: OrganizationChecked) => ({
    settings: { ...settings, ...(!isHolding && { organizationEnforceTargets: [] }) },
    stackSet: PHYSICAL_NAMES.stackSet,
    place: of,
    isPreview,
    config: pulumi.runtime.allConfig(),
    environment: process.env,
    provider: aws.getCallerIdentity({}, { parent: component }),
    warn,
  });
  /** Stops an update for what is wrong, and warns a preview, or nobody could deploy what mends it. */
  const judged = (why: Promise<string | undefined>): Promise<void> =>
    why.then((message) => {
      if (message === undefined) return;
      if (!isPreview) throw new PlainError(message);
      warn(message);
    });
  return {
    mayHold: (instances) => {
      if (settings.mode === "off") return pulumi.output(true);
      const made = isPreview ? [] : instances.map(({ id }) => id);
      return pulumi.all([checked, pulumi.all(made)]).apply(([of]) => judged(wordsOfLacking(question(of))));
    },
    mayLeave: (stackSet) => {
      if (settings.mode !== "off") return pulumi.output(stackSet);
      const changed = isPreview ? [] : [stackSet.id];
      return pulumi
        .all([checked, logGroup, pulumi.all(changed)])
        .apply(([of, group]) => judged(wordsOfHolding(question(of), group)))
        .apply(() => stackSet);
    },
  };
}
