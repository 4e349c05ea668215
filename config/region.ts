import { EVENT_REGIONS, PARTITIONS, type Partition } from "../core/partitions";
import { setCommand } from "./command";
import type { Problem } from "./settings-error";

/** Where the AWS provider looks for its region, in its own order. */
export const REGION_SOURCES = ["aws:region", "AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/** No region is given in any of {@link REGION_SOURCES}. */
export const NO_REGION: Problem = {
  given: "no region is given",
  problems: [
    `${REGION_SOURCES.join(", ")} were looked at; IAM's events arrive in ${Object.values(EVENT_REGIONS).join(", ")} only, one for each partition`,
  ],
  fix: setCommand("aws:region", EVENT_REGIONS.aws),
};

/** The partition that a region lies in, by its name; undefined where it is none of {@link PARTITIONS}. */
function partitionOf(region: string): Partition | undefined {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("cn-")) return "aws-cn";
  return /^\w+-iso|^eusc-/.test(region) ? undefined : "aws";
}

/** What is wrong with a region, where IAM's events don't arrive in it; `from` says where it was given. */
export function regionProblem(region: string, from: string, partition = partitionOf(region)): Problem | undefined {
  const given = `${from} is ${JSON.stringify(region)}`;
  if (partition === undefined) {
    // No command: it could only name the region of another partition.
    const problem = `lies in a partition other than ${PARTITIONS.join(", ")}; where IAM's events arrive there is not known`;
    return { given, problems: [problem] };
  }
  const right = EVENT_REGIONS[partition];
  if (region === right) return undefined;
  return {
    given,
    problems: [`IAM's events never arrive there; in the partition ${partition} they arrive in ${right} only`],
    fix: setCommand("aws:region", right),
  };
}
