/**
 * What IAM would answer: an evaluator of identity policies, for the rehearsal and for tests over every action of AWS.
 *
 * It knows a closed part of the policy language and throws on the rest: a Deny whose `BoolIfExists` or whose condition
 * key is misspelt is an error here, and not an open door. It knows nothing of AWS's services: what they settle beside
 * identity policies (sts:GetCallerIdentity needs no permission, KMS asks the key's own policy) is left to the caller.
 */

/**
 * The condition keys that a policy may test or use as a variable, and that a request may carry. IAM User Guide, "AWS
 * global condition context keys", tells what each holds; aws:CalledVia is the one that can hold several values.
 */
export const KNOWN_CONDITION_KEYS: readonly string[] = [
  "aws:CalledVia",
  "aws:MultiFactorAuthAge",
  "aws:MultiFactorAuthPresent",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalType",
  "aws:userid",
  "aws:username",
  "aws:ViaAWSMCPService",
  "aws:ViaAWSService",
  "iam:PolicyARN",
];

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
export type CompiledPolicies = readonly CompiledStatement[];

/** Answers the requests that share one context. Throws on an action or a resource not of {@link PolicyRequest}'s form. */
export type Session = (request: Omit<PolicyRequest, "context">) => Verdict;

type Effect = "Allow" | "Deny";

interface CompiledStatement {
  readonly sid: string;
  readonly effect: Effect;
  readonly actions: PatternList;
  readonly resources: PatternList;
  readonly conditions: readonly Condition[];
}

/** What Action or Resource lists or, negated, NotAction or NotResource. */
interface PatternList {
  readonly patterns: readonly Pattern[];
  readonly negated: boolean;
}

/** The values of each key that is present, by the key in lower case: keys compare without case. */
type Context = ReadonlyMap<string, readonly string[]>;

/** A text of a policy as an expression, once a context has filled in its variables; undefined if one has no value. */
type Pattern = (context: Context) => RegExp | undefined;

/** A piece of such an expression's source; undefined for a variable without a value. */
type Piece = (context: Context) => string | undefined;

type Condition = (context: Context) => boolean;

/**
 * Reads identity policies that apply together, as a user's own and those of the user's groups do.
 *
 * @param documents each a PolicyDocument, or parsed JSON of any origin
 * @throws Error on all that is not an identity policy (IAM User Guide, "Grammar of the IAM JSON policy language") or is
 * not known here: elements, operators, condition keys, variables. It says where, what was given and what is known.
 */
export function compile(documents: readonly unknown[]): CompiledPolicies {
  return documents.flatMap((document, index) => compileDocument(document, `document[${index}]`));
}

/**
 * Settles all that a context decides, so that thousands of actions can be asked without compiling a pattern again:
 * which statements are in force, as conditions look at nothing else, and what the variables stand for.
 *
 * @throws Error on a condition key that is not known, and on several values where the policy can take only one
 */
export function inSession(policies: CompiledPolicies, context: RequestContext): Session {
  const present = readContext(context);
  const inForce = policies
    .filter(({ conditions }) => conditions.every((holds) => holds(present)))
    .map(({ sid, effect, actions, resources }) => {
      return { sid, effect, coversAction: covering(actions, present), coversResource: covering(resources, present) };
    });
  return ({ action, resource }) => {
    readText(action, /^[a-z0-9-]+:[a-z0-9-]+$/i, 'one action, as "service:Name"', "request.action");
    readText(resource, /^(\*|arn:([^:*?]*:){4}[^*?]+)$/, 'one ARN without wildcards, or "*"', "request.resource");
    return judge(
      inForce.filter(({ coversAction, coversResource }) => coversAction(action) && coversResource(resource)),
    );
  };
}

/** Answers a single request. Throws as {@link inSession} and {@link Session} do. */
export function evaluate(policies: CompiledPolicies, request: PolicyRequest): Verdict {
  return inSession(policies, request.context)(request);
}

