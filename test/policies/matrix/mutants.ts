import { type ConditionTest, testsOf } from "../../../audit/when";
import type { Condition, PolicyDocument } from "../../../policies/document";

/** A document with one element changed. */
export interface Mutant {
  readonly sid: string;
  /** What was done to the statement, as "Action without iam:GetUser". */
  readonly change: string;
  readonly document: unknown;
}

/** A statement as JSON has it: a mutant need not be one that the types of this project let through. */
type Elements = Readonly<Record<string, unknown>>;

type Change = readonly [change: string, mutated: Elements];

/** What somebody might add to a list, by what IAM asks it on. */
const USER_ACTIONS = [
  "iam:UpdateLoginProfile",
  "iam:CreateAccessKey",
  "iam:ChangePassword",
  "iam:EnableMFADevice",
  "iam:DeactivateMFADevice",
  "iam:*",
];
const DEVICE_ACTIONS = ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"];
const SIGN_IN_ACTIONS = ["signin:CreateOAuth2Token", "signin:RevokeOAuth2Token"];
const OTHER_ACTIONS = ["iam:ListUsers", "sts:AssumeRole", "s3:GetObject", "*"];

/** What could be added to a statement over these resources and make a difference to somebody. */
function actionsMore(name: string, resources: readonly string[]): readonly string[] {
  const isOn = (kind: string) => resources.some((resource) => resource === "*" || resource.includes(kind));
  if (name === "NotResource") return [...USER_ACTIONS, ...DEVICE_ACTIONS, ...SIGN_IN_ACTIONS, ...OTHER_ACTIONS];
  return [
    ...(isOn(":user/") ? USER_ACTIONS : []),
    ...(isOn(":mfa/") ? DEVICE_ACTIONS : []),
    ...(isOn(":signin:") ? SIGN_IN_ACTIONS : []),
    ...(resources.includes("*") ? OTHER_ACTIONS : []),
  ];
}

/** What an operator might be taken for, or was meant to be. */
const OTHER_OPERATORS: Readonly<Record<string, readonly string[]>> = {
  Bool: ["BoolIfExists", "Null"],
  BoolIfExists: ["Bool", "Null"],
  Null: ["Bool", "BoolIfExists"],
  ArnEquals: ["ArnNotEquals", "ArnEqualsIfExists"],
  ArnLike: ["ArnNotLike"],
  ArnNotLike: ["ArnLike"],
  StringNotEquals: ["StringEquals"],
  DateGreaterThanEquals: ["DateGreaterThan", "DateLessThanEquals"],
  "ForAllValues:StringEquals": ["ForAnyValue:StringEquals", "ForAllValues:StringNotEquals"],
};

/**
 * Documents that differ from this one in a single element: an action more or less, a resource wider, narrower or another,
 * a condition or a part of one more, less or other, an effect swapped, a list negated, a statement dropped.
 */
export function mutantsOf(document: PolicyDocument): readonly Mutant[] {
  const { Statement: statements } = document;
  return statements.flatMap((statement, index) => {
    const elements: Elements = { ...statement };
    const mutant = (change: string, ...mutated: readonly Elements[]): Mutant => {
      const Statement = [...statements.slice(0, index), ...mutated, ...statements.slice(index + 1)];
      return { sid: statement.Sid, change, document: { ...document, Statement } };
    };
    const changes = [
      swapEffect(elements),
      negate(elements, "Action"),
      negate(elements, "Resource"),
      changeActions(elements),
      changeResources(elements),
      changeConditions(elements, statement.Condition),
    ].flat();
    const dropped = statements.length > 1 ? [mutant("dropped")] : [];
    return [...dropped, ...changes.map(([change, mutated]) => mutant(change, mutated))];
  });
}

function swapEffect(elements: Elements): readonly Change[] {
  const Effect = elements["Effect"] === "Allow" ? "Deny" : "Allow";
  return [[`Effect ${Effect}`, { ...elements, Effect }]];
}

function negate(elements: Elements, name: "Action" | "Resource"): readonly Change[] {
  const [from, to] = name in elements ? [name, `Not${name}`] : [`Not${name}`, name];
  const { [from]: list, ...rest } = elements;
  return [[`${to} for ${from}`, { ...rest, [to]: list }]];
}

function changeActions(elements: Elements): readonly Change[] {
  const [name, actions] = listIn(elements, "Action");
  const [on, resources] = listIn(elements, "Resource");
  const more = actions.includes("*") ? [] : actionsMore(on, resources).filter((action) => !actions.includes(action));
  return [
    ...without(elements, name, actions),
    ...more.map((action): Change => [`${name} with ${action}`, { ...elements, [name]: [...actions, action] }]),
  ];
}

function changeResources(elements: Elements): readonly Change[] {
  const [name, resources] = listIn(elements, "Resource");
  return [
    ...without(elements, name, resources),
    ...resources.flatMap((resource, index) =>
      otherReaches(resource).map((other): Change => {
        return [`${name} ${other} for ${resource}`, { ...elements, [name]: resources.toSpliced(index, 1, other) }];
      }),
    ),
  ];
}

