import * as pulumi from "@pulumi/pulumi";
import { CONSOLE_HOSTS, EVENT_REGIONS, type Partition } from "../core/partitions";

/**
 * The name of a dashboard of this stack. All of an account have one room, in which a dashboard of the same name is
 * overwritten without a word.
 */
export function dashboardName(beginning: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${beginning}-${pulumi.getStack().replace(/[^\w-]/g, "-")}`;
}

/** Where the console shows a dashboard. */
export function dashboardUrl(
  name: pulumi.Input<string>,
  checked: pulumi.Output<{ readonly partition: Partition }>,
): pulumi.Output<string> {
  return pulumi
    .all([name, checked])
    .apply(
      ([dashboard, { partition }]) =>
        `https://${CONSOLE_HOSTS[partition]}/cloudwatch/home?region=${EVENT_REGIONS[partition]}#dashboards/dashboard/${dashboard}`,
    );
}
