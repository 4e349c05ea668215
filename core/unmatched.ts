import { closest } from "fastest-levenshtein";
import { listInWords } from "./lists";
import { isSameName } from "./names";
import type { ScopeRules } from "./scope";
import type { User } from "./user";

/** An entry of a setting that matches no user. */
export interface UnmatchedEntry {
  readonly setting: keyof ScopeRules;
  readonly entry: string;
  /** What there is that comes nearest to it; undefined where there is nothing of the kind. */
  readonly nearest: string | undefined;
}

/** What of a user the entries are held against. */
type Matched = Pick<User, "name" | "groups"> & { readonly path: string };

/**
 * The entries of the scope and of the exemptions that match none of the users: a misspelt name, a path in other letters,
 * a group with nobody in it.
 *
 * @param groups names of all groups
 */
export function unmatchedEntries(
  rules: ScopeRules,
  users: readonly Matched[],
  groups: readonly string[],
): readonly UnmatchedEntry[] {
  const names = new Set(users.map(({ name }) => name.toLowerCase()));
  const joined = new Set(users.flatMap((user) => user.groups.map((group) => group.toLowerCase())));
  const paths = new Set(users.map(({ path }) => path));
  const find = (setting: keyof ScopeRules, matches: (entry: string) => boolean, existing: () => readonly string[]) =>
    rules[setting]
      .filter((entry) => !matches(entry))
      .map((entry) => ({ setting, entry, nearest: nearestTo(entry, existing()) }));
  const byName = (entry: string) => names.has(entry.toLowerCase());
  const byPath = (entry: string) => [...paths].some((path) => path.startsWith(entry));
  const byGroup = (entry: string) => joined.has(entry.toLowerCase());
  const userNames = () => users.map(({ name }) => name);
  return [
    ...find("onlyUsers", byName, userNames),
    ...find("onlyPaths", byPath, () => [...paths]),
    ...find("onlyGroups", byGroup, () => groups),
    ...find("exemptUsers", byName, userNames),
    ...find("exemptPaths", byPath, () => [...paths]),
    ...find("exemptGroups", byGroup, () => groups),
  ];
}

/** Whether an entry belongs to the scope and not to the exemptions. */
export function isOfTheScope({ setting }: UnmatchedEntry): boolean {
  return setting === "onlyUsers" || setting === "onlyPaths" || setting === "onlyGroups";
}

/** Unmatched entries in words fit for a log. */
export function unmatchedInWords(entries: readonly UnmatchedEntry[]): string {
  const words = entries.map(({ setting, entry, nearest }) => {
    const hint =
      nearest === undefined
        ? ""
        : isSameName(nearest, entry) && setting.endsWith("Groups")
          ? " (that group is empty)"
          : ` (the nearest is ${JSON.stringify(nearest)})`;
    return `${setting} names ${JSON.stringify(entry)}, which matches nobody${hint}`;
  });
  return listInWords(words, "; ");
}

function nearestTo(entry: string, existing: readonly string[]): string | undefined {
  if (existing.length === 0) return undefined;
  // Names and paths are mostly mistaken by their case alone, which must not count for more than another word.
  const lower = existing.map((each) => each.toLowerCase());
  return existing[lower.indexOf(closest(entry.toLowerCase(), lower))];
}
