import * as v from "valibot";
import { secondsOfRate } from "./rate";

/** What the values of a setting may be, in code, in a stack's configuration and in a function's environment. */
export interface Kind<T> {
  /** Checks a value. An issue's message says what is wrong in words that follow the value. */
  readonly schema: v.GenericSchema<unknown, T>;
  /** The value that a text stands for, unchecked; the text itself where it stands for none. */
  readonly fromText: (text: string) => unknown;
  readonly toText: (value: T) => string;
  /** What a list holds, in capitals, as a command line names what only its reader can fill in. */
  readonly entries?: Entries;
}

type Entries = "NAME" | "PATH" | "ADDRESS" | "ARN" | "DETAIL-TYPE" | "TARGET" | "ACCOUNT";

/** What to give where a wildcard was given for many users. */
const MANY_USERS = "name a path, which covers all below it, or a group instead";

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Yes or no. */
export const FLAG: Kind<boolean> = {
  schema: v.boolean("must be true or false"),
  fromText: (text) => BOOLEANS[text] ?? text,
  toText: String,
};

/** One of a few words. */
export function choice<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    schema: v.picklist(choices, `must be one of ${choices.join(", ")}`),
    fromText: (text) => text,
    toText: (value) => value,
  };
}

/** A whole number between two others, which are allowed too. */
export function integer(least: number, most: number): Kind<number> {
  const message = `must be a whole number from ${least} to ${most}`;
  const isAllowed = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  return {
    schema: v.pipe(v.number(message), v.check(isAllowed, message)),
    fromText: (text) => (/^(0|[1-9]\d*)$/.test(text) ? Number(text) : text),
    toText: String,
  };
}

const SHORTEST_RATE_SECONDS = 15 * 60;
const LONGEST_RATE_SECONDS = 24 * 60 * 60;
const RATE_MESSAGE =
  "must be a rate from 15 minutes to 1 day as EventBridge writes it: rate(15 minutes), rate(1 hour), rate(1 day)";

/** How often something is done, as EventBridge writes it, from 15 minutes to 1 day. */
export const RATE: Kind<string> = {
  schema: v.pipe(
    v.string(RATE_MESSAGE),
    v.check((text) => {
      const seconds = secondsOfRate(text);
      return seconds >= SHORTEST_RATE_SECONDS && seconds <= LONGEST_RATE_SECONDS;
    }, RATE_MESSAGE),
  ),
  fromText: (text) => text,
  toText: String,
};

const DAY_MESSAGE = "must be a day of the calendar as YYYY-MM-DD, which begins at 00:00 UTC, or none";

/** A day of the calendar, in UTC, as YYYY-MM-DD, or the word none. */
export const DAY_OR_NONE: Kind<string> = {
  schema: v.pipe(
    v.string(DAY_MESSAGE),
    v.check((text) => text === "none" || isDay(text), DAY_MESSAGE),
  ),
  fromText: (text) => text,
  toText: String,
};

/** Date.parse takes 30 February for 2 March, so that the day must come back as it was given. */
function isDay(text: string): boolean {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(text);
}

/** IAM's rule for names ("IAM and AWS STS quotas", IAM name requirements). Names compare without case. */
const names = (noun: string, longest: number): Kind<string[]> =>
  list({
    noun,
    rule: `1 to ${longest} of A-Z a-z 0-9 _ + = , . @ -`,
    pattern: new RegExp(`^[\\w+=,.@-]{1,${longest}}$`),
    identity: (entry) => entry.toLowerCase(),
    repeated: "is there twice: names compare without case",
    entries: "NAME",
  });

/** Names of IAM users. */
export const USER_NAMES = names("user name", 64);

/** Names of IAM groups. */
export const GROUP_NAMES = names("group name", 128);

/**
 * IAM paths, each of which covers all that lies below it (API Reference, User, the pattern of Path).
 *
 * @param root what the path / would do, for which it is refused
 */
export function paths(root: string): Kind<string[]> {
  return list({
    noun: "path",
    rule: "/ at both ends, 512 characters at most, no spaces, ASCII only",
    pattern: /^(?=.{1,512}$)\/([\u0021-\u007f]+\/)?$/,
    identity: (entry) => entry,
    repeated: "is there twice",
    refused: { "/": root },
    entries: "PATH",
  });
}

