import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { GuardsOf } from "../core/guards";
import { secondsOfRate } from "../core/rate";
import type { SweepEvent } from "../core/sweep-request";
import { RULE_DESCRIPTIONS, SCHEDULED_SWEEP } from "../parts/rules";
import type { Checked } from "./checks";
import { type Guard, listed } from "./guard";
import type { Handler } from "./handler";
import { invokeFrom } from "./invoke-from";
import type { Told } from "./told";
import type { Trail } from "./trail";
import type { Trigger } from "./trigger";

export interface SweepArgs {
  /** How often, as EventBridge writes it. */
  readonly sweepEvery: string;
  readonly handler: Handler;
  readonly guards: GuardsOf<Guard>;
  readonly trigger: Trigger;
  readonly told: Told;
  /** The queue for what EventBridge could not bring to the handler. */
  readonly undelivered: aws.sqs.Queue;
  readonly trail: Trail | undefined;
  readonly checked: pulumi.Output<Checked>;
}

/** What makes nobody missed: a sweep on a schedule, and one at each deploy that changes whom the guards hold. */
export class Sweep extends pulumi.ComponentResource {
  /** What the deploy's sweep found and did, as JSON. */
  readonly result: pulumi.Output<string>;
  /** The schedule. */
  readonly rule: aws.cloudwatch.EventRule;
  /** Of the schedule. */
  readonly target: aws.cloudwatch.EventTarget;

  constructor(name: string, args: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Sweep", name, {}, opts);
    const { sweepEvery, handler, guards, trigger, told, trail, undelivered, checked } = args;
    const child = { parent: this };
    const sweepName = `${name}-sweep`;
    this.rule = new aws.cloudwatch.EventRule(
      sweepName,
      { description: RULE_DESCRIPTIONS.sweep, scheduleExpression: checked.apply(() => sweepEvery) },
      child,
    );
    this.target = invokeFrom(
      sweepName,
      {
        rule: this.rule,
        handler,
        guards,
        undelivered,
        // By then the next one is due, and does the same.
        forSeconds: secondsOfRate(sweepEvery),
        input: SCHEDULED_SWEEP,
      },
      this,
    );
    const request: SweepEvent = { sweep: { by: "deploy" } };
    const backfill = new aws.lambda.Invocation(
      `${name}-backfill`,
      {
        functionName: handler.function.name,
        input: JSON.stringify(request),
        // A change of any of it sweeps at once, and the preview's diff shows which.
        triggers: { ...handler.environment, ...(trail && { TRAIL: trail.trail.arn }) },
        // Nothing is tied to deletion: with CRUD a replaced invocation would be told to undo itself after the new one.
        lifecycleScope: "CREATE_ONLY",
      },
      {
        parent: this,
        // A deploy that failed after it changed the function leaves the triggers of the one before, and going back to its
        // settings would find them unchanged. It is none of the triggers, for it is news to a saved plan (up --plan).
        // Pulumi's mocks, by which programs are tested, know none, and the SDK can't send undefined.
        replacementTrigger: handler.function.lastModified.apply((modified) => modified ?? null),
        dependsOn: [
          handler.permissions,
          this.target,
          ...trigger.targets,
          told.target,
          ...(trail ? [trail] : []),
          ...listed(guards).map(({ attachment }) => attachment),
        ],
      },
    );
    this.result = pulumi.all([backfill.result, handler.function.lastModified]).apply(ofWhichDeploy);
    this.registerOutputs();
  }
}

const Summary = v.pipe(v.string(), v.parseJson(), v.looseObject({ startedAt: v.string() }));

/**
 * A sweep's summary, which says so where the function was changed after it: a deploy of a part only (`pulumi up --target`)
 * leaves the result of an earlier one in the state.
 *
 * @param functionModified when the function was last changed, as Lambda writes it: 2026-11-20T09:00:00.000+0000
 */
export function ofWhichDeploy([summary, functionModified]: readonly [string, string]): string {
  const parsed = v.safeParse(Summary, summary);
  const isEarlier = parsed.success && Date.parse(parsed.output.startedAt) < Date.parse(functionModified);
  return isEarlier ? JSON.stringify({ of: "an earlier deploy", ...parsed.output }) : summary;
}
