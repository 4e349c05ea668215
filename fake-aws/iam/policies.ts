import type { Arns } from "./arns";
import { boundaryKey } from "./boundaries";
import { IamError, quota } from "./error";
import { anyResource, type Call, groupResource, operation, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import {
  BOOLEAN,
  DESCRIPTION,
  defaulted,
  GROUP_NAME,
  NEW_USER_NAME,
  optional,
  POLICY_ARN,
  POLICY_DOCUMENT,
  POLICY_NAME,
  POLICY_PATH,
  POLICY_SCOPE,
  required,
} from "./parameters";
import { readDocument, type SentDocument, sizeOf } from "./policy-document";
import {
  boundedBy,
  firstVersion,
  type Group,
  getGroup,
  getPolicy,
  getUser,
  holdersOf,
  type IamState,
  isSameName,
  keyOf,
  type ManagedPolicy,
  policiesAttachedTo,
  putGroup,
  putUser,
  type User,
} from "./state";

export const MANAGED_POLICY_CHARACTERS = 6144;
/** Of a user, which AWS raises to 20 on request, as of a group. */
export const POLICIES_PER_HOLDER = 10;

function policyView(policy: ManagedPolicy, state: IamState) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion.id,
    AttachmentCount: holdersOf(state, policy).length,
    PermissionsBoundaryUsageCount: boundedBy(state, policy).length,
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: policy.createDate,
    UpdateDate: policy.versions.at(-1)?.createDate,
  };
}

/** A policy as lists show it, which leave out the description (API Reference, ListPolicies). */
function listedPolicyView(policy: ManagedPolicy, state: IamState) {
  const { Description: _, ...view } = policyView(policy, state);
  return view;
}

/** A managed policy as answers show it among what a user or group has. */
export function attachmentView({ name, arn }: ManagedPolicy) {
  return { PolicyName: name, PolicyArn: arn };
}

/** The resource of what is done to a managed policy. */
export const byPolicyArn = (_: unknown, { PolicyArn }: { readonly PolicyArn: string }) => PolicyArn;
const policyArnKey = (_: unknown, { PolicyArn }: { readonly PolicyArn: string }) => ({ "iam:PolicyARN": PolicyArn });
const policyArnAndBoundaryKeys = (call: Call, values: { readonly UserName: string; readonly PolicyArn: string }) => ({
  ...policyArnKey(call, values),
  ...boundaryKey(call, values.UserName),
});

/** Managed policies. */
export const POLICY_OPERATIONS = {
  CreatePolicy: operation({
    access: "write",
    parameters: {
      PolicyName: required(POLICY_NAME),
      PolicyDocument: required(POLICY_DOCUMENT),
      Path: optional(POLICY_PATH),
      Description: optional(DESCRIPTION),
    },
    resource: ({ arns }, { PolicyName, Path = "/" }) => arns.policy(Path, PolicyName),
    effect: ({ state, at, arns, identifiers }, { PolicyName, PolicyDocument, Path = "/", Description }) => {
      const document = readManagedDocument(PolicyDocument);
      refuseTakenName(state, PolicyName, arns.accountId);
      const policy: ManagedPolicy = {
        id: identifiers.identifier("ANPA"),
        arn: arns.policy(Path, PolicyName),
        name: PolicyName,
        path: Path,
        createDate: at,
        ...firstVersion(document, at),
        ...(Description !== undefined && { description: Description }),
      };
      state.policies.set(keyOf(policy.arn), policy);
      return { Policy: policyView(policy, state) };
    },
  }),

  GetPolicy: operation({
    access: "read",
    parameters: { PolicyArn: required(POLICY_ARN) },
    resource: byPolicyArn,
    effect: ({ state }, { PolicyArn }) => ({ Policy: policyView(getPolicy(state, PolicyArn), state) }),
  }),

  ListPolicies: operation({
    access: "read",
    parameters: {
      Scope: defaulted(POLICY_SCOPE, "All"),
      OnlyAttached: defaulted(BOOLEAN, "false"),
      PathPrefix: optional(POLICY_PATH),
      ...PAGING,
    },
    resource: anyResource,
    effect: (call, { Scope, OnlyAttached, PathPrefix = "/", ...page }) => {
      const { state, arns } = call;
      const isWanted = (policy: ManagedPolicy) =>
        (Scope === "All" || isOfAccount(policy, arns.accountId) === (Scope === "Local")) &&
        (!OnlyAttached || holdersOf(state, policy).length > 0) &&
        policy.path.startsWith(PathPrefix);
      const policies = [...state.policies.values()].filter(isWanted);
      const { items, paging } = pageOf(call, policies, ({ arn }) => keyOf(arn), page);
      return { Policies: items.map((policy) => listedPolicyView(policy, state)), ...paging };
    },
  }),

  DeletePolicy: operation({
    access: "write",
    parameters: { PolicyArn: required(POLICY_ARN) },
    resource: byPolicyArn,
    effect: ({ state, arns }, { PolicyArn }) => {
      const policy = getOwnPolicy(state, arns, PolicyArn);
      if (holdersOf(state, policy).length > 0 || boundedBy(state, policy).length > 0) {
        throw new IamError("DeleteConflict", "Cannot delete a policy attached to entities.");
      }
      if (policy.versions.length > 1) {
        const rest = "Before you delete a policy, you must delete the policy's versions.";
        const last = "The default version is deleted with the policy.";
        throw new IamError("DeleteConflict", `This policy has more than one version. ${rest} ${last}`);
      }
      state.policies.delete(keyOf(policy.arn));
      return {};
    },
  }),
};