/** Addresses to which SNS sends mail. */
export const EMAIL_ADDRESSES: Kind<string[]> = list({
  noun: "mail address",
  rule: "something@example.com, 254 characters at most, without a display name",
  pattern: /^(?=.{3,254}$)[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/,
  identity: (entry) => entry.toLowerCase(),
  repeated: "is there twice: addresses compare without case",
  instead: "give each address",
  entries: "ADDRESS",
});

/**
 * ARNs of IAM roles, as CloudTrail tells of who issued a session: with the role's path. The account may be `*`, where it is
 * the same role in several.
 */
export const ROLE_ARNS: Kind<string[]> = list({
  noun: "ARN of a role",
  rule: "arn:aws:iam::123456789012:role/NAME, with the role's path where it has one, not that of a session",
  pattern: /^arn:aws[a-z-]*:iam::(\d{12}|\*):role\/([\u0021-\u007f]{1,510}\/)?[\w+=,.@-]{1,64}$/,
  identity: (entry) => entry,
  repeated: "is there twice",
  wildcard: /(?<!^arn:[\w-]+:iam::)[*?]/,
  instead: "give the ARN of each role, with * for the account alone",
  entries: "ARN",
});

/** Roots and organizational units of AWS Organizations (Organizations API Reference, the pattern of TargetId). */
export const ORGANIZATION_TARGETS: Kind<string[]> = list({
  noun: "root or OU",
  rule: "r-ab12 or ou-ab12-cd34ef56, as aws organizations list-roots and list-organizational-units-for-parent tell",
  pattern: /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
  identity: (entry) => entry,
  repeated: "is there twice",
  instead: "a root or an OU covers all below it",
  entries: "TARGET",
});

/** Accounts of AWS, of twelve digits each. */
export const ACCOUNTS: Kind<string[]> = list({
  noun: "account",
  rule: "twelve digits",
  pattern: /^\d{12}$/,
  identity: (entry) => entry,
  repeated: "is there twice",
  instead: "name each account, or give them an OU of their own",
  entries: "ACCOUNT",
});

/** Some of a few words. */
export function choices(noun: string, all: readonly string[]): Kind<string[]> {
  const message = ({ input }: { readonly input: unknown }) =>
    `${JSON.stringify(input)} is no ${noun}: there are ${all.map((each) => JSON.stringify(each)).join(", ")}`;
  return {
    schema: v.pipe(
      v.array(v.picklist(all, message), `must be a list of ${noun}s`),
      v.checkItems(
        (each, index, given) => given.indexOf(each) === index,
        ({ input }) => `${JSON.stringify(input)} is there twice`,
      ),
    ),
    fromText: fromJson,
    toText: JSON.stringify,
    entries: "DETAIL-TYPE",
  };
}

interface EntryRules {
  readonly noun: string;
  readonly rule: string;
  readonly pattern: RegExp;
  /** What two entries that are the same have in common. */
  readonly identity: (entry: string) => string;
  readonly repeated: string;
  /** What is a wildcard and refused as one; `*` and `?` if left out. */
  readonly wildcard?: RegExp;
  /** What to give where a wildcard was given. */
  readonly instead?: string;
  /** Entries of the right form that are refused all the same, and why. */
  readonly refused?: Readonly<Record<string, string>>;
  readonly entries: Entries;
}

function list({
  noun,
  rule,
  pattern,
  identity,
  repeated,
  wildcard = /[*?]/,
  instead = MANY_USERS,
  refused = {},
  entries,
}: EntryRules): Kind<string[]> {
  const problemOf = (entry: string): string | undefined => {
    if (wildcard.test(entry)) return `has a wildcard, and there are none: ${instead}`;
    if (!pattern.test(entry)) return `is no ${noun}: ${rule}`;
    // A user may be called constructor, which every object has.
    return Object.hasOwn(refused, entry) ? refused[entry] : undefined;
  };
  const entry = v.pipe(
    v.string(({ input }) => `${JSON.stringify(input)} is no text`),
    v.check(
      (text) => problemOf(text) === undefined,
      ({ input }) => `${JSON.stringify(input)} ${problemOf(input)}`,
    ),
  );
  const isFirst = (text: string, index: number, all: string[]) =>
    all.findIndex((each) => typeof each === "string" && identity(each) === identity(text)) === index;
  return {
    schema: v.pipe(
      v.array(entry, `must be a list of ${noun}s`),
      v.checkItems(isFirst, ({ input }) => `${JSON.stringify(input)} ${repeated}`),
    ),
    fromText: fromJson,
    toText: JSON.stringify,
    entries,
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
