/**
 * What EventBridge would answer: a matcher of the event patterns that rules have, for the rehearsal and for tests.
 *
 * It knows a closed part of the language and throws on the rest, as EventBridge refuses a filter that it does not know;
 * a rule that the rehearsal merely did not understand would look like a rule that lets nothing in. The rules are those
 * of the EventBridge User Guide, "Comparison operators for use in event patterns" and the pages beside it. Numbers are
 * compared as JSON.parse has read them, where EventBridge tells 300 from 3.0e2.
 */

/** EventBridge User Guide, "Amazon EventBridge quotas": the size of a pattern before an increase is asked for. */
const MAX_PATTERN_CHARACTERS = 2048;

/** Answers for an event, part of an event, or undefined where the event has no such part. */
type Matcher = (part: unknown) => boolean;

/** Answers for the values at the end of a path: none if the field is absent, several if the event has an array there. */
type ValuesMatcher = (values: readonly unknown[]) => boolean;

/**
 * Reads an event pattern, as parsed JSON, and returns what tells whether an event matches it.
 *
 * @throws Error on all that is not known here and on all that EventBridge refuses, its default limit of 2,048 characters
 * included; the message says where and what was given. What it returns throws on an event that is not an object, and on
 * one with an array of objects on the way to a field that the pattern names.
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  const matches = compileFields(pattern, "pattern");
  const { length } = JSON.stringify(pattern);
  if (length > MAX_PATTERN_CHARACTERS)
    throw unexpected(`${length} characters`, `at most ${MAX_PATTERN_CHARACTERS}`, "pattern");
  return (event) => {
    if (!isObject(event)) throw unexpected(event, "an object", "event");
    return matches(event);
  };
}

/** "For an event pattern to match an event, the event must contain all the field names listed in the event pattern." */
function compileFields(given: unknown, where: string): Matcher {
  const fields = isObject(given) ? Object.entries(given) : [];
  if (fields.length === 0) throw unexpected(given, "an object of fields, each with a list of values", where);
  refuseRepeatedFields(given, where);
  const matchers = fields.map(([name, pattern]) => {
    const place = `${where}.${name}`;
    return name === "$or" ? compileAlternatives(pattern, place) : compileField(name, pattern, place);
  });
  return (part) => matchers.every((matches) => matches(part));
}

/**
 * A field that stands both beside "$or" and within it reads as if both its lists had to match, but the engine that AWS
 * publishes (aws/event-ruler 1.7.3) heeds only one of them.
 */
function refuseRepeatedFields(fields: unknown, where: string): void {
  const paths = pathsIn(fields);
  const repeated = paths.find((path, index) =>
    paths.some((other, at) => at !== index && `${other}.`.startsWith(`${path}.`)),
  );
  if (repeated !== undefined) throw unexpected(repeated, 'no field both beside "$or" and within it', where);
}

/** Where a pattern has lists of values: [".source", ".detail.eventName"]. */
function pathsIn(pattern: unknown): readonly string[] {
  if (!isObject(pattern)) return [""];
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (name === "$or" && Array.isArray(value)) return [...new Set(value.flatMap(pathsIn))];
    return pathsIn(value).map((path) => `.${name}${path}`);
  });
}

/** With a single alternative, EventBridge takes "$or" for the name of a field. */
function compileAlternatives(given: unknown, where: string): Matcher {
  if (!Array.isArray(given) || given.length < 2) throw unexpected(given, "a list of two patterns or more", where);
  const alternatives = given.map((pattern, index) => compileFields(pattern, `${where}[${index}]`));
  return (part) => alternatives.some((matches) => matches(part));
}

function compileField(name: string, given: unknown, where: string): Matcher {
  // To EventBridge "a.b" may be one field or two, one within the other.
  if (name.includes(".")) throw unexpected(name, "a name without a dot", where);
  if (!Array.isArray(given)) {
    const matches = compileFields(given, where);
    return (part) => matches(fieldOf(part, name, where));
  }
  const matches = compileValues(given, where);
  return (part) => matches(valuesOf(fieldOf(part, name, where)));
}