/** Which managed policies are attached to users and groups. */
export const ATTACHMENT_OPERATIONS = {
  AttachUserPolicy: operation({
    access: "write",
    parameters: { UserName: required(NEW_USER_NAME), PolicyArn: required(POLICY_ARN) },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: policyArnAndBoundaryKeys,
    effect: ({ state }, { UserName, PolicyArn }) => {
      const user = getUser(state, UserName);
      const policies = withPolicy(state, user, PolicyArn, quota("PoliciesPerUser", POLICIES_PER_HOLDER));
      putUser(state, { ...user, policies });
      return {};
    },
  }),

  DetachUserPolicy: operation({
    access: "write",
    parameters: { UserName: required(NEW_USER_NAME), PolicyArn: required(POLICY_ARN) },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: policyArnAndBoundaryKeys,
    effect: ({ state }, { UserName, PolicyArn }) => {
      const user = getUser(state, UserName);
      putUser(state, { ...user, policies: withoutPolicy(state, user, PolicyArn) });
      return {};
    },
  }),

  ListAttachedUserPolicies: operation({
    access: "read",
    parameters: { UserName: required(NEW_USER_NAME), PathPrefix: optional(POLICY_PATH), ...PAGING },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: (call, { UserName, ...page }) => attachedPolicies(call, getUser(call.state, UserName), page),
  }),

  AttachGroupPolicy: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), PolicyArn: required(POLICY_ARN) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    context: policyArnKey,
    effect: ({ state }, { GroupName, PolicyArn }) => {
      const group = getGroup(state, GroupName);
      const policies = withPolicy(state, group, PolicyArn, quota("PoliciesPerGroup", POLICIES_PER_HOLDER));
      putGroup(state, { ...group, policies });
      return {};
    },
  }),

  DetachGroupPolicy: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), PolicyArn: required(POLICY_ARN) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    context: policyArnKey,
    effect: ({ state }, { GroupName, PolicyArn }) => {
      const group = getGroup(state, GroupName);
      putGroup(state, { ...group, policies: withoutPolicy(state, group, PolicyArn) });
      return {};
    },
  }),

  ListAttachedGroupPolicies: operation({
    access: "read",
    parameters: { GroupName: required(GROUP_NAME), PathPrefix: optional(POLICY_PATH), ...PAGING },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: (call, { GroupName, ...page }) => attachedPolicies(call, getGroup(call.state, GroupName), page),
  }),
};

/**
 * A policy that the account may change, as AWS's it may not.
 *
 * @throws IamError NoSuchEntity, or AccessDenied for a policy of AWS's.
 */
export function getOwnPolicy(state: IamState, { accountId }: Arns, arn: string): ManagedPolicy {
  const policy = getPolicy(state, arn);
  if (!isOfAccount(policy, accountId)) {
    throw new IamError("AccessDenied", `Policy ${policy.arn} is outside of your own account.`);
  }
  return policy;
}

/** @throws IamError MalformedPolicyDocument, or LimitExceeded beyond the size that a managed policy may have. */
export function readManagedDocument(text: string): SentDocument {
  const document = readDocument(text);
  if (sizeOf(text) > MANAGED_POLICY_CHARACTERS) throw quota("PolicySize", MANAGED_POLICY_CHARACTERS);
  return document;
}

/** Whether a managed policy is the account's own, and not AWS's. */
export function isOfAccount(policy: ManagedPolicy, accountId: string): boolean {
  return policy.arn.split(":")[4] === accountId;
}

/** Names of managed policies are unique in the account, whatever their paths. */
function refuseTakenName(state: IamState, name: string, accountId: string): void {
  const own = [...state.policies.values()].filter((policy) => isOfAccount(policy, accountId));
  if (own.some((policy) => isSameName(policy.name, name))) {
    throw new IamError(
      "EntityAlreadyExists",
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
    );
  }
}

function withPolicy(state: IamState, holder: User | Group, arn: string, refusal: IamError): readonly string[] {
  const { id } = getPolicy(state, arn, "does not exist or is not attachable");
  if (holder.policies.includes(id)) return holder.policies;
  if (holder.policies.length >= POLICIES_PER_HOLDER) throw refusal;
  return [...holder.policies, id];
}

/** @throws IamError NoSuchEntity where the policy is not attached. */
function withoutPolicy(state: IamState, holder: User | Group, arn: string): readonly string[] {
  const { id } = getPolicy(state, arn);
  if (!holder.policies.includes(id)) throw new IamError("NoSuchEntity", `Policy ${arn} was not found.`);
  return holder.policies.filter((attached) => attached !== id);
}

function attachedPolicies(
  call: Call,
  holder: User | Group,
  {
    PathPrefix = "/",
    ...page
  }: { readonly PathPrefix: string | undefined; readonly Marker: string | undefined; readonly MaxItems: number },
) {
  const attached = policiesAttachedTo(call.state, holder).filter(({ path }) => path.startsWith(PathPrefix));
  const { items, paging } = pageOf(call, attached, ({ arn }) => keyOf(arn), page);
  return { AttachedPolicies: items.map(attachmentView), ...paging };
}
