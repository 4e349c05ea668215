import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GuardsOf } from "../core/guards";
import type { Mode } from "../core/modes";
import { HANDLER_RETRIES } from "../parts/retries";
import type { Alarms } from "./alarms";
import type { Dashboard } from "./dashboard";
import { type Guard, listed } from "./guard";
import type { Handler } from "./handler";
import type { Organization } from "./organization/organization";
import type { QueuePolicies, Queues } from "./queues";
import type { Sweep } from "./sweep";
import type { Tamper } from "./tamper";
import type { Told } from "./told";
import type { Trail } from "./trail";
import type { Trigger } from "./trigger";

interface Everything {
  readonly mode: Mode;
  readonly guards: GuardsOf<Guard>;
  readonly handler: Handler;
  readonly trigger: Trigger;
  readonly trail: Trail | undefined;
  readonly sweep: Sweep;
  readonly told: Told;
  readonly tamper: Tamper;
  readonly queues: Queues;
  readonly queuePolicies: QueuePolicies;
  readonly alarms: Alarms;
  readonly dashboard: Dashboard;
  readonly organization: Organization | undefined;
}

/**
 * Keeps `pulumi destroy` from touching anything while people are held. Pulumi deletes first what nothing else depends on,
 * and without a preview finds out that something is protected only when it comes to it: function, role and rules would
 * be gone by then. So what depends on all of them is protected. It has to be something that no update replaces. The alarm
 * that waits for the deploy's sweep keeps itself.
 *
 * It says how often and how long Lambda tries again to bring the handler an event, at AWS's defaults on purpose: the
 * account's state decides and not the event, so a late one does no harm, and a lost one does. What failed at every try,
 * a sweep of the schedule too, goes into a queue.
 */
export function keepWhileHolding(name: string, everything: Everything, parent: pulumi.Resource): void {
  const { mode, guards, handler, trigger, trail, sweep, told, tamper, queues, queuePolicies } = everything;
  const { alarms, dashboard, organization } = everything;
  // Put on beside the sweep, which may fail and hold people all the same; taken off only once that of mode off is through.
  const last = mode === "off" ? [sweep, alarms.heartbeat] : [sweep.target];
  new aws.lambda.FunctionEventInvokeConfig(
    name,
    {
      functionName: handler.function.name,
      ...HANDLER_RETRIES,
      destinationConfig: { onFailure: { destination: queues.failed.arn } },
    },
    {
      parent,
      protect: mode !== "off",
      dependsOn: [
        ...listed(guards),
        handler,
        trigger,
        ...(trail ? [trail] : []),
        ...last,
        told,
        tamper,
        queues,
        queuePolicies,
        ...alarms.others,
        dashboard,
        ...(organization ? [organization] : []),
      ],
    },
  );
}
