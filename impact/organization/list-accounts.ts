import {
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  OrganizationalUnitNotFoundException,
  type OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
} from "@aws-sdk/client-organizations";
import * as v from "valibot";

/** A root or an OU. */
interface OrganizationalUnit {
  /** r-… or ou-… */
  readonly id: string;
  /** Names from a target down to this one. */
  readonly path: readonly string[];
}

/** An account as an organization knows it. */
export interface OrganizationAccount {
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
  readonly unit: OrganizationalUnit;
  /** In capitals, as AWS Organizations tells it; only an account that is `ACTIVE` can be used. */
  readonly state: string;
}

/** An organization as its members see it. */
export interface Organization {
  /** o-… */
  readonly id: string;
  /** Twelve digits. */
  readonly managementAccount: string;
}

const OrganizationShape = v.object({
  Organization: v.object({ Id: v.string(), MasterAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)) }),
});
const UnitShape = v.object({ Id: v.string(), Name: v.string() });
const AccountShape = v.object({
  Id: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  Name: v.optional(v.string(), ""),
  // `Status` is what `State` was called before, with the same words (API Reference, Account).
  State: v.optional(v.string()),
  Status: v.optional(v.string()),
});

/** The caller's organization. Throws what AWS Organizations refuses, also where there is none. */
export async function readOrganization(client: OrganizationsClient): Promise<Organization> {
  const { Organization } = v.parse(OrganizationShape, await client.send(new DescribeOrganizationCommand()));
  return { id: Organization.Id, managementAccount: Organization.MasterAccountId };
}

/**
 * The accounts below these roots and OUs, in all depths, each once; unit by unit, for AWS Organizations throttles.
 *
 * @param onAccounts is told how many have been found so far
 * @throws Error that names a target that is none of the organization's, and what AWS Organizations refuses otherwise
 */
export async function listAccounts(
  client: OrganizationsClient,
  targets: readonly string[],
  onAccounts: (found: number) => void = () => undefined,
): Promise<readonly OrganizationAccount[]> {
  const accounts = new Map<string, OrganizationAccount>();
  const seen = new Set<string>();
  const visit = async (unit: OrganizationalUnit): Promise<void> => {
    if (seen.has(unit.id)) return;
    seen.add(unit.id);
    for await (const { Accounts = [] } of paginateListAccountsForParent({ client }, { ParentId: unit.id })) {
      for (const { Id, Name, State, Status } of v.parse(v.array(AccountShape), Accounts)) {
        accounts.set(Id, { account: Id, name: Name, unit, state: State ?? Status ?? "unknown" });
      }
      onAccounts(accounts.size);
    }
    const units: OrganizationalUnit[] = [];
    const pages = paginateListOrganizationalUnitsForParent({ client }, { ParentId: unit.id });
    for await (const { OrganizationalUnits = [] } of pages) {
      for (const { Id, Name } of v.parse(v.array(UnitShape), OrganizationalUnits)) {
        units.push({ id: Id, path: [...unit.path, Name] });
      }
    }
    for (const each of units) await visit(each);
  };
  for (const target of targets) await visit(await unitOf(client, target));
  return [...accounts.values()];
}

async function unitOf(client: OrganizationsClient, target: string): Promise<OrganizationalUnit> {
  if (target.startsWith("ou-")) {
    const describe = new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: target });
    const { OrganizationalUnit } = await client.send(describe).catch((error) => {
      if (!(error instanceof OrganizationalUnitNotFoundException)) throw error;
      throw new Error(`the organization has no OU ${target}`, { cause: error });
    });
    return { id: target, path: [v.parse(UnitShape, OrganizationalUnit).Name] };
  }
  for await (const { Roots = [] } of paginateListRoots({ client }, {})) {
    const root = v.parse(v.array(UnitShape), Roots).find(({ Id }) => Id === target);
    if (root !== undefined) return { id: target, path: [root.Name] };
  }
  throw new Error(`the organization has no root ${target}`);
}
