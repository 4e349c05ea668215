/** The three guards: an IAM group with a managed policy each. Membership is the switch. */
export const GUARD_NAMES = ["quarantine", "conditional", "sealed"] as const;

export type GuardName = (typeof GUARD_NAMES)[number];

/** One of something for each guard. */
export type GuardsOf<T> = Readonly<Record<GuardName, T>>;

/**
 * Where a guard stands in IAM. `T` is `string` at run time; the program passes Pulumi's outputs through unread.
 */
export interface Guard<T = string> {
  /** The group's name, without its path: what IAM's membership calls take. */
  readonly group: T;
  /** The ARN of the managed policy, attached to the group, and to a user who is in ten groups already. */
  readonly policyArn: T;
}

export type Guards<T = string> = GuardsOf<Guard<T>>;
