import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { GuardsOf } from "../handler/guards";
import { ownFunctionPolicy } from "../policies/handler-role";
import { type Guard, listed } from "./guard";
import type { Handler } from "./handler";
import { invokeFrom } from "./invoke-from";
import { CHARACTERS, policyJson } from "./policy-json";
import type { Trigger } from "./trigger";

/** What makes nobody missed: a sweep on a schedule, and one at each deploy that changes whom the guards hold. */
export class Sweep extends pulumi.ComponentResource {
  /** What the deploy's sweep found and did, as JSON. */
  readonly backfill: aws.lambda.Invocation;

  constructor(
    { sweepEvery, partition }: Pick<Settings, "sweepEvery" | "partition">,
    handler: Handler,
    guards: GuardsOf<Guard>,
    trigger: Trigger,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("require-mfa:index:Sweep", "sweep", {}, opts);
    const parent = { parent: this };
    // Beside the role's other permissions, because it names the function, which waits for those.
    const permissions = new aws.iam.RolePolicy(
      "require-mfa-sweep",
      {
        role: handler.role.name,
        policy: handler.function.arn.apply((arn) =>
          policyJson({
            document: ownFunctionPolicy(arn),
            name: "require-mfa-sweep",
            partition,
            characters: CHARACTERS.ownFunction,
          }),
        ),
      },
      parent,
    );
    const schedule = new aws.cloudwatch.EventRule(
      "require-mfa-sweep",
      { description: "require-mfa: sweeps the account", scheduleExpression: sweepEvery },
      parent,
    );
    const target = invokeFrom(schedule, "require-mfa-sweep", handler, guards, this, { sweep: { by: "schedule" } });
    this.backfill = new aws.lambda.Invocation(
      "require-mfa-backfill",
      {
        functionName: handler.function.name,
        input: JSON.stringify({ sweep: { by: "deploy" } }),
        triggers: triggersOf(handler, guards),
        // Nothing is tied to deletion: with CRUD a replaced invocation would be told to undo itself after the new one.
        lifecycleScope: "CREATE_ONLY",
      },
      {
        parent: this,
        dependsOn: [permissions, target, trigger.target, ...listed(guards).map(({ attachment }) => attachment)],
      },
    );
    this.registerOutputs();
  }
}

/** What a sweep depends on. A change of any of it sweeps at once, and the preview's diff shows which. */
function triggersOf(handler: Handler, guards: GuardsOf<Guard>): Readonly<Record<string, pulumi.Input<string>>> {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
  return {
    ...handler.environment,
    QUARANTINE_POLICY: guards.quarantine.policy.policy.apply(digest),
    CONDITIONAL_POLICY: guards.conditional.policy.policy.apply(digest),
    SEALED_POLICY: guards.sealed.policy.policy.apply(digest),
    CODE: digest(handler.code),
  };
}
