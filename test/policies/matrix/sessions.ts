import type { Partition } from "../../../core/partitions";
import type { RequestContext } from "../../../policy-language/evaluator";
import type { Kinds } from "./calls";

/** Where alice stands, and where what she asks for lies. */
export interface Place {
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  /** Her path, as "" or "eng/": her ARN has it before her name. */
  readonly path: string;
}

export const HOME: Place = { partition: "aws", account: "123456789012", region: "us-east-1", path: "" };

/** As far from home as can be: whatever a policy must not name is another here. */
export const AWAY: Place = { partition: "aws", account: "210987654321", region: "eu-west-1", path: "x/y/" };

export const PLACES: readonly Place[] = (["aws", "aws-us-gov", "aws-cn"] as const).flatMap((partition) => [
  { ...HOME, partition },
  { ...HOME, partition, path: "eng/" },
  { ...AWAY, partition },
]);

const BY_KEY = {} as const;
const WITHOUT = { "aws:MultiFactorAuthPresent": "false" } as const;
const WITH = { "aws:MultiFactorAuthPresent": "true" } as const;

/**
 * The contexts that a way to call may come with. aws:ViaAWSService "is always included in the request context"; of
 * aws:ViaAWSMCPService that is not said, so who is no proxy may carry it or not (IAM User Guide, "AWS global condition
 * context keys").
 */
const noProxy = (mfa: RequestContext, viaService: "true" | "false"): readonly RequestContext[] => [
  { ...mfa, "aws:ViaAWSService": viaService },
  { ...mfa, "aws:ViaAWSService": viaService, "aws:ViaAWSMCPService": "false" },
];
const proxy = (mfa: RequestContext, viaService: "true" | "false"): readonly RequestContext[] => [
  { ...mfa, "aws:ViaAWSService": viaService, "aws:ViaAWSMCPService": "true" },
];

/** What a request may carry. Long-term access keys carry no aws:MultiFactorAuthPresent at all. */
const SESSIONS = {
  console: noProxy(WITHOUT, "false"),
  "console with MFA": noProxy(WITH, "false"),
  "access key": noProxy(BY_KEY, "false"),
  service: noProxy(WITHOUT, "true"),
  "service by access key": noProxy(BY_KEY, "true"),
  "service with MFA": noProxy(WITH, "true"),
  proxy: proxy(WITHOUT, "true"),
  "proxy by access key": proxy(BY_KEY, "true"),
  "proxy with MFA": proxy(WITH, "true"),
  "proxy that counts as no service": proxy(WITHOUT, "false"),
  "proxy by access key that counts as no service": proxy(BY_KEY, "false"),
  "proxy with MFA that counts as no service": proxy(WITH, "false"),
} as const satisfies Readonly<Record<string, readonly RequestContext[]>>;

export type SessionKind = keyof typeof SESSIONS;

/** What stands between a user and IAM: calls by services and proxies. */
export const GO_BETWEENS = ["service", "proxy", "proxy that counts as no service"] as const;
export const GO_BETWEENS_BY_KEY = [
  "service by access key",
  "proxy by access key",
  "proxy by access key that counts as no service",
] as const;
export const GO_BETWEENS_WITH_MFA = [
  "service with MFA",
  "proxy with MFA",
  "proxy with MFA that counts as no service",
] as const;
export const PROXIES_WITHOUT_MFA = [
  "proxy",
  "proxy by access key",
  "proxy that counts as no service",
  "proxy by access key that counts as no service",
] as const;
export const WITH_MFA = ["console with MFA", ...GO_BETWEENS_WITH_MFA] as const;
export const ANY_SESSION: readonly SessionKind[] = [
  "console",
  "access key",
  ...GO_BETWEENS,
  ...GO_BETWEENS_BY_KEY,
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

/** What alice's requests may carry in this kind of session. */
export function contextsOf(session: SessionKind, place: Place): readonly RequestContext[] {
  return SESSIONS[session].map((context) => ({
    "aws:username": "alice",
    "aws:userid": "AIDAEXAMPLEALICE",
    "aws:PrincipalArn": userArn(place, `${place.path}alice`),
    "aws:PrincipalAccount": place.account,
    "aws:CurrentTime": "2027-02-01T00:00:00Z",
    ...context,
  }));
}

/** What alice can ask for that makes a difference to the guards. */
export function kindsFor(place: Place): Kinds {
  const { partition, account, region, path } = place;
  const device = (name: string) => `arn:${partition}:iam::${account}:mfa/${name}`;
  const client = (name: string) => `arn:${partition}:signin:${region}:${account}:oauth2/public-client/${name}`;
  const principal = (name: string) => `arn:${partition}:signin:${region}:${account}:service-principal/${name}`;
  return {
    "iam:user": {
      "own user": [userArn(place, `${path}alice`)],
      // Beside a plain other user: names that end or begin with hers, and a user whose path is her name.
      "another user": ["bob", "eng/bob", "xalice", "eng/xalice", "alicex", "eng/alicex", "alice/bob"].map((name) =>
        userArn(place, name),
      ),
    },
    // Devices may have a path too.
    "iam:mfa": {
      "own-named device": [device("alice")],
      "free-named device": [device("phone"), device("alice2"), device("x"), device("a/b")],
    },
    "iam:group": {
      "the guard's group": [`arn:${partition}:iam::${account}:group/require-mfa/dev/require-mfa-quarantine-1a2b3c4`],
    },
    // AWS names two clients today; a third would be no different.
    "signin:oauth2-public-client-remote": { "oauth2-public-client-remote": [client("remote"), client("x")] },
    "signin:oauth2-resource-service-principal": {
      "oauth2-resource-service-principal": [principal("aws-mcp.amazonaws.com"), principal("x")],
    },
  };
}

function userArn({ partition, account }: Place, name: string): string {
  return `arn:${partition}:iam::${account}:user/${name}`;
}