/** "An event pattern matches the event if any of the values in the array match the value in the event." */
function compileValues(given: readonly unknown[], where: string): ValuesMatcher {
  if (given.length === 0) throw unexpected(given, "at least one value", where);
  const matchers = given.map((value, index) => compileValue(value, `${where}[${index}]`));
  return (values) => matchers.some((matches) => matches(values));
}

function compileValue(given: unknown, where: string): ValuesMatcher {
  if (isLiteral(given)) return (values) => values.includes(given);
  const [filter, another] = isObject(given) ? Object.entries(given) : [];
  if (filter === undefined || another !== undefined)
    throw unexpected(given, "a literal or an object of one filter", where);
  return compileFilter(...filter, where);
}

function compileFilter(name: string, operand: unknown, where: string): ValuesMatcher {
  switch (name) {
    case "exists":
      if (typeof operand !== "boolean") throw unexpected(operand, "true or false", where);
      return (values) => values.length > 0 === operand;
    case "anything-but": {
      const excluded = readExcluded(operand, where);
      return (values) => values.some((value) => !excluded.includes(value));
    }
    case "prefix": {
      const prefix = readString(operand, where);
      return (values) => values.some((value) => typeof value === "string" && value.startsWith(prefix));
    }
    case "equals-ignore-case": {
      const upper = readString(operand, where).toUpperCase();
      return (values) => values.some((value) => typeof value === "string" && value.toUpperCase() === upper);
    }
    case "wildcard": {
      const matches = compileWildcard(readString(operand, where), where);
      return (values) => values.some((value) => typeof value === "string" && matches.test(value));
    }
    default:
      throw unexpected(name, "one of the filters exists, anything-but, prefix, equals-ignore-case, wildcard", where);
  }
}

/** A `*` stands for any characters, none included; a backslash before `*` or another backslash takes it literally. */
function compileWildcard(text: string, where: string): RegExp {
  const pieces = text.match(/\\?./gs) ?? [];
  if (pieces.some((piece) => piece.startsWith("\\") && !/^\\[*\\]$/.test(piece)))
    throw unexpected(text, "a backslash only before * or another backslash", where);
  if (pieces.some((piece, index) => piece === "*" && pieces[index + 1] === "*"))
    throw unexpected(text, "no two wildcards in a row", where);
  const sources = pieces.map((piece) => (piece === "*" ? ".*" : literally(piece.slice(-1))));
  return new RegExp(`^${sources.join("")}$`, "s");
}

function literally(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
}

/** "Strings and numeric values, including lists that contain only strings, or only numbers." */
function readExcluded(given: unknown, where: string): readonly unknown[] {
  const excluded: readonly unknown[] = Array.isArray(given) ? given : [given];
  const [type = "nothing", another] = new Set(excluded.map((value) => typeof value));
  if (another !== undefined || !["string", "number"].includes(type)) {
    throw unexpected(given, "strings alone or numbers alone", where);
  }
  return excluded;
}

function readString(given: unknown, where: string): string {
  if (typeof given !== "string") throw unexpected(given, "a string", where);
  return given;
}

function fieldOf(part: unknown, name: string, where: string): unknown {
  if (Array.isArray(part) && part.flat(Infinity).some(isObject)) {
    throw unexpected(part, "no array of objects above this field of an event", where);
  }
  return isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
}

/**
 * "Exists matching only works on leaf nodes": an object has no value of its own, nor has an array without elements, and
 * null is a value.
 */
function valuesOf(part: unknown): readonly unknown[] {
  if (Array.isArray(part)) return part.flatMap(valuesOf);
  return isLiteral(part) ? [part] : [];
}

function isLiteral(given: unknown): given is string | number | boolean | null {
  return given === null || ["string", "number", "boolean"].includes(typeof given);
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function unexpected(given: unknown, expected: string, where: string): Error {
  return new Error(`${where}: given ${JSON.stringify(given)}, expected ${expected}`);
}
