import { guardsOfRules } from "../core/decide";
import type { GuardName } from "../core/guards";
import type { Mode } from "../core/modes";
import type { Partition } from "../core/partitions";
import type { PolicySettings, Settings } from "../core/settings";
import { denyBesideTheDoor, denyProxies, denyTheDoorByAccessKey, denyUnlessSignedInWithMfa } from "./denies";
import { type Condition, type PolicyDocument, policyDocument, type Statement } from "./document";
import { actionsOf, DOORS, type DoorAction, shutToAccessKeys } from "./door";
import { NAMES_BEGIN, ORGANIZATION_PATH, PHYSICAL_NAMES } from "./organization-names";
import { PROTECTIONS, ROLE_CHANGES } from "./protect";
import { WITHOUT_MFA } from "./without-mfa";

/** Whom the SCPs of an organization are to hold, and who may change what they protect. */
export interface Organization
  extends Readonly<Pick<Settings, "mode" | "dryRun" | "enforceFrom">>,
    Readonly<Record<"exemptUsers" | "exemptPaths", readonly string[]>> {
  readonly partition: Partition;
  /** The settings of the door, as the guards have them. */
  readonly settings: PolicySettings;
  /** Accounts to which none of the SCPs applies, of twelve digits each. */
  readonly exemptAccounts: readonly string[];
  /** ARNs of roles, one at least, with `*` for the account where it is the same role in several. */
  readonly deployRoles: readonly string[];
}

/** The service control policies of an organization. */
export interface OrganizationPolicies {
  /** What holds IAM users; none where nobody is to be held by what a session says. */
  readonly holding?: PolicyDocument;
  /** What leaves the stacks to those who deploy them. */
  readonly tampering: PolicyDocument;
  /** What leaves to them whom the other two except: roles and users go by their names, which anybody can give. */
  readonly exemptions: PolicyDocument;
}

/**
 * The SCPs of an organization. They deny alone: what a user may do is allowed by the guards and by the user's own
 * policies, and by an SCP that allows it, as AWS's FullAWSAccess does (AWS Organizations User Guide, "SCP evaluation").
 */
export function organizationPolicies(organization: Organization): OrganizationPolicies {
  const holding = holdingStatements(organization);
  return {
    ...(holding.length === 0 ? {} : { holding: policyDocument(...holding) }),
    tampering: policyDocument(...tamperingStatements(organization)),
    exemptions: policyDocument(...exemptionStatements(organization)),
  };
}

/**
 * What an SCP says that is attached and to refuse nothing: a call that no policy refuses (STS API Reference,
 * GetCallerIdentity). An SCP can be emptied before the stacks change, and taken off only after.
 */
export const REFUSES_NOTHING: PolicyDocument = policyDocument({
  Sid: "RefuseNothing",
  Effect: "Deny",
  Action: "sts:GetCallerIdentity",
  Resource: "*",
});

/**
 * The door that the holding SCP leaves open: the widest of the guards of the mode, for an SCP does not know under which
 * of them a user is. Empty where the mode holds nobody by what a session says.
 */
export function organizationDoor({ mode, settings }: Pick<Organization, "mode" | "settings">): readonly DoorAction[] {
  const doors = guardsHolding(mode, settings).flatMap((guard) => DOORS[guard](settings));
  return [...new Map(doors.map((entry) => [entry.action, entry])).values()];
}

/** The guards of a mode that asks for MFA in a session; in others a device decides, of which an SCP knows nothing. */
function guardsHolding(mode: Mode, { enrolmentByAccessKey }: PolicySettings): readonly GuardName[] {
  const asksForMfa = mode === "conditional-deny" || mode === "strict";
  return asksForMfa ? guardsOfRules({ mode, enrolmentByAccessKey }) : [];
}

// Holding

/** The denies of the guards, for IAM users alone: each with the condition, for without a user `${aws:username}` is none. */
function holdingStatements(organization: Organization): readonly Statement[] {
  const { mode, dryRun, partition, settings } = organization;
  const door = organizationDoor(organization);
  if (dryRun || door.length === 0) return [];
  const openToKeys = guardsHolding(mode, settings).flatMap((guard) => {
    const shut = actionsOf(shutToAccessKeys(guard, settings));
    return actionsOf(DOORS[guard](settings)).filter((action) => !shut.includes(action));
  });
  const shutToKeys = door.filter(({ action }) => !openToKeys.includes(action));
  return [
    denyUnlessSignedInWithMfa(door, settings),
    ...denyBesideTheDoor(partition, WITHOUT_MFA),
    ...denyTheDoorByAccessKey(shutToKeys, settings),
    ...denyProxies(settings),
  ].map((statement) => whereAlso(statement, whoIsHeld(organization)));
}

