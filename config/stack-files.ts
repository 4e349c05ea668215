import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import type { StackConfiguration } from "./stack-configuration";

/** A stack's configuration as its files tell it. */
export interface StackFiles {
  readonly configuration: StackConfiguration;
  /** What Pulumi's CLI would know beside it, in words. */
  readonly notRead: readonly string[];
}

const Values = v.fallback(v.record(v.string(), v.unknown()), {});
const Project = v.looseObject({
  name: v.string(),
  config: v.optional(Values, {}),
  stackConfigDir: v.optional(v.string(), "."),
});
const Stack = v.nullish(v.looseObject({ config: v.nullish(Values), environment: v.optional(v.unknown()) }));
/** A key of Pulumi.yaml: a declaration with a default, or a value for all stacks. */
const Declared = v.looseObject({
  type: v.optional(v.string()),
  default: v.optional(v.unknown()),
  value: v.optional(v.unknown()),
});
const Secret = v.strictObject({ secure: v.unknown() });

/**
 * Reads Pulumi.yaml and Pulumi.STACK.yaml as Pulumi's CLI does: the defaults of the one, and over them what the other
 * gives. What is encrypted stays so.
 *
 * @param stack the one stack that has a file, if left out
 * @throws Error that says which files there are, and where one can't be read
 */
export function readStackFiles(
  folder: string,
  stack: string | undefined,
  environment: StackConfiguration["environment"],
): StackFiles {
  const { name: project, config: declared, stackConfigDir } = readYaml(join(folder, "Pulumi.yaml"), Project);
  const stacks = stacksIn(join(folder, stackConfigDir));
  const chosen = stack ?? (stacks.length === 1 ? stacks[0] : undefined);
  if (chosen === undefined || !stacks.includes(chosen)) {
    const given = stack === undefined ? "no stack is named" : `there is no Pulumi.${stack}.yaml`;
    throw new Error(`${given}; there is ${stacks.map((each) => `Pulumi.${each}.yaml`).join(", ") || "none"}`);
  }
  const file = `Pulumi.${chosen}.yaml`;
  const { config: given, environment: imported } = readYaml(join(folder, stackConfigDir, file), Stack) ?? {};
  const config: Record<string, string> = {};
  const secretKeys = new Set<string>();
  const set = (key: string, value: unknown): void => {
    const qualified = key.includes(":") ? key : `${project}:${key}`;
    if (value === undefined) return;
    if (hasSecret(value)) secretKeys.add(qualified);
    config[qualified] = typeof value === "string" ? value : JSON.stringify(value);
  };
  for (const [key, value] of Object.entries(declared)) set(key, inEveryStack(value));
  for (const [key, value] of Object.entries(given ?? {})) set(key, value);
  return {
    configuration: { project, stack: chosen, config, secretKeys, environment },
    notRead: imported === undefined ? [] : [`the environments that ${file} imports`],
  };
}

/** The stacks that have a file in this folder. */
function stacksIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

function readYaml<Schema extends v.GenericSchema>(path: string, schema: Schema): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, parse(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.output;
  throw new Error(`${path} is not as Pulumi writes it: ${parsed.issues.map(({ message }) => message).join("; ")}`);
}

/** What a key of Pulumi.yaml comes to where a stack says nothing. */
function inEveryStack(declared: unknown): unknown {
  const parsed = v.safeParse(Declared, declared);
  if (!parsed.success || Array.isArray(declared)) return declared;
  return parsed.output.value ?? parsed.output.default;
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return v.is(Secret, value) || Object.values(value).some(hasSecret);
}
