import * as v from "valibot";

/** A role that the AWS provider assumes, as far as it is followed. */
export interface RoleToAssume {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
}

/** A key as it is given, not found. */
export interface StaticKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The services that are asked, as the configuration names them. */
export type ServiceName = "iam" | "sts" | "cloudtrail" | "organizations" | "cloudformation" | "logs";

/** What a stack's configuration tells the AWS provider of where it works and as whom. */
export interface AwsSettings {
  readonly region: string;
  readonly profile?: string | undefined;
  readonly key?: StaticKey | undefined;
  readonly configFile?: string | undefined;
  readonly credentialsFile?: string | undefined;
  /** URLs of services that are elsewhere than at AWS. */
  readonly endpoints: { readonly [Name in ServiceName]?: string };
  /** One after the other, each by the credentials of the one before. */
  readonly roles: readonly RoleToAssume[];
  /** Keys of the configuration that say as whom the provider works and that are not followed here. */
  readonly notFollowed: readonly string[];
}

const Text = v.pipe(v.string(), v.nonEmpty());
const Role = v.object({ roleArn: Text, externalId: v.optional(Text), sessionName: v.optional(Text) });
const json = <Schema extends v.GenericSchema>(schema: Schema) => v.pipe(v.string(), v.parseJson(), schema);
const Roles = json(v.array(Role));
const Files = json(v.array(Text));
const Endpoints = json(
  v.array(
    v.object({
      iam: v.optional(Text),
      sts: v.optional(Text),
      cloudtrail: v.optional(Text),
      organizations: v.optional(Text),
      cloudformation: v.optional(Text),
      logs: v.optional(Text),
    }),
  ),
);

type Texts = Readonly<Record<string, string | undefined>>;

/** What else says as whom the provider works. */
const FOLLOWED_BY_NOBODY = ["assumeRoleWithWebIdentity"] as const;

/**
 * Reads what the AWS provider reads of a stack's configuration, as far as it says which account it works in.
 *
 * @param config every key of the configuration, namespace included
 * @param environment for the region, where the configuration gives none
 */
export function readAwsSettings(config: Texts, environment: Texts): AwsSettings {
  const notFollowed: string[] = FOLLOWED_BY_NOBODY.map((name) => `aws:${name}`).filter((key) => config[key]);
  const read = <T>(name: string, schema: v.GenericSchema<unknown, T>): T | undefined => {
    const text = config[`aws:${name}`];
    if (text === undefined || text === "") return undefined;
    const parsed = v.safeParse(schema, text);
    if (!parsed.success) notFollowed.push(`aws:${name}`);
    return parsed.success ? parsed.output : undefined;
  };
  const [accessKeyId, secretAccessKey] = [read("accessKey", Text), read("secretKey", Text)];
  const sessionToken = read("token", Text);
  return {
    region: read("region", Text) ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1",
    profile: read("profile", Text),
    key:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    configFile: read("sharedConfigFiles", Files)?.[0],
    credentialsFile: read("sharedCredentialsFiles", Files)?.[0],
    endpoints: Object.assign({}, ...(read("endpoints", Endpoints) ?? [])),
    roles: read("assumeRoles", Roles) ?? [],
    notFollowed,
  };
}
