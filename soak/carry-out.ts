import { GUARD_NAMES } from "../core/guards";
import { type CallParameters, type IamAccount, IamError, type Principal } from "../fake-aws/iam/account";
import { ACCOUNT_ID, GUARD_DOCUMENTS, GUARD_PATH, GUARDS } from "./guards";
import type { Command } from "./history";
import { type Moment, personNamed } from "./model";

const ROOT: Principal = { type: "Root" };

/** What no line of the log and no event may hold. */
const PASSWORD = "correct-horse-7Jq2";

const FILLERS = Array.from({ length: 10 }, (_, index) => `filler-${index}`);
const arnOfFiller = (name: string): string => `arn:aws:iam::${ACCOUNT_ID}:policy/${name}`;

/** Groups that histories begin with. */
const FIRST_GROUPS = ["robots", "teams", "others"] as const;

type Call = readonly [action: string, parameters: CallParameters];

/** Makes what the program deploys into IAM, and some groups. */
export function furnish(account: IamAccount): void {
  for (const guard of GUARD_NAMES) {
    const { group, policyArn } = GUARDS[guard];
    account.call(ROOT, "CreateGroup", { GroupName: group, Path: GUARD_PATH });
    account.call(ROOT, "CreatePolicy", {
      PolicyName: group,
      Path: GUARD_PATH,
      PolicyDocument: GUARD_DOCUMENTS[guard],
    });
    account.call(ROOT, "AttachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
  }
  for (const GroupName of FIRST_GROUPS) account.call(ROOT, "CreateGroup", { GroupName });
}

/** Carries out a command by IAM's own calls, as far as IAM takes them. Deploys and sweeps are none of IAM's. */
export function carryOut(account: IamAccount, command: Command, moment: Moment): void {
  const unlessRefused = (make: () => unknown): void => {
    try {
      make();
    } catch (error) {
      if (!(error instanceof IamError)) throw error;
    }
  };
  if (command.do === "enrol device") unlessRefused(() => account.enrolPasskey(command.user));
  for (const [action, parameters] of callsOf(command, moment)) {
    unlessRefused(() => account.call(ROOT, action, parameters));
  }
}

function callsOf(command: Command, moment: Moment): readonly Call[] {
  switch (command.do) {
    case "create user":
      return [
        ["CreateUser", { UserName: command.user, Path: command.path }],
        ...(command.password ? [passwordOf(command.user)] : []),
      ];
    case "delete user":
      return [...strip(command.user, moment), ["DeleteUser", { UserName: command.user }]];
    case "rename user":
      return [["UpdateUser", { UserName: command.user, NewUserName: command.to }]];
    case "move user":
      return [["UpdateUser", { UserName: command.user, NewPath: command.path }]];
    case "make password":
      return [passwordOf(command.user)];
    case "delete password":
      return [["DeleteLoginProfile", { UserName: command.user }]];
    case "deactivate device": {
      const [SerialNumber] = personNamed(moment, command.user)?.devices ?? [];
      return SerialNumber === undefined ? [] : [["DeactivateMFADevice", { UserName: command.user, SerialNumber }]];
    }
    case "join group":
      return [["AddUserToGroup", { UserName: command.user, GroupName: command.group }]];
    case "leave group":
      return [["RemoveUserFromGroup", { UserName: command.user, GroupName: command.group }]];
    case "attach guard's policy":
      return [["AttachUserPolicy", { UserName: command.user, PolicyArn: GUARDS[command.guard].policyArn }]];
    case "detach guard's policy":
      return [["DetachUserPolicy", { UserName: command.user, PolicyArn: GUARDS[command.guard].policyArn }]];
    case "fill quotas":
      return [...(moment.groups.has("filler-0") ? [] : FILLERS.flatMap(makeFiller)), ...fillQuotas(command, moment)];
    case "make group":
      return [["CreateGroup", { GroupName: command.group }]];
    case "delete group":
      return deleteGroup(command.group, moment);
    case "rename group":
      return [["UpdateGroup", { GroupName: command.group, NewGroupName: command.to }]];
    case "take policy off guard":
      return [["DetachGroupPolicy", attachmentOf(command.guard)]];
    case "repair guard": {
      const { GroupName } = attachmentOf(command.guard);
      const isElsewhere = moment.groups.get(GroupName.toLowerCase())?.path !== GUARD_PATH;
      return [
        ...(isElsewhere ? deleteGroup(GroupName, moment) : []),
        ["CreateGroup", { GroupName, Path: GUARD_PATH }],
        ["AttachGroupPolicy", attachmentOf(command.guard)],
      ];
    }
    case "enrol device":
    case "deploy":
    case "sweep":
    case "nothing":
      return [];
  }
}

const passwordOf = (UserName: string): Call => ["CreateLoginProfile", { UserName, Password: PASSWORD }];

const attachmentOf = (guard: keyof typeof GUARDS) => {
  return { GroupName: GUARDS[guard].group, PolicyArn: GUARDS[guard].policyArn };
};

/** A group and a policy that nobody takes away again, nor changes. */
function makeFiller(name: string): readonly Call[] {
  return [
    ["CreateGroup", { GroupName: name }],
    ["CreatePolicy", { PolicyName: name, PolicyDocument: GUARD_DOCUMENTS.sealed }],
  ];
}

/** As many of the fillers as a user is to have, and no more; calls that would change nothing are left out. */
function fillQuotas(
  { user: UserName, groups, policies }: Extract<Command, { readonly do: "fill quotas" }>,
  moment: Moment,
): readonly Call[] {
  const person = personNamed(moment, UserName);
  if (person === undefined) return [];
  return FILLERS.flatMap((GroupName, index) => {
    const PolicyArn = arnOfFiller(GroupName);
    const isIn = person.groups.includes(GroupName);
    const has = person.policies.includes(PolicyArn);
    const calls: Call[] = [];
    if (isIn !== index < groups) calls.push([isIn ? "RemoveUserFromGroup" : "AddUserToGroup", { UserName, GroupName }]);
    if (has !== index < policies) calls.push([has ? "DetachUserPolicy" : "AttachUserPolicy", { UserName, PolicyArn }]);
    return calls;
  });
}

/** What IAM asks to be taken away before it deletes a user. */
function strip(UserName: string, moment: Moment): readonly Call[] {
  const person = personNamed(moment, UserName);
  if (person === undefined) return [];
  return [
    ...person.groups.map((GroupName): Call => ["RemoveUserFromGroup", { UserName, GroupName }]),
    ...person.policies.map((PolicyArn): Call => ["DetachUserPolicy", { UserName, PolicyArn }]),
    ...person.devices.map((SerialNumber): Call => ["DeactivateMFADevice", { UserName, SerialNumber }]),
    ["DeleteLoginProfile", { UserName }],
  ];
}

function deleteGroup(GroupName: string, moment: Moment): readonly Call[] {
  const key = GroupName.toLowerCase();
  const members = [...moment.people.values()].filter(({ groups }) => groups.includes(key));
  const policies = moment.groups.get(key)?.policies ?? [];
  return [
    ...members.map(({ name }): Call => ["RemoveUserFromGroup", { UserName: name, GroupName }]),
    ...policies.map((PolicyArn): Call => ["DetachGroupPolicy", { GroupName, PolicyArn }]),
    ["DeleteGroup", { GroupName }],
  ];
}
