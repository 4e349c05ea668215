import { expect } from "chai";
import { compilePattern } from "../../fake-aws/event-pattern";

/** A pattern with values for one field. */
const state = (...values: readonly unknown[]): object => ({ detail: { state: values } });

/** An event with one value in that field. */
const having = (value: unknown): object => ({ detail: { state: value } });

const WITHOUT_STATE = { detail: { other: 1 } };

type Table = readonly (readonly [title: string, pattern: object, event: object, expected: boolean])[];

function runTable(table: Table): void {
  for (const [title, pattern, event, expected] of table) {
    it(title, () => {
      expect(compilePattern(pattern)(event)).to.equal(expected);
    });
  }
}

describe("event patterns: fields and values (EventBridge User Guide, Amazon EventBridge event patterns)", () => {
  const enabled = {
    source: "aws.iam",
    account: "111122223333",
    detail: { eventName: "EnableMFADevice", errorCode: null },
  };

  runTable([
    ["match a value that is listed", { source: ["aws.iam"] }, enabled, true],
    ["match any value that is listed", { source: ["aws.sts", "aws.iam"] }, enabled, true],
    ["match no value that is not listed", { source: ["aws.sts", "aws.signin"] }, enabled, false],
    // "The event must contain all the field names listed in the event pattern."
    ["match if all fields do", { source: ["aws.iam"], detail: { eventName: ["EnableMFADevice"] } }, enabled, true],
    ["match nothing if one field does not", { source: ["aws.iam"], account: ["444455556666"] }, enabled, false],
    ["match nothing without the field", { region: ["us-east-1"] }, enabled, false],
    // "The field names must also appear in the event with the same nesting structure."
    ["match no field at another depth", { eventName: ["EnableMFADevice"] }, enabled, false],
    ["match no object where a value is asked for", { detail: ["EnableMFADevice"] }, enabled, false],
    ["match no value where an object is asked for", { source: { name: ["aws.iam"] } }, enabled, false],
    ["match no field that JavaScript adds to objects", { constructor: [{ exists: true }] }, enabled, false],
    // "For strings, EventBridge uses exact character-by-character matching without case-folding or any other string
    // normalization."
    ["compare with case", { source: ["AWS.IAM"] }, enabled, false],
    ["match the whole text", { source: ["aws"] }, enabled, false],
    // "You can include strings enclosed in quotation marks ("), numbers, and the keywords true, false, and null."
    ["match a number", state(5), having(5), true],
    ["tell a number from its text", state(5), having("5"), false],
    ["match true", state(true), having(true), true],
    ["tell true from its text", state(true), having("true"), false],
    ["match null", state(null), having(null), true],
    // "Null values and empty strings are not interchangeable in pattern matching."
    ["tell null from an empty text", state(""), having(null), false],
    ["tell null from an absent field", state(null), WITHOUT_STATE, false],
  ]);
});

describe("event patterns: arrays (EventBridge User Guide, Arrays in Amazon EventBridge event patterns)", () => {
  runTable([
    // "If the value in the event is an array, then the event pattern matches if the intersection of the event pattern
    // array and the event array is non-empty."
    ["match if one value of the event is listed", state("b", "c"), having(["a", "b"]), true],
    ["match nothing if no value of the event is listed", state("c"), having(["a", "b"]), false],
    ["match nothing if the event's array is empty", state("a"), having([]), false],
    ["match within arrays of arrays", state("b"), having([["a"], ["b"]]), true],
    ["match beside objects in an array", state("b"), having([{ b: 1 }, "b"]), true],
    ["let a filter match one value of several", state({ prefix: "b" }), having(["a", "bc"]), true],
    ["let equals-ignore-case match one", state({ "equals-ignore-case": "B" }), having(["a", "b"]), true],
    ["let anything-but match one value of several", state({ "anything-but": "a" }), having(["a", "b"]), true],
    [
      "see no field within an array of values",
      { detail: { state: { name: [{ exists: false }] } } },
      having(["a"]),
      true,
    ],
  ]);

  it("refuse an event with an array of objects above a field", () => {
    const matches = compilePattern({ detail: { state: { name: [{ exists: false }] } } });
    expect(() => matches(having([{ name: "a" }]))).to.throw(
      Error,
      'pattern.detail.state.name: given [{"name":"a"}], expected no array of objects above this field of an event',
    );
    expect(() => matches(having(["a", { name: "a" }]))).to.throw(Error, "expected no array of objects");
    expect(() => matches(having([[{ name: "a" }]]))).to.throw(Error, "expected no array of objects");
  });
});

