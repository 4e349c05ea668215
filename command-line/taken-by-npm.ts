/** An option as node:util's parseArgs takes it. */
interface Option {
  readonly type: "string" | "boolean";
}

/**
 * Refuses options that were given without a `--` before them. npm keeps those: it sets a variable for each and runs the
 * command as if they had not been given, so that it would do something else than was asked for.
 *
 * @param command as it is called: "npm start"
 * @throws Error that names the options and says where they go
 */
export function refuseOptionsTakenByNpm(
  command: string,
  options: Readonly<Record<string, Option>>,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const taken = Object.entries(options).flatMap(([name, { type }]) => {
    // An option that is repeated has its values one after the other, an empty line between them.
    const values = environment[`npm_config_${name.toLowerCase().replaceAll("-", "_")}`]?.split("\n\n") ?? [];
    return values.map((value) => {
      if (value !== "" && value !== "true") return `--${name}=${value}`;
      // Of `--mode strict` npm takes only the first word.
      if (type === "string") return `--${name} <${name}>`;
      return value === "" ? `--no-${name}` : `--${name}`;
    });
  });
  if (taken.length === 0) return;
  throw new Error(
    `npm took ${taken.join(", ")} for itself; an option of this command goes behind --: ${command} -- ${taken.join(" ")}`,
  );
}
