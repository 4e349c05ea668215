import {
  AddUserToGroupCommand,
  type AttachedPolicy,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetCredentialReportCommand,
  GetGroupCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  type IAMClient,
  paginateListAttachedGroupPolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { AccessDeniedError, type Iam, LimitExceededError, NoSuchEntityError, ThrottledError } from "./iam";
import { retrying } from "./retry";

/**
 * What passes by itself and the SDK does not retry: an entity that is just being made, and two changes at once. IAM asks
 * to wait and try again (API Reference, errors of AddUserToGroup and EnableMFADevice).
 */
const PASSING = new Set(["EntityTemporarilyUnmodifiableException", "ConcurrentModificationException"]);

/** The pauses before each further attempt at a call that failed in passing: 15.5 s in all. */
const RETRY_PAUSES_SECONDS: readonly number[] = [0.5, 1, 2, 4, 8];

const QUOTA = new Set(["LimitExceededException"]);
/** As AWS's services answer; IAM says `Throttling`, which its model does not name. */
const THROTTLING = new Set(["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"]);
const IN_PROGRESS = new Set(["CredentialReportNotReadyException"]);
const ABSENT = new Set(["CredentialReportNotPresentException", "CredentialReportExpiredException"]);

/**
 * The port to IAM, by the AWS SDK. The SDK retries throttling and IAM's own failures, this adapter what is in
 * {@link PASSING}; `pause` waits so many seconds. Errors of the port are told from the rest, which pass as they are.
 */
export function awsIam(client: IAMClient, pause: (seconds: number) => Promise<void>): Iam {
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await retrying(send, (error) => isNamed(error, PASSING), RETRY_PAUSES_SECONDS, pause);
    } catch (error) {
      throw inTermsOfThePort(error);
    }
  };

  takeQuotasForFinal(client);

  return {
    listMfaDevices: async (UserName) => {
      const devices = await call(() =>
        collect(paginateListMFADevices({ client }, { UserName }), (page) => page.MFADevices),
      );
      return devices.map(({ SerialNumber = "", EnableDate }) => ({
        serialNumber: SerialNumber,
        enabledAt: EnableDate,
      }));
    },
    getLoginProfile: async (UserName) => {
      try {
        const { LoginProfile } = await call(() => client.send(new GetLoginProfileCommand({ UserName })));
        return { createdAt: LoginProfile?.CreateDate };
      } catch (error) {
        if (error instanceof NoSuchEntityError) return undefined;
        throw error;
      }
    },
    listGroupsForUser: async (UserName) => {
      const groups = await call(() =>
        collect(paginateListGroupsForUser({ client }, { UserName }), (page) => page.Groups),
      );
      return groups.map(({ GroupName = "", Arn = "" }) => ({ name: GroupName, arn: Arn }));
    },
    listAttachedUserPolicies: async (UserName) => {
      const pages = () => paginateListAttachedUserPolicies({ client }, { UserName });
      return arnsOf(await call(() => collect(pages(), (page) => page.AttachedPolicies)));
    },
    getUser: async (UserName) => {
      const { User } = await call(() => client.send(new GetUserCommand({ UserName })));
      return { id: User?.UserId ?? "", path: User?.Path ?? "/", createdAt: User?.CreateDate };
    },
    getGroupArn: async (GroupName) => {
      const { Group } = await call(() => client.send(new GetGroupCommand({ GroupName, MaxItems: 1 })));
      return Group?.Arn ?? "";
    },
    listAttachedGroupPolicies: async (GroupName) => {
      const pages = () => paginateListAttachedGroupPolicies({ client }, { GroupName });
      return arnsOf(await call(() => collect(pages(), (page) => page.AttachedPolicies)));
    },
    listGroupPolicies: (GroupName) =>
      call(() => collect(paginateListGroupPolicies({ client }, { GroupName }), (page) => page.PolicyNames)),
    getDefaultPolicyVersion: async (PolicyArn) => {
      const { Policy } = await call(() => client.send(new GetPolicyCommand({ PolicyArn })));
      return Policy?.DefaultVersionId ?? "";
    },
    getPolicyDocument: async (PolicyArn, VersionId) => {
      const version = new GetPolicyVersionCommand({ PolicyArn, VersionId });
      const { PolicyVersion } = await call(() => client.send(version));
      // IAM encodes documents as RFC 3986 asks of URLs (API Reference, PolicyVersion).
      return decodeURIComponent(PolicyVersion?.Document ?? "");
    },
    addUserToGroup: async (UserName, GroupName) => {
      await call(() => client.send(new AddUserToGroupCommand({ UserName, GroupName })));
    },
    removeUserFromGroup: async (UserName, GroupName) => {
      await call(() => client.send(new RemoveUserFromGroupCommand({ UserName, GroupName })));
    },
    attachUserPolicy: async (UserName, PolicyArn) => {
      await call(() => client.send(new AttachUserPolicyCommand({ UserName, PolicyArn })));
    },
    detachUserPolicy: async (UserName, PolicyArn) => {
      await call(() => client.send(new DetachUserPolicyCommand({ UserName, PolicyArn })));
    },
    attachGroupPolicy: async (GroupName, PolicyArn) => {
      await call(() => client.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn })));
    },
    getAccountAuthorizationDetails: async (Marker) => {
      const page = await call(() =>
        client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ["User", "Group"], MaxItems: 1000, Marker })),
      );
      return {
        users: (page.UserDetailList ?? []).map(({ UserId = "", UserName = "", Path = "/", CreateDate, ...detail }) => ({
          id: UserId,
          name: UserName,
          path: Path,
          createdAt: CreateDate,
          groups: detail.GroupList ?? [],
          policies: arnsOf(detail.AttachedManagedPolicies ?? []),
          permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn,
        })),
        groups: (page.GroupDetailList ?? []).map(({ GroupName = "", Arn = "", ...detail }) => ({
          name: GroupName,
          arn: Arn,
          policies: arnsOf(detail.AttachedManagedPolicies ?? []),
          inlinePolicies: (detail.GroupPolicyList ?? []).map(({ PolicyName = "" }) => PolicyName),
        })),
        marker: page.IsTruncated ? page.Marker : undefined,
      };
    },
    generateCredentialReport: async () => {
      await call(() => client.send(new GenerateCredentialReportCommand()));
    },
    getCredentialReport: async () => {
      try {
        const { Content, GeneratedTime } = await call(() => client.send(new GetCredentialReportCommand()));
        return { content: new TextDecoder().decode(Content), generatedAt: GeneratedTime ?? new Date(0) };
      } catch (error) {
        if (isNamed(error, IN_PROGRESS)) return "in progress";
        if (isNamed(error, ABSENT)) return "absent";
        throw error;
      }
    },
  };
}

