import type { Settings } from "../core/settings";

/**
 * What is allowed and yet worth saying when it is deployed: whoever is in the scope and exempt at once is exempt. Who
 * is in a group or below a path is not known here, so only what the lists themselves say is compared.
 */
export function noticesOf(settings: Settings): readonly string[] {
  return [
    ...namedTwice("Users", settings.onlyUsers, settings.exemptUsers),
    ...settings.onlyPaths.flatMap((only) =>
      settings.exemptPaths
        .filter((exempt) => only.startsWith(exempt))
        .map((exempt) => `exemptPaths ${exempt} covers onlyPaths ${only}: exempt`),
    ),
    ...namedTwice("Groups", settings.onlyGroups, settings.exemptGroups),
  ];
}

function namedTwice(kind: "Users" | "Groups", only: readonly string[], exempt: readonly string[]): readonly string[] {
  const scope = new Set(only.map((name) => name.toLowerCase()));
  return exempt
    .filter((name) => scope.has(name.toLowerCase()))
    .map((name) => `exempt${kind} and only${kind} both name ${name}: exempt`);
}
