import { SUMMARY_OPERATIONS } from "./account-summary";
import { AUTHORIZATION_DETAILS_OPERATIONS } from "./authorization-details";
import { BOUNDARY_OPERATIONS } from "./boundaries";
import { CERTIFICATE_OPERATIONS } from "./certificates";
import { ACCESS_KEY_OPERATIONS, LOGIN_PROFILE_OPERATIONS } from "./credentials";
import { DEVICE_OPERATIONS } from "./devices";
import { GROUP_OPERATIONS } from "./groups";
import { INLINE_POLICY_OPERATIONS } from "./inline-policies";
import type { Operation } from "./operation";
import { ATTACHMENT_OPERATIONS, POLICY_OPERATIONS } from "./policies";
import { POLICY_VERSION_OPERATIONS } from "./policy-versions";
import { REPORT_OPERATIONS } from "./reports";
import { SERVICE_CREDENTIAL_OPERATIONS } from "./service-credentials";
import { USER_OPERATIONS } from "./users";

/** The actions of IAM that this account knows, each with its parameters, its resource and its effect. */
const OPERATIONS = {
  ...USER_OPERATIONS,
  ...LOGIN_PROFILE_OPERATIONS,
  ...ACCESS_KEY_OPERATIONS,
  ...CERTIFICATE_OPERATIONS,
  ...SERVICE_CREDENTIAL_OPERATIONS,
  ...DEVICE_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...POLICY_VERSION_OPERATIONS,
  ...ATTACHMENT_OPERATIONS,
  ...INLINE_POLICY_OPERATIONS,
  ...BOUNDARY_OPERATIONS,
  ...REPORT_OPERATIONS,
  ...AUTHORIZATION_DETAILS_OPERATIONS,
  ...SUMMARY_OPERATIONS,
};

/** The name of an action, without the service: `EnableMFADevice`. */
export type IamAction = keyof typeof OPERATIONS;

/** What an action answers. */
export type ResultOf<A extends IamAction> = (typeof OPERATIONS)[A] extends Operation<infer R> ? R : never;

/** The operation of an action; undefined for an action that IAM, or this account, does not have. */
export function findOperation(action: string): Operation | undefined {
  const operations: Readonly<Record<string, Operation>> = OPERATIONS;
  return Object.hasOwn(operations, action) ? operations[action] : undefined;
}
