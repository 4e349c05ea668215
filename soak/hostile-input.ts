import fc from "fast-check";
import { readSettings } from "../config/read-settings";
import { SettingsError } from "../config/settings-error";
import { fromEnvironment, toEnvironment } from "../core/instructions";
import { DEFAULT_SETTINGS, HANDLER_SETTING_NAMES, SETTING_NAMES } from "../core/settings";
import { type CallParameters, IamAccount } from "../fake-aws/iam/account";
import { respond } from "../handler/respond";
import { SweepError } from "../handler/respond-to-sweep";
import type { Service } from "../handler/service";
import { accountIam } from "./account-iam";
import { carryOut, furnish } from "./carry-out";
import { check, type Finding, type Selection } from "./check";
import { ACCOUNT_ID, GUARDS, POLICY_DIGESTS } from "./guards";
import { sessionOf } from "./machine";

/** What no line of the log, no event and no error may hold. */
const CANARY = "canary-7Jq2";

/** IAM's rule for names of users (API Reference, User). */
const LEGAL_NAME = /^[\w+=,.@-]{1,64}$/;

/** Thrown where hostile input does what it must not, so that fast-check shrinks the input. */
class HostileInputError extends Error {
  override readonly name = "HostileInputError";
}

const USER = "alice";

const odd = fc.constantFrom<unknown>(
  null,
  "",
  0,
  -1,
  1e308,
  true,
  [],
  {},
  "__proto__",
  "constructor",
  "../alice",
  "alice/../bob",
  "*",
  "al\u0000ice",
  "alice\n",
  "ALICE",
  "ａlice",
  "\u202eecila",
  "AWS ROOT USER",
  "arn:aws:iam::123456789012:user/alice",
  "x".repeat(65),
  "x".repeat(100_000),
  [CANARY],
  { password: CANARY },
);
/** Anything that JSON can carry. */
const anyJson = fc.oneof(odd, fc.jsonValue({ maxDepth: 2 }));
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(USER, "Alice", "bob", "nobody") },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 70 }) },
  { weight: 3, arbitrary: anyJson },
);
/** Mostly what it should be, now and then anything. */
const mostly = (should: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: should }, { weight: 1, arbitrary: anyJson });

const CALLS = [
  "CreateUser",
  "UpdateUser",
  "CreateLoginProfile",
  "DeleteLoginProfile",
  "EnableMFADevice",
  "DeactivateMFADevice",
  "AddUserToGroup",
  "RemoveUserFromGroup",
  "AttachUserPolicy",
  "DetachUserPolicy",
  "AttachGroupPolicy",
  "DetachGroupPolicy",
  "DeleteGroup",
  "UpdateGroup",
  "CreatePolicyVersion",
  "CreatePolicy",
  "DeleteUser",
  "toString",
] as const;

const groupName = fc.constantFrom(GUARDS.quarantine.group, GUARDS.sealed.group.toUpperCase(), "robots", "");
const policyArn = fc.constantFrom(GUARDS.quarantine.policyArn, "arn:aws:iam::aws:policy/AdministratorAccess", "");

const requestParameters = fc.record(
  {
    userName: name,
    newUserName: name,
    newPath: mostly(fc.constant("/robots/")),
    serialNumber: mostly(fc.constant("arn:aws:iam::123456789012:mfa/alice")),
    groupName: mostly(groupName),
    newGroupName: mostly(groupName),
    policyArn: mostly(policyArn),
    policyName: mostly(groupName),
    password: fc.constant(CANARY),
    authenticationCode1: fc.constant(CANARY),
    policyDocument: fc.constant(CANARY),
  },
  { requiredKeys: ["password", "authenticationCode1"] },
);

