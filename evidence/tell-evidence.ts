import { grouped } from "../command-line/grouped";
import { printable } from "../command-line/printable";
import { type Evidence, type ServiceEvidence, type UserEvidence, WAYS } from "./gather-evidence";

/** Rows of a table that are printed unless all are asked for. */
const ROWS = 50;

/** Actions that are named in a row. */
const ACTIONS = 3;

/** One line of the table of what would stop. */
interface Row {
  readonly user: UserEvidence<string>;
  readonly service: ServiceEvidence;
}

const HEADER = ["user", "guard", "service", "calls", "days", "last", "by", "what"] as const;
const ACCOUNTS_HEADER = ["account", "users", "calls"] as const;
const SIGN_INS_HEADER = ["user", "sign-ins with MFA", "without"] as const;

/** The columns that hold figures, to the right. */
const FIGURES: ReadonlySet<string> = new Set(["users", "calls", "days", "sign-ins with MFA", "without"]);

/** What it is that refuses, in words. */
interface Refuser {
  readonly refuses: string;
  readonly leftOut: string;
  /** Told where AWS's reference has no action of a name. */
  readonly unknown: string;
  /** Whether it is another for one user than for the next, so that a column tells which. */
  readonly isTold: boolean;
}

const unknown = (refuser: string) =>
  `? is CloudTrail's own name, by which AWS's reference has no action. ${refuser} refuses it all the same, for outside IAM, STS and sign-in it leaves nothing open.`;

const GUARDS: Refuser = {
  refuses: "their guard refuses",
  leftOut: "under no guard",
  unknown: unknown("A guard"),
  isTold: true,
};

const SCP: Refuser = {
  refuses: "the SCP refuses",
  leftOut: "whom no SCP holds",
  unknown: unknown("The SCP"),
  isTold: false,
};

/** The evidence as tables for a terminal, of fifty rows each or of all. Lines without an end. */
export function evidenceText(evidence: Evidence, all: boolean): string {
  return told(evidence, GUARDS, textFormat(all));
}

/** The evidence as Markdown, for a pull request or a job's summary, likewise. */
export function evidenceMarkdown(evidence: Evidence, all: boolean): string {
  return told(evidence, GUARDS, markdownFormat(all));
}

/** What an SCP refuses, as {@link evidenceText} tells what guards refuse; each user behind the account. */
export function scpEvidenceText(evidence: Evidence<"SCP">, all: boolean): string {
  return told(evidence, SCP, textFormat(all));
}

/** The same as Markdown. */
export function scpEvidenceMarkdown(evidence: Evidence<"SCP">, all: boolean): string {
  return told(evidence, SCP, markdownFormat(all));
}

function textFormat(all: boolean): Format {
  return { name: printable, table: textTable, title: (text) => text, rows: rowsOf(all) };
}

function markdownFormat(all: boolean): Format {
  return { name: inCode, table: markdownTable, title: (text) => `### ${text}`, rows: rowsOf(all) };
}

function rowsOf(all: boolean): number {
  return all ? Number.POSITIVE_INFINITY : ROWS;
}

/** How something is written down. */
interface Format {
  /** A name of others' making. */
  readonly name: (text: string) => string;
  readonly title: (text: string) => string;
  /** Rows of a table at the most. */
  readonly rows: number;
  readonly table: (header: readonly string[], rows: readonly (readonly string[])[]) => readonly string[];
}