function whoIsHeld(organization: Organization): Condition {
  const { partition, enforceFrom } = organization;
  const exempt = exemptUserArns(organization);
  return {
    ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::*:user/*` },
    ...(exempt.length === 0 ? {} : { ArnNotLike: { "aws:PrincipalArn": exempt } }),
    ...outsideExemptAccounts(organization),
    ...(enforceFrom === "none" ? {} : { DateGreaterThanEquals: { "aws:CurrentTime": `${enforceFrom}T00:00:00Z` } }),
  };
}

/** The exempt users, each with and without a path, and all users below the exempt paths. */
function exemptUserArns({ partition, exemptUsers, exemptPaths }: Organization): readonly string[] {
  const user = (rest: string) => `arn:${partition}:iam::*:user/${rest}`;
  return [
    ...exemptUsers.flatMap((name) => [user(name), user(`*/${name}`)]),
    // A path may have a $, which would begin a variable.
    ...exemptPaths.map((path) => `${user(path.slice(1).replaceAll("$", () => "${$}"))}*`),
  ];
}

function outsideExemptAccounts({ exemptAccounts }: Organization): Condition {
  return exemptAccounts.length === 0 ? {} : { StringNotEquals: { "aws:PrincipalAccount": exemptAccounts } };
}

/** The statement with one condition more, of other operators than its own. */
function whereAlso(statement: Statement, also: Condition): Statement {
  const condition = { ...also, ...statement.Condition };
  return Object.keys(condition).length === 0 ? statement : { ...statement, Condition: condition };
}

// Tampering

/**
 * The roles by which CloudFormation StackSets deploy with service-managed permissions. AWS makes them by a service-linked
 * role, which no SCP binds (AWS Managed Policy Reference, "CloudFormationStackSetsOrgMemberServiceRolePolicy").
 */
function stackSetsRoles(partition: Partition): string {
  return `arn:${partition}:iam::*:role/stacksets-exec-*`;
}

function whoDeploys({ partition, deployRoles }: Organization): readonly string[] {
  return [...deployRoles, stackSetsRoles(partition)];
}

/** What protects a stack of this name in any account, which is the same in all of them. */
function tamperingStatements(organization: Organization): readonly Statement[] {
  const { partition } = organization;
  const { Statement } = PROTECTIONS.scp({
    partition,
    component: NAMES_BEGIN,
    deployRoles: whoDeploys(organization),
    // An SCP binds it too (EventBridge User Guide, "Sending events to an AWS service in another account").
    toldRole: `arn:${partition}:iam::*:role${ORGANIZATION_PATH}${PHYSICAL_NAMES.toldRole}`,
  });
  return Statement.map((statement) => whereAlso(statement, outsideExemptAccounts(organization)));
}

/**
 * That of the exempt roles of the deploy roles' names is among what protects a stack; these are the others that pass.
 */
function exemptionStatements(organization: Organization): readonly Statement[] {
  const { partition } = organization;
  const others: Condition = { ArnNotLike: { "aws:PrincipalArn": whoDeploys(organization) } };
  const exemptUsers = exemptUserArns(organization);
  const statements: readonly Statement[] = [
    {
      Sid: "LeaveTheRolesOfStackSetsToAWS",
      Effect: "Deny",
      Action: ROLE_CHANGES,
      Resource: stackSetsRoles(partition),
    },
    {
      Sid: "LeaveTheStacksOfStackSetsToThem",
      Effect: "Deny",
      Action: [
        "cloudformation:UpdateStack",
        "cloudformation:DeleteStack",
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:CreateStackRefactor",
        "cloudformation:ExecuteStackRefactor",
        "cloudformation:RollbackStack",
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:CancelUpdateStack",
        "cloudformation:SetStackPolicy",
      ],
      Resource: `arn:${partition}:cloudformation:*:*:stack/StackSet-*`,
      Condition: others,
    },
    ...(exemptUsers.length === 0
      ? []
      : [
          {
            Sid: "LeaveExemptUsersToTheDeployRoles",
            Effect: "Deny",
            Action: EXEMPT_USER_CHANGES,
            Resource: exemptUsers,
            Condition: others,
          } as const,
        ]),
  ];
  return statements.map((statement) => whereAlso(statement, outsideExemptAccounts(organization)));
}

/**
 * What makes an exempt user, or gives one a password or a key. Of a rename IAM asks about the old name and the new one
 * (IAM API Reference, UpdateUser).
 */
const EXEMPT_USER_CHANGES = [
  "iam:CreateUser",
  "iam:UpdateUser",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:CreateAccessKey",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "iam:UploadSSHPublicKey",
  "iam:UploadSigningCertificate",
] as const;
