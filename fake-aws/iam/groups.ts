import type { Arns } from "./arns";
import { IamError, quota } from "./error";
import { anyResource, groupResource, operation, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import { GROUP_NAME, optional, PATH, PATH_PREFIX, required, USER_NAME } from "./parameters";
import {
  findGroup,
  type Group,
  getGroup,
  getUser,
  groupsOf,
  type IamState,
  isSameName,
  keyOf,
  membersOf,
  putGroup,
  putUser,
} from "./state";
import { userView } from "./users";

export const GROUPS_PER_USER = 10;

/** A group as answers show it. */
export function groupView({ path, name, id, createDate }: Group, arns: Arns) {
  return { Path: path, GroupName: name, GroupId: id, Arn: arns.group(path, name), CreateDate: createDate };
}

const byName = ({ name }: { readonly name: string }): string => keyOf(name);

/** Groups and who is in them. */
export const GROUP_OPERATIONS = {
  CreateGroup: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), Path: optional(PATH) },
    resource: ({ arns }, { GroupName, Path = "/" }) => arns.group(Path, GroupName),
    effect: ({ state, at, arns, identifiers }, { GroupName, Path = "/" }) => {
      refuseTakenName(state, GroupName);
      const id = identifiers.identifier("AGPA");
      const group: Group = { id, name: GroupName, path: Path, createDate: at, policies: [], inlinePolicies: new Map() };
      putGroup(state, group);
      return { Group: groupView(group, arns) };
    },
  }),

  GetGroup: operation({
    access: "read",
    parameters: { GroupName: required(GROUP_NAME), ...PAGING },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: (call, { GroupName, ...page }) => {
      const group = getGroup(call.state, GroupName);
      const { items, paging } = pageOf(call, membersOf(call.state, group), byName, page);
      return { Group: groupView(group, call.arns), Users: items.map((user) => userView(user, call.arns)), ...paging };
    },
  }),

  // Both the old and the new name are asked for (API Reference, UpdateGroup).
  UpdateGroup: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), NewGroupName: optional(GROUP_NAME), NewPath: optional(PATH) },
    resource: (call, { GroupName, NewGroupName = GroupName, NewPath }) => [
      groupResource(call, GroupName),
      call.arns.group(NewPath ?? findGroup(call.state, GroupName)?.path ?? "/", NewGroupName),
    ],
    effect: ({ state }, { GroupName, NewGroupName, NewPath }) => {
      const group = getGroup(state, GroupName);
      if (NewGroupName !== undefined && !isSameName(NewGroupName, group.name)) refuseTakenName(state, NewGroupName);
      putGroup(state, { ...group, name: NewGroupName ?? group.name, path: NewPath ?? group.path }, group);
      return {};
    },
  }),

  DeleteGroup: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName }) => {
      const group = getGroup(state, GroupName);
      if (membersOf(state, group).length > 0) {
        throw new IamError("DeleteConflict", "Cannot delete entity, must remove users from group first.");
      }
      if (group.policies.length > 0) {
        throw new IamError("DeleteConflict", "Cannot delete entity, must detach all policies first.");
      }
      if (group.inlinePolicies.size > 0) {
        throw new IamError("DeleteConflict", "Cannot delete entity, must delete policies first.");
      }
      state.groups.delete(keyOf(group.name));
      return {};
    },
  }),

  ListGroups: operation({
    access: "read",
    parameters: { PathPrefix: optional(PATH_PREFIX), ...PAGING },
    resource: anyResource,
    effect: (call, { PathPrefix = "/", ...page }) => {
      const groups = [...call.state.groups.values()].filter(({ path }) => path.startsWith(PathPrefix));
      const { items, paging } = pageOf(call, groups, byName, page);
      return { Groups: items.map((group) => groupView(group, call.arns)), ...paging };
    },
  }),

  // Membership is authorised on the group, not on the user (Service Authorization Reference, IAM).
  AddUserToGroup: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), UserName: required(USER_NAME) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName, UserName }) => {
      const group = getGroup(state, GroupName);
      const user = getUser(state, UserName);
      if (user.groups.includes(group.id)) return {};
      if (user.groups.length >= GROUPS_PER_USER) throw quota("GroupsPerUser", GROUPS_PER_USER);
      putUser(state, { ...user, groups: [...user.groups, group.id] });
      return {};
    },
  }),

  // Of a user who is no member IAM's documentation says nothing, and one report has the call succeed
  // (cloud-custodian/cloud-custodian#4730): refusing is the harder case for who calls.
  RemoveUserFromGroup: operation({
    access: "write",
    parameters: { GroupName: required(GROUP_NAME), UserName: required(USER_NAME) },
    resource: (call, { GroupName }) => groupResource(call, GroupName),
    effect: ({ state }, { GroupName, UserName }) => {
      const group = getGroup(state, GroupName);
      const user = getUser(state, UserName);
      if (!user.groups.includes(group.id)) {
        throw new IamError("NoSuchEntity", `User ${user.name} is not in group ${group.name}.`);
      }
      putUser(state, { ...user, groups: user.groups.filter((id) => id !== group.id) });
      return {};
    },
  }),

  ListGroupsForUser: operation({
    access: "read",
    parameters: { UserName: required(USER_NAME), ...PAGING },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: (call, { UserName, ...page }) => {
      const groups = groupsOf(call.state, getUser(call.state, UserName));
      const { items, paging } = pageOf(call, groups, byName, page);
      return { Groups: items.map((group) => groupView(group, call.arns)), ...paging };
    },
  }),
};

function refuseTakenName(state: IamState, name: string): void {
  if (findGroup(state, name) !== undefined) {
    throw new IamError("EntityAlreadyExists", `Group with name ${name} already exists.`);
  }
}