function told(evidence: Evidence<string>, refuser: Refuser, format: Format): string {
  const { users, leftOut, days, files, records, problems } = evidence;
  const rows = users.flatMap((user) => user.services.map((service): Row => ({ user, service })));
  const severalAccounts = new Set(users.map(({ account }) => account)).size > 1;
  const nameOf = ({ account, user }: UserEvidence<string>) =>
    format.name(severalAccounts || !refuser.isTold ? `${account} ${user}` : user);
  const refused = users.filter((user) => user.refused > 0);
  const signedIn = users.filter(({ signIns }) => signIns.withMfa + signIns.withoutMfa > 0);
  const shown = rows.slice(0, format.rows);
  const isUnknownShown = shown.some(({ service }) => service.actions.slice(0, ACTIONS).some(({ isKnown }) => !isKnown));
  const blocks: readonly (readonly string[])[] = [
    [
      format.title(`Calls that stop when MFA is compulsory, by CloudTrail`),
      `${counted(files, "file")}, ${counted(records, "record")}${days === undefined ? "" : `, ${days[0]} to ${days[1]}`}`,
      `${counted(refused.length, "user")} of ${grouped(users.length)} made ${counted(sumOf(refused), "call")} that ${refuser.refuses}`,
      ...(leftOut === 0
        ? []
        : [`${counted(leftOut, "user")} ${refuser.leftOut} ${leftOut === 1 ? "is" : "are"} left out`]),
    ],
    refuser.isTold || !severalAccounts ? [] : accountsTable(refused, format),
    shown.length === 0
      ? []
      : [
          ...format.table(
            HEADER.filter((name) => refuser.isTold || name !== "guard"),
            shown.map((row) => cellsOf(row, nameOf, refuser, format)),
          ),
          ...more(rows, format),
        ],
    isUnknownShown ? [refuser.unknown] : [],
    signedIn.length === 0
      ? []
      : [
          ...format.table(
            SIGN_INS_HEADER,
            signedIn
              .slice(0, format.rows)
              .map((user) => [nameOf(user), grouped(user.signIns.withMfa), grouped(user.signIns.withoutMfa)]),
          ),
          ...more(signedIn, format),
        ],
    problems.length === 0
      ? []
      : [
          ...format.table(
            ["not read", "why"],
            problems.slice(0, format.rows).map(({ file, problem }) => [format.name(file), format.name(problem)]),
          ),
          ...more(problems, format),
        ],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

/** Of how many users how many calls are refused, account by account, that of most calls first. */
function accountsTable(refused: readonly UserEvidence<string>[], format: Format): readonly string[] {
  const rows = [...new Set(refused.map(({ account }) => account))]
    .map((account) => {
      const users = refused.filter((user) => user.account === account);
      return { account, users: users.length, calls: sumOf(users) };
    })
    .toSorted((one, other) => other.calls - one.calls);
  const shown = rows.slice(0, format.rows);
  return [
    ...format.table(
      ACCOUNTS_HEADER,
      shown.map(({ account, users, calls }) => [format.name(account), grouped(users), grouped(calls)]),
    ),
    ...more(rows, format),
  ];
}

function cellsOf(
  { user, service }: Row,
  nameOf: (user: UserEvidence<string>) => string,
  { isTold }: Refuser,
  { name }: Format,
): readonly string[] {
  const { refused, days, actions, ways } = service;
  const named = actions
    .slice(0, ACTIONS)
    .map(({ action, isKnown, refused: calls }) => `${name(action)}${isKnown ? "" : "?"} ${grouped(calls)}`);
  const others = actions.length - named.length;
  return [
    nameOf(user),
    ...(isTold ? [user.guard] : []),
    name(service.service),
    grouped(refused),
    grouped(days.length),
    printable(days.at(-1)?.day ?? ""),
    WAYS.flatMap((way) => (ways[way] === undefined ? [] : [`${way} ${grouped(ways[way])}`])).join(", "),
    [...named, ...(others > 0 ? [`${grouped(others)} more`] : [])].join(", "),
  ];
}

function more(all: readonly unknown[], { rows }: Format): readonly string[] {
  return all.length > rows ? ["", `and ${grouped(all.length - rows)} more`] : [];
}

function textTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return FIGURES.has(header[column] ?? "") ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), `|${header.map((name) => (FIGURES.has(name) ? "---:" : "---")).join("|")}|`, ...rows.map(line)];
}

function inCode(text: string): string {
  return `\`${printable(text).replace(/[`|\\]/g, "\ufffd")}\``;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function sumOf(users: readonly UserEvidence<string>[]): number {
  return users.reduce((sum, { refused }) => sum + refused, 0);
}
