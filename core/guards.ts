/** The three guards: an IAM group with a managed policy each. Membership is the switch. */
export const GUARD_NAMES = ["quarantine", "conditional", "sealed"] as const;

export type GuardName = (typeof GUARD_NAMES)[number];

/** One of something for each guard. */
export type GuardsOf<T> = Readonly<Record<GuardName, T>>;

/**
 * Names a guard in IAM. `T` is `string` at run time; the program passes Pulumi's outputs through unread.
 */
export interface GuardRef<T = string> {
  /** The group's name, without its path: what IAM's membership calls take; empty where {@link withoutGroups} says so. */
  readonly group: T;
  /** The ARN of the managed policy, attached to the group, and to a user who is in ten groups already. */
  readonly policyArn: T;
  /** The name that the group had where {@link withoutGroups} took it away: another group may bear it, and is no guard's. */
  readonly goneGroup?: T;
}

export type GuardRefs<T = string> = GuardsOf<GuardRef<T>>;

/** Makes one of something for each guard. */
export function guardsOf<T>(make: (guard: GuardName) => T): GuardsOf<T> {
  return { quarantine: make("quarantine"), conditional: make("conditional"), sealed: make("sealed") };
}

/**
 * The guards, some of them without their groups: nobody is in a group without a name, so that these hold by their
 * policies alone.
 */
export function withoutGroups(guards: GuardRefs, gone: readonly GuardName[]): GuardRefs {
  return guardsOf((name) => {
    const { group, policyArn } = guards[name];
    return gone.includes(name) ? { group: "", policyArn, goneGroup: group } : guards[name];
  });
}
