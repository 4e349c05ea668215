import { removeCommand, removeEntryCommand, setEntryCommand } from "./command";
import type { Setting } from "./setting";

/** What the entries of a list are. */
interface Kind {
  /** One of them, in words. */
  readonly noun: string;
  /** What one may be, in words. */
  readonly rule: string;
  readonly pattern: RegExp;
  /** What two entries that are the same have in common. */
  readonly identity: (entry: string) => string;
  /** Of an entry that is the same as an earlier one. */
  readonly twice: string;
  /** The closest that might be allowed. */
  readonly nearest: (text: string) => string;
}

/** IAM's names: letters, digits and a few signs, and two that differ by case only can't be. */
const names = (noun: string, longest: number): Kind => ({
  noun,
  rule: `1 to ${longest} of A-Z a-z 0-9 _ + = , . @ -`,
  pattern: new RegExp(`^[\\w+=,.@-]{1,${longest}}$`),
  identity: (entry) => entry.toLowerCase(),
  twice: "is there twice: names compare without case",
  // Of an ARN, or of a name with its path, the name.
  nearest: (text) => text.replace(/^.*\//, "").replace(/[^\w+=,.@-]/g, ""),
});

const PATHS: Kind = {
  noun: "path",
  rule: "/ at both ends, 512 characters at most, no spaces, ASCII only",
  pattern: /^(?=.{1,512}$)\/([\u0021-\u007f]+\/)?$/,
  identity: (entry) => entry,
  twice: "is there twice",
  // A path covers all that lies below it: a wildcard at its end adds nothing.
  nearest: (text) => {
    const bare = text.replace(/^arn:.*:user(?=\/)/, "").replace(/[^\u0021-\u007f]/g, "");
    return `/${bare}/`.replace(/(\/\*+)+\/$/, "/").replace(/^\/{2,}|\/{2,}$/g, "/");
  },
};

/** Whether a list is of the scope or of exemptions from it. */
export type Side = "only" | "exempt";

/** A path for a command to set where nothing given suggests one. */
const EXAMPLES = { only: "/people/", exempt: "/machines/" } as const satisfies Record<Side, string>;

/** The command that adds, for an example, a path to a side's paths, of which there are so many. */
export function examplePathCommand(side: Side, count: number): string {
  return setEntryCommand(`${side}Paths`, count, EXAMPLES[side]);
}

/** A list of users' names. */
export const userNames = (side: Side) => list(side, names("user name", 64));

/** A list of users' paths. */
export const userPaths = (side: Side) => list(side, PATHS);

/** A list of groups' names. */
export const groupNames = (side: Side) => list(side, names("group name", 128));

function list(side: Side, kind: Kind): Setting<readonly string[]> {
  const faultsIn = (entries: readonly unknown[]) => faultsOf(entries, side, kind);

  const set = (name: string, text: string) => {
    const entries = listOf(text) ?? wordsOf(text);
    const faults = new Map(faultsIn(entries).map((fault) => [fault.index, fault]));
    return entries
      .map((entry, index) => (faults.has(index) ? faults.get(index)?.instead : String(entry)))
      .filter((entry) => entry !== undefined)
      .map((entry, index) => setEntryCommand(name, index, entry));
  };

  return {
    preset: [],
    read: (text) => {
      const entries = listOf(text);
      if (entries === undefined || faultsIn(entries).length > 0) return undefined;
      return entries.filter((entry) => typeof entry === "string");
    },
    wrong: (text) => {
      const entries = listOf(text);
      const faults = faultsIn(entries ?? wordsOf(text)).map(({ wrong }) => wrong);
      return entries === undefined ? [`must be a JSON list of ${kind.noun}s`, ...faults] : faults;
    },
    set,
    mend: (name, text, textOf) => {
      const entries = listOf(text);
      const faults = faultsIn(entries ?? wordsOf(text));
      const gone = faults.filter(({ instead }) => instead === undefined);
      const mended = faults.flatMap(({ index, instead }) =>
        instead === undefined ? [] : [setEntryCommand(name, index, instead)],
      );
      const example = gone.some(({ wildcard }) => wildcard)
        ? [examplePathCommand(side, listOf(textOf(`${side}Paths`) ?? "")?.length ?? 0)]
        : [];
      if (entries === undefined) {
        const anew = set(name, text);
        return anew.length > 0 ? [...anew, ...example] : [removeCommand(name), ...example];
      }
      // From the last to the first, since those after an entry that goes move up.
      const removed = gone.reverse().map(({ index }) => removeEntryCommand(name, index));
      return [...mended, ...example, ...removed];
    },
  };
}

/** An entry that is not allowed. */
interface Fault {
  readonly index: number;
  readonly wrong: string;
  readonly wildcard: boolean;
  /** What it might be instead; undefined where it should go. */
  readonly instead: string | undefined;
}

function faultsOf(entries: readonly unknown[], side: Side, kind: Kind): readonly Fault[] {
  const faults: Fault[] = [];
  const met = new Set<string>();
  const taken = new Set(
    entries.flatMap((entry) =>
      typeof entry === "string" && wrongWith(entry, side, kind) === undefined ? [kind.identity(entry)] : [],
    ),
  );
  for (const [index, entry] of entries.entries()) {
    const wrong = wrongWith(entry, side, kind);
    if (wrong === undefined) {
      const identity = kind.identity(String(entry));
      if (met.has(identity)) {
        faults.push({ index, wrong: `${JSON.stringify(entry)} ${kind.twice}`, wildcard: false, instead: undefined });
      }
      met.add(identity);
      continue;
    }
    const instead = insteadOf(entry, side, kind);
    const free = instead !== undefined && !taken.has(kind.identity(instead));
    faults.push({ index, wrong, wildcard: hasWildcard(entry), instead: free ? instead : undefined });
    if (free) taken.add(kind.identity(instead));
  }
  return faults;
}

function wrongWith(entry: unknown, side: Side, kind: Kind): string | undefined {
  const shown = JSON.stringify(entry);
  if (typeof entry !== "string") return `${shown} is no text`;
  if (hasWildcard(entry)) {
    return `${shown} has a wildcard, and there are none: name a path, which covers all below it, or a group instead`;
  }
  if (!kind.pattern.test(entry)) return `${shown} is no ${kind.noun}: ${kind.rule}`;
  if (kind === PATHS && entry === "/") {
    return side === "exempt" ? `${shown} would exempt everybody` : `${shown} means nothing: every path lies below it`;
  }
  return undefined;
}

function insteadOf(entry: unknown, side: Side, kind: Kind): string | undefined {
  if (typeof entry === "object" || (kind !== PATHS && hasWildcard(entry))) return undefined;
  const nearest = kind.nearest(String(entry));
  return wrongWith(nearest, side, kind) === undefined ? nearest : undefined;
}

function hasWildcard(entry: unknown): boolean {
  return typeof entry === "string" && /[*?]/.test(entry);
}

/** The entries of a JSON list; undefined for any other text. */
function listOf(text: string): readonly unknown[] | undefined {
  const value = jsonOf(text);
  return Array.isArray(value) ? value : undefined;
}

/** What were probably meant to be the entries, of a text that is no JSON list. */
function wordsOf(text: string): readonly string[] {
  const value = jsonOf(text) ?? text;
  return typeof value === "object" || typeof value === "boolean"
    ? []
    : String(value)
        .split(/[\s,;"'[\]]+/)
        .filter((each) => each !== "");
}

/** What the text means as JSON; undefined where it means nothing. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
