/**
 * What IAM would answer: an evaluator of identity policies, for the rehearsal and for tests over every action of AWS.
 *
 * It knows nothing of AWS's services: what they settle beside identity policies (sts:GetCallerIdentity needs no
 * permission, KMS asks the key's own policy) is left to the caller.
 */
import {
  type Condition,
  type DateOperator,
  type Effect,
  type Operator,
  type Pattern,
  type PatternList,
  readDocument,
  readInstant,
  readKey,
  readText,
  refuseRepeated,
  type Statement,
  type Variable,
  wrong,
} from "./grammar";

/** The condition keys that are present, with their values. A key left out is absent, which is not the same as "false". */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One call of one action upon one resource. */
export interface PolicyRequest {
  /** As "iam:EnableMFADevice", in any case. */
  readonly action: string;
  /** One ARN without wildcards, or "*" for an action that takes no resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

/**
 * Allowed by the Allows that `sids` names; or denied, explicitly by the Denies that it names, or for want of an Allow,
 * and then it is empty. A statement without a Sid goes by its place, as "document[0].Statement[2]".
 */
export type Verdict =
  | { readonly allowed: true; readonly sids: readonly string[] }
  | { readonly allowed: false; readonly explicit: boolean; readonly sids: readonly string[] };

/** Policies that have passed {@link compile}; open in them is only what depends on a request's context. */
export interface CompiledPolicies {
  readonly statements: readonly Statement[];
  /** The statements whose Action covers this one, or whose NotAction does not list it. Throws on what is no action. */
  readonly concerning: (action: string) => readonly Statement[];
}

/** Answers the requests that share one context. Throws on an action or a resource not of {@link PolicyRequest}'s form. */
export type Session = (request: Omit<PolicyRequest, "context">) => Verdict;

/** The values of each key that is present, by the key in lower case. */
type Context = ReadonlyMap<string, readonly string[]>;

/**
 * Reads identity policies that apply together, as a user's own and those of the user's groups do.
 *
 * @param documents each a PolicyDocument, or parsed JSON of any origin
 * @throws Error as {@link readDocument} does: a misspelt operator or key is an error here, and not an open door
 */
export function compile(documents: readonly unknown[]): CompiledPolicies {
  const statements = documents.flatMap((document, index) => readDocument(document, `document[${index}]`));
  // "The prefix and the action name are case insensitive" (IAM User Guide, "IAM JSON policy elements: Action").
  const list = statements.map((statement) => ({ statement, covers: covering(statement.actions, NO_CONTEXT, "i") }));
  const concerning = (action: string) => {
    readText(action, /^[a-z0-9-]+:[a-z0-9-]+$/i, 'one action, as "service:Name"', "request.action");
    return list.filter(({ covers }) => covers(action)).map(({ statement }) => statement);
  };
  return { statements, concerning };
}

/**
 * The statements whose conditions a context meets. "The conditions are evaluated using a logical AND."
 *
 * @throws Error on a condition key that is not known or there twice, and on several values where a condition takes one
 */
export function inForce({ statements }: CompiledPolicies, context: RequestContext): readonly Statement[] {
  return meeting(readContext(context), statements);
}

/**
 * Settles all that a context decides, so that thousands of actions can be asked without compiling a pattern again:
 * which statements are in force, as conditions look at nothing else, and what the variables stand for.
 *
 * @throws Error on a condition key that is not known or there twice, on several values where the policy can take only
 * one, and on none for a variable of a statement in force
 */
export function inSession(policies: CompiledPolicies, context: RequestContext): Session {
  const present = readContext(context);
  const covers = new Map(
    meeting(present, policies.statements).map((statement) => [statement, covering(statement.resources, present)]),
  );
  return ({ action, resource }) => {
    readText(resource, /^(\*|arn:([^:*?]*:){4}[^*?]+)$/, 'one ARN without wildcards, or "*"', "request.resource");
    return judge(policies.concerning(action).filter((statement) => covers.get(statement)?.(resource)));
  };
}

/** Answers a single request. Throws as {@link inSession} and {@link Session} do. */
export function evaluate(policies: CompiledPolicies, request: PolicyRequest): Verdict {
  return inSession(policies, request.context)(request);
}

function meeting(present: Context, statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ conditions }) => conditions.every((condition) => holds(condition, present)));
}

/** IAM User Guide, "Policy evaluation logic": an explicit deny overrides any allow, and what nothing allows is denied. */
function judge(matching: readonly Statement[]): Verdict {
  const sidsOf = (effect: Effect) => matching.filter((statement) => statement.effect === effect).map(({ sid }) => sid);
  const denies = sidsOf("Deny");
  if (denies.length > 0) return { allowed: false, explicit: true, sids: denies };
  const allows = sidsOf("Allow");
  return allows.length > 0 ? { allowed: true, sids: allows } : { allowed: false, explicit: false, sids: [] };
}

const NO_CONTEXT: Context = new Map();

function readContext(context: RequestContext): Context {
  const entries = Object.entries(context).map(([key, value]): [string, readonly string[]] => {
    return [readKey(key, "request.context"), typeof value === "string" ? [value] : value];
  });
  const keys = entries.map(([key]) => key);
  refuseRepeated(keys, "each condition key once, in whatever case", "request.context");
  // An empty list leaves nothing to compare, and AWS treats it as a key that is absent.
  return new Map(entries.filter(([, values]) => values.length > 0));
}

