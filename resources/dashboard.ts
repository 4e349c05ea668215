import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CONSOLE_HOSTS, EVENT_REGIONS } from "../core/partitions";
import type { NamesByPurpose } from "../parts/alarms";
import type { Checked } from "./checks";
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
        // All of an account have one room, in which a dashboard of the same name is overwritten without a word.
        dashboardName: pulumi.interpolate`${functionName}-${stack.replace(/[^\w-]/g, "-")}`,
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
    this.url = pulumi
      .all([dashboard.dashboardName, checked])
      .apply(
        ([dashboardName, { partition }]) =>
          `https://${CONSOLE_HOSTS[partition]}/cloudwatch/home?region=${EVENT_REGIONS[partition]}#dashboards/dashboard/${dashboardName}`,
      );
    this.registerOutputs();
  }
}
