import { DEPLOYER_POLICIES, type DeployerPolicy, type DeployerReach } from "../policies/deployer";
import type { PolicyDocument } from "../policies/document";

/** The documents, in the order in which they are told everywhere. */
export const DEPLOYER_NAMES = ["preview", "up"] as const satisfies readonly DeployerPolicy[];

/** The documents of who previews and who deploys. */
export function deployerDocuments(reach: DeployerReach): Readonly<Record<DeployerPolicy, PolicyDocument>> {
  return { preview: DEPLOYER_POLICIES.preview(reach), up: DEPLOYER_POLICIES.up(reach) };
}

/**
 * Reads what the documents are to be about.
 *
 * @param where what is known of it already
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readDeployerReach(
  { stack, account }: Readonly<Record<"stack" | "account", string | undefined>>,
  where: Pick<DeployerReach, "partition" | "component">,
): DeployerReach {
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
