import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type DetailType, EVENT_SOURCE } from "../core/told";

const NOBODY_HELD: DetailType = "Nobody Held";

/** An event as EventBridge writes it into a log group; whose it is, EventBridge says and not who put it. */
const Told = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ source: v.literal(EVENT_SOURCE), "detail-type": v.literal(NOBODY_HELD), account: v.string() }),
);

/**
 * The accounts that have told since then of a sweep in mode off that left nobody held. Throws what CloudWatch Logs refuses.
 *
 * @param since milliseconds since 1970
 */
export async function accountsThatHoldNobody(
  client: CloudWatchLogsClient,
  logGroupName: string,
  since: number,
): Promise<ReadonlySet<string>> {
  const accounts = new Set<string>();
  const asked = { logGroupName, startTime: since, filterPattern: JSON.stringify(NOBODY_HELD) };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, asked)) {
    for (const { message } of events) {
      const told = v.safeParse(Told, message);
      if (told.success) accounts.add(told.output.account);
    }
  }
  return accounts;
}