/** IAM User Guide, "Policy evaluation logic": an explicit deny overrides any allow, and what nothing allows is denied. */
function judge(matching: readonly { readonly sid: string; readonly effect: Effect }[]): Verdict {
  const sidsOf = (effect: Effect) => matching.filter((statement) => statement.effect === effect).map(({ sid }) => sid);
  const denies = sidsOf("Deny");
  if (denies.length > 0) return { allowed: false, explicit: true, sids: denies };
  const allows = sidsOf("Allow");
  return allows.length > 0 ? { allowed: true, sids: allows } : { allowed: false, explicit: false, sids: [] };
}

/**
 * A pattern whose variable has no value covers nothing, so NotResource spares nothing by it: "the resource that includes
 * a policy variable with no value will not match any resource" (IAM User Guide, "IAM policy elements: Variables and
 * tags"). The page also warns that the whole statement might become invalid; an IAM user always has a name and an ID, so
 * for those whom this project holds the two readings come to the same.
 */
function covering({ patterns, negated }: PatternList, context: Context): (name: string) => boolean {
  const expressions = resolve(patterns, context);
  return (name) => expressions.some((expression) => expression.test(name)) !== negated;
}

function resolve(patterns: readonly Pattern[], context: Context): readonly RegExp[] {
  return patterns.map((pattern) => pattern(context)).filter((expression) => expression !== undefined);
}

function readContext(context: RequestContext): Context {
  const entries = Object.entries(context).map(([key, value]): [string, readonly string[]] => {
    return [readKey(key, "request.context"), typeof value === "string" ? [value] : value];
  });
  // An empty list leaves nothing to compare, and AWS treats it as a key that is absent.
  return new Map(entries.filter(([, values]) => values.length > 0));
}

// Documents and statements

function compileDocument(given: unknown, where: string): readonly CompiledStatement[] {
  const document = readObject(given, ["Version", "Id", "Statement"], where);
  // The older version, which is also the default, takes ${aws:username} for plain text.
  readText(document["Version"], /^2012-10-17$/, '"2012-10-17"', `${where}.Version`);
  if (document["Id"] !== undefined) readText(document["Id"], ANY_TEXT, "a string", `${where}.Id`);

  const statements = readList(document["Statement"], `${where}.Statement`).map((statement, index) =>
    compileStatement(statement, `${where}.Statement[${index}]`),
  );
  const sids = statements.map(({ sid }) => sid);
  const repeated = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (repeated !== undefined) throw wrong(repeated, "each Sid once in a document", where);
  return statements;
}

function compileStatement(given: unknown, where: string): CompiledStatement {
  const elements = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
  const statement = readObject(given, elements, where);
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  return {
    sid: sid === undefined ? where : readText(sid, /^[a-z0-9]+$/i, "letters and digits", `${where}.Sid`),
    effect: readEffect(effect, `${where}.Effect`),
    actions: compileList(statement, "Action", compileAction, where),
    resources: compileList(statement, "Resource", compileResource, where),
    conditions: condition === undefined ? [] : compileConditions(condition, `${where}.Condition`),
  };
}

function readEffect(given: unknown, where: string): Effect {
  if (given === "Allow" || given === "Deny") return given;
  throw wrong(given, '"Allow" or "Deny"', where);
}

function compileList(
  statement: Fields,
  element: "Action" | "Resource",
  compileOne: (given: unknown, where: string) => Pattern,
  where: string,
): PatternList {
  const [name, another] = [element, `Not${element}`].filter((candidate) => statement[candidate] !== undefined);
  if (name === undefined || another !== undefined) {
    throw wrong(Object.keys(statement), `exactly one of ${element} and Not${element}`, where);
  }
  const place = `${where}.${name}`;
  return {
    patterns: readList(statement[name], place).map((pattern) => compileOne(pattern, place)),
    negated: name !== element,
  };
}

/** "The prefix and the action name are case insensitive" (IAM User Guide, "IAM JSON policy elements: Action"). */
function compileAction(given: unknown, where: string): Pattern {
  const form = /^(\*|[a-z0-9-]+:[a-z0-9*?-]+)$/i;
  const action = readText(given, form, '"*" or "service:Name", with wildcards only in the name', where);
  return compileText(action, ANYTHING, where, "i");
}

/**
 * A request that takes no resource has the resource "*", which only the pattern "*" covers, for all others begin with
 * "arn:". A variable may stand "only in the resource portion of the ARN", "after the fifth colon" (IAM User Guide, "IAM
 * policy elements: Variables and tags").
 */
