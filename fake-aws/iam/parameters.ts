import { IamError } from "./error";
import { memberName } from "./values";

/** What may stand in the requestParameters of a CloudTrail record. */
export type Recorded = string | boolean | undefined;

/** The parameters of a call as the AWS Query protocol carries them: as text. */
export type CallParameters = Readonly<Record<string, string>>;

/** One parameter of an operation. */
export interface Parameter<T> {
  /** @throws IamError ValidationError */
  read(sent: CallParameters, name: string): T;
  /** What CloudTrail writes down; undefined for nothing. */
  recorded(sent: CallParameters, name: string): Recorded;
  /** Whether what is sent under a key belongs to the parameter of this name. */
  owns(key: string, name: string): boolean;
}

/** The parameters of an operation, by name: `UserName`. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What the parameters of a table are read to. */
export type ValuesOf<P extends Parameters> = {
  readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never;
};

/** How the text of a value is read. */
interface Kind<T> {
  /** @throws IamError ValidationError */
  parse(text: string, name: string): T;
  readonly record?: (text: string) => Recorded;
}

/** A parameter that must be there. */
export function required<T>(kind: Kind<T>): Parameter<T> {
  const read = (text: string | undefined, name: string) => {
    if (text === undefined) throw violation("null", name, "Member must not be null");
    return kind.parse(text, name);
  };
  return single(read, (text) => record(kind, text));
}

/** A parameter that may be left out. */
export function optional<T>(kind: Kind<T>): Parameter<T | undefined> {
  return single(
    (text, name) => (text === undefined ? undefined : kind.parse(text, name)),
    (text) => record(kind, text),
  );
}

/** A parameter that has a value where it is left out, which CloudTrail records as if it had been sent. */
export function defaulted<T>(kind: Kind<T>, otherwise: string): Parameter<T> {
  return single(
    (text = otherwise, name) => kind.parse(text, name),
    (text = otherwise) => record(kind, text),
  );
}

/** The parameter, of which CloudTrail records nothing: passwords and codes. */
export function secret<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, recorded: () => undefined };
}

/**
 * A parameter of any number of values: `Filter.member.1`, `Filter.member.2`; an empty list is sent as a bare `Filter=`.
 * Only reads have one, and CloudTrail is not told of reads.
 */
export function list<T>(kind: Kind<T>): Parameter<readonly T[]> {
  const isMember = (key: string, name: string) => key.startsWith(`${name}.member.`);
  return {
    read: (sent, name) => {
      if (sent[name]) throw invalid(`${name} is a list, whose members are ${name}.member.1 and so on`);
      return Object.entries(sent).flatMap(([key, text]) => (isMember(key, name) ? [kind.parse(text, name)] : []));
    },
    recorded: () => undefined,
    owns: (key, name) => key === name || isMember(key, name),
  };
}

/** A parameter that is sent as one text under its own name, or not at all. */
function single<T>(
  read: (text: string | undefined, name: string) => T,
  recorded: (text: string | undefined) => Recorded,
): Parameter<T> {
  return {
    read: (sent, name) => read(sent[name], name),
    recorded: (sent, name) => recorded(sent[name]),
    owns: (key, name) => key === name,
  };
}

function record(kind: Kind<unknown>, text: string | undefined): Recorded {
  return text === undefined ? undefined : (kind.record?.(text) ?? text);
}

interface Text {
  readonly pattern?: RegExp;
  readonly min?: number;
  readonly max?: number;
  /** What IAM says of a value outside the pattern, where it says more than the pattern. */
  readonly rule?: string;
}

function text({ pattern, min = 0, max = Number.POSITIVE_INFINITY, rule }: Text): Kind<string> {
  return {
    parse: (value, name) => {
      if (value.length < min) {
        throw violation(`'${value}'`, name, `Member must have length greater than or equal to ${min}`);
      }
      if (value.length > max) {
        throw violation(`'${value}'`, name, `Member must have length less than or equal to ${max}`);
      }
      if (pattern !== undefined && !pattern.test(value)) {
        if (rule !== undefined) throw invalid(`The specified value for ${memberName(name)} is invalid. ${rule}`);
        const expression = pattern.source.replace(/^\^|\$$/g, "");
        throw violation(`'${value}'`, name, `Member must satisfy regular expression pattern: ${expression}`);
      }
      return value;
    },
  };
}

