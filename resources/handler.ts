import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type GuardsOf, guardsOf } from "../core/guards";
import { toEnvironment } from "../core/instructions";
import { policyDigest } from "../core/policy-digest";
import type { HandlerSettings } from "../core/settings";
import { HANDLER_FUNCTION } from "../parts/handler-function";
import { handlerLogPolicy, handlerRolePolicy } from "../policies/handler-role";
import { trustPolicy } from "../policies/trust";
import { bundleHandler } from "./bundle";
import type { Checked } from "./checks";
import { type Guard, guardRefs, listed } from "./guard";
import { iamPath } from "./iam-path";
import { CHARACTERS, policyJson } from "./policy-json";

export interface HandlerArgs {
  readonly settings: HandlerSettings;
  readonly guards: GuardsOf<Guard>;
  /** The queue for what the function failed at. */
  readonly failed: aws.sqs.Queue;
  readonly checked: pulumi.Output<Checked>;
}

/** The Lambda function that puts people where the account's state says, its role and its log. */
export class Handler extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly function: aws.lambda.Function;
  /** What the function's code may do. Whatever invokes the function waits for it, or the first events would fail. */
  readonly permissions: aws.iam.RolePolicy;
  /** The function's environment variables. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(
    name: string,
    { settings, guards, failed, checked }: HandlerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("require-mfa:index:Handler", name, {}, opts);
    const child = { parent: this };
    this.logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: checked.apply(() => HANDLER_FUNCTION.logRetentionDays) },
      // Who was held and freed, and why, is asked for most when it is all over. It expires by itself.
      { ...child, retainOnDelete: true },
    );
    this.role = new aws.iam.Role(
      name,
      {
        path: checked.apply(iamPath),
        description: HANDLER_FUNCTION.roleDescription,
        assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
      },
      child,
    );
    const logName = `${name}-log`;
    const logPermissions = new aws.iam.RolePolicy(
      logName,
      { role: this.role.name, policy: this.logPolicy(logName, failed, checked) },
      child,
    );
    // Of the policies' outputs, so that the function is told of another policy after IAM has it.
    const policyDigests = guardsOf((guard) => guards[guard].policy.policy.apply(policyDigest));
    this.environment = toEnvironment({ guards: guardRefs(guards), policyDigests, settings });
    this.function = new aws.lambda.Function(
      name,
      {
        description: HANDLER_FUNCTION.description,
        runtime: HANDLER_FUNCTION.runtime,
        architectures: [HANDLER_FUNCTION.architecture],
        handler: HANDLER_FUNCTION.handler,
        code: new pulumi.asset.AssetArchive({ [HANDLER_FUNCTION.file]: new pulumi.asset.StringAsset(bundleHandler()) }),
        role: this.role.arn,
        memorySize: HANDLER_FUNCTION.memoryMb,
        timeout: HANDLER_FUNCTION.timeoutSeconds,
        environment: { variables: this.environment },
        loggingConfig: { logFormat: HANDLER_FUNCTION.logFormat, logGroup: this.logGroup.name },
      },
      // Without it what the first run says would be lost.
      { parent: this, dependsOn: [logPermissions] },
    );
    // After the function, because it names it.
    this.permissions = new aws.iam.RolePolicy(
      name,
      { role: this.role.name, policy: this.rolePolicy(name, listed(guards), checked) },
      child,
    );
    this.registerOutputs();
  }

  private logPolicy(name: string, failed: aws.sqs.Queue, checked: pulumi.Output<Checked>): pulumi.Output<string> {
    return pulumi.all([checked, this.logGroup.arn, failed.arn]).apply(([{ partition }, logGroupArn, failedQueueArn]) =>
      policyJson({
        document: handlerLogPolicy({ logGroupArn, failedQueueArn }),
        name,
        partition,
        characters: CHARACTERS.handlerLog,
      }),
    );
  }

  private rolePolicy(name: string, guards: readonly Guard[], checked: pulumi.Output<Checked>): pulumi.Output<string> {
    return pulumi
      .all([
        checked,
        pulumi.all(guards.map(({ group }) => group.arn)),
        pulumi.all(guards.map(({ policy }) => policy.arn)),
        this.function.arn,
      ])
      .apply(([{ partition }, groupArns, policyArns, functionArn]) =>
        policyJson({
          document: handlerRolePolicy({ partition, groupArns, policyArns, functionArn }),
          name,
          partition,
          characters: CHARACTERS.handlerRole,
        }),
      );
  }
}
