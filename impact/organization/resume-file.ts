import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { GUARD_NAMES } from "../../core/guards";
import { SETTING_NAMES, SETTINGS, type Settings } from "../../core/settings";
import { FINDING_KINDS } from "../impact";
import type { AccountImpact } from "./organization-impact";

/** Which question a file has answers to. */
export interface ResumeOf {
  /** o-… */
  readonly organization: string;
  readonly stack: string;
  readonly settings: Settings;
}

/** A file of the accounts that were read, so that who starts again reads the others alone. */
export interface ResumeFile {
  /** What earlier runs read, by account. */
  readonly read: ReadonlyMap<string, AccountImpact>;
  /** Writes what was read of an account, on the disk once it returns. */
  readonly keep: (impact: AccountImpact) => void;
}

/** Raised when a line comes to mean something else. */
const FORMAT = 1;

/** What every file begins with. */
const BEGINNING = '{"requireMfaImpact":';

const Header = v.object({
  requireMfaImpact: v.literal(FORMAT, `of another version of this command, which writes ${FORMAT}`),
  organization: v.string(),
  stack: v.string(),
  settings: v.record(v.string(), v.unknown()),
});

const Guard = v.picklist(GUARD_NAMES);
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Places = v.object({ free: Count, quarantine: Count, conditional: Count, sealed: Count });
const Changes = v.object({
  held: Count,
  moved: Count,
  freed: Count,
  none: Count,
  withheld: Count,
  pending: Count,
  unknown: Count,
});

const Person = v.object({
  user: v.string(),
  path: v.string(),
  groups: Count,
  password: v.exactOptional(v.boolean()),
  device: v.exactOptional(v.boolean()),
  heldBy: v.array(Guard),
  change: v.keyof(Changes),
  guard: v.exactOptional(Guard),
  reason: v.string(),
  due: v.exactOptional(v.string()),
  exempt: v.boolean(),
  stoppedBy: v.exactOptional(v.picklist(["maxReleases", "scope"])),
  createdAt: v.exactOptional(v.string()),
  passwordChangedAt: v.exactOptional(v.string()),
  lastUsedAt: v.exactOptional(v.string()),
});

const Finding = v.object({
  finding: v.picklist(FINDING_KINDS),
  message: v.string(),
  users: v.array(v.object({ user: v.string(), what: v.exactOptional(v.string()) })),
});

/** What was read of one account. */
const Line: v.GenericSchema<unknown, AccountImpact> = v.object({
  account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  caller: v.string(),
  stack: v.string(),
  readAt: v.string(),
  reportOf: v.exactOptional(v.string()),
  deployed: v.array(Guard),
  users: Count,
  before: Places,
  after: Places,
  changes: Changes,
  people: v.array(Person),
  findings: v.array(Finding),
  calls: Count,
});

/**
 * Opens a file of accounts that were read, and makes it where there is none. A last line without an end, of a run that was
 * killed as it wrote, is cut off.
 *
 * @throws Error where the file is none of this command's, or has answers to another question: another organization, stack
 *   or setting, each named; and what the file system says
 */
export function openResumeFile(path: string, of: ResumeOf): ResumeFile {
  const asked = { ...of, settings: decidingOf(of.settings) };
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [header, ...lines] = whole.split("\n").slice(0, -1);
  if (header === undefined) {
    const isOurs = text.startsWith(BEGINNING) || BEGINNING.startsWith(text);
    if (!isOurs) throw new Error(`${path} is no file that this command wrote`);
    writeFileSync(path, `${JSON.stringify({ requireMfaImpact: FORMAT, ...asked })}\n`);
  } else {
    refuseAnother(path, readLine(path, 1, header, Header), asked);
    if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
  }
  const impacts = lines.map((line, index) => readLine(path, index + 2, line, Line));
  return {
    read: new Map(impacts.map((impact) => [impact.account, impact])),
    keep: (impact) => appendFileSync(path, `${JSON.stringify(impact)}\n`),
  };
}

function readLine<T>(path: string, number: number, line: string, schema: v.GenericSchema<unknown, T>): T {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), line);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue);
  throw new Error(
    `line ${number} of ${path} is not as this command writes it: ${where === null ? "" : `${where}: `}${issue.message}`,
  );
}

/** The settings that decide; below which targets accounts lie, and who is told, changes nothing about what was read. */
function decidingOf(settings: Settings): Readonly<Record<string, unknown>> {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].goesTo !== "resources");
  return Object.fromEntries(names.map((name) => [name, settings[name]]));
}

type Header = Omit<v.InferOutput<typeof Header>, "requireMfaImpact">;

function refuseAnother(path: string, written: Header, asked: Header): void {
  const names = [...new Set([...Object.keys(written.settings), ...Object.keys(asked.settings)])];
  const differing: readonly (readonly [name: string, written: unknown, asked: unknown])[] = [
    ["organization", written.organization, asked.organization],
    ["stack", written.stack, asked.stack],
    ...names.map((name) => [name, written.settings[name], asked.settings[name]] as const),
  ];
  const others = differing.filter(([, one, other]) => !isDeepStrictEqual(one, other));
  if (others.length === 0) return;
  const told = others.map(([name, one, other]) => `${name} ${JSON.stringify(one)}, and not ${JSON.stringify(other)}`);
  throw new Error(`${path} has the answers to another question: ${told.join("; ")}. Name another file.`);
}
