import { GUARD_NAMES, type GuardRefs, guardsOf } from "../core/guards";
import { EVENT_REGIONS, type Partition } from "../core/partitions";
import { guardName, ORGANIZATION_PATH, PHYSICAL_NAMES } from "../policies/organization-names";
import { ACCOUNT_ID, LOG_GROUP } from "./placeholders";

/** The ARNs of what a member's stack is made of, in which placeholders stand. Names are fixed, so nothing waits for them. */
export interface Arns {
  readonly guards: GuardRefs;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  readonly function: string;
  readonly role: string;
  readonly logGroup: string;
  queue(name: string): string;
  rule(name: string): string;
}

/** Those of a partition. */
export function arnsIn(partition: Partition): Arns {
  const iam = (kind: "group" | "policy" | "role", name: string) =>
    `arn:${partition}:iam::${ACCOUNT_ID}:${kind}${ORGANIZATION_PATH}${name}`;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${EVENT_REGIONS[partition]}:${ACCOUNT_ID}:${resource}`;
  const guards = guardsOf((guard) => ({ group: guardName(guard), policyArn: iam("policy", guardName(guard)) }));
  return {
    guards,
    groups: GUARD_NAMES.map((guard) => iam("group", guardName(guard))),
    policies: GUARD_NAMES.map((guard) => guards[guard].policyArn),
    function: arn("lambda", `function:${PHYSICAL_NAMES.function}`),
    role: iam("role", PHYSICAL_NAMES.role),
    logGroup: arn("logs", `log-group:${LOG_GROUP}`),
    queue: (name) => arn("sqs", name),
    rule: (name) => arn("events", `rule/${name}`),
  };
}
