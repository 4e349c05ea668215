import * as v from "valibot";
import { GUARD_NAMES, type GuardName, type GuardRefs, type GuardsOf, guardsOf } from "./guards";
import type { policyDigest } from "./policy-digest";
import { type Destination, HANDLER_SETTING_NAMES, type HandlerSettings, hasAll, type Row, SETTINGS } from "./settings";

/** What the program tells the handler: guards and settings, and nothing secret. `T` as in {@link GuardRefs}. */
export interface Instructions<T = string> {
  readonly guards: GuardRefs<T>;
  /** What each guard's policy was deployed to say, by {@link policyDigest}. */
  readonly policyDigests: GuardsOf<T>;
  readonly settings: HandlerSettings;
}

type HandlerSettingName = keyof HandlerSettings;
type HandlerRow<T> = Row<T> & Extract<Destination, { readonly variable: string }>;

const ROWS: { readonly [Name in HandlerSettingName]: HandlerRow<HandlerSettings[Name]> } = SETTINGS;

/** The variables that tell of a guard: QUARANTINE_GROUP, QUARANTINE_POLICY_ARN and QUARANTINE_POLICY_DIGEST. */
const variablesOf = (guard: GuardName) => {
  const prefix = guard.toUpperCase();
  return { group: `${prefix}_GROUP`, policyArn: `${prefix}_POLICY_ARN`, policyDigest: `${prefix}_POLICY_DIGEST` };
};

/**
 * The instructions as environment variables of the function, one by one and in plain words, so that a preview's diff
 * shows what a change of settings changes. Lists are JSON.
 */
export function toEnvironment<T>({
  guards,
  policyDigests,
  settings,
}: Instructions<T>): Readonly<Record<string, string | T>> {
  const told = <Name extends HandlerSettingName>(name: Name) =>
    [ROWS[name].variable, ROWS[name].kind.toText(settings[name])] as const;
  return Object.fromEntries<string | T>([
    ...HANDLER_SETTING_NAMES.map(told),
    ...GUARD_NAMES.flatMap((guard) => {
      const variables = variablesOf(guard);
      return [
        [variables.group, guards[guard].group] as const,
        [variables.policyArn, guards[guard].policyArn] as const,
        [variables.policyDigest, policyDigests[guard]] as const,
      ];
    }),
  ]);
}

const GroupName = v.pipe(v.string(), v.nonEmpty("must be the name of a group"));
const PolicyArn = v.pipe(v.string(), v.regex(/^arn:[\w-]+:iam::.+:policy\/.+$/, "must be the ARN of a managed policy"));
const PolicyDigest = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, "must be a SHA-256 in base64url"));

/**
 * The instructions read back: the inverse of {@link toEnvironment}.
 *
 * @throws Error naming every variable that is absent or amiss. A handler that guessed would free or hold the wrong
 *   people.
 */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Instructions {
  const problems: string[] = [];
  const read = <T>(variable: string, schema: v.GenericSchema<unknown, T>, parse = (text: string): unknown => text) => {
    const text = environment[variable];
    if (text === undefined) problems.push(`${variable} is absent`);
    const parsed = v.safeParse(schema, text === undefined ? undefined : parse(text));
    if (parsed.success) return parsed.output;
    if (text !== undefined)
      problems.push(...parsed.issues.map(({ message }) => `${variable} is ${JSON.stringify(text)}: ${message}`));
    return undefined;
  };
  const settings: { -readonly [Name in HandlerSettingName]?: HandlerSettings[Name] } = {};
  const assign = <Name extends HandlerSettingName>(name: Name): void => {
    const { variable, kind } = ROWS[name];
    const value = read(variable, kind.schema, kind.fromText);
    if (value !== undefined) settings[name] = value;
  };
  for (const name of HANDLER_SETTING_NAMES) assign(name);
  const guards = guardsOf((guard) => {
    const { group, policyArn } = variablesOf(guard);
    return { group: read(group, GroupName) ?? "", policyArn: read(policyArn, PolicyArn) ?? "" };
  });
  const policyDigests = guardsOf((guard) => read(variablesOf(guard).policyDigest, PolicyDigest) ?? "");
  if (problems.length > 0 || !hasAll<HandlerSettings>(settings, HANDLER_SETTING_NAMES)) {
    throw new Error(`the function's environment is not as the program writes it: ${problems.join("; ")}`);
  }
  return { guards, policyDigests, settings };
}