/**
 * A request that takes no resource has the resource "*", which only the pattern "*" covers, for all others begin with
 * "arn:".
 */
function covering({ patterns, negated }: PatternList, context: Context, flags = ""): (name: string) => boolean {
  const expression = anyOf(patterns, "StringLike", context, flags);
  return (name) => expression.test(name) !== negated;
}

/** Whether a condition is met. Of several keys or values, IAM User Guide, "Single-valued vs. multivalued context keys". */
function holds(condition: Condition, context: Context): boolean {
  const given = context.get(condition.key);
  if (condition.operator === "Null") return condition.absent.includes(given === undefined);

  if ("instantsMs" in condition) return holdsAt(condition, given);

  const { operator, quantifier, ifExists, values } = condition;
  const negated = operator.includes("Not");
  // Of a key that is absent: "the values do not match", unless they are required not to match, or only if they exist.
  if (given === undefined) return ifExists || (quantifier === undefined ? negated : quantifier === "ForAllValues");
  if (quantifier === undefined) refuseSeveral(given, condition);
  const expression = anyOf(values, operator, context, /IgnoreCase|Bool/.test(operator) ? "i" : "");
  const passes = (value: string) => expression.test(value) !== negated;
  if (quantifier === undefined) return given.every(passes);
  // A set operator takes an empty string for no value: "an empty data set (for example, an empty string)".
  const set = given.filter((value) => value !== "");
  return quantifier === "ForAnyValue" ? set.some(passes) : set.every(passes);
}

/** Whether a condition on a date is met. "If the key … is not present", as with any other operator. */
function holdsAt(
  condition: Extract<Condition, { readonly operator: DateOperator }>,
  given: readonly string[] | undefined,
): boolean {
  const { operator, ifExists, instantsMs } = condition;
  const isNegated = operator === "DateNotEquals";
  if (given === undefined) return ifExists || isNegated;
  refuseSeveral(given, condition);
  const compare = COMPARISONS[operator];
  return given.every((value) => {
    const atMs = readInstant(value, `request.context.${condition.key}`);
    // Of several values of a negated operator none may match.
    return isNegated ? instantsMs.every((each) => compare(atMs, each)) : instantsMs.some((each) => compare(atMs, each));
  });
}

const COMPARISONS: Readonly<Record<DateOperator, (atMs: number, instantMs: number) => boolean>> = {
  DateEquals: (atMs, instantMs) => atMs === instantMs,
  DateNotEquals: (atMs, instantMs) => atMs !== instantMs,
  DateLessThan: (atMs, instantMs) => atMs < instantMs,
  DateLessThanEquals: (atMs, instantMs) => atMs <= instantMs,
  DateGreaterThan: (atMs, instantMs) => atMs > instantMs,
  DateGreaterThanEquals: (atMs, instantMs) => atMs >= instantMs,
};

function refuseSeveral(given: readonly string[], { key }: Condition): void {
  if (given.length < 2) return;
  throw wrong(given, "one value, or an operator with ForAllValues: or ForAnyValue:", `request.context.${key}`);
}

/** Matches what one of the patterns matches. */
function anyOf(patterns: readonly Pattern[], operator: Operator, context: Context, flags: string): RegExp {
  const sources = patterns.map((pattern) => sourceOf(pattern, operator, context));
  return new RegExp(`^(?:${sources.join("|")})$`, `s${flags}`);
}

/** A pattern as the source of an expression. A "*" in a variable's value is no wildcard. */
function sourceOf(pattern: Pattern, operator: Operator, context: Context): string {
  let before = "";
  const sources = pattern.map((piece) => {
    if ("wildcard" in piece) return wildcardIn(operator, before)[piece.wildcard];
    if ("key" in piece) return literally(resolve(piece, context));
    before += piece.text;
    return literally(piece.text);
  });
  return sources.join("");
}

/**
 * What stands for a variable. Without a value, "the resource that includes a policy variable with no value will not
 * match any resource" (IAM User Guide, "IAM policy elements: Variables and tags"), but also "any attempt to match it
 * fails and causes the statement to be invalid" (same page, "Principal key values"). By the one a deny with a NotResource
 * holds everywhere, by the other nowhere, and who comes by sts:GetFederationToken has no aws:username: no guess is safe.
 */
function resolve({ key, fallback }: Variable, context: Context): string {
  const given = context.get(key);
  const [value = fallback, another] = given ?? [];
  const place = `request.context.${key}`;
  if (value === undefined) throw wrong(given, "a value: AWS documents two readings of a variable without one", place);
  if (another !== undefined) throw wrong(given, "one value for a variable", place);
  return value;
}

/**
 * What a wildcard means behind this text. Of an ARN "each of the six colon-delimited components is checked separately",
 * and ArnEquals and ArnLike "behave identically" (IAM User Guide, "IAM JSON policy elements: Condition operators").
 */
function wildcardIn(operator: Operator, before: string): { readonly "*": string; readonly "?": string } {
  if (operator.startsWith("Arn") && before.split(":").length < 6) return { "*": "[^:]*", "?": "[^:]" };
  return operator.endsWith("Like") || operator.startsWith("Arn") ? { "*": ".*", "?": "." } : { "*": "\\*", "?": "\\?" };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
