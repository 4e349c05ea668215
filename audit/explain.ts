import { styleText } from "node:util";
import { grouped } from "../command-line/grouped";
import type { GuardName } from "../core/guards";
import { MODES } from "../core/modes";
import type { PolicyDocument, Statement } from "../policies/document";
import { DOORS, type DoorAction } from "../policies/door";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { type Organization, organizationDoor } from "../policies/organization";
import type { Protection, ProtectionName } from "../policies/protect";
import { MANAGED_POLICY_QUOTA, ROLE_INLINE_QUOTA, SCP_QUOTA } from "../policies/quotas";
import { REASONS } from "../policies/reasons";
import { charactersOf } from "../policy-language/lint";
import { type DeployerAsked, type DeployerName, deployerDocuments } from "./deployer";
import {
  exampleReach,
  guardsOf,
  HANDLER_POLICIES,
  type HandlerPolicy,
  handlerDocuments,
  PROTECTION_NAMES,
  PROTECTION_QUOTAS,
  protectionOf,
  type Selection,
} from "./documents";
import { heldBy } from "./held-by";
import { type OrganizationName, organizationDocuments } from "./organization";
import { DOOR_SETTINGS, SETTING_NAMES } from "./settings";
import { inWords, listed, testsOf } from "./when";
import { wrap } from "./wrap";

// As in the rehearsal's transcript: one style a call, for given several at once, Node 20 always writes them.
const strong = (text: string) => styleText("bold", text);
const faint = (text: string) => styleText("dim", text);
const green = (text: string) => styleText("green", text);
const yellow = (text: string) => styleText("yellow", text);

/** The columns that a line takes at most, but for a name that is longer. */
const LINE_COLUMNS = 100;

/** The columns of an element's name: "NotResource" and a space. */
const NAME_COLUMNS = 12;

/** The policies for somebody to read who deploys nothing: each statement with its reason. Lines without an end. */
export function explain(selection: Selection): string {
  const { partition, settings } = selection;
  const guards = guardsOf(selection);
  const handler = handlerDocuments(exampleReach(partition));
  return [
    [...opening(selection), ...(guards.length === 0 ? ["", ...wrap(NOBODY_IS_HELD, LINE_COLUMNS)] : [])].join("\n"),
    ...guards.map((guard) => {
      const document = GUARD_POLICIES[guard](settings, partition);
      return [...guardHeading(guard, selection, document), ...statements(document, DOORS[guard](settings))].join("\n");
    }),
    ...HANDLER_POLICIES.map((name) => [...handlerHeading(name, handler), ...statements(handler[name], [])].join("\n")),
  ].join("\n\n\n");
}

/** The documents that protect a stack, in the same form. Lines without an end. */
export function explainProtection(protection: Protection): string {
  const { partition, component, deployRoles } = protection;
  const documents = protectionOf(protection);
  return [
    [
      `${strong(`require-mfa, component ${component}, partition ${partition}`)}  ${faint("what protects it, and why")}`,
      ...wrap(`deploy roles: ${deployRoles.join(", ")}`, LINE_COLUMNS),
    ].join("\n"),
    ...PROTECTION_NAMES.map((name) =>
      [
        `${strong(name)}  ${PROTECTION_WORDS[name]}`,
        `  ${ofQuota(charactersOf(documents[name]), PROTECTION_QUOTAS[name])}`,
        ...statements(documents[name], []),
      ].join("\n"),
    ),
  ].join("\n\n\n");
}

const PROTECTION_WORDS: Readonly<Record<ProtectionName, string>> = {
  scp: "a service control policy, for member accounts of an organization",
  boundary: "a permissions boundary, for users and roles where no SCP holds",
};

