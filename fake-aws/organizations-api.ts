import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import type { Partition } from "../core/partitions";
import { accessKeyIdOf } from "./iam/access-key";
import { type LoopbackServer, listenOnLoopback } from "./loopback";
import type { StsCaller } from "./sts-api";

/** A root or an OU, with what lies directly below it. */
export interface Unit {
  /** r-… or ou-… */
  readonly id: string;
  readonly name: string;
  readonly units: readonly Unit[];
  readonly accounts: readonly MemberAccount[];
}

/** An account of an organization. */
export interface MemberAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly state: "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";
}

/** An organization, and how it is asked. */
export interface Organization {
  /** o-… */
  readonly id: string;
  readonly partition: Partition;
  /** Twelve digits. */
  readonly managementAccount: string;
  readonly root: Unit;
  /** Who calls, by access key id. */
  readonly callers: ReadonlyMap<string, StsCaller>;
  /** Accounts beside the management account that may list what there is: delegated administrators. */
  readonly delegated?: readonly string[];
  /** How many a page of a list holds, 20 if left out, which is the most that AWS gives. */
  readonly pageSize?: number;
  /** The code that a call is to fail with instead of being answered, if any. */
  readonly failWith?: (action: string) => string | undefined;
}

/** An answer that is no success; both the code and the message are those of AWS Organizations. */
class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const TARGET = /^AWSOrganizationsV20161128\.(\w+)$/;

/** At most 20 (API Reference, ListAccountsForParent). */
const Page = {
  NextToken: v.optional(v.string()),
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20))),
};
const ListRoots = v.strictObject(Page);
const ListForParent = v.strictObject({ ...Page, ParentId: v.string() });
const DescribeOrganizationalUnit = v.strictObject({ OrganizationalUnitId: v.string() });

/**
 * The API of AWS Organizations on a free loopback port, as far as it tells which accounts there are: DescribeOrganization,
 * ListRoots, DescribeOrganizationalUnit, ListOrganizationalUnitsForParent and ListAccountsForParent. The first is for
 * every member, the others for the management account and delegated administrators. Signatures are not verified.
 */
export async function serveOrganizations(organization: Organization): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    };
    answer(organization, request).then(
      (result) => send(200, result),
      (error: unknown) => {
        if (error instanceof Refusal) send(400, { __type: error.code, Message: error.message });
        else send(500, { __type: "ServiceException", Message: `the stand-in failed: ${String(error)}` });
      },
    );
  });
  return listenOnLoopback(server);
}

async function answer(organization: Organization, request: IncomingMessage): Promise<object> {
  const { id, managementAccount, root, callers, delegated = [], failWith } = organization;
  const [, action = ""] = TARGET.exec(String(request.headers["x-amz-target"])) ?? [];
  const parameters: unknown = JSON.parse(await text(request));
  const caller = callers.get(accessKeyIdOf(request.headers) ?? "");
  if (caller === undefined) {
    throw new Refusal("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const failure = failWith?.(action);
  if (failure !== undefined) throw new Refusal(failure, `${failure} for a test`);
  if (action === "DescribeOrganization") {
    const arn = `${arnBegin(organization)}:account/${id}/${managementAccount}`;
    return { Organization: { Id: id, MasterAccountId: managementAccount, MasterAccountArn: arn } };
  }
  if (![managementAccount, ...delegated].includes(caller.accountId)) {
    throw new Refusal("AccessDeniedException", "You don't have permissions to access this resource.");
  }
  const unitOf = (unitId: string, code: string): Unit => {
    const unit = unitsIn(root).find((each) => each.id === unitId);
    if (unit === undefined) throw new Refusal(code, `You specified ${unitId}, which doesn't exist.`);
    return unit;
  };
  switch (action) {
    case "ListRoots":
      v.parse(ListRoots, parameters);
      return { Roots: [unitShape(root, organization)] };
    case "DescribeOrganizationalUnit": {
      const { OrganizationalUnitId } = v.parse(DescribeOrganizationalUnit, parameters);
      const unit = unitOf(OrganizationalUnitId, "OrganizationalUnitNotFoundException");
      return { OrganizationalUnit: unitShape(unit, organization) };
    }
    case "ListOrganizationalUnitsForParent": {
      const asked = v.parse(ListForParent, parameters);
      const { shown, ...rest } = pageOf(unitOf(asked.ParentId, "ParentNotFoundException").units, asked, organization);
      return { OrganizationalUnits: shown.map((unit) => unitShape(unit, organization)), ...rest };
    }
    case "ListAccountsForParent": {
      const asked = v.parse(ListForParent, parameters);
      const parent = unitOf(asked.ParentId, "ParentNotFoundException");
      const { shown, ...rest } = pageOf(parent.accounts, asked, organization);
      return { Accounts: shown.map((account) => accountShape(account, organization)), ...rest };
    }
    default:
      throw new Refusal("UnknownOperationException", `not played here: ${action}`);
  }
}

function unitsIn(unit: Unit): readonly Unit[] {
  return [unit, ...unit.units.flatMap(unitsIn)];
}

/** One page, and the token of the next; a token is where the page begins. */
function pageOf<T>(
  all: readonly T[],
  { NextToken = "0", MaxResults = 20 }: v.InferOutput<typeof ListForParent>,
  { pageSize = 20 }: Organization,
): { readonly shown: readonly T[]; readonly NextToken?: string } {
  const start = Number(NextToken);
  if (!Number.isInteger(start)) throw new Refusal("InvalidInputException", "You provided an invalid next token.");
  const end = start + Math.min(MaxResults, pageSize);
  return { shown: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

function arnBegin({ partition, managementAccount }: Organization): string {
  return `arn:${partition}:organizations::${managementAccount}`;
}

function unitShape({ id, name }: Unit, organization: Organization): object {
  const kind = id.startsWith("r-") ? "root" : "ou";
  return { Id: id, Name: name, Arn: `${arnBegin(organization)}:${kind}/${organization.id}/${id}` };
}

function accountShape({ id, name, state }: MemberAccount, organization: Organization): object {
  const Arn = `${arnBegin(organization)}:account/${organization.id}/${id}`;
  return { Id: id, Name: name, Arn, Email: `${id}@example.com`, State: state };
}
