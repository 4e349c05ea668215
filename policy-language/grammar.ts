/**
 * What an identity policy may say, and nothing beside: an operator, a condition key or an element that is not known here
 * is an error with its place, for a Deny under a misspelt one would deny nothing.
 */

/**
 * The condition keys that a policy may test or use as a variable, and that a request may carry. IAM User Guide, "AWS
 * global condition context keys", tells what each holds; aws:CalledVia and events:source can hold several values.
 */
export const KNOWN_CONDITION_KEYS: readonly string[] = [
  "aws:CalledVia",
  "aws:CurrentTime",
  "aws:MultiFactorAuthAge",
  "aws:MultiFactorAuthPresent",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalType",
  "aws:userid",
  "aws:username",
  "aws:ViaAWSMCPService",
  "aws:ViaAWSService",
  "events:source",
  "iam:PassedToService",
  "iam:PermissionsBoundary",
  "iam:PolicyARN",
  "lambda:SourceFunctionArn",
  "organizations:PolicyType",
];

/**
 * IAM User Guide, "IAM JSON policy elements: Condition operators". Numbers, addresses and binary values are left out, as
 * nothing here compares them.
 */
const OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "ArnEquals",
  "ArnNotEquals",
  "ArnLike",
  "ArnNotLike",
  "Bool",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** Same page, "Date condition operators". */
const DATE_OPERATORS = [
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
] as const;

export type DateOperator = (typeof DATE_OPERATORS)[number];

export interface Statement {
  /** Its Sid or, without one, its place, as "document[0].Statement[2]". */
  readonly sid: string;
  readonly effect: Effect;
  readonly actions: PatternList;
  readonly resources: PatternList;
  readonly conditions: readonly Condition[];
}

export type Effect = "Allow" | "Deny";

/** What Action or Resource lists or, negated, NotAction or NotResource. */
export interface PatternList {
  readonly patterns: readonly Pattern[];
  readonly negated: boolean;
}

/** A text, piece by piece. */
export type Pattern = readonly Piece[];

export type Piece = { readonly text: string } | { readonly wildcard: "*" | "?" } | Variable;

export interface Variable {
  /** In lower case: keys compare without case. */
  readonly key: string;
  /** What stands for it where it has no value. */
  readonly fallback: string | undefined;
  /** As the document has it. */
  readonly written: string;
}

/** One key under one operator. */
export type Condition = ConditionHead &
  (
    | { readonly operator: "Null"; readonly absent: readonly boolean[] }
    | {
        readonly operator: Operator;
        readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
        readonly ifExists: boolean;
        readonly values: readonly Pattern[];
      }
    | { readonly operator: DateOperator; readonly ifExists: boolean; readonly instantsMs: readonly number[] }
  );

interface ConditionHead {
  /** In lower case. */
  readonly key: string;
  /** As the document has them. */
  readonly written: { readonly operator: string; readonly key: string };
}

/**
 * Reads one identity policy: a PolicyDocument, or parsed JSON of any origin.
 *
 * @param where what to call the document in errors, as "document[0]"
 * @throws Error on all that is not an identity policy (IAM User Guide, "Grammar of the IAM JSON policy language") or is
 * not known here: elements, operators, condition keys, variables. It says where, what was given and what is known.
 */
export function readDocument(given: unknown, where: string): readonly Statement[] {
  const document = readObject(given, ["Version", "Id", "Statement"], where);
  // The older version, which is also the default, takes ${aws:username} for plain text.
  readText(document["Version"], /^2012-10-17$/, '"2012-10-17"', `${where}.Version`);
  if (document["Id"] !== undefined) readText(document["Id"], ANY_TEXT, "a string", `${where}.Id`);

  const statements = readList(document["Statement"], `${where}.Statement`).map((statement, index) =>
    readStatement(statement, `${where}.Statement[${index}]`),
  );
  refuseRepeated(
    statements.map(({ sid }) => sid),
    "each Sid once in a document",
    where,
  );
  return statements;
}

/** A condition key in lower case. Throws on one that is not known. */
export function readKey(name: string, where: string): string {
  const key = name.toLowerCase();
  if (KNOWN_CONDITION_KEYS.some((known) => known.toLowerCase() === key)) return key;
  throw wrong(name, `one of the condition keys ${KNOWN_CONDITION_KEYS.join(", ")}`, where);
}

/** The text, if it has the form. Throws otherwise, saying what was expected. */
export function readText(given: unknown, form: RegExp, expected: string, where: string): string {
  if (typeof given === "string" && form.test(given)) return given;
  throw wrong(given, expected, where);
}

/** Throws if a name is there twice, saying what was expected. */
export function refuseRepeated(names: readonly string[], expected: string, where: string): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw wrong(repeated, expected, where);
}

/** The error of whatever does not belong where it stands. */
export function wrong(given: unknown, expected: string, where: string): Error {
  return new Error(`${where}: given ${JSON.stringify(given)}, expected ${expected}`);
}

// Statements

function readStatement(given: unknown, where: string): Statement {
  const elements = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
  const statement = readObject(given, elements, where);
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  return {
    sid: sid === undefined ? where : readText(sid, /^[a-z0-9]+$/i, "letters and digits", `${where}.Sid`),
    effect: readEffect(effect, `${where}.Effect`),
    actions: readPatternList(statement, "Action", readAction, where),
    resources: readPatternList(statement, "Resource", readResource, where),
    conditions: condition === undefined ? [] : readConditions(condition, `${where}.Condition`),
  };
}

