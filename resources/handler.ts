import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { toEnvironment } from "../handler/environment";
import type { GuardsOf } from "../handler/guards";
import { handlerRolePolicy } from "../policies/handler-role";
import { bundleHandler } from "./bundle";
import { type Guard, iamPath, listed, whereaboutsOf } from "./guard";
import { CHARACTERS, policyJson } from "./policy-json";

/** Seconds that one invocation may take, Lambda's most: a sweep of many users takes its time. */
const TIMEOUT = 900;

/** How long decisions can be looked up. */
const RETENTION_DAYS = 365;

/** The Lambda function that puts people where the account's state says, its role and its log. */
export class Handler extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly function: aws.lambda.Function;
  /** The bundle that the function runs. */
  readonly code = bundleHandler();
  /** What the function is told. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(settings: Settings, guards: GuardsOf<Guard>, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Handler", "handler", {}, opts);
    const parent = { parent: this };
    this.logGroup = new aws.cloudwatch.LogGroup("require-mfa", { retentionInDays: RETENTION_DAYS }, parent);
    this.role = new aws.iam.Role(
      "require-mfa",
      {
        path: iamPath(),
        description: "require-mfa: reads users, and moves them between its own guards",
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal(aws.iam.Principals.LambdaPrincipal),
      },
      parent,
    );
    const permissions = new aws.iam.RolePolicy(
      "require-mfa",
      { role: this.role.name, policy: this.permissions(settings, listed(guards)) },
      parent,
    );
    this.environment = toEnvironment({
      guards: whereaboutsOf(guards),
      rules: settings,
      dryRun: settings.dryRun,
      maxReleases: settings.maxReleases,
      sweepEvery: settings.sweepEvery,
    });
    this.function = new aws.lambda.Function(
      "require-mfa",
      {
        description: "require-mfa: holds IAM users until they have enrolled an MFA device",
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(this.code) }),
        role: this.role.arn,
        memorySize: 256,
        timeout: TIMEOUT,
        environment: { variables: this.environment },
        // Text leaves the handler's JSON lines as they are; Lambda's own JSON format would wrap them once more.
        loggingConfig: { logFormat: "Text", logGroup: this.logGroup.name },
      },
      // Without its permissions the first events would fail.
      { parent: this, dependsOn: [permissions] },
    );
    this.registerOutputs();
  }

  private permissions({ partition }: Settings, guards: readonly Guard[]): pulumi.Output<string> {
    return pulumi
      .all([
        pulumi.all(guards.map(({ group }) => group.arn)),
        pulumi.all(guards.map(({ policy }) => policy.arn)),
        this.logGroup.arn,
      ])
      .apply(([groupArns, policyArns, logGroupArn]) =>
        policyJson({
          document: handlerRolePolicy({ partition, groupArns, policyArns, logGroupArn }),
          name: "require-mfa",
          partition,
          characters: CHARACTERS.handlerRole,
        }),
      );
  }
}