/** What the resource might have been, wider or narrower, or another. */
function otherReaches(resource: string): readonly string[] {
  if (resource === "*") return ["arn:*"];
  const [arn = "", partition = "", service = "", region = "", account = "", ...rest] = resource.split(":");
  const last = rest.join(":");
  const beginning = [arn, partition, service, region, account].join(":");
  const isOwn = last.endsWith(OWN_NAME);
  const before = isOwn ? last.slice(0, -OWN_NAME.length) : last.replace(/[^/:]*$/, "");
  return [
    "*",
    // Less than any name, or than any path.
    ...starsOf(last).flatMap((index) =>
      ["e*", "?????*"].map((less) => `${beginning}:${last.slice(0, index)}${less}${last.slice(index + 1)}`),
    ),
    ...(last.endsWith("*") ? [`${beginning}:${before}${OWN_NAME}`] : [`${beginning}:${before}*`, `${resource}*`]),
    ...(isOwn ? [`${beginning}:${before}*${OWN_NAME}`] : []),
    ...(region === "*" ? [[arn, partition, service, ELSEWHERE.region, account, last].join(":")] : []),
    ...(account === "*" ? [[arn, partition, service, region, ELSEWHERE.account, last].join(":")] : []),
    [arn, partition === "aws" ? "aws-cn" : "aws", service, region, account, last].join(":"),
  ];
}

const OWN_NAME = "${aws:username}";

/** Where nobody in the matrix is. */
const ELSEWHERE = { region: "ap-south-1", account: "999988887777" };

function starsOf(text: string): readonly number[] {
  return [...text.matchAll(/\*/g)].map(({ index }) => index);
}

function changeConditions(elements: Elements, condition: Condition | undefined): readonly Change[] {
  const { Condition: _, ...unconditional } = elements;
  const tests = testsOf(condition);
  const withTests = (mutated: readonly ConditionTest[]): Elements => ({ ...elements, Condition: conditionOf(mutated) });
  const more = (name: string, operator: string, value: string): readonly Change[] => {
    const test = { operator, key: "aws:MultiFactorAuthPresent", values: [value] };
    const isThere = tests.some(({ key }) => key === test.key);
    return isThere ? [] : [[`Condition ${name}`, withTests([...tests, test])]];
  };
  return [
    ...more("without MFA", "BoolIfExists", "false"),
    ...more("by no access key", "Null", "false"),
    ...(tests.length > 0 ? [["Condition gone", unconditional] as const] : []),
    ...tests.flatMap((test, index) =>
      changeTest(test).map(([change, mutated]): Change => {
        return [change, withTests(tests.toSpliced(index, 1, mutated))];
      }),
    ),
    ...(tests.length > 1
      ? tests.map(({ key }, index): Change => [`Condition without ${key}`, withTests(tests.toSpliced(index, 1))])
      : []),
  ];
}

function changeTest(test: ConditionTest): readonly (readonly [change: string, mutated: ConditionTest])[] {
  const { operator, key, values } = test;
  return [
    ...(OTHER_OPERATORS[operator] ?? []).map((other): readonly [string, ConditionTest] => {
      return [`${other} for ${operator} of ${key}`, { ...test, operator: other }];
    }),
    // That the key is there, whatever it says.
    ...(operator === "Bool"
      ? [[`Null false for Bool of ${key}`, { ...test, operator: "Null", values: ["false"] }] as const]
      : []),
    ...values.flatMap((value, index) =>
      otherValues(value).map((other): readonly [string, ConditionTest] => {
        return [`${key} ${other} for ${value}`, { ...test, values: values.toSpliced(index, 1, other) }];
      }),
    ),
    ...(values.length > 1 ? values : []).map((value, index): readonly [string, ConditionTest] => {
      return [`${key} without ${value}`, { ...test, values: values.toSpliced(index, 1) }];
    }),
  ];
}

function otherValues(value: string): readonly string[] {
  if (value === "true") return ["false"];
  if (value === "false") return ["true"];
  return [`${value}*`, value.replace(/[^/:]*$/, "*")];
}

function conditionOf(tests: readonly ConditionTest[]): Elements {
  const operators = [...new Set(tests.map(({ operator }) => operator))];
  return Object.fromEntries(
    operators.map((operator) => [
      operator,
      Object.fromEntries(tests.filter((test) => test.operator === operator).map(({ key, values }) => [key, values])),
    ]),
  );
}

function listIn(elements: Elements, name: "Action" | "Resource"): readonly [string, readonly string[]] {
  const present = name in elements ? name : `Not${name}`;
  return [present, [elements[present]].flat().map(String)];
}

/** The list less each of its elements; an empty one would be no policy. */
function without(elements: Elements, name: string, list: readonly string[]): readonly Change[] {
  if (list.length === 1) return [];
  return list.map((item, index) => [`${name} without ${item}`, { ...elements, [name]: list.toSpliced(index, 1) }]);
}
