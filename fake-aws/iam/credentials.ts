import { IamError, quota } from "./error";
import { operation, targetName, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import {
  ACCESS_KEY_ID,
  BOOLEAN,
  defaulted,
  KEY_STATUS,
  NEW_USER_NAME,
  optional,
  PASSWORD,
  required,
  secret,
  USER_NAME,
} from "./parameters";
import { type AccessKey, getUser, type LoginProfile, putUser, type User } from "./state";

export const ACCESS_KEYS_PER_USER = 2;

function loginProfileView(user: User, profile: LoginProfile) {
  return {
    UserName: user.name,
    CreateDate: profile.createDate,
    PasswordResetRequired: profile.passwordResetRequired,
  };
}

/** @throws IamError NoSuchEntity */
function loginProfileOf(user: User): LoginProfile {
  if (user.loginProfile !== undefined) return user.loginProfile;
  throw new IamError("NoSuchEntity", `Login Profile for User ${user.name} cannot be found.`);
}

/** Passwords, which IAM calls login profiles. */
export const LOGIN_PROFILE_OPERATIONS = {
  CreateLoginProfile: operation({
    access: "write",
    parameters: {
      UserName: optional(NEW_USER_NAME),
      Password: secret(required(PASSWORD)),
      PasswordResetRequired: defaulted(BOOLEAN, "false"),
    },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, Password, PasswordResetRequired }) => {
      const user = getUser(call.state, targetName(call, UserName));
      if (user.loginProfile !== undefined) {
        throw new IamError("EntityAlreadyExists", `Login Profile for user ${user.name} already exists.`);
      }
      const loginProfile = {
        password: Password,
        passwordResetRequired: PasswordResetRequired,
        createDate: call.at,
        changeDate: call.at,
      };
      putUser(call.state, { ...user, loginProfile });
      return { LoginProfile: loginProfileView(user, loginProfile) };
    },
  }),

  GetLoginProfile: operation({
    access: "read",
    parameters: { UserName: optional(NEW_USER_NAME) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName }) => {
      const user = getUser(call.state, targetName(call, UserName));
      return { LoginProfile: loginProfileView(user, loginProfileOf(user)) };
    },
  }),

  UpdateLoginProfile: operation({
    access: "write",
    parameters: {
      UserName: required(NEW_USER_NAME),
      Password: secret(optional(PASSWORD)),
      PasswordResetRequired: optional(BOOLEAN),
    },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: ({ state, at }, { UserName, Password, PasswordResetRequired }) => {
      const user = getUser(state, UserName);
      const profile = loginProfileOf(user);
      const loginProfile = {
        ...profile,
        ...(Password !== undefined && { password: Password, changeDate: at }),
        passwordResetRequired: PasswordResetRequired ?? profile.passwordResetRequired,
      };
      putUser(state, { ...user, loginProfile });
      return {};
    },
  }),

  DeleteLoginProfile: operation({
    access: "write",
    parameters: { UserName: optional(NEW_USER_NAME) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName }) => {
      const user = getUser(call.state, targetName(call, UserName));
      loginProfileOf(user);
      const { loginProfile: _, ...withoutPassword } = user;
      putUser(call.state, withoutPassword);
      return {};
    },
  }),

  ChangePassword: operation({
    access: "write",
    parameters: { OldPassword: secret(required(PASSWORD)), NewPassword: secret(required(PASSWORD)) },
    resource: ({ caller }) => caller.arn,
    effect: ({ state, caller, at }, { OldPassword, NewPassword }) => {
      if (caller.userName === undefined) {
        throw new IamError("InvalidUserType", "Only IAM Users can change their own password");
      }
      const user = getUser(state, caller.userName);
      const profile = loginProfileOf(user);
      if (profile.password !== OldPassword) throw new IamError("AccessDenied", "The old password was incorrect.");
      const changed = { password: NewPassword, passwordResetRequired: false, changeDate: at };
      putUser(state, { ...user, loginProfile: { ...profile, ...changed } });
      return {};
    },
  }),
};

/** Access keys. */
export const ACCESS_KEY_OPERATIONS = {
  CreateAccessKey: operation({
    access: "write",
    parameters: { UserName: optional(USER_NAME) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName }) => {
      const { state, at, identifiers } = call;
      const user = getUser(state, targetName(call, UserName));
      if (user.accessKeys.length >= ACCESS_KEYS_PER_USER) throw quota("AccessKeysPerUser", ACCESS_KEYS_PER_USER);
      const key: AccessKey = { id: identifiers.identifier("AKIA"), createDate: at, status: "Active" };
      putUser(state, { ...user, accessKeys: [...user.accessKeys, key] });
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: key.id,
          Status: key.status,
          SecretAccessKey: identifiers.secretAccessKey(),
          CreateDate: at,
        },
      };
    },
  }),

  ListAccessKeys: operation({
    access: "read",
    parameters: { UserName: optional(USER_NAME), ...PAGING },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, ...page }) => {
      const user = getUser(call.state, targetName(call, UserName));
      const { items, paging } = pageOf(call, user.accessKeys, ({ id }) => id, page);
      const view = items.map(({ id, createDate, status }) => ({
        UserName: user.name,
        AccessKeyId: id,
        Status: status,
        CreateDate: createDate,
      }));
      return { AccessKeyMetadata: view, ...paging };
    },
  }),

  UpdateAccessKey: operation({
    access: "write",
    parameters: {
      UserName: optional(USER_NAME),
      AccessKeyId: required(ACCESS_KEY_ID),
      Status: required(KEY_STATUS),
    },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, AccessKeyId, Status }) => {
      const user = getUser(call.state, targetName(call, UserName));
      const key = accessKeyOf(user, AccessKeyId);
      const accessKeys = user.accessKeys.map((each) => (each === key ? { ...key, status: Status } : each));
      putUser(call.state, { ...user, accessKeys });
      return {};
    },
  }),

  DeleteAccessKey: operation({
    access: "write",
    parameters: { UserName: optional(USER_NAME), AccessKeyId: required(ACCESS_KEY_ID) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, AccessKeyId }) => {
      const user = getUser(call.state, targetName(call, UserName));
      const key = accessKeyOf(user, AccessKeyId);
      putUser(call.state, { ...user, accessKeys: user.accessKeys.filter((each) => each !== key) });
      return {};
    },
  }),
};

/** @throws IamError NoSuchEntity */
function accessKeyOf(user: User, id: string): AccessKey {
  const key = user.accessKeys.find((candidate) => candidate.id === id);
  if (key !== undefined) return key;
  throw new IamError("NoSuchEntity", `The Access Key with id ${id} cannot be found.`);
}
