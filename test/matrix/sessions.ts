import type { Partition } from "../../policies/partitions";
import type { RequestContext } from "../../policy-language/evaluator";
import type { Kinds } from "./calls";

/** Where alice stands: with a path, her ARN has it before her name. */
export interface Place {
  readonly partition: Partition;
  /** As "" or "eng/". */
  readonly path: string;
}

export const HOME: Place = { partition: "aws", path: "" };

export const PLACES: readonly Place[] = (["aws", "aws-us-gov", "aws-cn"] as const).flatMap((partition) => [
  { partition, path: "" },
  { partition, path: "eng/" },
]);

/**
 * What a request carries. Long-term access keys carry no aws:MultiFactorAuthPresent at all; aws:ViaAWSService "is always
 * included in the request context", and of aws:ViaAWSMCPService that is not said (IAM User Guide, "AWS global condition
 * context keys").
 */
const SESSIONS = {
  console: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false" },
  "console with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "false" },
  "access key": { "aws:ViaAWSService": "false" },
  service: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true" },
  "service by access key": { "aws:ViaAWSService": "true" },
  "service with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "true" },
  proxy: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true", "aws:ViaAWSMCPService": "true" },
  "proxy by access key": { "aws:ViaAWSService": "true", "aws:ViaAWSMCPService": "true" },
  "proxy that counts as no service": {
    "aws:MultiFactorAuthPresent": "false",
    "aws:ViaAWSService": "false",
    "aws:ViaAWSMCPService": "true",
  },
  "proxy with MFA": {
    "aws:MultiFactorAuthPresent": "true",
    "aws:ViaAWSService": "true",
    "aws:ViaAWSMCPService": "true",
  },
  "proxy with MFA that counts as no service": {
    "aws:MultiFactorAuthPresent": "true",
    "aws:ViaAWSService": "false",
    "aws:ViaAWSMCPService": "true",
  },
} as const satisfies Readonly<Record<string, RequestContext>>;

export type SessionKind = keyof typeof SESSIONS;

export const PROXIES_WITHOUT_MFA = ["proxy", "proxy by access key", "proxy that counts as no service"] as const;
const PROXIES_WITH_MFA = ["proxy with MFA", "proxy with MFA that counts as no service"] as const;
/** What stands between a user who signed in with MFA and IAM. */
export const GO_BETWEENS_WITH_MFA = ["service with MFA", ...PROXIES_WITH_MFA] as const;
export const WITH_MFA = ["console with MFA", ...GO_BETWEENS_WITH_MFA] as const;
export const ANY_SESSION: readonly SessionKind[] = [
  "console",
  "access key",
  "service",
  "service by access key",
  ...PROXIES_WITHOUT_MFA,
  ...WITH_MFA,
];

/** What a user is allowed beside the guard's policy. */
export const USERS = {
  administrator: [
    { Version: "2012-10-17", Statement: [{ Sid: "AllowAll", Effect: "Allow", Action: "*", Resource: "*" }] },
  ],
  "plain user": [],
} as const;

export type UserKind = keyof typeof USERS;

export const EITHER: readonly UserKind[] = ["administrator", "plain user"];

/** What alice's requests carry in this kind of session. */
export function contextOf(session: SessionKind, place: Place): RequestContext {
  return {
    "aws:username": "alice",
    "aws:userid": "AIDAEXAMPLEALICE",
    "aws:PrincipalArn": userArn(place, `${place.path}alice`),
    ...SESSIONS[session],
  };
}

/** What alice can ask for that makes a difference to the guards. */
export function kindsFor(place: Place): Kinds {
  const { partition, path } = place;
  const device = (name: string) => `arn:${partition}:iam::123456789012:mfa/${name}`;
  return {
    "iam:user": {
      "own user": [userArn(place, `${path}alice`)],
      // Beside a plain other user: names that end or begin with hers, and a user whose path is her name.
      "another user": ["bob", "eng/bob", "xalice", "eng/xalice", "alicex", "eng/alicex", "alice/bob"].map((name) =>
        userArn(place, name),
      ),
    },
    "iam:mfa": { "own-named device": [device("alice")], "free-named device": [device("phone"), device("alice2")] },
    "iam:group": {
      "the guard's group": [`arn:${partition}:iam::123456789012:group/require-mfa/dev/require-mfa-quarantine-1a2b3c4`],
    },
  };
}

function userArn({ partition }: Place, name: string): string {
  return `arn:${partition}:iam::123456789012:user/${name}`;
}
