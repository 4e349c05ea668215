/**
 * IAM policy documents as plain data: what is deployed is also simulated, measured, documented and printed, so nothing
 * here knows Pulumi. The grammar is AWS's (IAM User Guide, "Grammar of the IAM JSON policy language"), narrowed to what
 * this project writes.
 */
import type { Sid } from "./reasons";

/**
 * What a statement asks of a request, by operator and condition key: `{ Bool: { "aws:ViaAWSService": "true" } }`. Only
 * what this project asks, so that a misspelt operator, key or value does not compile: a deny that rests on one matches
 * nothing, in silence where IAM takes it.
 */
export interface Condition {
  readonly Bool?: Flags;
  readonly BoolIfExists?: Flags;
  readonly Null?: Flags & { readonly "events:source"?: "false" };
  readonly "ForAllValues:StringEquals"?: { readonly "events:source": string };
  readonly ArnEquals?: { readonly [Key in "iam:PolicyARN" | "lambda:SourceFunctionArn"]?: string | readonly string[] };
  /** Holds of a key that is absent too. */
  readonly ArnNotLike?: {
    readonly [Key in "aws:PrincipalArn" | "lambda:SourceFunctionArn" | "iam:PermissionsBoundary"]?:
      | string
      | readonly string[];
  };
  readonly "ForAnyValue:StringEquals"?: { readonly "events:source": string };
  readonly ArnLike?: { readonly [Key in "iam:PolicyARN" | "aws:PrincipalArn"]?: string };
  readonly StringEquals?:
    | { readonly "iam:PassedToService": "lambda.amazonaws.com" }
    | { readonly "organizations:PolicyType": "SERVICE_CONTROL_POLICY" };
  readonly StringNotEquals?: { readonly "aws:PrincipalAccount": readonly string[] };
  readonly DateGreaterThanEquals?: { readonly "aws:CurrentTime": string };
}

type Flag = "aws:MultiFactorAuthPresent" | "aws:ViaAWSService" | "aws:ViaAWSMCPService";

type Flags = { readonly [Key in Flag]?: "true" | "false" };

interface StatementHead {
  /** Unique within its document; each has its reason, and a heading in docs/policies.md. */
  readonly Sid: Sid;
  readonly Effect: "Allow" | "Deny";
  readonly Condition?: Condition;
}

/**
 * One statement. The union leaves out NotAction beside NotResource on purpose: such a Deny spares every action on the
 * listed resources *and* every listed action on any resource, which is how published MFA policies came to leave
 * password resets of other users open.
 */
export type Statement = StatementHead &
  (
    | { readonly Action: string | readonly string[]; readonly Resource: string | readonly string[] }
    | { readonly NotAction: string | readonly string[]; readonly Resource: string | readonly string[] }
    | { readonly Action: string | readonly string[]; readonly NotResource: string | readonly string[] }
  );

/** An identity-based policy, or an SCP. Version 2012-10-17 is what makes `${aws:username}` a variable and not four characters. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** A document of these statements. */
export function policyDocument(...statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** An Allow of these actions, or nothing at all where there are none: IAM refuses an empty list. */
export function allow(
  sid: Sid,
  actions: readonly string[],
  resource: string | readonly string[],
): readonly Statement[] {
  return actions.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action: actions, Resource: resource }];
}
