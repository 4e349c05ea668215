import * as v from "valibot";
import { MODES, type Rules } from "./decide";
import type { Guards } from "./guards";

/** What the program tells the handler: guards and rules, and nothing secret. `T` as in {@link Guards}. */
export interface Instructions<T = string> {
  readonly guards: Guards<T>;
  readonly rules: Rules;
  readonly dryRun: boolean;
}

/**
 * The instructions as environment variables of the function, one by one and in plain words, so that a preview's diff
 * shows what a change of settings changes.
 */
export function toEnvironment<T>({ guards, rules, dryRun }: Instructions<T>) {
  return {
    MODE: rules.mode,
    DRY_RUN: String(dryRun),
    QUARANTINE_GROUP: guards.quarantine.group,
    QUARANTINE_POLICY_ARN: guards.quarantine.policyArn,
    CONDITIONAL_GROUP: guards.conditional.group,
    CONDITIONAL_POLICY_ARN: guards.conditional.policyArn,
    SEALED_GROUP: guards.sealed.group,
    SEALED_POLICY_ARN: guards.sealed.policyArn,
  };
}

const GroupName = v.pipe(v.string(), v.nonEmpty("is empty"));
const PolicyArn = v.pipe(v.string(), v.regex(/^arn:[\w-]+:iam::.+:policy\/.+$/, "is not the ARN of a managed policy"));

const Environment = v.object({
  MODE: v.picklist(MODES),
  DRY_RUN: v.picklist(["true", "false"]),
  QUARANTINE_GROUP: GroupName,
  QUARANTINE_POLICY_ARN: PolicyArn,
  CONDITIONAL_GROUP: GroupName,
  CONDITIONAL_POLICY_ARN: PolicyArn,
  SEALED_GROUP: GroupName,
  SEALED_POLICY_ARN: PolicyArn,
} satisfies Record<keyof ReturnType<typeof toEnvironment>, v.GenericSchema>);

/**
 * The instructions read back: the inverse of {@link toEnvironment}.
 *
 * @throws Error naming every variable that is absent or amiss. A handler that guessed would free or hold the wrong
 *   people.
 */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Instructions {
  const parsed = v.safeParse(Environment, environment);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    throw new Error(`the function's environment is not as the program writes it: ${problems.join("; ")}`);
  }
  const read = parsed.output;
  return {
    rules: { mode: read.MODE },
    dryRun: read.DRY_RUN === "true",
    guards: {
      quarantine: { group: read.QUARANTINE_GROUP, policyArn: read.QUARANTINE_POLICY_ARN },
      conditional: { group: read.CONDITIONAL_GROUP, policyArn: read.CONDITIONAL_POLICY_ARN },
      sealed: { group: read.SEALED_GROUP, policyArn: read.SEALED_POLICY_ARN },
    },
  };
}
