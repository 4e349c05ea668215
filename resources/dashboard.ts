import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EVENT_REGIONS } from "../core/partitions";
import type { NamesByPurpose } from "../parts/alarms";
import type { Checked } from "./checks";
import { dashboardName, dashboardUrl } from "./dashboard-address";
import { dashboardBody } from "./dashboard-body";

export interface DashboardArgs {
  readonly functionName: pulumi.Input<string>;
  readonly alarmArns: pulumi.Input<readonly string[]>;
  readonly queues: NamesByPurpose<pulumi.Input<string>>;
  /** From one sweep to the next. */
  readonly sweepEverySeconds: number;
  readonly checked: pulumi.Output<Checked>;
}

/** CloudWatch's dashboard of a stack. */
export class Dashboard extends pulumi.ComponentResource {
  /** Where the console shows it. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Dashboard", name, {}, opts);
    const { functionName, alarmArns, queues, sweepEverySeconds, checked } = args;
    const stack = pulumi.getStack();
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: dashboardName(functionName),
        dashboardBody: pulumi
          .all([functionName, alarmArns, pulumi.all(queues), checked])
          .apply(([ofFunction, alarms, queueNames, { partition }]) =>
            JSON.stringify(
              dashboardBody({
                stack,
                region: EVENT_REGIONS[partition],
                functionName: ofFunction,
                alarmArns: alarms,
                queues: queueNames,
                sweepEverySeconds,
              }),
            ),
          ),
      },
      { parent: this },
    );
    this.url = dashboardUrl(dashboard.dashboardName, checked);
    this.registerOutputs();
  }
}
