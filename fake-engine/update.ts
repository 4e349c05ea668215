import { isDeepStrictEqual } from "node:util";
import {
  type Account,
  deleteFrom,
  inAccount,
  needs,
  type RegisteredResource,
  type StackState,
  type StandingResource,
  type Step,
} from "./stack";

/** What there is before a program is run, and what will go wrong. */
export interface Before {
  /** What earlier updates of this stack have made; nothing if left out. */
  readonly state?: StackState;
  /** The account, which other stacks may share; an empty one of its own if left out. */
  readonly account?: Account;
  /** Why the provider can neither make nor change a resource, where it can't; it can everything if left out. */
  readonly refuses?: (resource: RegisteredResource) => string | undefined;
}

/** What became of one registration. */
type Outcome =
  | { readonly op: "failed"; readonly error: string }
  | { readonly op: "skipped" }
  | { readonly op: "create" | "update" | "replace" | "same"; readonly resource: StandingResource };

/** An update, or its preview, as resources come to it one by one. */
export interface Update {
  /** @param names what the resource may be called, the first of which that is not taken it is; none for a component */
  register(resource: RegisteredResource, names: Iterable<string>): Outcome;
  /** Deletes what the program has not registered, unless something failed. Returns why something was not deleted. */
  end(): readonly string[];
  readonly steps: readonly Step[];
  /** What stands now; after a preview what stood before. */
  readonly state: StackState;
}

/**
 * An update as with `pulumi up --continue-on-error`: where a resource can't be made, whatever waits for it is skipped and
 * all else is made. Without that flag the engine begins nothing new after the first failure, so that what is made is a
 * part of it, and which part is chance.
 *
 * Whether a provider replaces a resource for one input and changes it in place for another is the provider's to say, and
 * this one says always in place: only the real engine shows that, and what AWS fills in by itself.
 */
export function beginUpdate({ state = new Map(), account = new Set(), refuses }: Before, preview: boolean): Update {
  const steps: Step[] = [];
  const made = new Map(state);
  const registered = new Set<string>();
  const missing = new Set<string>();
  const miss = <Missed extends Outcome>(urn: string, outcome: Missed): Missed => {
    missing.add(urn);
    steps.push({ op: outcome.op, urn, differing: [] });
    return outcome;
  };
  return {
    steps,
    get state() {
      return preview ? state : made;
    },
    register: (resource, names) => {
      const { urn, type, name, custom } = resource;
      registered.add(urn);
      if (needs(resource).some((each) => missing.has(each))) return miss(urn, { op: "skipped" });
      const old = state.get(urn);
      const physicalName = old?.physicalName ?? freeName(type, names, account) ?? name;
      const differing = old === undefined ? [] : differencesBetween(old.inputs, resource.inputs);
      const op = opOf(resource, old, differing);
      if (op !== "same" && !preview) {
        const isTaken = op === "create" && custom && account.has(inAccount(type, physicalName));
        const error = refuses?.(resource) ?? (isTaken ? `${type} ${physicalName} already exists` : undefined);
        if (error !== undefined) return miss(urn, { op: "failed", error });
        if (custom) account.add(inAccount(type, physicalName));
      }
      const revision = old === undefined ? 0 : op === "same" ? old.revision : old.revision + 1;
      const standing = { ...resource, physicalName, revision };
      made.set(urn, standing);
      steps.push({ op, urn, differing });
      return { op, resource: standing };
    },
    end: () => {
      if (missing.size > 0) return [];
      const condemned = [...state.keys()].filter((urn) => !registered.has(urn));
      const deletions = deleteFrom(made, condemned, preview ? new Set() : account);
      steps.push(...deletions.steps);
      for (const { urn } of deletions.steps) made.delete(urn);
      return deletions.errors;
    },
  };
}

/** The first name that is not taken, or the last if all are. */
function freeName(type: string, names: Iterable<string>, account: Account): string | undefined {
  let last: string | undefined;
  for (const name of names) {
    last = name;
    if (!account.has(inAccount(type, name))) return name;
  }
  return last;
}

function opOf(resource: RegisteredResource, old: RegisteredResource | undefined, differing: readonly string[]) {
  if (old === undefined) return "create";
  if (!isDeepStrictEqual(resource.replacementTrigger, old.replacementTrigger)) return "replace";
  return differing.length > 0 ? "update" : "same";
}

function differencesBetween(old: RegisteredResource["inputs"], given: RegisteredResource["inputs"]): readonly string[] {
  const names = new Set([...Object.keys(old), ...Object.keys(given)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], given[name])).sort();
}
