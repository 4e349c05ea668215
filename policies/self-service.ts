import type { Partition } from "../core/partitions";
import { allow, type Statement } from "./document";
import { actionsOf, anyDevice, type DoorAction, ownUser } from "./door";

/** One's own password, access keys, certificates, SSH keys and service-specific credentials: once MFA is there. */
const OWN_ACCOUNT = [
  "iam:ChangePassword",
  "iam:GetLoginProfile",
  "iam:CreateAccessKey",
  "iam:DeleteAccessKey",
  "iam:GetAccessKeyLastUsed",
  "iam:ListAccessKeys",
  "iam:UpdateAccessKey",
  "iam:DeleteSigningCertificate",
  "iam:ListSigningCertificates",
  "iam:UpdateSigningCertificate",
  "iam:UploadSigningCertificate",
  "iam:DeleteSSHPublicKey",
  "iam:GetSSHPublicKey",
  "iam:ListSSHPublicKeys",
  "iam:UpdateSSHPublicKey",
  "iam:UploadSSHPublicKey",
  "iam:CreateServiceSpecificCredential",
  "iam:DeleteServiceSpecificCredential",
  "iam:ListServiceSpecificCredentials",
  "iam:ResetServiceSpecificCredential",
  "iam:UpdateServiceSpecificCredential",
] as const;

const OWN_DEVICES = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"] as const;

/**
 * What `selfService` allows every held user over their own credentials, under the Sids of the 2017 policy that it comes
 * from; what the door allows anyway is left out. The main deny still stands before all of it without MFA. The source's
 * three `*LoginProfile` writes are gone: with them a session could set the password without knowing the old one. So is
 * DeleteVirtualMFADevice: device names being free, it would reach other people's half-made devices.
 */
export function allowSelfService(door: readonly DoorAction[], partition: Partition): readonly Statement[] {
  const allowedByTheDoor = new Set(actionsOf(door));
  const beyondTheDoor = (actions: readonly string[]) => actions.filter((action) => !allowedByTheDoor.has(action));
  const own = ownUser(partition);
  return [
    ...allow("AllowReadingThePasswordPolicy", beyondTheDoor(["iam:GetAccountPasswordPolicy"]), "*"),
    ...allow("AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation", beyondTheDoor(OWN_ACCOUNT), own),
    ...allow("AllowIndividualUserToManageTheirOwnMFA", beyondTheDoor(OWN_DEVICES), [...own, anyDevice(partition)]),
    {
      Sid: "AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA",
      Effect: "Allow",
      Action: "iam:DeactivateMFADevice",
      Resource: own,
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    },
  ];
}
