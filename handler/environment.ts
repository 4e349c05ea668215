import * as v from "valibot";
import { MODES, type Rules } from "./decide";
import type { Guards } from "./guards";
import { secondsOfRate } from "./rate";

/** What the program tells the handler: guards and rules, and nothing secret. `T` as in {@link Guards}. */
export interface Instructions<T = string> {
  readonly guards: Guards<T>;
  readonly rules: Rules;
  readonly dryRun: boolean;
  readonly maxReleases: number;
  /** As EventBridge writes it: `rate(1 hour)`. */
  readonly sweepEvery: string;
}

/**
 * The instructions as environment variables of the function, one by one and in plain words, so that a preview's diff
 * shows what a change of settings changes. Lists are JSON.
 */
export function toEnvironment<T>({ guards, rules, dryRun, maxReleases, sweepEvery }: Instructions<T>) {
  return {
    MODE: rules.mode,
    DRY_RUN: String(dryRun),
    ONLY_USERS: JSON.stringify(rules.onlyUsers),
    ONLY_PATHS: JSON.stringify(rules.onlyPaths),
    ONLY_GROUPS: JSON.stringify(rules.onlyGroups),
    EXEMPT_USERS: JSON.stringify(rules.exemptUsers),
    EXEMPT_PATHS: JSON.stringify(rules.exemptPaths),
    EXEMPT_GROUPS: JSON.stringify(rules.exemptGroups),
    SPARE_KEY_ONLY_USERS: String(rules.spareKeyOnlyUsers),
    MAX_RELEASES: String(maxReleases),
    SWEEP_EVERY: sweepEvery,
    QUARANTINE_GROUP: guards.quarantine.group,
    QUARANTINE_POLICY_ARN: guards.quarantine.policyArn,
    CONDITIONAL_GROUP: guards.conditional.group,
    CONDITIONAL_POLICY_ARN: guards.conditional.policyArn,
    SEALED_GROUP: guards.sealed.group,
    SEALED_POLICY_ARN: guards.sealed.policyArn,
  };
}

const Flag = v.pipe(
  v.picklist(["true", "false"]),
  v.transform((text) => text === "true"),
);
const Names = v.pipe(v.string(), v.parseJson(undefined, "is not JSON"), v.array(v.string()));
const Count = v.pipe(v.string(), v.regex(/^\d+$/, "is not a number"), v.transform(Number));
const Rate = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(secondsOfRate(text)), "is not a rate"),
);
const GroupName = v.pipe(v.string(), v.nonEmpty("is empty"));
const PolicyArn = v.pipe(v.string(), v.regex(/^arn:[\w-]+:iam::.+:policy\/.+$/, "is not the ARN of a managed policy"));

const Environment = v.object({
  MODE: v.picklist(MODES),
  DRY_RUN: Flag,
  ONLY_USERS: Names,
  ONLY_PATHS: Names,
  ONLY_GROUPS: Names,
  EXEMPT_USERS: Names,
  EXEMPT_PATHS: Names,
  EXEMPT_GROUPS: Names,
  SPARE_KEY_ONLY_USERS: Flag,
  MAX_RELEASES: Count,
  SWEEP_EVERY: Rate,
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
    rules: {
      mode: read.MODE,
      onlyUsers: read.ONLY_USERS,
      onlyPaths: read.ONLY_PATHS,
      onlyGroups: read.ONLY_GROUPS,
      exemptUsers: read.EXEMPT_USERS,
      exemptPaths: read.EXEMPT_PATHS,
      exemptGroups: read.EXEMPT_GROUPS,
      spareKeyOnlyUsers: read.SPARE_KEY_ONLY_USERS,
    },
    dryRun: read.DRY_RUN,
    maxReleases: read.MAX_RELEASES,
    sweepEvery: read.SWEEP_EVERY,
    guards: {
      quarantine: { group: read.QUARANTINE_GROUP, policyArn: read.QUARANTINE_POLICY_ARN },
      conditional: { group: read.CONDITIONAL_GROUP, policyArn: read.CONDITIONAL_POLICY_ARN },
      sealed: { group: read.SEALED_GROUP, policyArn: read.SEALED_POLICY_ARN },
    },
  };
}
