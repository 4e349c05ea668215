import type { Arns } from "./arns";
import { IamError } from "./error";
import { identifierOf } from "./identifiers";
import { findUser, type IamState } from "./state";

interface Origin {
  /** The address that CloudTrail records; one of the documentation's (RFC 5737) if left out. */
  readonly sourceIPAddress?: string;
}

/** Who calls. */
export type Principal = Origin &
  (
    | { readonly type: "Root" }
    | {
        readonly type: "IAMUser";
        readonly userName: string;
        readonly accessKeyId?: string;
        /** Whether a session was opened with MFA; left out for a long-term access key, which carries no MFA. */
        readonly mfa?: boolean;
        /** Whether GetSessionToken gave the session, and not the console. */
        readonly byToken?: boolean;
      }
    | {
        readonly type: "AssumedRole";
        readonly roleArn: string;
        readonly sessionName: string;
        /** The Lambda function whose code calls with its role's credentials. */
        readonly sourceFunctionArn?: string;
      }
  );

/** A principal as IAM knows it. */
export interface Identity {
  readonly principal: Principal;
  /** What messages and records name: of a role, the session. */
  readonly arn: string;
  /** aws:PrincipalArn: of a role, the role. */
  readonly principalArn: string;
  /** aws:userid, and the principalId of records. */
  readonly principalId: string;
  /** An IAM user's friendly name, as it is kept. */
  readonly userName?: string;
}

/**
 * Finds out who calls.
 *
 * @throws IamError InvalidClientTokenId for a user who does not exist: with the user the credentials went.
 */
export function identify(principal: Principal, state: IamState, arns: Arns): Identity {
  switch (principal.type) {
    case "Root":
      return { principal, arn: arns.root, principalArn: arns.root, principalId: arns.accountId };
    case "IAMUser": {
      const user = findUser(state, principal.userName);
      if (user === undefined) throw unknownCredentials();
      const arn = arns.user(user.path, user.name);
      return { principal, arn, principalArn: arn, principalId: user.id, userName: user.name };
    }
    case "AssumedRole": {
      const { roleArn, sessionName } = principal;
      return {
        principal,
        arn: arns.roleSession(roleNameOf(roleArn), sessionName),
        principalArn: roleArn,
        principalId: `${roleIdOf(roleArn)}:${sessionName}`,
      };
    }
  }
}

/** The refusal of credentials that IAM does not know. */
export function unknownCredentials(): IamError {
  return new IamError("InvalidClientTokenId", "The security token included in the request is invalid.");
}

/** A role's name, without its path. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}

/** A role's unique id. */
export function roleIdOf(roleArn: string): string {
  return identifierOf("AROA", roleArn);
}

/**
 * The global condition keys of a request (IAM User Guide, "AWS global condition context keys"). MFA is absent for
 * long-term access keys and false for the sessions of a service's role.
 */
export function requestContext(
  { principal, principalArn, principalId, userName }: Identity,
  accountId: string,
): Readonly<Record<string, string>> {
  const mfa = principal.type === "IAMUser" ? principal.mfa : false;
  const types = { Root: "Account", IAMUser: "User", AssumedRole: "AssumedRole" } as const;
  return {
    "aws:PrincipalArn": principalArn,
    "aws:PrincipalType": types[principal.type],
    "aws:PrincipalAccount": accountId,
    "aws:userid": principalId,
    "aws:ViaAWSService": "false",
    ...(userName !== undefined && { "aws:username": userName }),
    ...(mfa !== undefined && { "aws:MultiFactorAuthPresent": String(mfa) }),
    ...(principal.type === "AssumedRole" &&
      principal.sourceFunctionArn !== undefined && { "lambda:SourceFunctionArn": principal.sourceFunctionArn }),
  };
}
