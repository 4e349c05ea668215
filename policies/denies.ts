import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import type { Condition, Statement } from "./document";
import { ownUser } from "./door";

/**
 * What every guard denies beside its main deny, because the door names actions and not yet who may use them on whom.
 * `when` says in which sessions: in quarantine in all (undefined), elsewhere in those without MFA.
 */
export function denyBesideTheDoor(
  settings: PolicySettings,
  partition: Partition,
  when: Condition | undefined,
): readonly Statement[] {
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
    ...(settings.enrolmentByAccessKey ? [] : [DENY_ENROLMENT_BY_ACCESS_KEY]),
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
 * A leaked key must not enrol the thief's device. AWS warns against `Null` as a test for MFA; here it tests for a
 * long-term key, the one kind of credentials without the condition key.
 */
const DENY_ENROLMENT_BY_ACCESS_KEY: Statement = {
  Sid: "DenyEnrolmentByAccessKey",
  Effect: "Deny",
  Action: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListVirtualMFADevices"],
  Resource: "*",
  Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } },
};
