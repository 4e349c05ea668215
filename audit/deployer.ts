import {
  DEPLOYER_POLICIES,
  type DeployerPolicy,
  type DeployerReach,
  ORGANIZATION_DEPLOYER_POLICIES,
  type OrganizationDeployerPolicy,
} from "../policies/deployer";
import type { PolicyDocument } from "../policies/document";

/** What the documents are about. */
export interface DeployerAsked extends DeployerReach {
  /** Whether the stack is an organization's. */
  readonly organization?: true;
}

export type DeployerName = DeployerPolicy | OrganizationDeployerPolicy;

/** The documents of who previews and who deploys, in the order in which they are told everywhere. */
export function deployerDocuments({
  organization,
  ...reach
}: DeployerAsked): Readonly<Partial<Record<DeployerName, PolicyDocument>>> {
  const beside = organization
    ? {
        organizationPreview: ORGANIZATION_DEPLOYER_POLICIES.organizationPreview(reach),
        organizationUp: ORGANIZATION_DEPLOYER_POLICIES.organizationUp(reach),
      }
    : {};
  return { preview: DEPLOYER_POLICIES.preview(reach), up: DEPLOYER_POLICIES.up(reach), ...beside };
}

/**
 * Reads what the documents are to be about.
 *
 * @param where what is known of it already
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readDeployerReach(
  { stack, account }: Readonly<Record<"stack" | "account", string | undefined>>,
  where: Pick<DeployerAsked, "partition" | "component" | "organization">,
): DeployerAsked {
  if (stack === undefined || account === undefined) {
    throw new Error("--deployer needs --stack NAME and --account ID, for what it prints is about no other");
  }
  return {
    ...where,
    stack: ofForm(/^[\w.-]{1,100}$/, stack, "stack's own name, without organization and project: A-Z a-z 0-9 _ . -"),
    account: ofForm(/^\d{12}$/, account, "account ID of twelve digits"),
  };
}

function ofForm(form: RegExp, given: string, what: string): string {
  if (form.test(given)) return given;
  throw new Error(`${JSON.stringify(given)} is no ${what}`);
}