function readEffect(given: unknown, where: string): Effect {
  if (given === "Allow" || given === "Deny") return given;
  throw wrong(given, '"Allow" or "Deny"', where);
}

function readPatternList(
  statement: Fields,
  element: "Action" | "Resource",
  readOne: (given: unknown, where: string) => Pattern,
  where: string,
): PatternList {
  const [name, another] = [element, `Not${element}`].filter((candidate) => statement[candidate] !== undefined);
  if (name === undefined || another !== undefined) {
    throw wrong(Object.keys(statement), `exactly one of ${element} and Not${element}`, where);
  }
  const place = `${where}.${name}`;
  return {
    patterns: readList(statement[name], place).map((pattern) => readOne(pattern, place)),
    negated: name !== element,
  };
}

function readAction(given: unknown, where: string): Pattern {
  const form = /^(\*|[a-z0-9-]+:[a-z0-9*?-]+)$/i;
  return readPattern(readText(given, form, '"*" or "service:Name", with wildcards only in the name', where), where);
}

/**
 * A variable may stand "only in the resource portion of the ARN", "after the fifth colon" (IAM User Guide, "IAM policy
 * elements: Variables and tags").
 */
function readResource(given: unknown, where: string): Pattern {
  const form = /^(\*|arn:[^$]*|arn:([^:$]*:){4}.*)$/;
  return readPattern(readText(given, form, '"*" or an ARN, with variables only after its fifth colon', where), where);
}

// Patterns

function readPattern(text: string, where: string): Pattern {
  if (/\$\{[^}]*$/.test(text)) throw wrong(text, 'a "}" after each "${"', where);
  const pieces = text.match(/\$\{[^}]*\}|[*?]|[^*?$]+|\$/g) ?? [];
  return pieces.map((piece) => {
    if (piece.startsWith("${")) return readVariable(piece.slice(2, -1), where);
    return piece === "*" || piece === "?" ? { wildcard: piece } : { text: piece };
  });
}

/** `${key}`, `${key, 'default'}`, or one of `${*}`, `${?}` and `${$}`, which stand for the character itself. */
function readVariable(variable: string, where: string): Piece {
  if (/^[*?$]$/.test(variable)) return { text: variable };
  const [, name = variable, fallback] = /^([^,]*), '([^']*)'$/.exec(variable) ?? [];
  return { key: readKey(name, where), fallback, written: `\${${variable}}` };
}

// Conditions

function readConditions(given: unknown, where: string): readonly Condition[] {
  return readEntries(given, where).flatMap(([operator, tests]) => {
    const conditions = readEntries(tests, `${where}.${operator}`).map(([key, values]) => {
      const place = `${where}.${operator}.${key}`;
      return readCondition({ operator, key }, readKey(key, place), readList(values, place), place);
    });
    const keys = conditions.map(({ key }) => key);
    refuseRepeated(keys, "each condition key once, in whatever case", `${where}.${operator}`);
    return conditions;
  });
}

function readCondition(
  written: ConditionHead["written"],
  key: string,
  values: readonly unknown[],
  where: string,
): Condition {
  const name = written.operator;
  if (name === "Null") {
    return { operator: name, key, written, absent: values.map((value) => readBoolean(value, where) === "true") };
  }
  const [, quantifier, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const dateOperator = DATE_OPERATORS.find((known) => known === base);
  if (dateOperator !== undefined && quantifier === undefined) {
    const instantsMs = values.map((value) => readInstant(value, where));
    return { operator: dateOperator, ifExists: ifExists !== undefined, key, written, instantsMs };
  }
  const operator = OPERATORS.find((known) => known === base);
  if (operator === undefined) {
    const known = [...OPERATORS, ...DATE_OPERATORS].join(", ");
    throw wrong(name, `Null or, with or without IfExists and ForAllValues: or ForAnyValue:, one of ${known}`, where);
  }
  if (quantifier === "ForAnyValue" && ifExists !== undefined) {
    // Of a key that is absent, AWS says of the one that the condition is false and of the other that it is true.
    throw wrong(name, "ForAnyValue: or IfExists, but not both", where);
  }
  return {
    operator,
    quantifier: quantifier === "ForAllValues" || quantifier === "ForAnyValue" ? quantifier : undefined,
    ifExists: ifExists !== undefined,
    key,
    written,
    values: values.map((value) => readPattern(readValue(operator, value, where), where)),
  };
}

function readValue(operator: Operator, given: unknown, where: string): string {
  if (operator === "Bool") return readBoolean(given, where);
  if (!operator.startsWith("Arn")) return readText(given, ANY_TEXT, "a string", where);
  const form = /^arn:([^:$]*:){4}.+$/s;
  return readText(given, form, "an ARN of six components, with variables only in the last", where);
}

/** Bool and Null take no variable, and a value that is neither true nor false would match nothing, in silence. */
function readBoolean(given: unknown, where: string): string {
  return readText(given, /^(true|false)$/i, '"true" or "false"', where).toLowerCase();
}

/**
 * An instant in milliseconds since 1970. Of the forms that AWS takes, the "W3C implementations of the ISO 8601 date
 * formats" and epoch time, only the whole one: to the second, in UTC. Dates take neither wildcards nor variables (same
 * page, "Date condition operators").
 *
 * @throws Error on any other form
 */
export function readInstant(given: unknown, where: string): number {
  const expected = "a date and time in UTC, as 2027-01-31T00:00:00Z";
  const text = readText(given, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, expected, where);
  const instantMs = Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(instantMs) || new Date(instantMs).toISOString() !== text.replace("Z", ".000Z")) {
    throw wrong(given, expected, where);
  }
  return instantMs;
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
