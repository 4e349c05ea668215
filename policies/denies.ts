import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import type { Condition, Statement } from "./document";
import { actionsOf, type DoorAction, ownUser } from "./door";
import { WITHOUT_MFA } from "./without-mfa";

/** The main deny of whoever needs MFA: everything but the door, unless the session was opened with MFA. */
export function denyUnlessSignedInWithMfa(door: readonly DoorAction[], settings: PolicySettings): Statement {
  return {
    Sid: "BlockMostAccessUnlessSignedInWithMFA",
    Effect: "Deny",
    NotAction: actionsOf(door),
    Resource: "*",
    Condition: settings.spareServiceCalls
      ? { BoolIfExists: { ...WITHOUT_MFA.BoolIfExists, "aws:ViaAWSService": "false" } }
      : WITHOUT_MFA,
  };
}

/**
 * What goes with the service calls that are spared: AWS's managed MCP server signs as the user, whoever asks it to, and
 * is no service call of that kind.
 */
export function denyProxies(settings: PolicySettings): readonly Statement[] {
  if (!settings.spareServiceCalls) return [];
  return [
    {
      Sid: "DenyProxiesUnlessSignedInWithMFA",
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { Bool: { "aws:ViaAWSMCPService": "true" }, ...WITHOUT_MFA },
    },
  ];
}

/**
 * What every guard denies beside its main deny, because the door names actions and not yet who may use them on whom.
 * `when` says in which sessions: in quarantine in all (undefined), elsewhere in those without MFA.
 */
export function denyBesideTheDoor(partition: Partition, when: Condition | undefined): readonly Statement[] {
  const condition = when && { Condition: when };
  return [
    {
      Sid: "DenyOtherUsersCredentials",
      Effect: "Deny",
      Action: [
        "iam:EnableMFADevice",
        "iam:ResyncMFADevice",
        "iam:ChangePassword",
        "iam:GetUser",
        "iam:ListMFADevices",
        "iam:GetMFADevice",
      ],
      NotResource: ownUser(partition),
      ...condition,
    },
    {
      Sid: "DenyEnrolmentThroughAService",
      Effect: "Deny",
      Action: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"],
      Resource: "*",
      Condition: { Bool: { "aws:ViaAWSService": "true" } },
    },
    {
      // Whether AWS's managed MCP server sets aws:ViaAWSService too is not documented.
      Sid: "DenyEnrolmentThroughAProxy",
      Effect: "Deny",
      Action: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"],
      Resource: "*",
      Condition: { Bool: { "aws:ViaAWSMCPService": "true" } },
    },
    {
      Sid: "DenySignInTokensBeyondTheConsole",
      Effect: "Deny",
      Action: ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"],
      Resource: [
        `arn:${partition}:signin:*:*:service-principal/*`,
        `arn:${partition}:signin:*:*:oauth2/public-client/*`,
      ],
      ...condition,
    },
  ];
}

/**
 * What is denied of the door to a bare access key, which is `shut`: a leaked key must not enrol the thief's device, nor look around
 * by the door. AWS warns against `Null` as a test for MFA; here it tests for a long-term key, the one kind of credentials
 * without the condition key. Nothing where `enrolmentByAccessKey` lets people enrol by the AWS CLI.
 */
export function denyTheDoorByAccessKey(shut: readonly DoorAction[], settings: PolicySettings): readonly Statement[] {
  if (settings.enrolmentByAccessKey) return [];
  return [
    {
      Sid: "DenyTheDoorByAccessKey",
      Effect: "Deny",
      Action: actionsOf(shut),
      Resource: "*",
      Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } },
    },
  ];
}