/** The service control policies of an organization, in the same form. Lines without an end. */
export function explainOrganization(organization: Organization): string {
  const { mode, partition, settings, deployRoles, exemptUsers, exemptPaths, exemptAccounts } = organization;
  const { enforceFrom, dryRun } = organization;
  const documents = organizationDocuments(organization);
  const isHolding = documents.some(([name]) => name === "holding");
  const named = (isOn: boolean) => DOOR_SETTINGS.filter((name) => settings[name] === isOn).join(", ") || "none";
  return [
    [
      `${strong(`require-mfa, an organization in mode ${mode}, partition ${partition}`)}  ${faint("its SCPs, and why")}`,
      ...wrap(`settings on: ${named(true)}; off: ${named(false)}`, LINE_COLUMNS),
      ...wrap(`deploy roles: ${deployRoles.join(", ")}`, LINE_COLUMNS),
      ...wrap(
        `exempt users: ${exemptUsers.join(", ") || "none"}; paths: ${exemptPaths.join(", ") || "none"}; accounts: ${exemptAccounts.join(", ") || "none"}`,
        LINE_COLUMNS,
      ),
      ...(isHolding
        ? wrap(`holding from: ${enforceFrom === "none" ? "the moment it is attached" : enforceFrom}`, LINE_COLUMNS)
        : ["", ...wrap(dryRun ? "With dryRun no SCP holds anybody." : NO_SCP_HOLDS, LINE_COLUMNS)]),
    ].join("\n"),
    ...documents.map(([name, document]) =>
      [
        `${strong(name)}  ${ORGANIZATION_WORDS[name]}`,
        `  ${ofQuota(charactersOf(document), SCP_QUOTA)}`,
        ...statements(document, organizationDoor(organization)),
      ].join("\n"),
    ),
  ].join("\n\n\n");
}

const NO_SCP_HOLDS =
  "No SCP holds anybody in this mode: an SCP knows sessions and no devices, and this mode does not ask for MFA in a session.";

const ORGANIZATION_WORDS: Readonly<Record<OrganizationName, string>> = {
  holding: "a service control policy that holds IAM users in sessions without MFA",
  tampering: "a service control policy that leaves the stacks to who deploys them",
  exemptions: "a service control policy that leaves to them whom the others except",
};

/** What who previews and who deploys may do, in the same form. Lines without an end. */
export function explainDeployer(reach: DeployerAsked): string {
  const { account, stack, component, partition } = reach;
  const documents = deployerDocuments(reach);
  return [
    [
      `${strong(`require-mfa, stack ${stack} of account ${account}`)}  ${faint("what who deploys may do, and why")}`,
      ...wrap(`component ${component}, partition ${partition}`, LINE_COLUMNS),
    ].join("\n"),
    ...DEPLOYER_NAMES.flatMap((name) => {
      const document = documents[name];
      if (document === undefined) return [];
      return [
        `${strong(name)}  ${DEPLOYER_WORDS[name]}`,
        `  ${ofQuota(charactersOf(document), MANAGED_POLICY_QUOTA)}`,
        ...statements(document, []),
      ].join("\n");
    }),
  ].join("\n\n\n");
}

const DEPLOYER_NAMES = [
  "preview",
  "up",
  "organizationPreview",
  "organizationUp",
] as const satisfies readonly DeployerName[];

const DEPLOYER_WORDS: Readonly<Record<DeployerName, string>> = {
  preview: "a managed policy, for the role that previews and for the one that deploys",
  up: "a managed policy, for the role that deploys",
  organizationPreview: "another for both, where the stack is an organization's",
  organizationUp: "another for the one that deploys, where the stack is an organization's",
};

function opening({ mode, partition, settings }: Selection): readonly string[] {
  const where = mode === undefined ? "every mode" : `mode ${mode}`;
  const named = (isOn: boolean) => SETTING_NAMES.filter((name) => settings[name] === isOn).join(", ") || "none";
  return [
    `${strong(`require-mfa, ${where}, partition ${partition}`)}  ${faint("every statement, and why it is there")}`,
    ...wrap(`settings on: ${named(true)}; off: ${named(false)}`, LINE_COLUMNS),
    ...wrap(FOREWORD, LINE_COLUMNS).map(faint),
  ];
}

const FOREWORD =
  "Who is exempt or outside the scope is held by no guard. An Allow yields to every Deny that applies too. What the handler may touch is named here by the ARNs of an example stack.";

