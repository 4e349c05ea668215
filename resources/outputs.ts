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
    dashboardUrl: requireMfa.dashboardUrl,
    lastDeploySweep: requireMfa.lastDeploySweep.apply(readSummary),
    ...(requireMfa.organization !== undefined && { organization: requireMfa.organization }),
  };
}

const Summary = v.object({
  startedAt: v.string(),
  left: v.optional(v.number(), 0),
  trail: v.optional(v.object({ state: v.string(), why: v.string() })),
});

/** Clocks that differ by less are taken for the same. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The summary as an object, to be read in `pulumi stack output`; as it came where it is none. Warns where that sweep is
 * one of this deploy and goes on by itself, or found no trail. That fails no deploy, for sweeps hold people without one,
 * and whoever makes one afterwards need not deploy again.
 */
export function readSummary(result: string | undefined): unknown {
  let summary: unknown;
  try {
    summary = JSON.parse(result ?? "null");
  } catch {
    return result;
  }
  const parsed = v.safeParse(Summary, summary);
  // A sweep of an earlier deploy, which the state still tells of, has long gone on.
  if (!parsed.success || Date.parse(parsed.output.startedAt) <= performance.timeOrigin - CLOCK_SKEW_MS) return summary;
  const { left, trail } = parsed.output;
  if (left > 0) {
    void pulumi.log.warn(`the sweep goes on by itself: ${left} users are left; see the log for its end`);
  }
  if (trail?.state === "missing") void pulumi.log.warn(trail.why);
  return summary;
}