const detail = fc.record(
  {
    eventName: mostly(fc.constantFrom(...CALLS)),
    eventID: mostly(fc.constant("5b4d27a4-dfd5-4431-8b23-84e125908e7f")),
    eventTime: mostly(fc.constantFrom("2026-11-20T09:00:00Z", "+275760-09-13T00:00:00Z", "never")),
    sourceIPAddress: mostly(fc.constant("192.0.2.10")),
    userAgent: mostly(fc.constant("aws-cli/2.31.0")),
    errorCode: mostly(fc.constantFrom(null, "", "AccessDenied")),
    userIdentity: mostly(
      fc.record(
        {
          type: mostly(fc.constantFrom("IAMUser", "Root", "AssumedRole")),
          userName: name,
          arn: mostly(fc.constant("arn:aws:iam::123456789012:user/alice")),
          accessKeyId: fc.constant(CANARY),
          sessionContext: mostly(fc.constant({ attributes: { mfaAuthenticated: "true" } })),
        },
        { requiredKeys: ["accessKeyId"] },
      ),
    ),
    requestParameters: mostly(requestParameters),
    responseElements: mostly(
      fc.record({
        loginProfile: mostly(fc.record({ userName: name, password: fc.constant(CANARY) })),
        accessKey: fc.constant({ secretAccessKey: CANARY }),
      }),
    ),
    additionalEventData: fc.constant({ note: CANARY }),
  },
  { requiredKeys: ["eventName", "additionalEventData"] },
);

const event = fc.oneof(
  { weight: 9, arbitrary: fc.record({ source: mostly(fc.constant("aws.iam")), detail: mostly(detail) }) },
  {
    weight: 1,
    arbitrary: anyJson.filter((given) => typeof given !== "object" || given === null || !("sweep" in given)),
  },
);

const number = fc.oneof(
  fc.integer({ min: -2, max: 12 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, 1e308),
);
const sweepRequest = fc.record({
  sweep: mostly(
    fc.record(
      {
        by: mostly(fc.constantFrom("schedule", "deploy")),
        run: mostly(number),
        firstRunAt: mostly(number),
        password: fc.constant(CANARY),
      },
      { requiredKeys: [] },
    ),
  ),
});

const COLUMNS = ["user", "arn", "user_creation_time", "password_enabled", "mfa_active", "access_key_1_active"];
const cell = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("true", "false", "TRUE", "N/A", "no_information", "not_supported") },
  { weight: 4, arbitrary: fc.constantFrom("2026-03-05T01:02:38+00:00", "1970-01-01", "never", "") },
  {
    weight: 4,
    arbitrary: fc.constantFrom("alice", "ALICE", "bob", "<root_account>", "doe,john", '"alice"', "__proto__"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const plausibleRow = fc
  .tuple(
    fc.constantFrom("alice", "bob", "Alice", "<root_account>", "doe,john", "constructor"),
    fc.constantFrom("2026-03-05T01:02:38+00:00", "2026-03-05T01:02:38.999Z", "2020-01-01T00:00:00Z"),
    fc.constantFrom("true", "false", "not_supported", "True "),
    fc.constantFrom("true", "false", "false "),
  )
  .map(([user, created, password, device]) => [user, `arn:${user}`, created, password, device, "true"].join(","));
const lineEnd = fc.constantFrom("\n", "\r\n", "\n\n", "\r");
const report = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(COLUMNS) },
      fc.shuffledSubarray(COLUMNS),
      fc.constant(["\ufeffuser", ...COLUMNS.slice(1)]),
      fc.constant([...COLUMNS, "user"]),
    ),
    fc.array(
      fc.oneof(
        plausibleRow,
        fc.array(cell, { maxLength: 8 }).map((cells) => cells.join(",")),
      ),
      { maxLength: 8 },
    ),
    lineEnd,
  )
  .map(([header, rows, end]) => [header.join(","), ...rows].join(end));

