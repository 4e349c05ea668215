import {
  type CallParameters,
  type IamAccount,
  IamError,
  type IamErrorCode,
  type Principal,
} from "../fake-aws/iam/account";
import type { IamAction } from "../fake-aws/iam/operations";
import type { Clock } from "../handler/clock";
import { AccessDeniedError, type Iam, LimitExceededError, NoSuchEntityError, ThrottledError } from "../handler/iam/iam";

/** Seconds from a call to IAM's taking it up, and again to its answer. */
const HALF_WAY_SECONDS = 0.01;

/** The pauses after which the port's adapter tries again what passes by itself. */
const PASSING_PAUSES_SECONDS = [0.5, 1, 2, 4, 8];
const PASSING: readonly IamErrorCode[] = ["EntityTemporarilyUnmodifiable", "ConcurrentModification"];

/** The pauses after which the SDK tries again: six attempts in all. */
const SDK_PAUSES_SECONDS = [0.1, 0.2, 0.4, 0.8, 1.6];
const SDK_RETRIES: readonly IamErrorCode[] = ["Throttling", "ServiceFailure"];

/**
 * The port over the account in memory, without SDK and HTTP: what the adapter and the SDK do about faults that pass, and
 * the port's errors. It is what makes a history at the port cheap.
 *
 * @param alive is asked before each attempt; a process that has died never goes on
 */
export function accountIam(account: IamAccount, principal: Principal, clock: Clock, alive: () => boolean): Iam {
  const goOn = (): Promise<void> => (alive() ? Promise.resolve() : new Promise<never>(() => undefined));
  const pause = async (seconds: number): Promise<void> => {
    await clock.pause(seconds);
    await goOn();
  };
  const attempt = async <R>(make: () => R, codes: readonly IamErrorCode[], pauses: readonly number[]): Promise<R> => {
    for (const seconds of [...pauses, undefined]) {
      try {
        await pause(HALF_WAY_SECONDS);
        const answer = make();
        await pause(HALF_WAY_SECONDS);
        return answer;
      } catch (error) {
        if (seconds === undefined || !(error instanceof IamError && codes.includes(error.code))) throw error;
        await pause(seconds);
      }
    }
    throw new Error("the last attempt neither returned nor threw");
  };
  const call = async <A extends IamAction>(action: A, parameters: CallParameters = {}) => {
    try {
      const bySdk = () => attempt(() => account.call(principal, action, parameters), SDK_RETRIES, SDK_PAUSES_SECONDS);
      for (const seconds of PASSING_PAUSES_SECONDS) {
        try {
          return await bySdk();
        } catch (error) {
          if (!(error instanceof IamError && PASSING.includes(error.code))) throw error;
          await pause(seconds);
        }
      }
      return await bySdk();
    } catch (error) {
      throw inTermsOfThePort(error);
    }
  };
  const arnsIn = (policies: readonly { readonly PolicyArn: string }[]) => policies.map(({ PolicyArn }) => PolicyArn);
  return {
    listMfaDevices: async (UserName) =>
      (await call("ListMFADevices", { UserName })).MFADevices.map(({ SerialNumber, EnableDate }) => ({
        serialNumber: SerialNumber,
        enabledAt: EnableDate,
      })),
    getLoginProfile: async (UserName) => {
      try {
        return { createdAt: (await call("GetLoginProfile", { UserName })).LoginProfile.CreateDate };
      } catch (error) {
        if (error instanceof NoSuchEntityError) return undefined;
        throw error;
      }
    },
    listGroupsForUser: async (UserName) =>
      (await call("ListGroupsForUser", { UserName })).Groups.map(({ GroupName, Arn }) => ({
        name: GroupName,
        arn: Arn,
      })),
    listAttachedUserPolicies: async (UserName) =>
      arnsIn((await call("ListAttachedUserPolicies", { UserName })).AttachedPolicies),
    getUser: async (UserName) => {
      const { UserId, Path, CreateDate } = (await call("GetUser", { UserName })).User;
      return { id: UserId, path: Path, createdAt: CreateDate };
    },
    getGroupArn: async (GroupName) => (await call("GetGroup", { GroupName, MaxItems: "1" })).Group.Arn,
    listAttachedGroupPolicies: async (GroupName) =>
      arnsIn((await call("ListAttachedGroupPolicies", { GroupName })).AttachedPolicies),
    listGroupPolicies: async (GroupName) => (await call("ListGroupPolicies", { GroupName })).PolicyNames,
    getDefaultPolicyVersion: async (PolicyArn) => (await call("GetPolicy", { PolicyArn })).Policy.DefaultVersionId,
    getPolicyDocument: async (PolicyArn, VersionId) =>
      decodeURIComponent((await call("GetPolicyVersion", { PolicyArn, VersionId })).PolicyVersion.Document),
    addUserToGroup: async (UserName, GroupName) => {
      await call("AddUserToGroup", { UserName, GroupName });
    },
    removeUserFromGroup: async (UserName, GroupName) => {
      await call("RemoveUserFromGroup", { UserName, GroupName });
    },
    attachUserPolicy: async (UserName, PolicyArn) => {
      await call("AttachUserPolicy", { UserName, PolicyArn });
    },
    detachUserPolicy: async (UserName, PolicyArn) => {
      await call("DetachUserPolicy", { UserName, PolicyArn });
    },
    attachGroupPolicy: async (GroupName, PolicyArn) => {
      await call("AttachGroupPolicy", { GroupName, PolicyArn });
    },
    getAccountAuthorizationDetails: async (Marker) => {
      const page = await call("GetAccountAuthorizationDetails", {
        "Filter.member.1": "User",
        "Filter.member.2": "Group",
        MaxItems: "1000",
        ...(Marker !== undefined && { Marker }),
      });
      return {
        users: page.UserDetailList.map((user) => ({
          id: user.UserId,
          name: user.UserName,
          path: user.Path,
          createdAt: user.CreateDate,
          groups: user.GroupList,
          policies: arnsIn(user.AttachedManagedPolicies),
          permissionsBoundary: undefined,
        })),
        groups: page.GroupDetailList.map((group) => ({
          name: group.GroupName,
          arn: group.Arn,
          policies: arnsIn(group.AttachedManagedPolicies),
          inlinePolicies: group.GroupPolicyList.map(({ PolicyName }) => PolicyName),
        })),
        marker: page.IsTruncated ? page.Marker : undefined,
      };
    },
    generateCredentialReport: async () => {
      await call("GenerateCredentialReport");
    },
    getCredentialReport: async () => {
      try {
        const { Content, GeneratedTime } = await call("GetCredentialReport");
        return { content: new TextDecoder().decode(Content), generatedAt: GeneratedTime };
      } catch (error) {
        if (isCoded(error, "ReportInProgress")) return "in progress";
        if (isCoded(error, "ReportNotPresent") || isCoded(error, "ReportExpired")) return "absent";
        throw error;
      }
    },
  };
}

function isCoded(error: unknown, code: IamErrorCode): boolean {
  return error instanceof IamError && error.code === code;
}

function inTermsOfThePort(error: unknown): unknown {
  if (!(error instanceof IamError)) return error;
  switch (error.code) {
    case "NoSuchEntity":
      return new NoSuchEntityError(error.message);
    case "LimitExceeded":
      return new LimitExceededError(error.message);
    case "AccessDenied":
      return new AccessDeniedError(error.message);
    case "Throttling":
      return new ThrottledError(error.message);
    default:
      return error;
  }
}
