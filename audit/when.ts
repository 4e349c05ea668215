import type { Condition } from "../policies/document";

/** One thing that a condition asks: an operator, a condition key, and the values of which one must match. */
export interface ConditionTest {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type KeysAndValues = Readonly<Record<string, string | readonly string[]>>;

/** What a condition asks, one thing at a time; all of it must be so. */
export function testsOf(condition: Condition | undefined): readonly ConditionTest[] {
  const byOperator: { readonly [Operator in keyof Condition]: KeysAndValues } = condition ?? {};
  return Object.entries(byOperator).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listed(values) })),
  );
}

/** The elements of a policy that are one string or a list of them, as a list. */
export function listed(element: string | readonly string[]): readonly string[] {
  return typeof element === "string" ? [element] : element;
}

/** What the guards ask, in words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["BoolIfExists aws:MultiFactorAuthPresent false", "without MFA"],
  ["Bool aws:MultiFactorAuthPresent true", "with MFA"],
  ["Null aws:MultiFactorAuthPresent true", "by access key"],
  ["BoolIfExists aws:ViaAWSService false", "not through a service"],
  ["Bool aws:ViaAWSService true", "through a service"],
  ["Bool aws:ViaAWSMCPService true", "through a proxy"],
]);

/** One thing that a guard's condition asks, in words; undefined for what no guard asks. */
export function inWords({ operator, key, values }: ConditionTest): string | undefined {
  return WORDS.get([operator, key, ...values].join(" "));
}

/**
 * When a guard's statement applies, in words: "always", "without MFA".
 *
 * @throws Error on a condition that there are no words for
 */
export function whenOf(condition: Condition | undefined): string {
  const words = testsOf(condition).map((test) => {
    const found = inWords(test);
    if (found === undefined) throw new Error(`${JSON.stringify(test)} has no words in audit/when.ts`);
    return found;
  });
  return words.length === 0 ? "always" : words.join(" and ");
}
