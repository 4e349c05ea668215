import { progressOn } from "../../command-line/progress";
import { COMPONENT_NAME } from "../../config/component-name";
import { type Evidence, gatherScpEvidence } from "../../evidence/gather-evidence";
import { scpEvidenceMarkdown, scpEvidenceText } from "../../evidence/tell-evidence";
import { findCredentials } from "../credentials";
import { type OrganizationImpact, readAccountsOf } from "../organization/organization-impact";
import { readOrganizationImpact } from "../organization/read-organization-impact";
import { awsOfStack } from "./aws-of-stack";
import type { OrganizationOptions } from "./options";
import { organizationMarkdown } from "./organization-markdown";
import { organizationPage } from "./organization-page";
import { organizationTable } from "./organization-table";
import { bar } from "./reading";
import type { Asked, Report } from "./report";
import { warn } from "./warn";

/**
 * Reads every account below the targets, and the logs that are given.
 *
 * @throws Error where there are no targets; what keeps the organization from being listed, and what is wrong with the file
 *   of what is read
 */
export async function reportOnOrganization(asked: Asked, options: OrganizationOptions): Promise<Report> {
  const impact = await read(asked, options);
  const evidence = asked.logs.length === 0 ? undefined : await gather(asked.logs, impact);
  const isMissing = impact.accounts.some(({ outcome }) => outcome.state === "not read");
  return {
    page: () => organizationPage(impact, asked.whatIf),
    text: printed(asked, impact, evidence),
    isSomebodyNew: impact.changes.held > 0 || (isMissing ? undefined : false),
  };
}

async function read({ configuration, settings }: Asked, options: OrganizationOptions): Promise<OrganizationImpact> {
  const { organizationTargets, organizationExemptAccounts } = settings;
  const { role, resume } = options;
  const targets = options.targets.length > 0 ? options.targets : organizationTargets;
  if (targets.length === 0) {
    throw new Error(
      "which accounts are to be read: the stack has no organizationTargets, so name a root or an OU by --target (aws organizations list-roots tells the root)",
    );
  }
  const { aws, warnings } = awsOfStack({ ...configuration, environment: process.env });
  for (const each of warnings) warn(each);
  const progress = progressOn(process.stderr);
  try {
    return await readOrganizationImpact(
      {
        question: { stack: configuration.stack, name: COMPONENT_NAME, settings },
        targets,
        exemptAccounts: organizationExemptAccounts,
        role,
        resume,
      },
      aws,
      await findCredentials(aws),
      {
        onListed: (found) => progress.doing(`listing accounts: ${found}`),
        onAccounts: (done, all, reading) =>
          progress.doing(
            `${bar(done / all)} ${done} of ${all} accounts; ${reading.map(({ name }) => name).join(", ")}`,
          ),
      },
    );
  } finally {
    progress.say();
  }
}

/** Judges by the SCP whatever users of the accounts called, also of those that could not be read: it knows no state. */
async function gather(
  logs: readonly string[],
  { accounts, managementAccount, settings }: OrganizationImpact,
): Promise<Evidence<"SCP"> | undefined> {
  const bound = accounts.filter(
    ({ account, outcome }) => account !== managementAccount && outcome.state !== "left out",
  );
  const held = new Set(bound.map(({ account }) => account));
  const people = readAccountsOf(accounts).flatMap(({ account, impact }) =>
    impact.people.map(({ user, path }) => [`${account} ${user.toLowerCase()}`, { user, path }] as const),
  );
  const byName = new Map(people);
  const progress = progressOn(process.stderr);
  try {
    const evidence = await gatherScpEvidence({
      paths: logs,
      settings,
      isHeldAccount: (account) => held.has(account),
      pathOf: ({ account, user }) => byName.get(`${account} ${user.toLowerCase()}`)?.path,
      onProgress: ({ files, records }) => progress.doing(`reading logs: ${files} files, ${records} records`),
    });
    if (evidence === undefined) warn(`in mode ${settings.mode} no SCP holds, and the logs are not read`);
    return evidence;
  } finally {
    progress.say();
  }
}

function printed(
  { print, all, whatIf }: Asked,
  impact: OrganizationImpact,
  evidence: Evidence<"SCP"> | undefined,
): string {
  const told = (text: string, more: (evidence: Evidence<"SCP">, all: boolean) => string) =>
    evidence === undefined ? text : `${text}\n\n${more(evidence, all)}`;
  switch (print) {
    case "json":
      return JSON.stringify(evidence === undefined ? impact : { ...impact, evidence }, undefined, 2);
    case "markdown":
      return told(organizationMarkdown(impact, all, whatIf), scpEvidenceMarkdown);
    case "table":
      return told(organizationTable(impact, all, whatIf), scpEvidenceText);
  }
}