/** ARNs of attached policies. */
function arnsOf(policies: readonly AttachedPolicy[]): readonly string[] {
  return policies.map(({ PolicyArn = "" }) => PolicyArn);
}

/** The calls that a quota refuses for good, or for longer than anybody waits. */
const LIMITED = new Set([
  "AddUserToGroupCommand",
  "AttachUserPolicyCommand",
  "AttachGroupPolicyCommand",
  "GenerateCredentialReportCommand",
]);

/**
 * The SDK takes LimitExceededException for throttling and would try a call for some 18 s that a quota refuses for good.
 * Between IAM's answer and the SDK's retries the error gets the port's own name, by which it passes through at once.
 */
function takeQuotasForFinal(client: IAMClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw LIMITED.has(String(context.commandName)) && isNamed(error, QUOTA) ? inTermsOfThePort(error) : error;
      }
    },
    { name: "takeQuotasForFinal", step: "deserialize", priority: "high", override: true },
  );
}

/** All items of all pages. IAM may end a page early with more to come, so pages are always followed. */
async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const collected: Item[] = [];
  for await (const page of pages) collected.push(...(itemsOf(page) ?? []));
  return collected;
}

function isNamed(error: unknown, names: ReadonlySet<string>): boolean {
  return error instanceof Error && names.has(error.name);
}

function inTermsOfThePort(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "NoSuchEntityException":
      return new NoSuchEntityError(error.message, { cause: error });
    case "LimitExceededException":
      return new LimitExceededError(error.message, { cause: error });
    case "AccessDenied":
    case "AccessDeniedException":
      return new AccessDeniedError(error.message, { cause: error });
    default:
      return THROTTLING.has(error.name) ? new ThrottledError(error.message, { cause: error }) : error;
  }
}
