import { GUARD_NAMES, type GuardName } from "../core/guards";
import type { Mode } from "../core/modes";
import { EVENT_REGIONS, type Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import type { PolicyDocument } from "../policies/document";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { type HandlerReach, type HandlerRecords, handlerLogPolicy, handlerRolePolicy } from "../policies/handler-role";
import { PROTECTIONS, type Protection, type ProtectionName } from "../policies/protect";
import { MANAGED_POLICY_QUOTA, SCP_QUOTA } from "../policies/quotas";
import { guardsIn } from "./held-by";

/** Which policies are asked for, and by which settings. */
export interface Selection {
  /** Only the guards that hold somebody in this mode; undefined for all three. */
  readonly mode: Mode | undefined;
  readonly partition: Partition;
  readonly settings: PolicySettings;
}

/** The two inline policies of the handler's role, by their names in the account but for the random end. */
export const HANDLER_POLICIES = ["require-mfa", "require-mfa-log"] as const;

export type HandlerPolicy = (typeof HANDLER_POLICIES)[number];

/** The account that AWS's documentation takes for examples, and a stack in it. */
const ACCOUNT = "123456789012";
const PATH = "/require-mfa/dev/";

/** The random end of the names that Pulumi gives. */
const SUFFIX = "1a2b3c4";

/** What the handler of an example stack may touch, by the names that Pulumi gives. */
export interface ExampleReach extends HandlerReach, HandlerRecords {}

/** The ARNs of an example stack, for documents that depend on them. */
export function exampleReach(partition: Partition): ExampleReach {
  const guardArn = (kind: string) => (name: GuardName) =>
    `arn:${partition}:iam::${ACCOUNT}:${kind}${PATH}require-mfa-${name}-${SUFFIX}`;
  const ownArn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${EVENT_REGIONS[partition]}:${ACCOUNT}:${resource}:require-mfa-${SUFFIX}`;
  return {
    partition,
    groupArns: GUARD_NAMES.map(guardArn("group")),
    policyArns: GUARD_NAMES.map(guardArn("policy")),
    logGroupArn: ownArn("logs", "log-group"),
    failedQueueArn: `arn:${partition}:sqs:${EVENT_REGIONS[partition]}:${ACCOUNT}:require-mfa-failed-${SUFFIX}`,
    functionArn: ownArn("lambda", "function"),
  };
}

/** The documents of the handler's role, for an example stack. */
export function handlerDocuments(reach: ExampleReach): Readonly<Record<HandlerPolicy, PolicyDocument>> {
  return { "require-mfa": handlerRolePolicy(reach), "require-mfa-log": handlerLogPolicy(reach) };
}

/** The guards that are asked for. */
export function guardsOf({ mode, settings }: Selection): readonly GuardName[] {
  return mode === undefined ? GUARD_NAMES : guardsIn(mode, settings);
}

/** The documents that are asked for, by name: the guards', and the handler's in every mode. */
export function documentsOf(selection: Selection): Readonly<Record<string, PolicyDocument>> {
  const { partition, settings } = selection;
  const guards = guardsOf(selection).map((guard) => [guard, GUARD_POLICIES[guard](settings, partition)]);
  return { ...Object.fromEntries(guards), ...handlerDocuments(exampleReach(partition)) };
}

/** The documents that protect a stack, in the order in which they are told everywhere. */
export const PROTECTION_NAMES = ["scp", "boundary"] as const satisfies readonly ProtectionName[];

/** The most that each may take. */
export const PROTECTION_QUOTAS: Readonly<Record<ProtectionName, number>> = {
  scp: SCP_QUOTA,
  boundary: MANAGED_POLICY_QUOTA,
};

/** The documents that protect a stack. */
export function protectionOf(protection: Protection): Readonly<Record<ProtectionName, PolicyDocument>> {
  return { scp: PROTECTIONS.scp(protection), boundary: PROTECTIONS.boundary(protection) };
}
