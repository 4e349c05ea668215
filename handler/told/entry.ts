import type { GuardRefs } from "../../core/guards";
import { CONSOLE_HOSTS, PARTITIONS, type Partition } from "../../core/partitions";
import { type DetailType, EVENT_SOURCE, TOLD } from "../../core/told";
import type { Environment } from "../aws-call";
import type { News } from "./news";

/** An event as PutEvents takes it (EventBridge API Reference, PutEventsRequestEntry); without a bus it is the default one. */
export interface Entry {
  readonly Source: string;
  readonly DetailType: DetailType;
  /** JSON */
  readonly Detail: string;
}

/** Where the function is. */
export interface Place {
  readonly partition: Partition;
  readonly accountId: string;
  readonly region: string;
  readonly logGroup: string;
}

/** What is raised where a field goes or means something else; where one is added it is not. */
const SCHEMA_VERSION = 1;

/** Where the function is, by the ARN of a guard's policy and by what Lambda sets. */
export function placeOf({ quarantine }: GuardRefs, environment: Environment): Place {
  const [, given, , , accountId = ""] = quarantine.policyArn.split(":");
  return {
    partition: PARTITIONS.find((partition) => partition === given) ?? "aws",
    accountId,
    region: environment["AWS_REGION"] ?? "",
    logGroup: environment["AWS_LAMBDA_LOG_GROUP_NAME"] ?? "",
  };
}

/** The event that tells some news: the line of the log, and beside it what a reader elsewhere does not know. */
export function entryOf({ detailType, line, happened }: News, place: Place): Entry {
  // Whoever makes a text of it by a template, as an input transformer does, need not escape anything.
  const message = `${happened}. ${TOLD[detailType].firstStep}`.replaceAll('"', "'").replace(/\s+/g, " ");
  const consoleLink = consoleLinkOf(line["user"], place);
  const detail = { ...line, schemaVersion: SCHEMA_VERSION, account: place.accountId, consoleLink, message };
  return { Source: EVENT_SOURCE, DetailType: detailType, Detail: JSON.stringify(detail) };
}

/** The user in IAM's console, or where the line is about no single one the function's log group in CloudWatch's. */
function consoleLinkOf(user: unknown, { partition, region, logGroup }: Place): string {
  const console = `https://${CONSOLE_HOSTS[partition]}`;
  if (typeof user === "string") {
    return `${console}/iam/home#/users/details/${encodeURIComponent(user)}?section=security_credentials`;
  }
  // The console wants the name encoded twice, the second time with dollar signs.
  const name = encodeURIComponent(encodeURIComponent(logGroup)).replaceAll("%", "$");
  return `${console}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${name}`;
}