function compileResource(given: unknown, where: string): Pattern {
  const form = /^(\*|arn:[^$]*|arn:([^:$]*:){4}.*)$/;
  const resource = readText(given, form, '"*" or an ARN, with variables only after its fifth colon', where);
  return compileText(resource, ANYTHING, where);
}

// Patterns

/** What the wildcards of a text mean, as regular expressions. */
interface Wildcards {
  readonly "*": string;
  readonly "?": string;
}

const ANYTHING: Wildcards = { "*": ".*", "?": "." };
const WITHIN_COMPONENT: Wildcards = { "*": "[^:]*", "?": "[^:]" };
const THEMSELVES: Wildcards = { "*": "\\*", "?": "\\?" };

function compileText(text: string, wildcards: Wildcards, where: string, flags = ""): Pattern {
  return assemble(compilePieces(text, wildcards, where), flags);
}

function assemble(pieces: readonly Piece[], flags = ""): Pattern {
  return (context) => {
    const sources = pieces.map((piece) => piece(context));
    return sources.includes(undefined) ? undefined : new RegExp(`^${sources.join("")}$`, `s${flags}`);
  };
}

function compilePieces(text: string, wildcards: Wildcards, where: string): readonly Piece[] {
  if (/\$\{[^}]*$/.test(text)) throw wrong(text, 'a "}" after each "${"', where);
  const pieces = text.match(/\$\{[^}]*\}|./gs) ?? [];
  return pieces.map((piece) => {
    if (piece.startsWith("${")) return compileVariable(piece.slice(2, -1), where);
    const source = piece === "*" || piece === "?" ? wildcards[piece] : literally(piece);
    return () => source;
  });
}

/**
 * `${key}`, `${key, 'default'}`, or one of `${*}`, `${?}` and `${$}`, which stand for the character itself. The value is
 * taken literally: a "*" in it is no wildcard.
 */
function compileVariable(variable: string, where: string): Piece {
  if (/^[*?$]$/.test(variable)) return () => literally(variable);
  const [, name = variable, fallback] = /^([^,]*), '([^']*)'$/.exec(variable) ?? [];
  const key = readKey(name, where);
  return (context) => {
    const [value = fallback, another] = context.get(key) ?? [];
    if (another !== undefined) throw wrong(context.get(key), `one value for \${${name}}`, where);
    return value === undefined ? undefined : literally(value);
  };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

// Conditions

interface Operator {
  readonly compare: (expected: unknown, where: string) => Pattern;
  readonly negated: boolean;
}

/**
 * IAM User Guide, "IAM JSON policy elements: Condition operators", which also says that ArnEquals and ArnLike "behave
 * identically". Numbers, dates, addresses and binary values are left out, as nothing here compares them.
 */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", { compare: compareStrings(THEMSELVES), negated: false }],
  ["StringNotEquals", { compare: compareStrings(THEMSELVES), negated: true }],
  ["StringEqualsIgnoreCase", { compare: compareStrings(THEMSELVES, "i"), negated: false }],
  ["StringNotEqualsIgnoreCase", { compare: compareStrings(THEMSELVES, "i"), negated: true }],
  ["StringLike", { compare: compareStrings(ANYTHING), negated: false }],
  ["StringNotLike", { compare: compareStrings(ANYTHING), negated: true }],
  ["ArnEquals", { compare: compareArns, negated: false }],
  ["ArnNotEquals", { compare: compareArns, negated: true }],
  ["ArnLike", { compare: compareArns, negated: false }],
  ["ArnNotLike", { compare: compareArns, negated: true }],
  ["Bool", { compare: compareBooleans, negated: false }],
]);

/** "The conditions are evaluated using a logical AND": one for each key of each operator, all of which must hold. */
function compileConditions(given: unknown, where: string): readonly Condition[] {
  return readEntries(given, where).flatMap(([operator, tests]) =>
    readEntries(tests, `${where}.${operator}`).map(([name, values]) => {
      const place = `${where}.${operator}.${name}`;
      const key = readKey(name, place);
      const expected = readList(values, place);
      return operator === "Null" ? compileNull(key, expected, place) : compileTest(operator, key, expected, place);
    }),
  );
}

