import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { listInWords } from "../core/lists";
import type { Settings } from "../core/settings";
import { wordsOf } from "../core/words-of";
import { readAwsSettings } from "../impact/aws-settings";
import { identify, placeOf } from "../impact/connect";
import { findCredentials } from "../impact/credentials";
import { listAccounts } from "../impact/organization/list-accounts";
import { type ProviderIdentity, refuseOthers } from "../impact/provider-identity";
import { within } from "../impact/within";
import { accountsThatHoldNobody } from "./accounts-that-hold-nobody";
import { isOpen, lackingAmong, notHeldInWords, withoutGuardsInWords } from "./lacking";
import { lastUpdate, listInstances, type StackSetAsked } from "./read-stack-set";

type Texts = Readonly<Record<string, string | undefined>>;

/** An organization's deploy, as far as it is looked at. */
export interface OrganizationDeploy {
  readonly settings: Pick<
    Settings,
    "organizationTargets" | "organizationEnforceTargets" | "organizationExemptAccounts" | "sweepEvery"
  >;
  /** The StackSet's name. */
  readonly stackSet: string;
  /** Where the stack is; accounts of twelve digits. */
  readonly place: {
    readonly accountId: string;
    readonly managementAccountId: string;
    readonly isManagement: boolean;
  };
  readonly isPreview: boolean;
  /** Every key of the stack's configuration, namespace included. */
  readonly config: Texts;
  readonly environment: Texts;
  /** What the AWS provider itself says; rejects where it can't. */
  readonly provider: Promise<ProviderIdentity>;
  readonly warn: (message: string) => void;
}

/** How long an organization of some thousand accounts may take to be listed. */
const MOST_SECONDS = 600;

/**
 * Why the SCP that holds must not be attached, in words, or undefined where it may be: every open account below
 * organizationEnforceTargets has to have a stack that is CURRENT, and what can't be read counts as one that has not.
 * Warns of accounts without one below the other targets.
 */
export async function wordsOfLacking(deploy: OrganizationDeploy): Promise<string | undefined> {
  const { isPreview } = deploy;
  const { organizationTargets, organizationEnforceTargets, organizationExemptAccounts } = deploy.settings;
  const { accountId, managementAccountId } = deploy.place;
  const spared = [...organizationExemptAccounts, accountId, managementAccountId];
  try {
    return await within(
      MOST_SECONDS,
      asking(deploy, async ({ organizations, cloudFormation, asked, region }) => {
        const instances = await listInstances(cloudFormation, asked, region);
        const lackingBelow = async (targets: readonly string[]) =>
          lackingAmong(await listAccounts(organizations, targets), instances, spared);
        const lacking = await lackingBelow(organizationEnforceTargets);
        const others = await lackingBelow(
          organizationTargets.filter((target) => !organizationEnforceTargets.includes(target)),
        );
        if (others.length > 0) deploy.warn(withoutGuardsInWords(others));
        return lacking.length === 0 ? undefined : notHeldInWords(lacking, isPreview);
      }),
    );
  } catch (error) {
    const message = `which accounts have their guards can't be told: ${wordsOf(error)}`;
    if (organizationEnforceTargets.length > 0)
      return isPreview ? message : `the SCP that holds is left as it was: ${message}`;
    deploy.warn(message);
    return undefined;
  }
}

/**
 * Why the accounts' stacks must not go yet, in words, or undefined where they may: every open account that has one has to
 * have told of a sweep in mode off that left nobody held, since the StackSet was last changed.
 */
export async function wordsOfHolding(deploy: OrganizationDeploy, logGroup: string): Promise<string | undefined> {
  const { organizationTargets, sweepEvery } = deploy.settings;
  try {
    return await within(
      MOST_SECONDS,
      asking(deploy, async ({ organizations, cloudFormation, logs, asked, region }) => {
        const instances = await listInstances(cloudFormation, asked, region);
        if (instances.length === 0) return undefined;
        const since = await lastUpdate(cloudFormation, asked);
        const told = await accountsThatHoldNobody(logs, logGroup, since?.getTime() ?? 0);
        const accounts = await listAccounts(organizations, organizationTargets);
        const isClosed = (id: string) => accounts.some((each) => each.account === id && !isOpen(each));
        const untold = instances.map(({ account }) => account).filter((id) => !told.has(id) && !isClosed(id));
        if (untold.length === 0) return undefined;
        const count = `${untold.length} of ${instances.length} accounts have not told yet that nobody is held there`;
        return [
          deploy.isPreview
            ? `pulumi up sends mode off everywhere and stops then, for ${count}: ${listInWords(untold)}.`
            : `mode off was sent everywhere, and ${count}: ${listInWords(untold)}.`,
          `  Their stacks stay, protected. Each tells by its next sweep (sweepEvery is ${sweepEvery}): run pulumi up again then.`,
        ].join("\n");
      }),
    );
  } catch (error) {
    return `whether anybody is held in the accounts can't be told, so their stacks stay, protected: ${wordsOf(error)}`;
  }
}

interface Asking {
  readonly organizations: OrganizationsClient;
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly asked: StackSetAsked;
  readonly region: string;
}

/** Asks as the AWS provider, and as nobody else. */
async function asking<T>(deploy: OrganizationDeploy, ask: (asking: Asking) => Promise<T>): Promise<T> {
  const { config, environment, stackSet, place } = deploy;
  const aws = readAwsSettings(config, environment);
  const { key, caller } = await identify(aws, await findCredentials(aws));
  refuseOthers(caller, await deploy.provider, aws);
  const organizations = new OrganizationsClient({ ...placeOf(aws, "organizations"), credentials: key });
  const cloudFormation = new CloudFormationClient({ ...placeOf(aws, "cloudformation"), credentials: key });
  const logs = new CloudWatchLogsClient({ ...placeOf(aws, "logs"), credentials: key });
  try {
    const asked = { StackSetName: stackSet, CallAs: place.isManagement ? "SELF" : "DELEGATED_ADMIN" } as const;
    return await ask({ organizations, cloudFormation, logs, asked, region: aws.region });
  } finally {
    for (const client of [organizations, cloudFormation, logs]) client.destroy();
  }
}
