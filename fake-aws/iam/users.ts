import type { Arns } from "./arns";
import { IamError } from "./error";
import { anyResource, operation, targetName, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import { NEW_USER_NAME, optional, PATH, PATH_PREFIX, required, USER_NAME } from "./parameters";
import { findUser, getUser, type IamState, isSameName, keyOf, putUser, type User } from "./state";

/** A user as answers show it. */
export function userView({ path, name, id, createDate }: User, arns: Arns) {
  return { Path: path, UserName: name, UserId: id, Arn: arns.user(path, name), CreateDate: createDate };
}

/** Users: made, looked up, renamed and moved, deleted. */
export const USER_OPERATIONS = {
  CreateUser: operation({
    access: "write",
    parameters: { UserName: required(NEW_USER_NAME), Path: optional(PATH) },
    resource: ({ arns }, { UserName, Path = "/" }) => arns.user(Path, UserName),
    effect: ({ state, at, arns, identifiers }, { UserName, Path = "/" }) => {
      refuseTakenName(state, UserName);
      const user: User = {
        id: identifiers.identifier("AIDA"),
        name: UserName,
        path: Path,
        createDate: at,
        accessKeys: [],
        devices: [],
        groups: [],
        policies: [],
        inlinePolicies: new Map(),
      };
      putUser(state, user);
      return { User: userView(user, arns) };
    },
  }),

  GetUser: operation({
    access: "read",
    parameters: { UserName: optional(USER_NAME) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName }) => ({
      User: userView(getUser(call.state, targetName(call, UserName)), call.arns),
    }),
  }),

  // Both the old and the new ARN are asked for (API Reference, UpdateUser).
  UpdateUser: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), NewUserName: optional(NEW_USER_NAME), NewPath: optional(PATH) },
    resource: (call, { UserName, NewUserName = UserName, NewPath }) => [
      userResource(call, UserName),
      call.arns.user(NewPath ?? findUser(call.state, UserName)?.path ?? "/", NewUserName),
    ],
    effect: ({ state }, { UserName, NewUserName, NewPath }) => {
      const user = getUser(state, UserName);
      if (NewUserName !== undefined && !isSameName(NewUserName, user.name)) refuseTakenName(state, NewUserName);
      putUser(state, { ...user, name: NewUserName ?? user.name, path: NewPath ?? user.path }, user);
      return {};
    },
  }),

  DeleteUser: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME) },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: ({ state }, { UserName }) => {
      const user = getUser(state, UserName);
      const left = whatIsLeftOf(user);
      if (left !== undefined) throw new IamError("DeleteConflict", `Cannot delete entity, must ${left} first.`);
      state.users.delete(keyOf(user.name));
      return {};
    },
  }),

  ListUsers: operation({
    access: "read",
    parameters: { PathPrefix: optional(PATH_PREFIX), ...PAGING },
    resource: anyResource,
    effect: (call, { PathPrefix = "/", ...page }) => {
      const users = [...call.state.users.values()].filter(({ path }) => path.startsWith(PathPrefix));
      const { items, paging } = pageOf(call, users, ({ name }) => keyOf(name), page);
      return { Users: items.map((user) => userView(user, call.arns)), ...paging };
    },
  }),
};

function refuseTakenName(state: IamState, name: string): void {
  if (findUser(state, name) !== undefined) {
    throw new IamError("EntityAlreadyExists", `User with name ${name} already exists.`);
  }
}

/** What stands in the way of deleting a user, in IAM's words. */
function whatIsLeftOf(user: User): string | undefined {
  if (user.loginProfile !== undefined) return "delete login profile";
  if (user.accessKeys.length > 0) return "delete access keys";
  if (user.devices.length > 0) return "delete MFA device";
  if (user.groups.length > 0) return "remove users from group";
  if (user.policies.length > 0) return "detach all policies";
  if (user.inlinePolicies.size > 0) return "delete policies";
  return undefined;
}
