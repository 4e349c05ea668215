import type { VirtualClock } from "../../fake-aws/virtual-clock";
import { virtualIam } from "../../fake-aws/virtual-iam";
import { type Iam, LimitExceededError, NoSuchEntityError } from "../../handler/iam/iam";

/** What IAM keeps of the user. */
export interface UserRecord {
  readonly path: string;
  readonly createdAt: Date | undefined;
  readonly password: boolean;
  readonly devices: readonly string[];
  readonly groups: readonly string[];
  /** ARNs of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
}

/** IAM's record of one user, whose every change is kept and whose reads may be outdated. */
export interface OneUserIam {
  readonly iam: Iam;
  /** Changes the record at this moment: another hand. */
  change(changed: Partial<UserRecord>): void;
  /** The record as it is now. */
  now(): UserRecord;
  /** Every state of the record, and the milliseconds from the start at which it began. */
  readonly history: readonly (readonly [number, UserRecord])[];
  /** The calls so far, in the order in which they began. */
  readonly calls: readonly string[];
}

/** All groups stand under the guards' path. */
const arnOf = (group: string): string => `arn:aws:iam::123456789012:group/require-mfa/dev/${group}`;

/** Milliseconds from a call to its answer: reads look at the beginning of it, writes are done at its end. */
const CALL_MS = 100;

const MOST_PER_USER = 10;

/**
 * Makes an IAM of one user, at the port.
 *
 * @param groups the groups that there are, for GetGroup
 * @param isOutdated whether the nth call of a kind (from 1) shows the record as it was before everything
 */
export function oneUserIam(
  clock: VirtualClock,
  first: UserRecord,
  groups: readonly string[] = [],
  isOutdated: (call: keyof Iam, nth: number) => boolean = () => false,
): OneUserIam {
  const start = clock.now();
  const history: (readonly [number, UserRecord])[] = [[0, first]];
  const calls: (keyof Iam)[] = [];
  const now = (): UserRecord => history.at(-1)?.[1] ?? first;
  const change = (changed: Partial<UserRecord>): void => {
    history.push([clock.now() - start, { ...now(), ...changed }]);
  };
  const begin = (call: keyof Iam): UserRecord => {
    calls.push(call);
    return isOutdated(call, calls.filter((each) => each === call).length) ? first : now();
  };
  const answer = () => clock.pause(CALL_MS / 1000);
  const read = async <T>(call: keyof Iam, look: (record: UserRecord) => T): Promise<T> => {
    const seen = look(begin(call));
    await answer();
    return seen;
  };
  const add = async (call: keyof Iam, list: "groups" | "policies", item: string): Promise<void> => {
    begin(call);
    await answer();
    const items = now()[list];
    if (items.includes(item)) return;
    if (items.length >= MOST_PER_USER) throw new LimitExceededError(`Cannot exceed quota: ${MOST_PER_USER}`);
    change({ [list]: [...items, item] });
  };
  const remove = async (call: keyof Iam, list: "groups" | "policies", item: string): Promise<void> => {
    begin(call);
    await answer();
    const items = now()[list];
    if (!items.includes(item)) throw new NoSuchEntityError(`${item} cannot be found.`);
    change({ [list]: items.filter((other) => other !== item) });
  };
  const dated = new Date(start);

  return {
    change,
    now,
    history,
    calls,
    iam: {
      ...virtualIam(clock, []),
      listMfaDevices: () =>
        read("listMfaDevices", ({ devices }) => devices.map((serialNumber) => ({ serialNumber, enabledAt: dated }))),
      getLoginProfile: () => read("getLoginProfile", ({ password }) => (password ? { createdAt: dated } : undefined)),
      listGroupsForUser: () =>
        read("listGroupsForUser", (record) => record.groups.map((name) => ({ name, arn: arnOf(name) }))),
      listAttachedUserPolicies: () => read("listAttachedUserPolicies", (record) => record.policies),
      getUser: () => read("getUser", ({ path, createdAt }) => ({ id: "AIDAUSER", path, createdAt })),
      getGroupArn: async (group) => {
        begin("getGroupArn");
        await answer();
        if (!groups.includes(group)) throw new NoSuchEntityError(`The group with name ${group} cannot be found.`);
        return arnOf(group);
      },
      addUserToGroup: (_, group) => add("addUserToGroup", "groups", group),
      removeUserFromGroup: (_, group) => remove("removeUserFromGroup", "groups", group),
      attachUserPolicy: (_, policyArn) => add("attachUserPolicy", "policies", policyArn),
      detachUserPolicy: (_, policyArn) => remove("detachUserPolicy", "policies", policyArn),
    },
  };
}
