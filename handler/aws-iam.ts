import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GetLoginProfileCommand,
  type IAMClient,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { type Iam, LimitExceededError, NoSuchEntityError } from "./iam";

/**
 * What passes by itself and the SDK does not retry: an entity that is just being made, and two changes at once. IAM asks
 * to wait and try again (API Reference, errors of AddUserToGroup and EnableMFADevice).
 */
const PASSING = new Set(["EntityTemporarilyUnmodifiableException", "ConcurrentModificationException"]);

/** Seconds before each further attempt at a call that failed in passing: 15.5 s in all. */
const RETRY_PAUSES: readonly number[] = [0.5, 1, 2, 4, 8];

/**
 * The port to IAM, by the AWS SDK. The SDK retries throttling and IAM's own failures, this adapter what is in
 * {@link PASSING}; `pause` waits so many seconds. Errors of the port are told from the rest, which pass as they are.
 */
export function awsIam(client: IAMClient, pause: (seconds: number) => Promise<void>): Iam {
  const call = async <T>(send: () => Promise<T>, pauses = RETRY_PAUSES): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      const [seconds, ...later] = pauses;
      if (seconds === undefined || !(error instanceof Error && PASSING.has(error.name))) throw inTermsOfThePort(error);
      await pause(seconds);
      return call(send, later);
    }
  };

  return {
    listMfaDevices: (UserName) =>
      call(() => collect(paginateListMFADevices({ client }, { UserName }), (page) => page.MFADevices, "SerialNumber")),
    listGroupsForUser: (UserName) =>
      call(() => collect(paginateListGroupsForUser({ client }, { UserName }), (page) => page.Groups, "GroupName")),
    listAttachedUserPolicies: (UserName) =>
      call(() =>
        collect(
          paginateListAttachedUserPolicies({ client }, { UserName }),
          (page) => page.AttachedPolicies,
          "PolicyArn",
        ),
      ),
    hasLoginProfile: async (UserName) => {
      try {
        await call(() => client.send(new GetLoginProfileCommand({ UserName })));
        return true;
      } catch (error) {
        if (error instanceof NoSuchEntityError) return false;
        throw error;
      }
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
  };
}

/** One field of every item on every page. IAM may end a page early with more to come, so pages are always followed. */
async function collect<Page, Key extends string>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly { readonly [key in Key]?: string | undefined }[] | undefined,
  key: Key,
): Promise<readonly string[]> {
  const collected: string[] = [];
  for await (const page of pages) {
    for (const item of itemsOf(page) ?? []) collected.push(item[key] ?? "");
  }
  return collected;
}

function inTermsOfThePort(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "NoSuchEntityException":
      return new NoSuchEntityError(error.message, { cause: error });
    case "LimitExceededException":
      return new LimitExceededError(error.message, { cause: error });
    default:
      return error;
  }
}