const text = fc.oneof(
  fc.constantFrom("", "true", "quarantine", "[]", '["alice"]', '["constructor"]', "[1,2]", "{}", "null", "1e3", "-0"),
  fc.constantFrom('["__proto__","toString"]', '["/robots/"]', "rate(1 hour)", "2026-02-30", "none", '[["a"]]', "50 "),
  fc.json(),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const environment = fc.record({
  changed: fc.dictionary(
    fc.constantFrom(
      ...Object.keys(toEnvironment({ guards: GUARDS, policyDigests: POLICY_DIGESTS, settings: DEFAULT_SETTINGS })),
    ),
    fc.oneof(text, fc.constant(undefined)),
    { maxKeys: 4 },
  ),
  config: fc.dictionary(fc.oneof(fc.constantFrom<string>(...SETTING_NAMES), fc.string({ maxLength: 12 })), text, {
    maxKeys: 4,
  }),
});

/** An account with two users, and what the function works with over it; each input has one of its own. */
function newTarget(content?: string) {
  let now = Date.parse("2026-03-05T01:02:38Z");
  const calls: { readonly action: string; readonly parameters: CallParameters }[] = [];
  const account = new IamAccount({
    accountId: ACCOUNT_ID,
    partition: "aws",
    now: () => new Date(now),
    refuse: ({ principal, action, parameters }) => {
      if (principal.type === "AssumedRole") calls.push({ action, parameters });
      return undefined;
    },
  });
  const nobody = { since: 0, people: new Map(), groups: new Map() };
  furnish(account);
  carryOut(account, { do: "create user", user: USER, path: "/", password: true }, nobody);
  carryOut(account, { do: "create user", user: "bob", path: "/", password: true }, nobody);
  carryOut(account, { do: "enrol device", user: "bob" }, nobody);
  const said: unknown[] = [];
  const clock = {
    now: () => now,
    pause: async (seconds: number): Promise<void> => {
      now += seconds * 1000;
    },
  };
  const iam = accountIam(account, sessionOf(0), clock, () => true);
  const service: Service = {
    guards: GUARDS,
    policyDigests: POLICY_DIGESTS,
    rules: { ...DEFAULT_SETTINGS, exemptGroups: ["robots"] },
    dryRun: false,
    deadline: DEFAULT_SETTINGS,
    maxReleases: 50,
    sweepEverySeconds: 3600,
    functionName: "require-mfa-1a2b3c4",
    clock,
    iam:
      content === undefined
        ? iam
        : { ...iam, getCredentialReport: async () => ({ content, generatedAt: new Date(now) }) },
    secondsLeft: () => 855,
    isCurrent: async () => true,
    startNextRun: async () => undefined,
    checkTrail: async () => ({ state: "recording", why: "management-events records them" }),
    putEvents: async (entries) => {
      said.push(...entries);
      return [];
    },
    place: { partition: "aws", accountId: ACCOUNT_ID, region: "us-east-1", logGroup: "require-mfa-1a2b3c4" },
    log: (line) => said.push(line),
  };
  const isHeld = (user: string): boolean => {
    const { Groups } = account.call({ type: "Root" }, "ListGroupsForUser", { UserName: user });
    return Groups.some(({ GroupName }) => GroupName === GUARDS.quarantine.group);
  };
  return { service, calls, said, isHeld };
}

type Target = ReturnType<typeof newTarget>;

/** What must hold of every invocation, whatever comes. */
function judge({ calls, said }: Target, error: unknown, expected: (error: unknown) => boolean): void {
  if (error !== undefined && !expected(error))
    throw new HostileInputError(`an error of no known type: ${String(error)}`);
  for (const { action, parameters } of calls) {
    const { UserName } = parameters;
    if (UserName !== undefined && !LEGAL_NAME.test(UserName)) {
      throw new HostileInputError(`${action} of ${JSON.stringify(UserName)}, which is no name`);
    }
  }
  const words = `${JSON.stringify(said)} ${error instanceof Error ? `${error.message} ${String(error.cause)}` : ""}`;
  if (words.includes(CANARY)) throw new HostileInputError(`a secret is told: ${words.slice(0, 2000)}`);
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? "nothing was thrown, and it was thrown";
  }
}

