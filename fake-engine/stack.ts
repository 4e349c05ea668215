/** A resource as a program registers it, its inputs decoded. */
export interface RegisteredResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The parent's URN, empty for the stack. */
  readonly parent: string;
  /** The URNs of the resources it waits for, by its inputs or by `dependsOn`. */
  readonly dependencies: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether a deletion leaves it where it is, and Pulumi forgets it. */
  readonly retainOnDelete: boolean;
  /** What has the engine replace it when it is another, where there is such a thing. */
  readonly replacementTrigger?: unknown;
}

/** A resource that an update has made, as the stack's state keeps it. */
export interface StandingResource extends RegisteredResource {
  /** Its name in the account; the logical one, for a component. */
  readonly physicalName: string;
  /** How often it has been changed since it was made. */
  readonly revision: number;
}

/** What a stack's state keeps between updates: what stands, by URN, in the order in which it was made. */
export type StackState = ReadonlyMap<string, StandingResource>;

/**
 * What stands in an account, whatever stack made it: a type and a physical name each. A test may take something away,
 * behind Pulumi's back.
 */
export type Account = Set<string>;

/** How an account knows a resource. */
export function inAccount(type: string, physicalName: string): string {
  return `${type} ${physicalName}`;
}

/** What the engine did, or in a preview would do, with one resource. */
export interface Step {
  readonly op: "create" | "update" | "replace" | "same" | "delete" | "forget" | "failed" | "skipped";
  readonly urn: string;
  /** The inputs that differ, in an update or replacement. */
  readonly differing: readonly string[];
}

/** What came of deleting. */
export interface Deletions {
  readonly steps: readonly Step[];
  /** Why something was not deleted, in Pulumi's words. */
  readonly errors: readonly string[];
  /** What stands afterwards. */
  readonly state: StackState;
}

/**
 * What `pulumi destroy` does with a stack, which does not run the program. It previews first, and where the preview fails
 * nothing is touched; with `--skip-preview`, as Pulumi's Automation API runs it, what is protected is found out only when
 * it comes to it.
 */
export function destroy(
  state: StackState,
  account: Account,
  { skipPreview }: { readonly skipPreview: boolean },
): Deletions {
  const nobodysAccount: Account = new Set();
  const { errors } = skipPreview ? { errors: [] } : deleteFrom(state, [...state.keys()], nobodysAccount);
  return errors.length > 0 ? { steps: [], errors, state } : deleteFrom(state, [...state.keys()], account);
}

/** What `pulumi refresh` makes of a stack's state: without what is no longer in the account. */
export function refresh(state: StackState, account: Account): StackState {
  const stands = ({ custom, type, physicalName }: StandingResource) =>
    !custom || account.has(inAccount(type, physicalName));
  return new Map([...state].filter(([, resource]) => stands(resource)));
}

/**
 * Deletes as the engine does (pulumi/pkg v3.248.0: stepGenerator.ScheduleDeletes, deploymentExecutor.performPostSteps):
 * what nothing else waits for goes first, round by round. What is protected is refused, and what it waits for, or is a
 * child of, stays with it; all else goes on.
 */
export function deleteFrom(state: StackState, condemned: readonly string[], account: Account): Deletions {
  const left = new Map(state);
  const steps: Step[] = [];
  const errors: string[] = [];
  const kept = new Set<string>();
  for (const round of rounds(state, condemned)) {
    for (const resource of round) {
      const { urn, type, custom, protect, retainOnDelete, physicalName } = resource;
      if (kept.has(urn)) continue;
      if (protect) {
        errors.push(
          `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``,
        );
        for (const each of allThatItNeeds(resource, state)) kept.add(each);
        continue;
      }
      if (custom && !retainOnDelete) account.delete(inAccount(type, physicalName));
      left.delete(urn);
      steps.push({ op: retainOnDelete ? "forget" : "delete", urn, differing: [] });
    }
  }
  return { steps, errors, state: left };
}

/** What is to be deleted in rounds, each of which waits for the one before. */
function rounds(state: StackState, condemned: readonly string[]): readonly (readonly StandingResource[])[] {
  const remaining = new Map([...state].filter(([urn]) => condemned.includes(urn)));
  const inOrder: (readonly StandingResource[])[] = [];
  while (remaining.size > 0) {
    const round = [...remaining.values()].filter((resource) => !needs(resource).some((urn) => remaining.has(urn)));
    if (round.length === 0) throw new Error(`these wait for one another: ${[...remaining.keys()].join(", ")}`);
    for (const { urn } of round) remaining.delete(urn);
    inOrder.unshift(round);
  }
  return inOrder;
}

/** The URNs of what a resource waits for itself, its parent among it. */
export function needs({ parent, dependencies }: RegisteredResource): readonly string[] {
  return [parent, ...dependencies];
}

function allThatItNeeds(resource: StandingResource, state: StackState, found = new Set<string>()): ReadonlySet<string> {
  for (const urn of needs(resource)) {
    const other = state.get(urn);
    if (other === undefined || found.has(urn)) continue;
    found.add(urn);
    allThatItNeeds(other, state, found);
  }
  return found;
}
