import * as v from "valibot";
import { grouped } from "../command-line/grouped";
import type { Mode } from "../core/modes";
import { ACCOUNTS, DAY_OR_NONE, type Kind, paths, USER_NAMES } from "../core/setting-kinds";
import type { PolicyDocument } from "../policies/document";
import { type Organization, type OrganizationPolicies, organizationPolicies } from "../policies/organization";
import { SCP_QUOTA } from "../policies/quotas";
import { charactersOf } from "../policy-language/lint";

/** What the command line says of an organization, unchecked, beside what it says in other ways too. */
interface Given extends Pick<Organization, "partition" | "settings" | "dryRun" | "deployRoles"> {
  readonly mode: Mode | undefined;
  readonly exemptUsers: readonly string[];
  readonly exemptPaths: readonly string[];
  readonly exemptAccounts: readonly string[];
  readonly enforceFrom: string;
}

/** The documents, in the order in which they are told everywhere. */
const ORGANIZATION_NAMES = ["holding", "tampering", "exemptions"] as const satisfies readonly OrganizationName[];

export type OrganizationName = keyof OrganizationPolicies;

/** The documents that there are, by name. */
export function organizationDocuments(
  organization: Organization,
): readonly (readonly [OrganizationName, PolicyDocument])[] {
  const policies = organizationPolicies(organization);
  return ORGANIZATION_NAMES.flatMap((name) => {
    const document = policies[name];
    return document === undefined ? [] : [[name, document] as const];
  });
}

/**
 * Reads for which organization the documents are.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOrganization({ mode, ...given }: Given): Organization {
  if (mode === undefined) throw new Error("--organization needs --mode, for whom an SCP holds depends on it");
  const organization: Organization = {
    ...given,
    mode,
    exemptUsers: ofKind(USER_NAMES, [...given.exemptUsers], "--exempt-user"),
    exemptPaths: ofKind(paths("would exempt everybody"), [...given.exemptPaths], "--exempt-path"),
    exemptAccounts: ofKind(ACCOUNTS, [...given.exemptAccounts], "--exempt-account"),
    enforceFrom: ofKind(DAY_OR_NONE, given.enforceFrom, "--enforce-from"),
  };
  refuseOversize(organization);
  return organization;
}

function ofKind<T>({ schema }: Pick<Kind<T>, "schema">, given: unknown, option: string): T {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return parsed.output;
  throw new Error(`${option}: ${parsed.issues[0].message}`);
}

function refuseOversize(organization: Organization): void {
  for (const [name, document] of organizationDocuments(organization)) {
    const size = charactersOf(document);
    if (size > SCP_QUOTA) {
      throw new Error(
        `the SCP ${name} takes ${grouped(size)} characters of ${grouped(SCP_QUOTA)}: name a path instead of many users, and fewer deploy roles`,
      );
    }
  }
}
