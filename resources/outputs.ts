import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { GuardsOf } from "../handler/guards";
import { type Guard, whereaboutsOf } from "./guard";
import type { Handler } from "./handler";
import type { Sweep } from "./sweep";
import type { Trigger } from "./trigger";

/** The stack's outputs: what an operator looks for in IAM, in the log, and when something stands still. */
export function outputsOf(
  settings: Settings,
  guards: GuardsOf<Guard>,
  handler: Handler,
  trigger: Trigger,
  sweep: Sweep,
) {
  return {
    mode: settings.mode,
    dryRun: settings.dryRun,
    guards: whereaboutsOf(guards),
    handlerFunction: handler.function.name,
    handlerRoleArn: handler.role.arn,
    logGroup: handler.logGroup.name,
    rule: trigger.rule.name,
    lastDeploySweep: sweep.backfill.result.apply(readSummary),
  };
}

/** The summary as an object, to be read in `pulumi stack output`; as it came where it is none. */
function readSummary(result: string | undefined): unknown {
  try {
    const summary: unknown = JSON.parse(result ?? "null");
    const left = typeof summary === "object" && summary !== null && "left" in summary ? summary.left : 0;
    if (left !== 0)
      void pulumi.log.warn(`the sweep goes on by itself: ${left} users are left; see the log for its end`);
    return summary;
  } catch {
    return result;
  }
}
