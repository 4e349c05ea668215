import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  paginateListAccessKeys,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  paginateListUsers,
  paginateListVirtualMFADevices,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { wordsOf } from "../core/words-of";
import type { Clock } from "../handler/clock";
import { retrying } from "../handler/iam/retry";
import { type Leftovers, NAME_PREFIX, POLICY_NAME } from "./test-user";

/**
 * What passes by itself. Into a guard that the user is just taken out of the handler may put it back, which is a conflict
 * with deleting it.
 */
const PASSING = /^(EntityTemporarilyUnmodifiable|ConcurrentModification|DeleteConflict)(Exception)?$/;
const RETRY_PAUSES_SECONDS = [1, 2, 4, 8, 16, 16];
const PAGE_SIZE = 1000;

const isNamed = (error: unknown, names: RegExp): boolean => error instanceof Error && names.test(error.name);

/**
 * Finds what runs have left under a stack's path. Throws what IAM refuses.
 *
 * @param path as `verifyPath` makes it
 */
export async function findLeftovers(client: IAMClient, path: string): Promise<Leftovers> {
  const users: string[] = [];
  for await (const { Users = [] } of paginateListUsers({ client, pageSize: PAGE_SIZE }, { PathPrefix: path })) {
    users.push(...Users.flatMap(({ UserName = "" }) => (UserName.startsWith(NAME_PREFIX) ? [UserName] : [])));
  }
  const devices: string[] = [];
  for await (const { VirtualMFADevices = [] } of paginateListVirtualMFADevices({ client, pageSize: PAGE_SIZE }, {})) {
    const isOurs = (serialNumber: string) => serialNumber.includes(`:mfa${path}${NAME_PREFIX}`);
    devices.push(...VirtualMFADevices.flatMap(({ SerialNumber = "" }) => (isOurs(SerialNumber) ? [SerialNumber] : [])));
  }
  return { users, devices };
}

/** What could not be deleted, and why. */
export interface Failure {
  readonly what: string;
  readonly why: string;
}

/** Seconds before each further look whether anything is left: what was deleted is listed for some moments more. */
const LOOK_PAUSES_SECONDS = [0, 2, 4, 8, 16];

/** Before the first look, where it is in doubt what there is: what was just made is listed some moments late. */
const DOUBT_SECONDS = 5;

/**
 * Deletes what a run has made, until IAM lists nothing of it any more.
 *
 * @param made all that there may be; IAM takes a name that nobody has for one outside every path, and refuses it to
 *   whoever may touch one path alone
 * @param path where the run's users and devices are listed
 * @param isInDoubt whether a call may have made something and not said so
 * @returns what could not be deleted
 */
export async function removeRun(
  client: IAMClient,
  made: Leftovers,
  path: string,
  isInDoubt: boolean,
  clock: Clock,
): Promise<readonly Failure[]> {
  if (made.users.length + made.devices.length === 0) return [];
  let failures = await remove(client, made, clock);
  await clock.pause(isInDoubt ? DOUBT_SECONDS : 0);
  for (const seconds of LOOK_PAUSES_SECONDS) {
    await clock.pause(seconds);
    try {
      const listed = await findLeftovers(client, path);
      const users = listed.users.filter((user) => made.users.includes(user));
      const devices = listed.devices.filter((device) => made.devices.includes(device));
      if (users.length + devices.length === 0) return [];
      failures = await remove(client, { users, devices }, clock);
    } catch (error) {
      return failures.length > 0 ? failures : [{ what: "unknown", why: wordsOf(error) }];
    }
  }
  return failures;
}

/**
 * Deletes users with all that they have, in the order that IAM demands, and devices. What is not there is no error: of a
 * run that was interrupted nobody knows what there is.
 *
 * @returns what could not be deleted
 */
export async function remove(
  client: IAMClient,
  { users, devices }: Leftovers,
  { pause }: Clock,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await retrying(work, (error) => isNamed(error, PASSING), RETRY_PAUSES_SECONDS, pause);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      failures.push({ what, why: `${name}: ${message}` });
    }
  };
  for (const user of users) await attempt(`user ${user}`, () => removeUser(client, user));
  // A device can be deleted once nobody has it.
  for (const SerialNumber of devices) {
    await attempt(`device ${SerialNumber}`, () =>
      unlessGone(client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))),
    );
  }
  return failures;
}

async function removeUser(client: IAMClient, UserName: string): Promise<void> {
  const each = async <Page>(
    pages: AsyncIterable<Page>,
    namesIn: (page: Page) => readonly (string | undefined)[],
    removeOne: (name: string) => Promise<unknown>,
  ): Promise<void> => {
    for await (const page of pages) {
      for (const name of namesIn(page)) if (name !== undefined) await unlessGone(removeOne(name));
    }
  };
  await unlessGone(
    each(
      paginateListMFADevices({ client }, { UserName }),
      ({ MFADevices = [] }) => MFADevices.map(({ SerialNumber }) => SerialNumber),
      (SerialNumber) => client.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber })),
    ),
  );
  await unlessGone(
    each(
      paginateListAccessKeys({ client }, { UserName }),
      ({ AccessKeyMetadata = [] }) => AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId),
      (AccessKeyId) => client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
    ),
  );
  await unlessGone(client.send(new DeleteLoginProfileCommand({ UserName })));
  await unlessGone(client.send(new DeleteUserPolicyCommand({ UserName, PolicyName: POLICY_NAME })));
  await unlessGone(
    each(
      paginateListGroupsForUser({ client }, { UserName }),
      ({ Groups = [] }) => Groups.map(({ GroupName }) => GroupName),
      (GroupName) => client.send(new RemoveUserFromGroupCommand({ UserName, GroupName })),
    ),
  );
  await unlessGone(
    each(
      paginateListAttachedUserPolicies({ client }, { UserName }),
      ({ AttachedPolicies = [] }) => AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
      (PolicyArn) => client.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
    ),
  );
  await unlessGone(client.send(new DeleteUserCommand({ UserName })));
}

async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isNamed(error, /^NoSuchEntity(Exception)?$/)) throw error;
  }
}
