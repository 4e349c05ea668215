import { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Settings } from "../../core/settings";
import { wordsOf } from "../../core/words-of";
import { NAMES_BEGIN } from "../../policies/organization-names";
import type { AwsSettings, StaticKey } from "../aws-settings";
import { connect, type Identity, identify, placeOf } from "../connect";
import { type Question, readImpact } from "../read-impact";
import { within } from "../within";
import { listAccounts, type Organization, type OrganizationAccount, readOrganization } from "./list-accounts";
import {
  type AccountImpact,
  type AccountReport,
  type OrganizationImpact,
  organizationImpactOf,
} from "./organization-impact";
import { NotReadError, readAccounts } from "./read-accounts";
import { openResumeFile } from "./resume-file";

/** What is asked of an organization. */
export interface OrganizationQuestion {
  /** What is asked of the caller's own account, which has a stack of its own; the settings are those of all. */
  readonly question: Question;
  /** Roots and OUs, as r-… and ou-…. */
  readonly targets: readonly string[];
  /** Accounts that are not read, of twelve digits each. */
  readonly exemptAccounts: readonly string[];
  /** The name of the role, with its path if it has one, by which accounts other than the caller's are read. */
  readonly role: string;
  /** The file of what is read, if one is kept. */
  readonly resume: string | undefined;
}

/** Who is told how far it is. */
export interface OrganizationProgress {
  /** So many accounts have been found. */
  readonly onListed: (found: number) => void;
  /** So many of them are done with, earlier runs' included, and these are being read. */
  readonly onAccounts: (done: number, all: number, reading: readonly OrganizationAccount[]) => void;
}

/** The stack that the organization's StackSet puts into an account, by which its guards' path ends. */
export const MEMBER_STACK = "organization";

/** How much is done at once, and how long an account may take. */
interface Limits {
  /** IAM throttles by account; what a few readings at once weigh on is this machine. */
  readonly atOnce: number;
  /** Seconds that assuming the role may take. */
  readonly connectSeconds: number;
  /** Seconds that reading may take, and within them the credential report. */
  readonly readSeconds: number;
  readonly reportSeconds: number;
}

const LIMITS: Limits = { atOnce: 8, connectSeconds: 60, readSeconds: 180, reportSeconds: 120 };

/** AWS Organizations throttles at a few calls a second; the SDK pauses longer from one attempt to the next. */
const MOST_ATTEMPTS = 10;

/** What it takes to list accounts, in words. */
const WHO_MAY_LIST =
  "that is for the management account and delegated administrators, who must be allowed what docs/impact.md lists";

/**
 * Reads every account below an organization's roots and OUs as `readImpact` reads one: the caller's own by the credentials
 * at hand, every other by a role in it. Of a member account it asks what the stack would do that the organization's
 * StackSet puts there. It writes nothing but the file that is asked for.
 *
 * @throws what AWS Organizations and STS refuse before any account is read, and what is wrong with the file; what keeps
 *   one account from being read is told of it
 */
export async function readOrganizationImpact(
  asked: OrganizationQuestion,
  aws: AwsSettings,
  found: StaticKey,
  { onListed, onAccounts }: OrganizationProgress,
  limits = LIMITS,
): Promise<OrganizationImpact> {
  const { question, targets, role, resume } = asked;
  const { stack, settings } = question;
  const readAt = new Date().toISOString();
  const identity = await identify(aws, found);
  const { organization, accounts } = await list(targets, aws, identity, onListed);
  const of = { organization: organization.id, stack, settings };
  const kept = resume === undefined ? undefined : openResumeFile(resume, of);
  const reports: AccountReport[] = [];
  const toRead: OrganizationAccount[] = [];
  for (const account of accounts) {
    const why = whyLeftOut(account, organization, asked, identity);
    const impact = kept?.read.get(account.account);
    if (why !== undefined) reports.push({ ...account, outcome: { state: "left out", why } });
    else if (impact !== undefined) reports.push({ ...account, outcome: { state: "read", impact } });
    else toRead.push(account);
  }
  const reading = new Set<OrganizationAccount>();
  const tell = (): void => onAccounts(reports.length, accounts.length, [...reading]);
  await readAccounts(toRead, {
    read: (account) => readAccount(account, asked, aws, identity, limits),
    remedy: "run it again, with --resume to read the others no second time",
    atOnce: limits.atOnce,
    onBegin: (account) => {
      reading.add(account);
      tell();
    },
    onEnd: (account, report) => {
      if (report.outcome.state === "read") kept?.keep(report.outcome.impact);
      reading.delete(account);
      reports.push(report);
      tell();
    },
  });
  const { id, managementAccount } = organization;
  const about = { organization: id, managementAccount, caller: identity.caller.arn, role, targets };
  return organizationImpactOf({ ...about, stack, settings, readAt }, reports);
}

