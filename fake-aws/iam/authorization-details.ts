import type { Arns } from "./arns";
import { boundaryView } from "./boundaries";
import { groupView } from "./groups";
import { anyResource, operation } from "./operation";
import { PAGING, pageOf } from "./paging";
import { ENTITY_TYPE, list } from "./parameters";
import { attachmentView } from "./policies";
import { encodedDocument } from "./policy-document";
import { type Group, type IamState, type InlinePolicies, keyOf, type ManagedPolicy, type User } from "./state";
import { userView } from "./users";

type Entity = { readonly user: User } | { readonly group: Group };

/** What ids in users and groups stand for. */
interface Index {
  readonly groups: ReadonlyMap<string, Group>;
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
}

/** The whole account in one list. */
export const AUTHORIZATION_DETAILS_OPERATIONS = {
  // Roles and managed policies are not listed here: nobody asks, and roles are known by their policies only.
  GetAccountAuthorizationDetails: operation({
    access: "read",
    parameters: { Filter: list(ENTITY_TYPE), ...PAGING },
    resource: anyResource,
    effect: (call, { Filter, ...page }) => {
      const { state, arns } = call;
      const isWanted = (type: "User" | "Group") => Filter.length === 0 || Filter.includes(type);
      const entities: readonly Entity[] = [
        ...(isWanted("User") ? [...state.users.values()].map((user) => ({ user })) : []),
        ...(isWanted("Group") ? [...state.groups.values()].map((group) => ({ group })) : []),
      ];
      const { items, paging } = pageOf(call, entities, usersFirst, page);
      const index = indexOf(state);
      return {
        UserDetailList: items.flatMap((item) => ("user" in item ? [userDetail(item.user, index, arns)] : [])),
        GroupDetailList: items.flatMap((item) => ("group" in item ? [groupDetail(item.group, index, arns)] : [])),
        RoleDetailList: [],
        Policies: [],
        ...paging,
      };
    },
  }),
};

function usersFirst(entity: Entity): string {
  return "user" in entity ? `1/${keyOf(entity.user.name)}` : `2/${keyOf(entity.group.name)}`;
}

/** Made once a call: a page holds a thousand users, and an account hundreds of groups and policies. */
function indexOf({ groups, policies }: IamState): Index {
  return {
    groups: new Map([...groups.values()].map((group) => [group.id, group])),
    policies: new Map([...policies.values()].map((policy) => [policy.id, policy])),
  };
}

function userDetail(user: User, { groups, policies }: Index, arns: Arns) {
  const inline = inlineDetails(user.inlinePolicies);
  return {
    ...userView(user, arns),
    ...(inline.length > 0 && { UserPolicyList: inline }),
    GroupList: found(groups, user.groups).map(({ name }) => name),
    AttachedManagedPolicies: found(policies, user.policies).map(attachmentView),
    ...boundaryView(user),
  };
}

function groupDetail(group: Group, { policies }: Index, arns: Arns) {
  return {
    ...groupView(group, arns),
    GroupPolicyList: inlineDetails(group.inlinePolicies),
    AttachedManagedPolicies: found(policies, group.policies).map(attachmentView),
  };
}

function inlineDetails(policies: InlinePolicies) {
  return [...policies].map(([name, document]) => ({ PolicyName: name, PolicyDocument: encodedDocument(document) }));
}

function found<T>(index: ReadonlyMap<string, T>, ids: readonly string[]): readonly T[] {
  return ids.flatMap((id) => index.get(id) ?? []);
}
