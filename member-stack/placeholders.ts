/**
 * Stands in every text for the account's ID, which CloudFormation knows alone. No setting and no name of AWS's can have
 * it, for none takes such characters; and it has no colon, by which ARNs are taken apart.
 */
export const ACCOUNT_ID = "‹account›";

/** Stands for the log group's name, which CloudFormation makes up. */
export const LOG_GROUP = "‹log group›";

const REFERENCES = { [ACCOUNT_ID]: "${AWS::AccountId}", [LOG_GROUP]: "${LogGroup}" } as const;

/**
 * The value with every text in it that has a placeholder as an Fn::Sub, in which what looks like a reference and is none,
 * such as IAM's `${aws:username}`, is escaped. All other texts stay as they are: elsewhere CloudFormation resolves none
 * (CloudFormation Template Reference, "Fn::Sub").
 */
export function substituted(value: unknown): unknown {
  if (typeof value === "string") return substitutedText(value);
  if (Array.isArray(value)) return value.map(substituted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, substituted(each)]));
}

function substitutedText(text: string): string | { readonly "Fn::Sub": string } {
  const placeholders = Object.entries(REFERENCES).filter(([placeholder]) => text.includes(placeholder));
  if (placeholders.length === 0) return text;
  const escaped = text.replaceAll("${", () => "${!");
  return {
    "Fn::Sub": placeholders.reduce(
      (known, [placeholder, reference]) => known.replaceAll(placeholder, () => reference),
      escaped,
    ),
  };
}
