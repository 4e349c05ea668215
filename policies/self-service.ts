import type { GuardName } from "../core/guards";
import type { Partition } from "../core/partitions";
import { allow, type Statement } from "./document";
import { ALWAYS_OPEN, actionsOf, anyDevice, ownUser } from "./door";

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
 * from. The main deny still stands before all of it without MFA. The source's three `*LoginProfile` writes are gone: with
 * them a session could set the password without knowing the old one. So is DeleteVirtualMFADevice: device names being
 * free, it would reach other people's half-made devices. Enrolment is left out where the guard's door has it; what only
 * a setting adds to a door is here all the same, for a list that loses an element changes all that follow it.
 */
export function allowSelfService(guard: GuardName, partition: Partition): readonly Statement[] {
  const open = actionsOf(ALWAYS_OPEN[guard]);
  const devices = OWN_DEVICES.filter((action) => !open.includes(action));
  const own = ownUser(partition);
  return [
    ...allow("AllowReadingThePasswordPolicy", ["iam:GetAccountPasswordPolicy"], "*"),
    ...allow("AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation", OWN_ACCOUNT, own),
    ...allow("AllowIndividualUserToManageTheirOwnMFA", devices, [...own, anyDevice(partition)]),
    {
      Sid: "AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA",
      Effect: "Allow",
      Action: "iam:DeactivateMFADevice",
      Resource: own,
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    },
  ];
}
