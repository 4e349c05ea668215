import { type GuardsOf, guardsOf } from "../core/guards";
import { toEnvironment } from "../core/instructions";
import type { Partition } from "../core/partitions";
import { policyDigest } from "../core/policy-digest";
import { type HandlerSettings, SETTINGS, type Settings } from "../core/settings";
import { HANDLER_FUNCTION } from "../parts/handler-function";
import { HANDLER_RETRIES } from "../parts/retries";
import type { PolicyDocument } from "../policies/document";
import { handlerLogPolicy, handlerRolePolicy } from "../policies/handler-role";
import { ORGANIZATION_PATH, PHYSICAL_NAMES } from "../policies/organization-names";
import { trustPolicy } from "../policies/trust";
import type { Arns } from "./arns";
import { modeIn } from "./exempt-accounts";
import { GUARD_IDS } from "./guards";
import { queueId } from "./queues";
import { arnOf, type Resources, ref, resource } from "./template";

/** The logical ID of the handler's function. */
export const FUNCTION_ID = "HandlerFunction";

/** The logical ID of its log group, which a placeholder refers to. */
export const LOG_GROUP_ID = "LogGroup";

const ROLE_ID = "HandlerRole";

/** What the handler's function is made from. */
export interface HandlerOf {
  readonly partition: Partition;
  readonly settings: HandlerSettings & Pick<Settings, "organizationExemptAccounts">;
  readonly documents: GuardsOf<PolicyDocument>;
  readonly code: { readonly bucket: string; readonly key: string };
  readonly arns: Arns;
}

/**
 * The handler: its log, which outlives the stack, its role and its function.
 *
 * The function is told what the policies were deployed to say by digests of what they say, for CloudFormation writes the
 * documents out itself, and IAM rewrites them again.
 */
export function handlerResources({ partition, settings, documents, code, arns }: HandlerOf): Resources {
  const { guards, groups, policies, function: functionArn, logGroup } = arns;
  const policyDigests = guardsOf((guard) => policyDigest(JSON.stringify(documents[guard])));
  return {
    [LOG_GROUP_ID]: resource(
      "AWS::Logs::LogGroup",
      {
        LogGroupName: { "Fn::Sub": [`${PHYSICAL_NAMES.logGroup}-\${Stack}`, { Stack: BEGINNING_OF_THE_STACKS_ID }] },
        RetentionInDays: HANDLER_FUNCTION.logRetentionDays,
      },
      { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" },
    ),
    [ROLE_ID]: resource("AWS::IAM::Role", {
      RoleName: PHYSICAL_NAMES.role,
      Path: ORGANIZATION_PATH,
      Description: HANDLER_FUNCTION.roleDescription,
      AssumeRolePolicyDocument: trustPolicy("lambda.amazonaws.com"),
      // Names are fixed, so the policy can name the function before it is there.
      Policies: [
        {
          PolicyName: `${PHYSICAL_NAMES.role}-log`,
          PolicyDocument: handlerLogPolicy({
            logGroupArn: logGroup,
            failedQueueArn: arns.queue(PHYSICAL_NAMES.queues.failed),
          }),
        },
        {
          PolicyName: PHYSICAL_NAMES.role,
          PolicyDocument: handlerRolePolicy({ partition, groupArns: groups, policyArns: policies, functionArn }),
        },
      ],
    }),
    [FUNCTION_ID]: resource(
      "AWS::Lambda::Function",
      {
        FunctionName: PHYSICAL_NAMES.function,
        Description: HANDLER_FUNCTION.description,
        Runtime: HANDLER_FUNCTION.runtime,
        Architectures: [HANDLER_FUNCTION.architecture],
        Handler: HANDLER_FUNCTION.handler,
        Code: { S3Bucket: code.bucket, S3Key: code.key },
        Role: arnOf(ROLE_ID),
        MemorySize: HANDLER_FUNCTION.memoryMb,
        Timeout: HANDLER_FUNCTION.timeoutSeconds,
        Environment: {
          Variables: {
            ...toEnvironment({ guards, policyDigests, settings }),
            [SETTINGS.mode.variable]: modeIn(settings.mode, settings.organizationExemptAccounts),
          },
        },
        LoggingConfig: { LogFormat: HANDLER_FUNCTION.logFormat, LogGroup: ref(LOG_GROUP_ID) },
      },
      // So that it is told of another policy after IAM has it.
      { DependsOn: GUARD_IDS },
    ),
    HandlerInvokeConfig: resource("AWS::Lambda::EventInvokeConfig", {
      FunctionName: ref(FUNCTION_ID),
      Qualifier: "$LATEST",
      MaximumRetryAttempts: HANDLER_RETRIES.maximumRetryAttempts,
      MaximumEventAgeInSeconds: HANDLER_RETRIES.maximumEventAgeInSeconds,
      DestinationConfig: { OnFailure: { Destination: arnOf(queueId("failed")) } },
    }),
  };
}

/** The first eight of the UUID at the end of `arn:aws:cloudformation:us-east-1:111122223333:stack/NAME/UUID`. */
const BEGINNING_OF_THE_STACKS_ID = {
  "Fn::Select": ["0", { "Fn::Split": ["-", { "Fn::Select": ["2", { "Fn::Split": ["/", ref("AWS::StackId")] }] }] }],
} as const;
