import { boundaryKey } from "./boundaries";
import { IamError } from "./error";
import { groupResource, operation, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import { GROUP_NAME, POLICY_DOCUMENT, POLICY_NAME, required, USER_NAME } from "./parameters";
import { encodedDocument, readDocument, type SentDocument, sizeOf } from "./policy-document";
import { type Group, getGroup, getUser, type InlinePolicies, putGroup, putUser, type User } from "./state";

/** All inline policies of one holder together, white space not counted ("IAM and AWS STS quotas"). */
export const INLINE_POLICY_CHARACTERS = { user: 2048, group: 5120 };

/** The policies embedded in users and groups. */
export const INLINE_POLICY_OPERATIONS = {
  PutUserPolicy: operation({
    access: "write",
    parameters: {
      UserName: required(USER_NAME),
      PolicyName: required(POLICY_NAME),
      PolicyDocument: required(POLICY_DOCUMENT),
    },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: (call, { UserName }) => boundaryKey(call, UserName),
    effect: ({ state }, { UserName, PolicyName, PolicyDocument }) => {
      const user = getUser(state, UserName);
      const inlinePolicies = new Map(user.inlinePolicies).set(PolicyName, readDocument(PolicyDocument));
      refuseTooMuch(inlinePolicies, "user", user.name);
      putUser(state, { ...user, inlinePolicies });
      return {};
    },
  }),

  GetUserPolicy: operation({
    access: "read",
    parameters: { UserName: required(USER_NAME), PolicyName: required(POLICY_NAME) },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: ({ state }, { UserName, PolicyName }) => {
      const user = getUser(state, UserName);
      const PolicyDocument = encodedDocument(inlinePolicyOf(user, PolicyName, "user"));
      return { UserName: user.name, PolicyName, PolicyDocument };
    },
  }),

  ListUserPolicies: operation({
    access: "read",
    parameters: { UserName: required(USER_NAME), ...PAGING },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: (call, { UserName, ...page }) => {
      const names = [...getUser(call.state, UserName).inlinePolicies.keys()];
      const { items, paging } = pageOf(call, names, (name) => name, page);
      return { PolicyNames: items, ...paging };
    },
  }),

  DeleteUserPolicy: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), PolicyName: required(POLICY_NAME) },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: (call, { UserName }) => boundaryKey(call, UserName),
    effect: ({ state }, { UserName, PolicyName }) => {
      const user = getUser(state, UserName);
      inlinePolicyOf(user, PolicyName, "user");
      const inlinePolicies = new Map(user.inlinePolicies);
      inlinePolicies.delete(PolicyName);
      putUser(state, { ...user, inlinePolicies });
      return {};
    },
  }),

  PutGroupPolicy: operation({
    access: "write",
    parameters: {
      GroupName: required(GROUP_NAME),
      PolicyName: required(POLICY_NAME),
      PolicyDocument: required(POLICY_DOCUMENT),
    },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName, PolicyName, PolicyDocument }) => {
      const group = getGroup(state, GroupName);
      const inlinePolicies = new Map(group.inlinePolicies).set(PolicyName, readDocument(PolicyDocument));
      refuseTooMuch(inlinePolicies, "group", group.name);
      putGroup(state, { ...group, inlinePolicies });
      return {};
    },
  }),

  GetGroupPolicy: operation({
    access: "read",
    parameters: { GroupName: required(GROUP_NAME), PolicyName: required(POLICY_NAME) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName, PolicyName }) => {
      const group = getGroup(state, GroupName);
      const PolicyDocument = encodedDocument(inlinePolicyOf(group, PolicyName, "group"));
      return { GroupName: group.name, PolicyName, PolicyDocument };
    },
  }),

  ListGroupPolicies: operation({
    access: "read",
    parameters: { GroupName: required(GROUP_NAME), ...PAGING },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: (call, { GroupName, ...page }) => {
      const names = [...getGroup(call.state, GroupName).inlinePolicies.keys()];
      const { items, paging } = pageOf(call, names, (name) => name, page);
      return { PolicyNames: items, ...paging };
    },
  }),

  DeleteGroupPolicy: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), PolicyName: required(POLICY_NAME) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName, PolicyName }) => {
      const group = getGroup(state, GroupName);
      inlinePolicyOf(group, PolicyName, "group");
      const inlinePolicies = new Map(group.inlinePolicies);
      inlinePolicies.delete(PolicyName);
      putGroup(state, { ...group, inlinePolicies });
      return {};
    },
  }),
};

/** @throws IamError NoSuchEntity */
function inlinePolicyOf({ inlinePolicies }: User | Group, name: string, kind: "user" | "group"): SentDocument {
  const policy = inlinePolicies.get(name);
  if (policy === undefined) throw new IamError("NoSuchEntity", `The ${kind} policy with name ${name} cannot be found.`);
  return policy;
}

function refuseTooMuch(policies: InlinePolicies, kind: keyof typeof INLINE_POLICY_CHARACTERS, name: string): void {
  const limit = INLINE_POLICY_CHARACTERS[kind];
  const size = [...policies.values()].reduce((sum, { text }) => sum + sizeOf(text), 0);
  if (size > limit) {
    throw new IamError("LimitExceeded", `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`);
  }
}