/** "Use either true (the key doesn't exist — it is null) or false (the key exists and its value is not null)." */
function compileNull(key: string, expected: readonly unknown[], where: string): Condition {
  const patterns = expected.map((value) => compareBooleans(value, where));
  return (context) => resolve(patterns, context).some((expression) => expression.test(String(!context.has(key))));
}

function compileTest(name: string, key: string, expected: readonly unknown[], where: string): Condition {
  const [, quantifier, base = "", ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS.get(base);
  if (operator === undefined) {
    const known = [...OPERATORS.keys()].join(", ");
    throw wrong(name, `Null or, with or without IfExists and ForAllValues: or ForAnyValue:, one of ${known}`, where);
  }
  if (quantifier === "ForAnyValue:" && ifExists !== undefined) {
    // Of a key that is absent, AWS says of the one that the condition is false and of the other that it is true.
    throw wrong(name, "ForAnyValue: or IfExists, but not both", where);
  }
  const { compare, negated } = operator;
  const patterns = expected.map((value) => compare(value, where));
  // Of a key that is absent: "the values do not match", unless they are required not to match, or only if they exist.
  const absent = ifExists !== undefined || (quantifier === undefined ? negated : quantifier === "ForAllValues:");

  return (context) => {
    const given = context.get(key);
    if (given === undefined) return absent;
    // Values that name a variable without a value are dropped: nothing equals them, and nothing fails to differ.
    const expressions = resolve(patterns, context);
    const passes = (value: string) => expressions.some((expression) => expression.test(value)) !== negated;
    if (quantifier === "ForAnyValue:") return given.some(passes);
    if (quantifier === undefined && given.length > 1) {
      throw wrong(given, "one value, or an operator with ForAllValues: or ForAnyValue:", where);
    }
    return given.every(passes);
  };
}

function compareStrings(wildcards: Wildcards, flags?: string): Operator["compare"] {
  return (given, where) => compileText(readText(given, ANY_TEXT, "a string", where), wildcards, where, flags);
}

/** "Each of the six colon-delimited components of the ARN is checked separately": no wildcard crosses their colons. */
function compareArns(given: unknown, where: string): Pattern {
  const form = /^arn:([^:$]*:){4}.+$/;
  const arn = readText(given, form, "an ARN of six components, with variables only in the last", where);
  const components = arn.split(":");
  const [head, last] = [components.slice(0, 5).join(":"), components.slice(5).join(":")];
  return assemble([...compilePieces(`${head}:`, WITHIN_COMPONENT, where), ...compilePieces(last, ANYTHING, where)]);
}

/** Neither operator takes a variable, and a value that is neither true nor false would match nothing, in silence. */
function compareBooleans(given: unknown, where: string): Pattern {
  return compileText(readText(given, /^(true|false)$/i, '"true" or "false"', where), THEMSELVES, where, "i");
}

// What is given, which may be anything

type Fields = Readonly<Record<string, unknown>>;

const ANY_TEXT = /^/;

function readObject(given: unknown, known: readonly string[], where: string): Fields {
  const fields = Object.fromEntries(readEntries(given, where));
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw wrong(other, `only ${known.join(", ")}`, where);
  return fields;
}

function readEntries(given: unknown, where: string): readonly (readonly [string, unknown])[] {
  const entries = typeof given === "object" && given !== null && !Array.isArray(given) ? Object.entries(given) : [];
  if (entries.length === 0) throw wrong(given, "an object that is not empty", where);
  return entries;
}

/** A list, or the one element that may stand in its place. */
function readList(given: unknown, where: string): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw wrong(given, "at least one element", where);
  return list;
}

function readText(given: unknown, form: RegExp, expected: string, where: string): string {
  if (typeof given === "string" && form.test(given)) return given;
  throw wrong(given, expected, where);
}

function readKey(name: string, where: string): string {
  const key = name.toLowerCase();
  if (KNOWN_CONDITION_KEYS.some((known) => known.toLowerCase() === key)) return key;
  throw wrong(name, `one of the condition keys ${KNOWN_CONDITION_KEYS.join(", ")}`, where);
}

function wrong(given: unknown, expected: string, where: string): Error {
  return new Error(`${where}: given ${JSON.stringify(given)}, expected ${expected}`);
}