describe("event patterns: filters (EventBridge User Guide, Comparison operators for use in event patterns)", () => {
  const role = "arn:aws:iam::111122223333:role/handler";
  const issuer = (...values: readonly unknown[]) => ({
    userIdentity: { sessionContext: { sessionIssuer: { arn: values } } },
  });
  const session = (arn: string) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn } } } });
  const user = { userIdentity: { type: "IAMUser" } };

  runTable([
    // "Exists matching works on the presence or absence of a field in the JSON of the event."
    ["exists true matches a value", state({ exists: true }), having("on"), true],
    ["exists true matches null", state({ exists: true }), having(null), true],
    ["exists true matches no absent field", state({ exists: true }), WITHOUT_STATE, false],
    ["exists true matches no empty array", state({ exists: true }), having([]), false],
    ["exists false matches an absent field", state({ exists: false }), WITHOUT_STATE, true],
    ["exists false matches no value", state({ exists: false }), having("on"), false],
    ["exists false matches no null", state({ exists: false }), having(null), false],
    ["exists false matches where all above it is absent too", state({ exists: false }), {}, true],
    ["exists false matches where null stands above it", state({ exists: false }), { detail: null }, true],
    ["exists false matches where a text stands above it", state({ exists: false }), { detail: "text" }, true],
    // "Exists matching only works on leaf nodes. It does not work on intermediate nodes."
    ["exists true matches no object", state({ exists: true }), having({ name: "on" }), false],
    ["exists false matches an object", state({ exists: false }), having({ name: "on" }), true],

    // "Anything-but matching matches anything except what's provided in the rule."
    ["anything-but matches another text", state({ "anything-but": "on" }), having("off"), true],
    ["anything-but matches no such text", state({ "anything-but": "on" }), having("on"), false],
    ["anything-but compares with case", state({ "anything-but": "on" }), having("ON"), true],
    ["anything-but matches another number", state({ "anything-but": 123 }), having(124), true],
    ["anything-but matches no such number", state({ "anything-but": 123 }), having(123), false],
    ["anything-but tells a number from its text", state({ "anything-but": 123 }), having("123"), true],
    ["anything-but matches what is not in its list", state({ "anything-but": ["on", "off"] }), having("idle"), true],
    ["anything-but matches nothing in its list", state({ "anything-but": ["on", "off"] }), having("off"), false],
    ["anything-but matches null", state({ "anything-but": "on" }), having(null), true],
    ["anything-but matches no absent field", state({ "anything-but": "on" }), WITHOUT_STATE, false],

    // How a rule leaves out what a role does, and lets in those who have no role.
    ["a bare anything-but leaves out who has no session", issuer({ "anything-but": [role] }), user, false],
    ["beside exists false it lets them in", issuer({ exists: false }, { "anything-but": [role] }), user, true],
    ["and lets other roles in", issuer({ exists: false }, { "anything-but": [role] }), session(`${role}2`), true],
    ["and leaves out the role", issuer({ exists: false }, { "anything-but": [role] }), session(role), false],

    // "You can use prefix matching for string values."
    ["prefix matches a beginning", state({ prefix: "Update" }), having("UpdateFunctionCode20150331v2"), true],
    ["prefix matches the whole", state({ prefix: "on" }), having("on"), true],
    ["prefix matches no middle", state({ prefix: "Function" }), having("UpdateFunctionCode20150331v2"), false],
    ["prefix compares with case", state({ prefix: "update" }), having("UpdateFunctionCode20150331v2"), false],
    ["prefix matches no number", state({ prefix: "1" }), having(12), false],

    // "Equals-ignore-case matching works on string values regardless of case."
    ["equals-ignore-case ignores the event's case", state({ "equals-ignore-case": "guard" }), having("GUARD"), true],
    ["equals-ignore-case ignores the pattern's case", state({ "equals-ignore-case": "Guard" }), having("guard"), true],
    ["equals-ignore-case matches the whole text", state({ "equals-ignore-case": "guard" }), having("guards"), false],
    ["equals-ignore-case matches no boolean", state({ "equals-ignore-case": "true" }), having(true), false],

    // "You can use the wildcard character (*) to match string values."
    ["wildcard matches any characters", state({ wildcard: "a*c" }), having("a\nb.c"), true],
    ["wildcard matches no characters", state({ wildcard: "a*c" }), having("ac"), true],
    ["wildcard matches the whole text", state({ wildcard: "*b" }), having("abc"), false],
    ["wildcard matches in the middle", state({ wildcard: "*b*" }), having("abc"), true],
    ["wildcard without a * matches itself", state({ wildcard: "abc" }), having("abc"), true],
    ["wildcard compares with case", state({ wildcard: "*B*" }), having("abc"), false],
    ["wildcard takes a dot for a dot", state({ wildcard: "a.c*" }), having("abc"), false],
    ["wildcard takes * behind a backslash literally", state({ wildcard: "a\\*c" }), having("a*c"), true],
    ["and matches nothing else there", state({ wildcard: "a\\*c" }), having("abc"), false],
    ["wildcard takes a double backslash for one", state({ wildcard: "a\\\\*" }), having("a\\b"), true],
    ["wildcard matches no number", state({ wildcard: "1*" }), having(12), false],

    ["a literal matches beside a filter", state("on", { prefix: "x" }), having("on"), true],
    ["a filter matches beside a literal", state("on", { prefix: "x" }), having("xy"), true],
  ]);
});