const NOBODY_IS_HELD =
  "No guard holds anybody in this mode. All three stand, with nobody in them, so that switching modes moves people and deletes nothing. Without --mode their statements are told too.";

function guardHeading(guard: GuardName, { mode, settings }: Selection, document: PolicyDocument): readonly string[] {
  const holds = (mode === undefined ? MODES : [mode]).flatMap((each) => {
    const whom = heldBy(guard, each, settings);
    return whom === undefined ? [] : wrap(`in mode ${each} it holds ${whom}`, LINE_COLUMNS - 4).map(indented);
  });
  return [
    `${strong(guard)}  a guard: a managed policy, attached to an IAM group`,
    ...holds,
    `  ${ofQuota(charactersOf(document), MANAGED_POLICY_QUOTA)}`,
  ];
}

function ofQuota(size: number, quota: number): string {
  return `${grouped(size)} of ${grouped(quota)} characters, ${grouped(quota - size)} to spare`;
}

/** A line of a heading; what follows the first is indented further. */
function indented(line: string, index: number): string {
  return `${index === 0 ? "  " : "    "}${line}`;
}

function handlerHeading(
  name: HandlerPolicy,
  documents: Readonly<Record<HandlerPolicy, PolicyDocument>>,
): readonly string[] {
  const together = HANDLER_POLICIES.reduce((sum, each) => sum + charactersOf(documents[each]), 0);
  return [
    `${strong(name)}  an inline policy of the handler's role; Pulumi puts a random end to its name`,
    `  ${grouped(charactersOf(documents[name]))} characters; all of the role's: ${ofQuota(together, ROLE_INLINE_QUOTA)}`,
  ];
}

function statements({ Statement }: PolicyDocument, door: readonly DoorAction[]): readonly string[] {
  return Statement.flatMap((statement) => ["", ...paragraph(statement, door)]);
}

/**
 * One statement: its Sid, its reason, its elements. What it leaves open by NotAction is told action by action, with why
 * the door has it.
 */
export function paragraph(statement: Statement, door: readonly DoorAction[]): readonly string[] {
  const { Sid, Effect, Condition } = statement;
  return [
    `  ${strong(Sid)}`,
    ...wrap(REASONS[Sid], LINE_COLUMNS - 4).map((line) => `    ${line}`),
    ...element("Effect", [Effect === "Deny" ? yellow(Effect) : green(Effect)]),
    ...("Action" in statement ? element("Action", commaSeparated(listed(statement.Action))) : []),
    ...("NotAction" in statement ? element("NotAction", actionsWithReasons(listed(statement.NotAction), door)) : []),
    ...("Resource" in statement ? element("Resource", listed(statement.Resource)) : []),
    ...("NotResource" in statement ? element("NotResource", listed(statement.NotResource)) : []),
    ...element(
      "Condition",
      testsOf(Condition).flatMap((test) => {
        const { operator, key, values } = test;
        const words = inWords(test);
        const asked = `${operator} ${key}`;
        return words === undefined
          ? [asked, ...values.map((value) => `  ${value}`)]
          : [`${asked} ${values.join(", ")}  ${faint(`(${words})`)}`];
      }),
    ),
  ];
}

/** An element: its name before the first line of its content. */
function element(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `    ${faint((index === 0 ? name : "").padEnd(NAME_COLUMNS))}${line}`);
}

function commaSeparated(names: readonly string[]): readonly string[] {
  return wrap(names.join(", "), LINE_COLUMNS - 4 - NAME_COLUMNS);
}

/** The door's actions, each with why it is there. */
function actionsWithReasons(actions: readonly string[], door: readonly DoorAction[]): readonly string[] {
  const column = 2 + Math.max(...actions.map((action) => action.length));
  return actions.flatMap((action) => {
    const entry = door.find((each) => each.action === action);
    if (entry === undefined) return [action];
    return wrap(entry.why, LINE_COLUMNS - 4 - NAME_COLUMNS - column).map(
      (line, index) => `${(index === 0 ? action : "").padEnd(column)}${faint(line)}`,
    );
  });
}
