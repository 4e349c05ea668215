import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../config/check-settings";
import { unknownSetting } from "../config/read-settings";
import { regionProblem } from "../config/region";
import { type Problem, SettingsError } from "../config/settings-error";
import { GUARD_NAMES, type GuardsOf, guardsOf } from "../core/guards";
import { PARTITIONS, type Partition } from "../core/partitions";
import { isSettingName, type RequireMfaArgs, type Settings } from "../core/settings";
import type { PolicyDocument } from "../policies/document";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { checkOrganization, type OrganizationChecked } from "./organization/check-organization";
import { CHARACTERS, confirmPolicies } from "./policy-json";

/** What is known once everything has been checked that can be checked before the first resource. */
export interface Checked {
  readonly partition: Partition;
  readonly documents: GuardsOf<PolicyDocument>;
  /** Where the stack is an organization's. */
  readonly organization?: OrganizationChecked;
}

/**
 * Checks a component's arguments.
 *
 * @throws SettingsError listing everything that is wrong with them
 */
export function checkArgs(args: RequireMfaArgs, name: string): Settings {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const shown = (key: string) => `${key} is ${JSON.stringify(given[key])}`;
  const { settings, problems } = checkSettings(given, { shown, fix: () => undefined });
  const strangers = Object.keys(given)
    .filter((key) => !isSettingName(key))
    .map((key): Problem => ({ given: shown(key), problems: [unknownSetting(key)] }));
  const all = [...strangers, ...problems];
  if (all.length > 0) throw new SettingsError(all, `the arguments of RequireMfa ${name}`);
  return settings;
}

/**
 * Checks the region that the component's provider works in, the guards' policies, which depend on no resource, and where
 * there is one the organization. Nothing is registered before the output has its value.
 *
 * @param lockout rejects where the deploy would lock out its own caller
 * @throws SettingsError where IAM's events don't arrive in the region; PolicyError listing every problem of all policies;
 *   what {@link checkOrganization} throws
 */
export function checkBeforeDeploying(
  name: string,
  settings: Settings,
  lockout: Promise<void>,
  parent: pulumi.Resource,
): pulumi.Output<Checked> {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  return pulumi.all([partition, region, lockout]).apply(async ([given, where]): Promise<Checked> => {
    const known = PARTITIONS.find((each) => each === given);
    const problem = regionProblem(where, "the region of the AWS provider", known);
    if (problem !== undefined || known === undefined) {
      throw new SettingsError(problem === undefined ? [] : [problem], `the provider of RequireMfa ${name}`);
    }
    const documents = guardsOf((guard) => GUARD_POLICIES[guard](settings, known));
    await confirmPolicies(
      GUARD_NAMES.map((guard) => ({
        name: `${name}-${guard}`,
        document: documents[guard],
        partition: known,
        characters: CHARACTERS.guard,
      })),
    );
    if (settings.organizationTargets.length === 0) return { partition: known, documents };
    return { partition: known, documents, organization: await checkOrganization(name, settings, known, parent) };
  });
}
