import { isSameName } from "./names";
import type { Rules } from "./settings";
import type { User } from "./user";

/** Whom the rules are for at all: the scope, and who is exempt from it. */
export type ScopeRules = Pick<
  Rules,
  "onlyUsers" | "onlyPaths" | "onlyGroups" | "exemptUsers" | "exemptPaths" | "exemptGroups"
>;

/** What of a user the scope looks at. */
export type ScopedState = Pick<User, "name" | "path" | "groups">;

/** Whether the user is in the scope, outside it, or exempt, and then by what rule, in words. */
export type Coverage =
  | { readonly covered: true }
  | { readonly covered: false; readonly exempt: boolean; readonly reason: string };

/** Tells whom the rules are for. Who is both in the scope and exempt is exempt. */
export function coverageOf(user: ScopedState, rules: ScopeRules): Coverage {
  const exemption = matchOf(user, rules.exemptUsers, rules.exemptPaths, rules.exemptGroups);
  if (exemption !== undefined) return { covered: false, exempt: true, reason: `exempt by ${exemption}` };
  const { onlyUsers, onlyPaths, onlyGroups } = rules;
  const scoped = onlyUsers.length + onlyPaths.length + onlyGroups.length > 0;
  return !scoped || matchOf(user, onlyUsers, onlyPaths, onlyGroups) !== undefined
    ? { covered: true }
    : { covered: false, exempt: false, reason: "outside the scope" };
}

/** Whether a rule asks for users' paths, which takes one more call to read. */
export function namesPaths({ onlyPaths, exemptPaths }: ScopeRules): boolean {
  return onlyPaths.length + exemptPaths.length > 0;
}

/** The groups that the rules name: joining and leaving them moves people. */
export function groupsNamed({ onlyGroups, exemptGroups }: ScopeRules): readonly string[] {
  return [...onlyGroups, ...exemptGroups];
}

/** Names compare without case, as IAM's do; paths with case, and each covers what lies below it. */
function matchOf(
  user: ScopedState,
  names: readonly string[],
  paths: readonly string[],
  groups: readonly string[],
): string | undefined {
  if (names.some((name) => isSameName(name, user.name))) return "name";
  const path = paths.find((prefix) => pathOf(user).startsWith(prefix));
  if (path !== undefined) return `path ${path}`;
  const group = groups.find((name) => user.groups.some((joined) => isSameName(name, joined)));
  return group === undefined ? undefined : `group ${group}`;
}

function pathOf({ name, path }: ScopedState): string {
  if (path === undefined) throw new TypeError(`the path of ${name} was not read, and a rule asks for it`);
  return path;
}
