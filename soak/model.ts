import * as v from "valibot";
import type { GuardName } from "../core/guards";
import type { CloudTrailRecord } from "../fake-aws/iam/account";
import { guardOfGroup, guardOfPolicy } from "./guards";

/** A user as the model has it; names of groups and ARNs of policies in lower case. */
export interface Person {
  /** IAM's id, which stays when the name changes. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly password: boolean;
  readonly devices: readonly string[];
  readonly groups: readonly string[];
  readonly policies: readonly string[];
}

/** A group as the model has it. */
interface Group {
  readonly name: string;
  readonly path: string;
  /** ARNs in lower case. */
  readonly policies: readonly string[];
}

/** The account from one change to the next. */
export interface Moment {
  /** Since when it is so, milliseconds since 1970. */
  readonly since: number;
  /** By id. */
  readonly people: ReadonlyMap<string, Person>;
  /** By name in lower case. */
  readonly groups: ReadonlyMap<string, Group>;
}

const lower = (text: string): string => text.toLowerCase();
const without = (list: readonly string[], item: string): readonly string[] => list.filter((each) => each !== item);
const withOne = (list: readonly string[], item: string): readonly string[] =>
  list.includes(item) ? list : [...list, item];

/** The user who bears a name. */
export function personNamed({ people }: Moment, name: string): Person | undefined {
  for (const person of people.values()) if (lower(person.name) === lower(name)) return person;
  return undefined;
}

/** The guards that hold a user by IAM's record. */
export function heldBy({ groups, policies }: Person, moment: Moment): readonly GuardName[] {
  const byGroup = groups.flatMap((name) => {
    const guard = guardOfGroup(name);
    return guard !== undefined && isGuardsOwn(name, moment) ? [guard] : [];
  });
  const byPolicy = policies.flatMap((arn) => guardOfPolicy(arn) ?? []);
  return [...new Set([...byGroup, ...byPolicy])];
}

/** Whether the group of this name stands under the guards' path: another of the name holds nobody. */
function isGuardsOwn(name: string, { groups }: Moment): boolean {
  return groups.get(lower(name))?.path === "/require-mfa/dev/";
}

/**
 * The account by what CloudTrail has recorded of it, written down without IAM's code: what one call that succeeded makes
 * of the moment before it. The rest of the calls change nothing that is of interest here.
 */
export function afterCall(moment: Moment, record: CloudTrailRecord, since: number): Moment {
  const given = record.requestParameters ?? {};
  const text = (name: string): string => String(given[name] ?? "");
  const withPerson = (change: (person: Person) => Person | undefined): Moment => {
    const person = personNamed(moment, text("userName"));
    if (person === undefined) return moment;
    const people = new Map(moment.people);
    const changed = change(person);
    if (changed === undefined) people.delete(person.id);
    else people.set(person.id, changed);
    return { ...moment, since, people };
  };
  const withGroup = (change: (group: Group) => Group | undefined): Moment => {
    const name = lower(text("groupName"));
    const group = moment.groups.get(name);
    if (group === undefined) return moment;
    const groups = new Map(moment.groups);
    const changed = change(group);
    groups.delete(name);
    if (changed === undefined) return { ...moment, since, groups };
    groups.set(lower(changed.name), changed);
    const renamed = (list: readonly string[]) => list.map((each) => (each === name ? lower(changed.name) : each));
    const people = new Map(
      [...moment.people].map(([id, person]) => [id, { ...person, groups: renamed(person.groups) }]),
    );
    return { since, groups, people };
  };
  switch (record.eventName) {
    case "CreateUser": {
      const person: Person = {
        id: idIn(record),
        name: text("userName"),
        path: text("path") || "/",
        createdAt: since,
        password: false,
        devices: [],
        groups: [],
        policies: [],
      };
      return { ...moment, since, people: new Map(moment.people).set(person.id, person) };
    }
    case "DeleteUser":
      return withPerson(() => undefined);
    case "UpdateUser":
      return withPerson((person) => ({
        ...person,
        name: text("newUserName") || person.name,
        path: text("newPath") || person.path,
      }));
    case "CreateLoginProfile":
      return withPerson((person) => ({ ...person, password: true }));
    case "DeleteLoginProfile":
      return withPerson((person) => ({ ...person, password: false }));
    case "EnableMFADevice":
      return withPerson((person) => ({ ...person, devices: withOne(person.devices, text("serialNumber")) }));
    case "DeactivateMFADevice":
      return withPerson((person) => ({ ...person, devices: without(person.devices, text("serialNumber")) }));
    case "AddUserToGroup":
      return withPerson((person) => ({ ...person, groups: withOne(person.groups, lower(text("groupName"))) }));
    case "RemoveUserFromGroup":
      return withPerson((person) => ({ ...person, groups: without(person.groups, lower(text("groupName"))) }));
    case "AttachUserPolicy":
      return withPerson((person) => ({ ...person, policies: withOne(person.policies, lower(text("policyArn"))) }));
    case "DetachUserPolicy":
      return withPerson((person) => ({ ...person, policies: without(person.policies, lower(text("policyArn"))) }));
    case "CreateGroup": {
      const group: Group = { name: text("groupName"), path: text("path") || "/", policies: [] };
      return { ...moment, since, groups: new Map(moment.groups).set(lower(group.name), group) };
    }
    case "DeleteGroup":
      return withGroup(() => undefined);
    case "UpdateGroup":
      return withGroup((group) => ({ ...group, name: text("newGroupName") || group.name }));
    case "AttachGroupPolicy":
      return withGroup((group) => ({ ...group, policies: withOne(group.policies, lower(text("policyArn"))) }));
    case "DetachGroupPolicy":
      return withGroup((group) => ({ ...group, policies: without(group.policies, lower(text("policyArn"))) }));
    default:
      return moment;
  }
}

const Created = v.object({ user: v.object({ userId: v.string() }) });

function idIn({ responseElements }: CloudTrailRecord): string {
  return v.parse(Created, responseElements).user.userId;
}
