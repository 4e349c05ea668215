import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { RequireMfa } from "./require-mfa";

/** The stack's outputs: what an operator looks for in IAM, in the log, and when something stands still. */
export function outputsOf(requireMfa: RequireMfa) {
  const { mode, dryRun, guards, handlerFunction, handlerRoleArn, logGroup, rule, topicArn, queues } = requireMfa;
  return {
    mode,
    dryRun,
    guards,
    handlerFunction,
    handlerRoleArn,
    logGroup,
    rule,
    topicArn,
    queues,
    lastDeploySweep: requireMfa.lastDeploySweep.apply(readSummary),
  };
}

const Unfinished = v.object({ left: v.pipe(v.number(), v.minValue(1)), startedAt: v.string() });

/** Clocks that differ by less are taken for the same. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The summary as an object, to be read in `pulumi stack output`; as it came where it is none. Warns where that sweep is
 * one of this deploy and goes on by itself.
 */
export function readSummary(result: string | undefined): unknown {
  let summary: unknown;
  try {
    summary = JSON.parse(result ?? "null");
  } catch {
    return result;
  }
  const unfinished = v.safeParse(Unfinished, summary);
  // A sweep of an earlier deploy, which the state still tells of, has long gone on.
  if (unfinished.success && Date.parse(unfinished.output.startedAt) > performance.timeOrigin - CLOCK_SKEW_MS) {
    void pulumi.log.warn(
      `the sweep goes on by itself: ${unfinished.output.left} users are left; see the log for its end`,
    );
  }
  return summary;
}