async function list(
  targets: readonly string[],
  aws: AwsSettings,
  { key, caller }: Identity,
  onListed: OrganizationProgress["onListed"],
): Promise<{ readonly organization: Organization; readonly accounts: readonly OrganizationAccount[] }> {
  const place = { ...placeOf(aws, "organizations"), maxAttempts: MOST_ATTEMPTS };
  const client = new OrganizationsClient({ ...place, credentials: key });
  try {
    return {
      organization: await readOrganization(client),
      accounts: await listAccounts(client, targets, onListed),
    };
  } catch (error) {
    if (!/AccessDenied/.test(error instanceof Error ? error.name : "")) throw error;
    throw new Error(`${caller.arn} may not list the organization (${wordsOf(error)}): ${WHO_MAY_LIST}`, {
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** Why nothing of the settings reaches an account, in words; undefined where it is to be read. */
function whyLeftOut(
  { account, state }: OrganizationAccount,
  { managementAccount }: Organization,
  { exemptAccounts }: OrganizationQuestion,
  { caller }: Identity,
): string | undefined {
  if (exemptAccounts.includes(account)) return "exempt";
  if (state !== "ACTIVE") return state.toLowerCase().replaceAll("_", " ");
  if (account === managementAccount && account !== caller.accountId) {
    return "the management account, which neither StackSets nor SCPs reach: it needs a stack of its own";
  }
  return undefined;
}

async function readAccount(
  { account }: OrganizationAccount,
  { question, role }: OrganizationQuestion,
  aws: AwsSettings,
  { key, caller }: Identity,
  { connectSeconds, readSeconds, reportSeconds }: Limits,
): Promise<AccountImpact> {
  const isOwn = account === caller.accountId;
  const [, partition] = caller.arn.split(":");
  const roles = isOwn ? [] : [{ roleArn: `arn:${partition}:iam::${account}:role/${role}` }];
  const connection = await within(connectSeconds, connect({ ...aws, roles }, key)).catch((error) => {
    const remedy = `the account must have a role ${role} that lets ${caller.arn} in; --role names another`;
    throw new NotReadError(wordsOf(error), remedy, { cause: error });
  });
  const until = Date.now() + reportSeconds * 1000;
  const ofMembers = { stack: MEMBER_STACK, name: NAMES_BEGIN, settings: settingsOfMembers(question.settings) };
  try {
    const reading = readImpact(isOwn ? question : ofMembers, connection, () => Date.now() < until);
    const { settings: _, ...impact } = await within(readSeconds, reading);
    return impact;
  } catch (error) {
    if (!/AccessDenied|not authorized/.test(wordsOf(error))) throw error;
    const remedy = `${connection.caller.arn} must be allowed what docs/impact.md lists`;
    throw new NotReadError(wordsOf(error), remedy, { cause: error });
  } finally {
    connection.close();
  }
}

/** A trail that a stack makes, it makes in its own account: in the others one must be there. */
function settingsOfMembers(settings: Settings): Settings {
  return { ...settings, createTrail: false };
}
