import type { SettingName } from "../../../audit/settings";
import type { GuardName } from "../../../core/guards";
import type { GuardDocument } from "./matrix";
import type { Mutant } from "./mutants";

/** Changes to a document that change nothing for anybody, and why. */
export interface Equivalents {
  readonly reason: string;
  readonly guards: readonly GuardName[];
  readonly sid: RegExp;
  readonly change: RegExp;
  /** Where all of these are on. */
  readonly where?: readonly SettingName[];
  /** And none of these. */
  readonly unless?: readonly SettingName[];
}

/** Whether a mutant of a guard's document is one of those that are listed. */
export function isOf({ sid, change }: Mutant, { guard, settings }: GuardDocument, listed: Equivalents): boolean {
  return (
    listed.guards.includes(guard) &&
    listed.sid.test(sid) &&
    listed.change.test(change) &&
    (listed.where ?? []).every((setting) => settings.includes(setting)) &&
    !(listed.unless ?? []).some((setting) => settings.includes(setting))
  );
}

const OUTSIDE_THE_DOOR =
  /^Action with (iam:(UpdateLoginProfile|CreateAccessKey|DeactivateMFADevice|DeleteVirtualMFADevice)|signin:RevokeOAuth2Token|sts:AssumeRole|s3:GetObject)$/;

