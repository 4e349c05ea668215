import type { Arns } from "./arns";
import { boundaryArn, boundaryView, namedBoundaryKey } from "./boundaries";
import { IamError } from "./error";
import { anyResource, operation, targetName, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import { NEW_USER_NAME, optional, PATH, PATH_PREFIX, POLICY_ARN, required, USER_NAME } from "./parameters";
import { findUser, getUser, type IamState, isSameName, keyOf, putUser, type User } from "./state";

/** A user as lists show it, which leave out the permissions boundary (API Reference, ListUsers). */
export function userView({ path, name, id, createDate }: User, arns: Arns) {
  return { Path: path, UserName: name, UserId: id, Arn: arns.user(path, name), CreateDate: createDate };
}

/** A user as it is shown alone. */
function wholeUserView(user: User, arns: Arns) {
  return { ...userView(user, arns), ...boundaryView(user) };
}

/** Users: made, looked up, renamed and moved, deleted. */
export const USER_OPERATIONS = {
  CreateUser: operation({
    access: "write",
    parameters: {
      UserName: required(NEW_USER_NAME),
      Path: optional(PATH),
      PermissionsBoundary: optional(POLICY_ARN),
    },
    resource: ({ arns }, { UserName, Path = "/" }) => arns.user(Path, UserName),
    context: (_, { PermissionsBoundary }) => namedBoundaryKey(PermissionsBoundary),
    effect: ({ state, at, arns, identifiers }, { UserName, Path = "/", PermissionsBoundary }) => {
      refuseTakenName(state, UserName);
      const boundary = PermissionsBoundary === undefined ? {} : { boundary: boundaryArn(state, PermissionsBoundary) };
      const user: User = {
        id: identifiers.identifier("AIDA"),
        name: UserName,
        path: Path,
        createDate: at,
        accessKeys: [],
        certificates: [],
        serviceCredentials: [],
        devices: [],
        groups: [],
        policies: [],
        inlinePolicies: new Map(),
        ...boundary,
      };
      putUser(state, user);
      return { User: wholeUserView(user, arns) };
    },
  }),

  GetUser: operation({
    access: "read",
    parameters: { UserName: optional(USER_NAME) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName }) => ({
      User: wholeUserView(getUser(call.state, targetName(call, UserName)), call.arns),
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
  if (user.certificates.length > 0) return "delete signing certificates";
  if (user.serviceCredentials.length > 0) return "delete service specific credentials";
  if (user.devices.length > 0) return "delete MFA device";
  if (user.groups.length > 0) return "remove users from group";
  if (user.policies.length > 0) return "detach all policies";
  if (user.inlinePolicies.size > 0) return "delete policies";
  return undefined;
}
