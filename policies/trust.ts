/** AWS's services that are given a role. */
type Service = "lambda.amazonaws.com" | "events.amazonaws.com";

/** What a service must act for. */
interface Source {
  readonly StringEquals: { readonly "aws:SourceAccount": string };
  readonly ArnEquals: { readonly "aws:SourceArn": string };
}

interface TrustStatement {
  readonly Sid: "AllowAssumeRole";
  readonly Effect: "Allow";
  readonly Principal: { readonly Service: Service };
  readonly Action: "sts:AssumeRole";
  readonly Condition?: Source;
}

/** Whom a role trusts, in a shape that Pulumi's types take too. */
interface TrustPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: TrustStatement[];
}

/** Lets a service take a role, and where something is named, only in acting for that. */
export function trustPolicy(service: Service, source?: Source): TrustPolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowAssumeRole",
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(source !== undefined && { Condition: source }),
      },
    ],
  };
}
