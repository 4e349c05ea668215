/**
 * Why each statement is there, by its Sid: one sentence an entry, fit for a cell of a table. What a statement says, it
 * says itself. A statement without a reason does not compile.
 */
export const REASONS = {
  // The guards'
  AllowTheDoorOnOnesOwnUser:
    "If a guard only denied, a user without permissions of their own could not see themselves, let alone enrol.",
  AllowTheDoorOnDevices:
    "A new device has a name before it has a user, and users name their devices freely, so any name has to do.",
  AllowTheDoorOnEverything:
    "These actions take no resource, or for sign-in the console, so they cannot be limited to one's own user.",
  DenyEverythingButTheDoor:
    "Whoever has a password and no device shall do nothing but enrol one, and only a deny stops an administrator too.",
  BlockMostAccessUnlessSignedInWithMFA:
    "Outside the door a password or an access key alone shall not be enough, not even an administrator's: it takes MFA.",
  DenyOtherUsersCredentials:
    "The door names actions and not on whom: an administrator is allowed them on everybody, and could enrol for them.",
  DenyEnrolmentThroughAService: "What signs as the user may not stand in for the person at the console.",
  DenyEnrolmentThroughAProxy:
    "AWS's managed MCP server signs as the user too, and whether its calls count as made by a service is not documented.",
  DenySignInTokensBeyondTheConsole:
    "The door lets sign-in through for the console's sake; the same actions also fetch tokens, as for `aws login`.",
  DenyTheDoorByAccessKey:
    "A leaked access key could otherwise look around by the door, enrol the thief's own device, and so get past the guard.",
  AllowReadingThePasswordPolicy: "Whoever may change their password must be able to read what the new one must meet.",
  AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation:
    "Users who signed in with MFA are held here too, and should need no administrator for their own credentials.",
  AllowIndividualUserToManageTheirOwnMFA:
    "The door of this guard has no enrolment, and a further device should take a session with MFA but no administrator.",
  AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA:
    "Whoever takes the last device away is back to a password alone, so it takes a session that was opened with one.",
  DenyProxiesUnlessSignedInWithMFA:
    "AWS's managed MCP server signs as the user, whoever asks it to, and may pass for the services that are spared.",

  // The handler's role's
  ReadUsers: "A decision rests on the user's state and on where the user stands, and the handler may meet any user.",
  ReadGroupsOfTheRules:
    "A group that `onlyGroups` or `exemptGroups` name must be known to exist before anybody is moved because of it.",
  ReadAccountInBulk: "A sweep finds who is out of place by bulk reads, which take no resource, and not user by user.",
  ReadTheGuards:
    "A guard's group without its policy, or with another one, holds nobody or too many, so it is looked at and not believed.",
  ReadTheGuardsPolicies:
    "A guard's policy that says something else than was deployed may hold nobody, so what it says is compared.",
  ChangeMembershipOfTheGuards:
    "Membership is what holds and frees; IAM authorises it on the group, so it can be pinned to the three guards.",
  AttachTheGuardsPoliciesAndNoOther:
    "A user who is in ten groups already can join no other, and is held by the guard's policy itself.",
  ReattachTheGuardsPolicies:
    "Whoever takes a guard's policy off its group frees everybody in it, which should not last until the next deploy.",
  GoOnInAnotherRun: "A sweep that runs out of time leaves the rest to one more invocation of the same function.",
  PutItsOwnEvents:
    "What the handler does and finds is told by events, and nobody shall be told in another's name, nor on another bus.",
  ReadItsOwnConfiguration:
    "A sweep goes by what it was told as it began, and must stop where a deploy has since told the function otherwise.",
  FindTheTrails: "Without a trail no event arrives and nothing else tells of it; the list of them takes no resource.",
  ReadTheTrails:
    "A trail that is stopped, or leaves IAM's changes out, is none; whose it is and where is not known before.",
  WriteItsOwnLog: "Every decision is a line in the log, and no other log is the handler's to write.",
  KeepWhatItFailedAt:
    "An event that failed at every try would be lost, so Lambda keeps it in a queue, from which it can be fed back.",

  // Of the protection
  AllowWhatOtherPoliciesAllow:
    "A boundary allows nothing by itself and bounds all, so what it is not about it has to let through.",
  LeaveTheStackToItsDeployRoles:
    "Whoever can switch off what holds people, or what tells of it, is held by nothing, and so is who can become a deploy role.",
  LeaveTrailsToTheDeployRoles: "Without a trail no event of IAM arrives, and nobody is told of what else is changed.",
  LeaveTheGuardsToTheDeployRolesAndTheHandler:
    "A guard without its policy holds nobody; the handler has to put the policy back, by its own function and no other way.",
  LeaveTheirEventsToTheDeployRolesAndTheHandler:
    "Who is told that all is well, or is told so much that nobody reads it any more, looks no further.",
  LeaveBoundariesWhereTheyAre: "Whoever can take the boundary off is not bounded by it.",
  GiveTheBoundaryToWhoeverIsMade:
    "Whoever may make users and roles could otherwise make one without the boundary, and act by it.",

  // Of an organization, beside the guards' denies and what protects a stack
  LeaveTheRolesOfStackSetsToAWS:
    "Who deploys to an organization's accounts goes by the name of a role, and a role of that name anybody could make.",
  LeaveTheStacksOfStackSetsToThem:
    "CloudFormation goes on by the role that a stack has, whoever changes the stack, and that role may change everything.",
  LeaveExemptUsersToTheDeployRoles:
    "Who is exempt goes by name or path, and could otherwise be made, renamed to it, or given the key that needs no MFA.",
  SendOnWhatTheHandlerTells:
    "What the handlers of all accounts tell is told in one place, and the role that EventBridge sends it on by is good for nothing else.",
  RefuseNothing:
    "Where nobody is to be held any more, the SCP is emptied before the stacks let go, for Pulumi takes it off only after.",

  // Of who deploys
  SeeTheStacksGroupsPoliciesAndRole:
    "Before it plans, Pulumi reads what stands; in IAM all that is the stack's lies under its path and nothing else does.",
  SeeTheRestOfTheStack: "Outside IAM there are no paths, so what is the stack's is known by what its names begin with.",
  SeeTheTrailsBucket: "The AWS provider reads all of a bucket's properties, also those that the program does not set.",
  SeeWhetherATrailBringsEvents:
    "Without a trail nobody is held by an event, and a trail may be of another region or of the organization.",
  SeeUsersAsASweepDoes: "Whom a change would hold is decided by what a sweep would see, of whomever it would meet.",
  SeePermissionsBoundaries:
    "A boundary that does not allow what it takes to enrol shuts the door, and its policy says so.",
  SeeTheAccountInBulk: "These reads take no resource: of all users at once, of all trails, of all log groups.",
  ChangeTheGuards: "A guard is a group and a policy, whose versions the provider prunes when there are five.",
  AttachTheGuardsPoliciesToTheirGroups:
    "Whoever may attach any policy to a group that they are in may do anything, so it is the guards' policies alone.",
  ChangeTheHandlersRole: "The role is made under the stack's path, with the policies that the function works by.",
  GiveTheFunctionItsRole:
    "A role that is passed on is a role that is had, so it goes to Lambda alone, and no other role.",
  ChangeTheRestOfTheStack: "What a preview can see of the stack by its names, a deploy makes, changes and takes away.",
  MakeTheTrailsBucket:
    "With `createTrail` the trail needs a bucket, which outlives the stack and can't be deleted by this.",

  // Of who deploys to an organization
  SeeTheOrganization:
    "An SCP is attached only where every account below it has its guards, and who is below it Organizations tells.",
  SeeTheStackSet: "Whether an account has its guards CloudFormation tells, which makes them.",
  SeeTheHub: "Rules of another bus have other names, and that nobody is held any more the hub's log tells.",
  SeeTheCodesBucket: "The AWS provider reads all of a bucket's properties, and of an object whether it is there.",
  SeeWhoMayWriteLogs: "These reads take no resource.",
  ChangeTheSCPs:
    "What an SCP is attached to is a root or an OU, and which of the organization's SCPs are the stack's its names don't tell.",
  ChangeTheStackSet: "What the accounts get they get by the one StackSet, and by no role of the deployer's.",
  ChangeTheHub: "The bus, who may put events on it, and its rules are made and taken away by the stack.",
  ChangeTheCodesBucket: "Template and code lie in a bucket that can be made again, so it goes with the stack.",
  ChangeWhatTakesNoResource:
    "A StackSet is made, and who may put events on a bus or write to a log is said, by calls that take no resource.",
} as const satisfies Readonly<Record<string, string>>;

/** The names of all statements that this project writes, each with a reason. */
export type Sid = keyof typeof REASONS;