function oneOf<T extends string>(...values: readonly T[]): Kind<T> {
  return {
    parse: (text, name) => {
      const value = values.find((candidate) => candidate === text);
      if (value !== undefined) return value;
      throw violation(`'${text}'`, name, `Member must satisfy enum value set: [${values.join(", ")}]`);
    },
  };
}

function integer(min: number, max: number): Kind<number> {
  return {
    parse: (text, name) => {
      if (!/^-?\d+$/.test(text)) throw violation(`'${text}'`, name, "Member must be an integer");
      const value = Number(text);
      if (value < min) throw violation(`'${text}'`, name, `Member must have value greater than or equal to ${min}`);
      if (value > max) throw violation(`'${text}'`, name, `Member must have value less than or equal to ${max}`);
      return value;
    },
  };
}

const NAME = {
  pattern: /^[\w+=,.@-]+$/,
  min: 1,
  rule: "It must contain only alphanumeric characters and/or the following: +=,.@_-",
};
const PATH_RULE = "It must begin and end with / and contain only alphanumeric characters and/or / characters.";

// The kinds of the API Reference. Where IAM allows a longer name for a user who exists than for a new one, so does this.
export const NEW_USER_NAME = text({ ...NAME, max: 64 });
export const USER_NAME = text({ ...NAME, max: 128 });
export const GROUP_NAME = text({ ...NAME, max: 128 });
export const POLICY_NAME = text({ ...NAME, max: 128 });
export const DEVICE_NAME = text(NAME);
export const PATH = text({ pattern: /^(\/|\/[!-~]+\/)$/, min: 1, max: 512, rule: PATH_RULE });
export const POLICY_PATH = text({ pattern: /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/, min: 1, max: 512, rule: PATH_RULE });
export const PATH_PREFIX = text({ pattern: /^\/[!-~]*$/, min: 1, max: 512 });
export const POLICY_ARN = text({ pattern: /^arn:[\w-]+:iam::(\d{12}|aws):policy\/[\w+=/,.@-]+$/, min: 20, max: 2048 });
export const VERSION_ID = text({ pattern: /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/ });
export const DESCRIPTION = text({ max: 1000 });
export const POLICY_DOCUMENT = text({ pattern: /^[\t\n\r\u0020-\u00ff]+$/, min: 1, max: 131_072 });
export const PASSWORD = text({ pattern: /^[\t\n\r\u0020-\u00ff]+$/, min: 1, max: 128 });
export const ACCESS_KEY_ID = text({ pattern: /^\w+$/, min: 16, max: 128 });
export const CERTIFICATE_BODY = text({ pattern: /^[\t\n\r\u0020-\u00ff]+$/, min: 1, max: 16_384 });
export const SERVICE_NAME = text({});
export const SERVICE_CREDENTIAL_ID = text({ pattern: /^\w+$/, min: 20, max: 128 });
export const SERIAL_NUMBER = text({ pattern: /^[\w+=/:,.@-]+$/, min: 9, max: 256 });
export const AUTHENTICATION_CODE = text({ pattern: /^\d+$/, min: 6, max: 6 });
export const ENTITY_TYPE = oneOf("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy");
export const POLICY_SCOPE = oneOf("All", "AWS", "Local");
export const KEY_STATUS = oneOf("Active", "Inactive");
export const ASSIGNMENT_STATUS = oneOf("Assigned", "Unassigned", "Any");
export const MARKER = text({ min: 1 });
export const MAX_ITEMS = integer(1, 1000);
export const BOOLEAN: Kind<boolean> = {
  parse: (text, name) => oneOf("true", "false").parse(text, name) === "true",
  record: (text) => text === "true",
};

/** A refusal of the request as a whole. */
export function invalid(message: string): IamError {
  return new IamError("ValidationError", message);
}

function violation(value: string, name: string, constraint: string): IamError {
  return invalid(
    `1 validation error detected: Value ${value} at '${memberName(name)}' failed to satisfy constraint: ${constraint}`,
  );
}
