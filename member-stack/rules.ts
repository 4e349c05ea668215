import { eventPattern } from "../core/events";
import { guardEventPattern } from "../core/guard-events";
import { secondsOfRate } from "../core/rate";
import { groupsNamed } from "../core/scope";
import type { Settings } from "../core/settings";
import { DETAIL_TYPES, toldPattern } from "../core/told";
import { ruleRetries } from "../parts/retries";
import { RULE_DESCRIPTIONS, SCHEDULED_SWEEP } from "../parts/rules";
import { ORGANIZATION_PATH, PHYSICAL_NAMES } from "../policies/organization-names";
import { toldRolePolicy, toldRoleTrust } from "../policies/told-role";
import type { Arns } from "./arns";
import { GUARD_IDS } from "./guards";
import { FUNCTION_ID } from "./handler";
import { ACCOUNT_ID } from "./placeholders";
import { type QueueName, queueId } from "./queues";
import { arnOf, logicalId, type Resources, ref, resource } from "./template";

type ToHandler = keyof typeof RULE_DESCRIPTIONS;

/**
 * The rules that bring the handler IAM's calls and the schedule, and may invoke it. A rule comes with its target, and so
 * waits for what a target does: that it may invoke, and for the guards, as a group without a policy holds nobody. The
 * function has its role by then, and the role its policies.
 */
export function ruleResources(settings: Settings, arns: Arns): Resources {
  const scope = { accountId: ACCOUNT_ID, guards: arns.guards, handlerRoleArn: arns.role };
  return {
    ...toHandler("users", { EventPattern: eventPattern({ ...scope, groups: groupsNamed(settings) }) }, arns),
    ...toHandler("guards", { EventPattern: guardEventPattern(scope) }, arns),
    ...toHandler("sweep", { ScheduleExpression: settings.sweepEvery }, arns, {
      // By then the next one is due, and does the same.
      forSeconds: secondsOfRate(settings.sweepEvery),
      target: { Input: JSON.stringify(SCHEDULED_SWEEP) },
    }),
  };
}

function toHandler(
  brings: ToHandler,
  when: Readonly<Record<string, unknown>>,
  arns: Arns,
  { forSeconds, target = {} }: { readonly forSeconds?: number; readonly target?: object } = {},
): Resources {
  const name = PHYSICAL_NAMES.rules[brings];
  const permissionId = logicalId(brings, "permission");
  return {
    // No SourceAccount: it would keep EventBridge from invoking (EventBridge User Guide, troubleshooting).
    [permissionId]: resource("AWS::Lambda::Permission", {
      FunctionName: ref(FUNCTION_ID),
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: arns.rule(name),
    }),
    [logicalId(brings, "rule")]: resource(
      "AWS::Events::Rule",
      {
        Name: name,
        Description: RULE_DESCRIPTIONS[brings],
        ...when,
        Targets: [{ Id: "handler", Arn: arnOf(FUNCTION_ID), ...target, ...retriedInto("undelivered", forSeconds) }],
      },
      { DependsOn: [permissionId, ...GUARD_IDS] },
    ),
  };
}

const TOLD_ROLE_ID = "ToldRole";

/** The rule that sends on to the hub's bus all that the handler tells, and the role by which it does. */
export function toldResources(busArn: string, arns: Arns): Resources {
  const { toldRole, rules } = PHYSICAL_NAMES;
  return {
    [TOLD_ROLE_ID]: resource("AWS::IAM::Role", {
      RoleName: toldRole,
      Path: ORGANIZATION_PATH,
      Description: "require-mfa: sends on what the handler tells",
      AssumeRolePolicyDocument: toldRoleTrust(arns.rule(rules.told), ACCOUNT_ID),
      Policies: [{ PolicyName: toldRole, PolicyDocument: toldRolePolicy(busArn) }],
    }),
    ToldRule: resource("AWS::Events::Rule", {
      Name: rules.told,
      Description: "require-mfa: events that are told by the hub",
      EventPattern: toldPattern(ACCOUNT_ID, DETAIL_TYPES),
      Targets: [{ Id: "hub", Arn: busArn, RoleArn: arnOf(TOLD_ROLE_ID), ...retriedInto("untold") }],
    }),
  };
}

function retriedInto(queue: QueueName, forSeconds?: number) {
  const { maximumEventAgeInSeconds, maximumRetryAttempts } = ruleRetries(forSeconds);
  return {
    RetryPolicy: { MaximumEventAgeInSeconds: maximumEventAgeInSeconds, MaximumRetryAttempts: maximumRetryAttempts },
    DeadLetterConfig: { Arn: arnOf(queueId(queue)) },
  };
}
