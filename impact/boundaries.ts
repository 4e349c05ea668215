import * as v from "valibot";
import { wordsOf } from "../core/words-of";
import { type PolicyReader, policyInForce } from "../handler/iam/policy-in-force";
import { compile, evaluate, type RequestContext } from "../policy-language/evaluator";

/** Whether a permissions boundary lets its user enrol a device; what it lacks for that; or why it can't be told. */
type BoundaryVerdict =
  | { readonly verdict: "open" }
  | { readonly verdict: "shut"; readonly lacking: readonly string[] }
  | { readonly verdict: "unknown"; readonly why: string };

/** Judges one boundary for one user, by the user's ARN. */
export type Boundary = (userArn: string) => BoundaryVerdict;

/** Of so many boundaries at most the policy is read, by two calls each: an account has one or two of them as a rule. */
const MOST_READ = 10;

/** What it takes to enrol an authenticator app on one's own Security credentials page. */
const TO_ENROL = ["iam:GetUser", "iam:ListMFADevices", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"] as const;

/** A policy as far as it is looked at before the evaluator reads it. */
const POLICY = v.object({
  Version: v.optional(v.string()),
  Statement: v.pipe(
    v.union([v.array(v.record(v.string(), v.unknown())), v.record(v.string(), v.unknown())]),
    v.transform((statements) => [statements].flat()),
  ),
});
const CONDITION = v.optional(v.record(v.string(), v.record(v.string(), v.unknown())));

/**
 * Reads the policies that serve as permissions boundaries, each once. What can't be read is a boundary that can't be told.
 *
 * @param arns of managed policies, repeated or not
 */
export async function readBoundaries(
  iam: PolicyReader,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Boundary>> {
  const distinct = [...new Set(arns)];
  const read = async (arn: string, index: number): Promise<Boundary> => {
    if (index >= MOST_READ) return unknown(`of ${distinct.length} boundaries ${MOST_READ} are read`);
    try {
      return boundaryBy(await policyInForce(iam, arn));
    } catch (error) {
      return unknown(wordsOf(error));
    }
  };
  return new Map(await Promise.all(distinct.map(async (arn, index) => [arn, await read(arn, index)] as const)));
}

function unknown(why: string): Boundary {
  return () => ({ verdict: "unknown", why });
}

/**
 * A boundary by its document, JSON. What a user's own policies allow and the boundary doesn't is denied, a guard's Allow
 * among it (IAM User Guide, "Permissions boundaries for IAM entities").
 *
 * @throws Error on a document that is none, or that says of enrolment what the evaluator does not know
 */
function boundaryBy(document: string): Boundary {
  const { Version, Statement } = v.parse(POLICY, JSON.parse(document));
  // What a statement asks for elsewhere may be of a kind that the evaluator does not know, and is of no interest here.
  const statements = Statement.filter(({ Condition, ...bare }) => {
    const { concerning } = compile([{ Version, Statement: [bare] }]);
    return TO_ENROL.some((action) => concerning(action).length > 0);
  });
  const keys = statements.flatMap(({ Condition }) =>
    Object.values(v.parse(CONDITION, Condition) ?? {}).flatMap(Object.keys),
  );
  const known = Object.keys(contextOf("arn:aws:iam::123456789012:user/anybody")).map((key) => key.toLowerCase());
  const asked = keys.filter((key) => !known.includes(key.toLowerCase()));
  if (asked.length > 0) return unknown(`it goes by ${[...new Set(asked)].join(", ")}`);
  const policies = compile(statements.length === 0 ? [] : [{ Version, Statement: statements }]);
  return (userArn) => {
    const context = contextOf(userArn);
    const resourcesOf = (action: string) => (action === "iam:CreateVirtualMFADevice" ? devicesOf(userArn) : [userArn]);
    const lacking = TO_ENROL.filter((action) =>
      resourcesOf(action).every((resource) => !evaluate(policies, { action, resource, context }).allowed),
    );
    return lacking.length === 0 ? { verdict: "open" } : { verdict: "shut", lacking };
  };
}

/**
 * ARNs of devices that the user may make, one of which is enough: of any name, and of the user's own, which older examples
 * of AWS's ask for.
 */
function devicesOf(userArn: string): readonly string[] {
  return ["phone", nameIn(userArn)].map((name) => userArn.replace(/:user\/.*/, `:mfa/${name}`));
}

function nameIn(userArn: string): string {
  return userArn.slice(userArn.lastIndexOf("/") + 1);
}

/** What is certain of a user who is signed in to the console by a password alone. */
function contextOf(userArn: string): RequestContext {
  return {
    "aws:username": nameIn(userArn),
    "aws:PrincipalArn": userArn,
    "aws:PrincipalType": "User",
    "aws:PrincipalAccount": userArn.split(":")[4] ?? "",
    "aws:ViaAWSService": "false",
    "aws:MultiFactorAuthPresent": "false",
  };
}
