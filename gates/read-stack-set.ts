import {
  type CallAs,
  type CloudFormationClient,
  paginateListStackInstances,
  paginateListStackSetOperations,
  StackSetNotFoundException,
} from "@aws-sdk/client-cloudformation";

/** A StackSet with service-managed permissions, as it is asked for. */
export interface StackSetAsked {
  readonly StackSetName: string;
  /** As a delegated administrator, or as the management account. */
  readonly CallAs: CallAs;
}

/** An account's stack, as CloudFormation tells of it. */
export interface StackInstance {
  /** Twelve digits. */
  readonly account: string;
  /** CURRENT, OUTDATED or INOPERABLE (API Reference, StackInstanceSummary). */
  readonly status: string;
  /** Why it is not CURRENT, if CloudFormation says so. */
  readonly reason?: string | undefined;
}

/** All instances of a StackSet in one region; none where there is no such StackSet. Throws what CloudFormation refuses. */
export async function listInstances(
  client: CloudFormationClient,
  asked: StackSetAsked,
  region: string,
): Promise<readonly StackInstance[]> {
  const instances: StackInstance[] = [];
  try {
    for await (const { Summaries = [] } of paginateListStackInstances(
      { client },
      { ...asked, StackInstanceRegion: region },
    )) {
      for (const { Account = "", Status = "unknown", StatusReason } of Summaries) {
        instances.push({ account: Account, status: Status, reason: StatusReason });
      }
    }
  } catch (error) {
    if (error instanceof StackSetNotFoundException) return [];
    throw error;
  }
  return instances;
}

/**
 * When the last change of a StackSet itself began, which is told for 90 days; undefined where none is. Throws what
 * CloudFormation refuses.
 */
export async function lastUpdate(client: CloudFormationClient, asked: StackSetAsked): Promise<Date | undefined> {
  let last: Date | undefined;
  for await (const { Summaries = [] } of paginateListStackSetOperations({ client }, asked)) {
    for (const { Action, CreationTimestamp } of Summaries) {
      const isLater = CreationTimestamp !== undefined && (last === undefined || CreationTimestamp > last);
      if (Action === "UPDATE" && isLater) last = CreationTimestamp;
    }
  }
  return last;
}
