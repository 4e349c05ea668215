import * as v from "valibot";
import { textsOf } from "../rehearsal/iam-elsewhere";

/** Who calls moto: it reads the account off a key of twelve digits, or knows whose key it gave out, and asks no more. */
export interface Caller {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

/** One account of moto's, in one region. */
export interface MotoAccount {
  /** A call by AWS's Query protocol, which answers with XML. */
  query(service: QueryService, action: string, parameters?: Readonly<Record<string, string>>): Promise<string>;
  /** A call by AWS's JSON protocol. */
  json(service: JsonService, action: string, input?: unknown): Promise<unknown>;
  /** A call by its path. */
  rest(service: "lambda" | "s3", method: string, path: string, body?: string): Promise<string>;
  /** The same moto with the credentials of a role. */
  as(roleArn: string): Promise<{ readonly account: MotoAccount; readonly credentials: Credentials }>;
}

type QueryService = keyof typeof VERSIONS;
type JsonService = keyof typeof TARGETS;

const VERSIONS = {
  cloudformation: "2010-05-15",
  iam: "2010-05-08",
  monitoring: "2010-08-01",
  sts: "2011-06-15",
} as const;
const TARGETS = {
  events: "AWSEvents",
  logs: "Logs_20140328",
  organizations: "AWSOrganizationsV20161128",
  sqs: "AmazonSQS",
} as const;

/** What a role's credentials are. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** An account of the moto at a URL. Calls throw where they are refused, with what moto says. */
export function motoAccount(url: string, region: string, { accessKeyId, sessionToken }: Caller): MotoAccount {
  const call = async (service: string, path: string, init: RequestInit): Promise<string> => {
    // moto judges no signature.
    const scope = `${accessKeyId}/20261127/${region}/${service}/aws4_request`;
    const headers = {
      ...init.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
    };
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${service} answers with ${answer.status}: ${text}`);
    return text;
  };
  const account: MotoAccount = {
    query: (service, action, parameters = {}) =>
      call(service, "/", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ Action: action, Version: VERSIONS[service], ...parameters }).toString(),
      }),
    json: async (service, action, input = {}) => {
      const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGETS[service]}.${action}` };
      const text = await call(service, "/", { method: "POST", headers, body: JSON.stringify(input) });
      return text === "" ? {} : JSON.parse(text);
    },
    rest: (service, method, path, body) => call(service, path, { method, ...(body !== undefined && { body }) }),
    as: async (roleArn) => {
      const xml = await account.query("sts", "AssumeRole", { RoleArn: roleArn, RoleSessionName: "require-mfa" });
      const one = (element: string) => v.parse(v.tuple([v.string()]), textsOf(xml, element))[0];
      const credentials = {
        accessKeyId: one("AccessKeyId"),
        secretAccessKey: one("SecretAccessKey"),
        sessionToken: one("SessionToken"),
      };
      return { account: motoAccount(url, region, credentials), credentials };
    },
  };
  return account;
}
