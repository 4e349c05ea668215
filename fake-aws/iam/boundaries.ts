import { IamError } from "./error";
import { type Call, operation, userResource } from "./operation";
import { NEW_USER_NAME, POLICY_ARN, required } from "./parameters";
import { findUser, getUser, type IamState, keyOf, putUser, type User } from "./state";

/**
 * The boundary of a user as answers show it, if there is one. Its type is `Policy`, whatever the models say
 * (awsdocs/iam-user-guide#82).
 */
export function boundaryView({ boundary }: User) {
  if (boundary === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary } };
}

/**
 * The ARN of a policy that may be a boundary, as it is kept.
 *
 * @throws IamError NoSuchEntity
 */
export function boundaryArn(state: IamState, arn: string): string {
  const policy = state.policies.get(keyOf(arn));
  if (policy !== undefined) return policy.arn;
  throw new IamError("NoSuchEntity", `Scope ARN: ${arn} does not exist or is not attachable.`);
}

/** iam:PermissionsBoundary where a call names one. */
export function namedBoundaryKey(PermissionsBoundary: string | undefined): Readonly<Record<string, string>> {
  return PermissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": PermissionsBoundary };
}

/** iam:PermissionsBoundary where a call changes what a user may do: the boundary that the user has. */
export function boundaryKey({ state }: Call, userName: string): Readonly<Record<string, string>> {
  return namedBoundaryKey(findUser(state, userName)?.boundary);
}

/** What limits a user's permissions and gives none. */
export const BOUNDARY_OPERATIONS = {
  PutUserPermissionsBoundary: operation({
    access: "write",
    parameters: { UserName: required(NEW_USER_NAME), PermissionsBoundary: required(POLICY_ARN) },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: (_, { PermissionsBoundary }) => namedBoundaryKey(PermissionsBoundary),
    effect: ({ state }, { UserName, PermissionsBoundary }) => {
      const user = getUser(state, UserName);
      putUser(state, { ...user, boundary: boundaryArn(state, PermissionsBoundary) });
      return {};
    },
  }),

  // Of a user who has none IAM's documentation says nothing; it is taken to be done.
  DeleteUserPermissionsBoundary: operation({
    access: "write",
    parameters: { UserName: required(NEW_USER_NAME) },
    resource: (call, { UserName }) => userResource(call, UserName),
    context: (call, { UserName }) => boundaryKey(call, UserName),
    effect: ({ state }, { UserName }) => {
      const { boundary: _, ...unbounded } = getUser(state, UserName);
      putUser(state, unbounded);
      return {};
    },
  }),
};