describe("event patterns: $or (EventBridge User Guide, Content filtering in Amazon EventBridge event patterns)", () => {
  const pattern = {
    source: ["aws.iam"],
    detail: {
      $or: [
        { eventName: ["CreateUser"] },
        { eventName: ["AddUserToGroup"], requestParameters: { groupName: [{ "equals-ignore-case": "guard" }] } },
      ],
    },
  };
  const added = (groupName: string) => ({ eventName: "AddUserToGroup", requestParameters: { groupName } });

  // "Use $or to create an event pattern that matches if any of the values for multiple fields are matched."
  runTable([
    ["matches by its first pattern", pattern, { source: "aws.iam", detail: { eventName: "CreateUser" } }, true],
    ["matches by its second", pattern, { source: "aws.iam", detail: added("Guard") }, true],
    ["matches nothing by part of a pattern", pattern, { source: "aws.iam", detail: added("others") }, false],
    ["matches nothing unless the fields beside it do", pattern, { source: "aws.sts", detail: added("guard") }, false],
    ["matches by exists false", { $or: [{ a: [{ exists: false }] }, { b: [1] }] }, { b: 2 }, true],
    ["nests", { $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] }, { b: 1, d: 1 }, true],
    [
      "nests, with the fields beside it",
      { $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] },
      { d: 1 },
      false,
    ],
  ]);
});