const isUnreadableEvent = (error: unknown): boolean =>
  error instanceof TypeError && error.message.startsWith("not an event of AWS API Call via CloudTrail: ");
const isUnreadableRequest = (error: unknown): boolean =>
  error instanceof TypeError && error.message.startsWith("not a request for a sweep: ");

/** Tries inputs, and judges each. */
function trying<T>(arbitrary: fc.Arbitrary<T>, judgeOne: (given: T) => Promise<void>) {
  const property = fc.asyncProperty(arbitrary, judgeOne);
  return (selection: Selection): Promise<Finding | undefined> => check(property, selection);
}

/**
 * What is tried with hostile input, by the input's kind: no error but the typed ones, no call for an illegal name, no
 * secret told.
 */
export const HOSTILE_INPUTS = {
  events: trying(event, async (given) => {
    const target = newTarget();
    judge(target, await thrownBy(() => respond(given, target.service)), isUnreadableEvent);
    if (target.isHeld("bob")) throw new HostileInputError("an event holds who has enrolled");
  }),
  "sweep requests": trying(sweepRequest, async (given) => {
    const target = newTarget();
    judge(target, await thrownBy(() => respond(given, target.service)), isUnreadableRequest);
  }),
  "credential reports": trying(report, async (content) => {
    const target = newTarget(content);
    const error = await thrownBy(() => respond({ sweep: { by: "schedule" } }, target.service));
    judge(target, error, (each) => each instanceof SweepError);
    // The report may point at people, and must not decide about them.
    if (target.isHeld("bob")) throw new HostileInputError("a report holds who has enrolled");
  }),
  settings: trying(environment, async ({ changed, config }) => {
    const base = toEnvironment({ guards: GUARDS, policyDigests: POLICY_DIGESTS, settings: DEFAULT_SETTINGS });
    const read = await thrownBy(() => {
      const { settings } = fromEnvironment({ ...base, ...changed });
      const again = toEnvironment({ guards: GUARDS, policyDigests: POLICY_DIGESTS, settings });
      for (const setting of HANDLER_SETTING_NAMES) {
        if (settings[setting] === undefined) throw new HostileInputError(`${setting} is not read`);
      }
      if (JSON.stringify(fromEnvironment(again).settings) !== JSON.stringify(settings)) {
        throw new HostileInputError("what was read is written otherwise");
      }
    });
    const isOfEnvironment =
      read === undefined || (read instanceof Error && read.message.startsWith("the function's environment is not as"));
    if (!isOfEnvironment) throw new HostileInputError(`an error of no known type: ${String(read)}`);
    const prefixed = Object.entries(config).map(([key, value]) => [`require-mfa:${key}`, value] as const);
    const given = {
      project: "require-mfa",
      stack: "dev",
      config: Object.fromEntries([["aws:region", "us-east-1"], ...prefixed]),
      secretKeys: new Set<string>(),
      environment: {},
    };
    const configured = await thrownBy(() => readSettings(given));
    if (configured !== undefined && !(configured instanceof SettingsError)) {
      throw new HostileInputError(`an error of no known type: ${String(configured)}`);
    }
    refusesNoLegalName(config, configured);
  }),
} as const satisfies Readonly<Record<string, ReturnType<typeof trying>>>;

/** A list of legal names, and nothing else, is no reason to refuse. */
function refusesNoLegalName(config: Readonly<Record<string, string>>, error: unknown): void {
  const keys = Object.keys(config);
  if (keys.length !== 1 || !(error instanceof SettingsError)) return;
  const given = config["exemptUsers"];
  const names = given === undefined ? undefined : asNames(given);
  if (names === undefined || names.length > 20) return;
  if (new Set(names.map((each) => each.toLowerCase())).size === names.length) {
    throw new HostileInputError(`legal names are refused: ${error.message}`);
  }
}

function asNames(json: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) && parsed.every((each) => typeof each === "string" && LEGAL_NAME.test(each))
      ? parsed.map(String)
      : undefined;
  } catch {
    return undefined;
  }
}
