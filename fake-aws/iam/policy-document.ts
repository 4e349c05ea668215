import { IamError } from "./error";

/** The values of one condition key. */
type ConditionValue = string | number | boolean;

/** A statement as IAM takes it: looser than the ones that this project writes, for accounts hold other people's too. */
interface IamStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>>;
}

/** An identity-based policy as IAM takes it, its statements always in a list. */
export interface IamPolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly IamStatement[];
}

/** A document as it was sent, which answers give back to the letter, and as it is read. */
export interface SentDocument {
  readonly text: string;
  readonly document: IamPolicyDocument;
}

type Json = Readonly<Record<string, unknown>>;

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/**
 * Reads an identity-based policy by the grammar of the IAM User Guide ("Grammar of the IAM JSON policy language").
 *
 * @throws IamError MalformedPolicyDocument
 */
export function parsePolicyDocument(text: string): IamPolicyDocument {
  const document = parseJson(text);
  if (!isObject(document)) throw malformed("Syntax errors in policy.");
  refuseOtherElements(document, DOCUMENT_ELEMENTS);
  const { Version, Id, Statement } = document;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw malformed("The policy must contain a valid version string.");
  }
  if (Id !== undefined && typeof Id !== "string") throw malformed("Syntax errors in policy.");
  const statements = (Array.isArray(Statement) ? Statement : [Statement]).map(readStatement);
  if (statements.length === 0) throw malformed("Missing required field Statement.");
  const sids = statements.flatMap(({ Sid }) => (Sid ? [Sid] : []));
  if (new Set(sids).size < sids.length) throw malformed("Statement IDs (SID) in a single policy must be unique.");
  return { ...(Version && { Version }), ...(Id && { Id }), Statement: statements };
}

/**
 * Reads a document and keeps what was sent.
 *
 * @throws IamError MalformedPolicyDocument
 */
export function readDocument(text: string): SentDocument {
  return { text, document: parsePolicyDocument(text) };
}

/**
 * A document as answers show it: "URL-encoded compliant with RFC 3986" (API Reference, PolicyVersion), which encodes what
 * encodeURIComponent leaves alone, too.
 */
export function encodedDocument({ text }: SentDocument): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The characters of a document that count against its quota: all but white space ("IAM and AWS STS quotas"). */
export function sizeOf(text: string): number {
  return text.replace(/\s/g, "").length;
}

function readStatement(statement: unknown): IamStatement {
  if (!isObject(statement)) throw malformed("Missing required field Statement.");
  if ("Principal" in statement || "NotPrincipal" in statement) {
    throw malformed("Policy document should not specify a principal.");
  }
  refuseOtherElements(statement, STATEMENT_ELEMENTS);
  const { Sid, Effect, Condition } = statement;
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[0-9A-Za-z]*$/.test(Sid))) {
    throw malformed("Statement IDs (SID) must be alpha-numeric.");
  }
  if (Effect !== "Allow" && Effect !== "Deny") throw malformed(`Invalid effect: ${String(Effect)}`);
  const actions = readEither(statement, "Action", "NotAction", "Policy statement must contain actions.");
  for (const action of valuesOf(actions)) {
    if (!/^(\*|[\w-]+:[\w*?]+)$/.test(action)) {
      throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    }
  }
  const resources = readEither(statement, "Resource", "NotResource", "Policy statement must contain resources.");
  for (const resource of valuesOf(resources)) {
    if (!/^(\*|arn:.+)$/.test(resource)) throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
  if (Condition !== undefined && !isCondition(Condition)) throw malformed("Syntax errors in policy.");
  return { ...(Sid && { Sid }), Effect, ...actions, ...resources, ...(Condition && { Condition }) };
}

/** Exactly one of an element and its negation, as strings. */
function readEither<Name extends string>(
  statement: Json,
  element: Name,
  negation: Name,
  otherwise: string,
): { readonly [name in Name]?: string | readonly string[] } {
  const [name, ...others] = [element, negation].filter((candidate) => statement[candidate] !== undefined);
  if (name === undefined) throw malformed(otherwise);
  const value = statement[name];
  if (others.length > 0 || !isStrings(value)) throw malformed("Syntax errors in policy.");
  // TypeScript widens a computed key to string; `name` is one of the two that the type allows.
  return { [name]: value } as { readonly [name in Name]?: string | readonly string[] };
}

function valuesOf(elements: Readonly<Record<string, string | readonly string[]>>): readonly string[] {
  return Object.values(elements).flat();
}

function refuseOtherElements(object: Json, known: readonly string[]): void {
  if (Object.keys(object).some((element) => !known.includes(element))) throw malformed("Syntax errors in policy.");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string | readonly string[] {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === "string");
  return typeof value === "string";
}

function isCondition(value: unknown): value is NonNullable<IamStatement["Condition"]> {
  const isValue = (candidate: unknown) => ["string", "number", "boolean"].includes(typeof candidate);
  const isValues = (candidate: unknown) => (Array.isArray(candidate) ? candidate.every(isValue) : isValue(candidate));
  return isObject(value) && Object.values(value).every((keys) => isObject(keys) && Object.values(keys).every(isValues));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
}

function malformed(message: string): IamError {
  return new IamError("MalformedPolicyDocument", message);
}
