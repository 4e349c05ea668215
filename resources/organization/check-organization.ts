import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PlainError } from "../../config/plain-error";
import { type Problem, SettingsError } from "../../config/settings-error";
import { isDeployRole } from "../../core/deploy-roles";
import type { Partition } from "../../core/partitions";
import type { SettingName, Settings } from "../../core/settings";
import { wordsOf } from "../../core/words-of";
import { type OrganizationPolicies, organizationPolicies, REFUSES_NOTHING } from "../../policies/organization";
import { SCP_QUOTA } from "../../policies/quotas";
import { charactersOf } from "../../policy-language/lint";
import { confirmPolicies } from "../policy-json";

/** What is known of the organization once everything has been checked that can be checked before the first resource. */
export interface OrganizationChecked {
  readonly partition: Partition;
  /** As Organizations tells it: `o-a1b2c3d4e5`. */
  readonly organizationId: string;
  /** The account that the stack is in. */
  readonly accountId: string;
  /** Which no SCP binds and no StackSet reaches. */
  readonly managementAccountId: string;
  /** Whether the stack is in that one. */
  readonly isManagement: boolean;
  /** Accounts that get no stack as a target is added, by target: the exempt, and this one, which has its own. */
  readonly spared: Readonly<Record<string, readonly string[]>>;
  readonly policies: OrganizationPolicies;
}

/** What each SCP is made longer by. */
const LENGTHENING: Readonly<Record<keyof OrganizationPolicies, readonly SettingName[]>> = {
  holding: ["exemptUsers", "exemptPaths", "organizationExemptAccounts"],
  tampering: ["deployRoles", "organizationExemptAccounts"],
  exemptions: ["deployRoles", "exemptUsers", "exemptPaths", "organizationExemptAccounts"],
};

const NAMES = ["holding", "tampering", "exemptions"] as const satisfies readonly (keyof OrganizationPolicies)[];

/**
 * Checks what an organization's stack needs: SCPs that are right and have room, an organization, targets of which none
 * covers another, and a caller whom the SCPs leave the stack to.
 *
 * @throws SettingsError, PolicyError or PlainError, before anything is registered
 */
export async function checkOrganization(
  name: string,
  settings: Settings,
  partition: Partition,
  parent: pulumi.Resource,
): Promise<OrganizationChecked> {
  const policies = await checkPolicies(name, settings, partition);
  const { organizationTargets: targets, organizationExemptAccounts: exempt, deployRoles } = settings;
  const [organization, { accountId, arn: caller }] = await Promise.all([
    aws.organizations.getOrganization({ returnOrganizationOnly: true }, { parent }).catch((error: unknown) => {
      throw new PlainError(`organizationTargets: AWS Organizations can't be read: ${wordsOf(error)}`);
    }),
    aws.getCallerIdentity({}, { parent }),
  ]);
  const { id: organizationId, masterAccountId: managementAccountId } = organization;
  const isManagement = managementAccountId === accountId;
  const candidates = isManagement ? exempt : [...exempt, accountId];
  // Under the mocks of tests there is no organization.
  const mustLook = pulumi.runtime.hasEngine() && (candidates.length > 0 || targets.length > 1);
  const below = await Promise.all(
    targets.map(async (target) => [target, mustLook ? await accountsBelow(target, parent) : []] as const),
  );
  refuseOverlap(below);
  const isBound = !isManagement && below.some(([, accounts]) => accounts.includes(accountId));
  // A preview changes nothing, and pull requests preview by another role.
  if (isBound && !isDeployRole(caller, deployRoles) && !pulumi.runtime.isDryRun()) {
    throw new PlainError(
      `${caller} is none of deployRoles, and account ${accountId} lies below organizationTargets: the SCPs would refuse the next deploy; nothing was deployed.\n  Deploy by a role of deployRoles, or name this one there.`,
    );
  }
  const spared = below.map(
    ([target, accounts]) => [target, candidates.filter((each) => accounts.includes(each))] as const,
  );
  return {
    partition,
    organizationId,
    accountId,
    managementAccountId,
    isManagement,
    spared: Object.fromEntries(spared),
    policies,
  };
}

async function checkPolicies(name: string, settings: Settings, partition: Partition): Promise<OrganizationPolicies> {
  const { organizationExemptAccounts: exemptAccounts } = settings;
  const policies = organizationPolicies({ ...settings, settings, partition, exemptAccounts });
  const documents = NAMES.flatMap((each) => {
    const document = policies[each];
    return document === undefined ? [] : [{ each, document }];
  });
  const tooLong = documents.flatMap(({ each, document }): readonly Problem[] => {
    const characters = charactersOf(document);
    if (characters <= SCP_QUOTA) return [];
    const given = LENGTHENING[each].filter((setting) => [settings[setting]].flat().length > 0);
    return [
      {
        given: `the SCP ${each} takes ${characters.toLocaleString("en-US")} characters`,
        problems: [
          `must take at most ${SCP_QUOTA.toLocaleString("en-US")}: shorten ${given.join(", ")}; a path stands for many users, * for the account for many roles, and an OU of their own for exempt accounts`,
        ],
      },
    ];
  });
  if (tooLong.length > 0) throw new SettingsError(tooLong, `the settings of RequireMfa ${name}`);
  await confirmPolicies(
    [...documents, { each: "released", document: REFUSES_NOTHING }].map(({ each, document }) => ({
      name: `${name}-${each}`,
      document,
      partition,
      characters: SCP_QUOTA,
    })),
  );
  return policies;
}

async function accountsBelow(parentId: string, parent: pulumi.Resource): Promise<readonly string[]> {
  try {
    const { accounts } = await aws.organizations.getOrganizationalUnitDescendantAccounts({ parentId }, { parent });
    return accounts.map(({ id }) => id);
  } catch (error) {
    throw new PlainError(`organizationTargets: the accounts below ${parentId} can't be read: ${wordsOf(error)}`);
  }
}

/** Of two targets that share an account one would take the other's stacks along when it goes. */
function refuseOverlap(below: readonly (readonly [string, readonly string[]])[]): void {
  for (const [target, accounts] of below) {
    for (const [other, others] of below) {
      const shared = accounts.find((account) => target < other && others.includes(account));
      if (shared !== undefined) {
        throw new PlainError(
          `organizationTargets: account ${shared} lies below both ${target} and ${other}, of which one covers the other: name that one alone; nothing was deployed.`,
        );
      }
    }
  }
}