describe("event patterns: what is not known is refused", () => {
  const table: readonly [string, unknown, string][] = [
    ["a pattern as text", '{"source":["aws.iam"]}', "pattern: given"],
    ["a pattern that is a list", [{ source: ["aws.iam"] }], "expected an object of fields, each with a list of values"],
    ["an empty pattern", {}, "pattern: given {}, expected an object of fields, each with a list of values"],
    ["an empty object of fields", { detail: {} }, "pattern.detail: given {}, expected an object of fields"],
    ["a value outside a list", { source: "aws.iam" }, 'pattern.source: given "aws.iam", expected an object of fields'],
    ["a null outside a list", { source: null }, "pattern.source: given null, expected an object of fields"],
    ["an empty list of values", state(), "pattern.detail.state: given [], expected at least one value"],
    [
      "a list within a list",
      state(["a"]),
      'pattern.detail.state[0]: given ["a"], expected a literal or an object of one',
    ],
    [
      "an empty filter",
      state("a", {}),
      "pattern.detail.state[1]: given {}, expected a literal or an object of one filter",
    ],
    ["two filters in one", state({ prefix: "a", exists: true }), "expected a literal or an object of one filter"],
    [
      "another filter",
      state({ suffix: "a" }),
      'pattern.detail.state[0]: given "suffix", expected one of the filters exists, anything-but, prefix, equals-ignore-case, wildcard',
    ],
    ["a misspelt filter", state({ anything_but: "a" }), 'given "anything_but", expected one of the filters'],
    ["exists with a text", state({ exists: "false" }), 'given "false", expected true or false'],
    ["prefix with a number", state({ prefix: 1 }), "given 1, expected a string"],
    ["prefix with a filter", state({ prefix: { "equals-ignore-case": "a" } }), "expected a string"],
    ["wildcard with a list", state({ wildcard: ["a*"] }), 'given ["a*"], expected a string'],
    // "Use of consecutive wildcard characters is not supported."
    ["two wildcards in a row", state({ wildcard: "a**" }), 'given "a**", expected no two wildcards in a row'],
    [
      "a backslash before another character",
      state({ wildcard: "a\\b" }),
      'given "a\\\\b", expected a backslash only before * or another backslash',
    ],
    ["a backslash at the end", state({ wildcard: "a\\" }), "expected a backslash only before * or another backslash"],
    ["equals-ignore-case with a list", state({ "equals-ignore-case": ["a"] }), 'given ["a"], expected a string'],
    // "Lists that contain only strings, or only numbers."
    [
      "anything-but with both texts and numbers",
      state({ "anything-but": ["a", 1] }),
      "expected strings alone or numbers alone",
    ],
    [
      "anything-but with an empty list",
      state({ "anything-but": [] }),
      "given [], expected strings alone or numbers alone",
    ],
    ["anything-but with a boolean", state({ "anything-but": true }), "given true, expected strings alone"],
    ["anything-but with null", state({ "anything-but": null }), "given null, expected strings alone"],
    [
      "anything-but with a filter",
      state({ "anything-but": { prefix: "a" } }),
      'given {"prefix":"a"}, expected strings alone',
    ],
    [
      "$or of a single pattern",
      { $or: [{ a: [1] }] },
      'pattern.$or: given [{"a":[1]}], expected a list of two patterns or more',
    ],
    ["$or of fields", { $or: { a: [1] } }, 'pattern.$or: given {"a":[1]}, expected a list of two patterns or more'],
    [
      "$or of values",
      { detail: { $or: ["a", "b"] } },
      'pattern.detail.$or[0]: given "a", expected an object of fields',
    ],
    [
      "a field both beside $or and within it",
      { a: [1], $or: [{ a: [2] }, { b: [1] }] },
      'given ".a", expected no field both beside "$or" and within it',
    ],
    [
      "a field beside $or and its own fields within it",
      { $or: [{ a: { b: [2] } }, { c: [1] }], a: [1] },
      'given ".a", expected no field',
    ],
    [
      "a field twice within nested $or",
      { $or: [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { c: [1] }] },
      'given ".a", expected no field',
    ],
    ["a field's name with a dot", { "detail.state": ["a"] }, 'given "detail.state", expected a name without a dot'],
  ];
  for (const [title, pattern, message] of table) {
    it(`refuses ${title}`, () => {
      expect(() => compilePattern(pattern)).to.throw(Error, message);
    });
  }

  it("takes one field in several patterns of $or, and neighbours of a field beside it", () => {
    const pattern = { detail: { a: [1] }, $or: [{ detail: { ab: [1] } }, { detail: { ab: [2] } }] };
    expect(compilePattern(pattern)({ detail: { a: 1, ab: 2 } })).to.equal(true);
  });

  it("takes a pattern of 2,048 characters and refuses one more (Amazon EventBridge quotas)", () => {
    const ofSize = (characters: number) => ({ source: ["x".repeat(characters - '{"source":[""]}'.length)] });
    expect(compilePattern(ofSize(2048))({ source: "aws.iam" })).to.equal(false);
    expect(() => compilePattern(ofSize(2049))).to.throw(
      Error,
      'pattern: given "2049 characters", expected at most 2048',
    );
  });

  it("refuses an event that is no object", () => {
    const matches = compilePattern({ source: [{ exists: false }] });
    expect(() => matches('{"source":"aws.iam"}')).to.throw(Error, "event: given");
    expect(() => matches(undefined)).to.throw(Error, "event: given undefined, expected an object");
    expect(() => matches([])).to.throw(Error, "event: given [], expected an object");
  });
});