export const EQUIVALENTS: readonly Equivalents[] = [
  {
    reason: "quarantine's main deny knows no exception but the door, whatever an Allow says",
    guards: ["quarantine"],
    sid: /^AllowTheDoor/,
    change: OUTSIDE_THE_DOOR,
  },
  {
    reason: "quarantine's main deny knows no exception but the door, whatever an Allow says",
    guards: ["quarantine"],
    sid: /^AllowTheDoorOnEverything$/,
    change: /^Action with iam:ListUsers$/,
    unless: ["usersPage"],
  },
  {
    reason: "AllowTheDoorOnOnesOwnUser allows it on the own user, and DenyOtherUsersCredentials denies it on others",
    guards: ["quarantine"],
    sid: /^AllowTheDoorOnEverything$/,
    change: /^Action with iam:(ChangePassword|EnableMFADevice)$/,
  },
  {
    reason: "the denies leave of it what the door's own Allows allow anyway",
    guards: ["quarantine"],
    sid: /^AllowTheDoor/,
    change: /^Action with (iam:)?\*$/,
  },
  {
    reason: "DenyOtherUsersCredentials, which knows no exception in quarantine, keeps the Allow to the own user",
    guards: ["quarantine"],
    sid: /^AllowTheDoorOnOnesOwnUser$/,
    change: /^Resource (\*|arn:aws:iam::\*:user\/(\*\/)?(\*|\$\{aws:username\}\*|\*\$\{aws:username\})) for /,
  },
  {
    reason: "IAM asks for CreateVirtualMFADevice on nothing but devices",
    guards: ["quarantine", "conditional"],
    sid: /^AllowTheDoorOnDevices$/,
    change: /^Resource \* for /,
  },
  {
    reason: "quarantine's main deny denies it anyway",
    guards: ["quarantine"],
    sid: /^Deny(OtherUsersCredentials|Enrolment|SignInTokens|TheDoorByAccessKey)/,
    change: OUTSIDE_THE_DOOR,
  },
  {
    reason: "quarantine's main deny denies it anyway",
    guards: ["quarantine"],
    sid: /^Deny(OtherUsersCredentials|Enrolment|TheDoorByAccessKey)/,
    change: /^Action with iam:ListUsers$/,
    unless: ["usersPage"],
  },
  {
    reason: "the main deny denies it anyway in sessions without MFA, which are those that the statement is about",
    guards: ["conditional", "sealed"],
    sid: /^Deny(OtherUsersCredentials|TheDoorByAccessKey|SignInTokensBeyondTheConsole)$/,
    change: OUTSIDE_THE_DOOR,
    unless: ["spareServiceCalls"],
  },
  {
    reason: "the main deny denies it anyway in sessions without MFA, which are those that the statement is about",
    guards: ["conditional", "sealed"],
    sid: /^Deny(OtherUsersCredentials|TheDoorByAccessKey)$/,
    change: /^Action with iam:ListUsers$/,
    unless: ["spareServiceCalls", "usersPage"],
  },
  {
    reason: "the main deny denies changing a password anyway in sessions without MFA",
    guards: ["conditional", "sealed"],
    sid: /^Deny(OtherUsersCredentials|TheDoorByAccessKey)$/,
    change: /^Action (with|without) iam:ChangePassword$/,
    unless: ["spareServiceCalls", "passwordChangeWithoutMfa"],
  },
  {
    reason:
      "sealed's main deny denies enrolment in sessions without MFA, and two statements of their own through others",
    guards: ["sealed"],
    sid: /^DenyOtherUsersCredentials$/,
    change: /^Action without iam:EnableMFADevice$/,
  },
  {
    reason:
      "sealed's main deny denies enrolment in sessions without MFA, and two statements of their own through others",
    guards: ["sealed"],
    sid: /^Deny(OtherUsersCredentials|TheDoorByAccessKey)$/,
    change: /^Action with iam:(EnableMFADevice|CreateVirtualMFADevice)$/,
  },
  {
    reason: "IAM asks for creating, enabling and resyncing a device on ARNs only",
    guards: ["quarantine", "conditional", "sealed"],
    sid: /^DenyEnrolmentThrough(AService|AProxy)$/,
    change: /^Resource arn:\* for \*$/,
  },
  {
    reason: "DenyTheDoorByAccessKey denies an access key the same, and what has one behind it",
    guards: ["quarantine", "conditional"],
    sid: /^(AllowTheDoorOnDevices|DenyEnrolmentThrough(AService|AProxy))$/,
    change: /^Condition by no access key$/,
    unless: ["enrolmentByAccessKey"],
  },
  {
    reason: "DenyTheDoorByAccessKey denies what has an access key behind it resyncing, and sealed's main deny the rest",
    guards: ["sealed"],
    sid: /^DenyEnrolmentThrough(AService|AProxy)$/,
    change: /^Condition by no access key$/,
    unless: ["enrolmentByAccessKey", "spareServiceCalls"],
  },
  {
    reason: "aws:ViaAWSService is always included in the request context",
    guards: ["quarantine", "conditional", "sealed"],
    sid: /^(DenyEnrolmentThroughAService|BlockMostAccessUnlessSignedInWithMFA)$/,
    change: /^Bool(IfExists)? for Bool(IfExists)? of aws:ViaAWSService$/,
  },
  {
    reason: "AllowTheDoorOnDevices allows it on every device",
    guards: ["quarantine", "conditional"],
    sid: /^Allow(TheDoorOnEverything|ReadingThePasswordPolicy)$/,
    change: /^Action with iam:CreateVirtualMFADevice$/,
  },
  {
    reason: "AllowIndividualUserToManageTheirOwnMFA allows it on every device",
    guards: ["sealed"],
    sid: /^Allow(TheDoorOnEverything|ReadingThePasswordPolicy)$/,
    change: /^Action with iam:CreateVirtualMFADevice$/,
    where: ["selfService"],
  },
  {
    reason: "AllowTheDoorOnEverything allows it",
    guards: ["conditional", "sealed"],
    sid: /^AllowReadingThePasswordPolicy$/,
    change: /^Action with signin:CreateOAuth2Token$/,
  },
  {
    reason: "AllowTheDoorOnEverything allows it",
    guards: ["conditional", "sealed"],
    sid: /^AllowReadingThePasswordPolicy$/,
    change: /^Action with iam:ListUsers$/,
    where: ["usersPage"],
  },
  {
    reason: "AllowTheDoorOnEverything allows it",
    guards: ["conditional", "sealed"],
    sid: /^AllowReadingThePasswordPolicy$/,
    change: /^(dropped|NotResource for Resource|Resource arn:\* for \*|Condition (without MFA|by no access key))$/,
    where: ["passwordChangeWithoutMfa", "selfService"],
  },
  {
    reason: "AllowReadingThePasswordPolicy allows it",
    guards: ["conditional", "sealed"],
    sid: /^AllowTheDoorOnEverything$/,
    change: /^Action without iam:GetAccountPasswordPolicy$/,
    where: ["passwordChangeWithoutMfa", "selfService"],
  },
  {
    reason: "another statement of selfService or the door allows it on the own user",
    guards: ["conditional", "sealed"],
    sid: /^Allow(TheDoorOnOnesOwnUser|IndividualUserToSeeAndManageOnlyTheirOwnAccountInformation)$/,
    change: /^Action without iam:ChangePassword$/,
    where: ["passwordChangeWithoutMfa", "selfService"],
  },
  {
    reason: "another statement of selfService or the door allows it on the own user",
    guards: ["conditional", "sealed"],
    sid: /^Allow(TheDoorOnOnesOwnUser|IndividualUser)/,
    change: /^Action with iam:(CreateAccessKey|ChangePassword|EnableMFADevice)$/,
    where: ["selfService"],
  },
  {
    reason: "with MFA another statement allows it on the own user, and without MFA the main deny stands before it",
    guards: ["conditional", "sealed"],
    sid: /^Allow(TheDoorOnOnesOwnUser|IndividualUser)/,
    change: /^Action with iam:DeactivateMFADevice$/,
    where: ["selfService"],
    unless: ["spareServiceCalls"],
  },
  {
    reason: "the main deny stands before it in sessions without MFA",
    guards: ["conditional", "sealed"],
    sid: /^AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA$/,
    change: /^(Condition gone|(BoolIfExists|Null false) for Bool of aws:MultiFactorAuthPresent)$/,
    unless: ["spareServiceCalls"],
  },
  {
    reason: "the main deny stands before it in sessions without MFA, and access keys have none",
    guards: ["conditional", "sealed"],
    sid: /^Allow(ReadingThePasswordPolicy|IndividualUserToSeeAndManageOnlyTheirOwnAccountInformation)$/,
    change: /^Condition by no access key$/,
    unless: ["spareServiceCalls"],
  },
  {
    reason: "the main deny denies enrolment by access key, and DenyEnrolmentThroughAService what acts for one",
    guards: ["sealed"],
    sid: /^AllowIndividualUserToManageTheirOwnMFA$/,
    change: /^Condition by no access key$/,
  },
  {
    reason: "DenyProxiesUnlessSignedInWithMFA denies everything to a proxy that acts for an access key",
    guards: ["conditional", "sealed"],
    sid: /^DenyEnrolmentThroughAProxy$/,
    change: /^Condition by no access key$/,
    where: ["spareServiceCalls"],
  },
];
