import { GUARD_NAMES } from "../core/guards";
import { Mode } from "../core/modes";
import { DEFAULT_SETTINGS } from "../core/settings";
import type { Finding, Impact } from "../impact/impact";
import {
  type AccountImpact,
  type AccountReport,
  type OrganizationImpact,
  organizationImpactOf,
} from "../impact/organization/organization-impact";
import { type Change, type Person, placeAfter, placeBefore } from "../impact/people";

/** A user of whom the least is known. */
const NOBODY: Person = { user: "", path: "/", groups: 0, heldBy: [], change: "none", reason: "", exempt: false };

/** Five people by whom each column of the table sorts otherwise. */
export const FIVE: Impact = impactOf(
  [
    {
      user: "bob",
      password: true,
      device: true,
      heldBy: ["conditional"],
      change: "moved",
      guard: "sealed",
      reason: "a password, an MFA device",
      passwordChangedAt: "2026-02-01T00:00:00Z",
      lastUsedAt: "2026-01-01T00:00:00Z",
    },
    {
      user: "ci",
      path: "/machines/",
      password: false,
      device: false,
      change: "held",
      guard: "sealed",
      reason: "no password, no MFA device",
      createdAt: "2025-12-31T00:00:00Z",
      lastUsedAt: "2026-03-05T00:00:00Z",
    },
    {
      user: "doe,john",
      change: "unknown",
      reason: "the credential report does not tell of this user",
    },
    {
      user: "person-10",
      path: "/staff/",
      password: true,
      device: false,
      change: "held",
      guard: "quarantine",
      reason: "a password, no MFA device",
      passwordChangedAt: "2026-03-01T00:00:00Z",
      lastUsedAt: "2026-03-02T00:00:00Z",
    },
    {
      user: "person-2",
      password: true,
      device: true,
      heldBy: ["quarantine"],
      change: "freed",
      reason: "a password, an MFA device",
      passwordChangedAt: "2026-01-01T00:00:00Z",
    },
  ],
  [
    { finding: "access-key", message: "access keys in use", users: [{ user: "ci", what: "s3 on 2026-03-05" }] },
    { finding: "no-app", message: "no authenticator app", users: [{ user: "bob" }] },
    { finding: "nine-groups", message: "in nine groups or more", users: [{ user: "person-10", what: "9 groups" }] },
    { finding: "unknown", message: "of these the report does not tell", users: [{ user: "doe,john" }] },
  ],
);

/** An account in which there is nobody. */
export const EMPTY: Impact = impactOf([], []);

/** What nobody would call a user, a path or a message, as far as IAM and others let them. */
export const LONG_NAME = "averylongname".repeat(10).slice(0, 128);
const WIDE_NAME = "W@W".repeat(43).slice(0, 128);
export const HOSTILE_PATH = "/<script>document.title='had'</script>\"'><img/src=x/onerror=alert(1)>&lt;/";
const LONG_PATH = `/${"division/".repeat(56)}`;
const HOSTILE_TEXT =
  "</script><script>console.error(1)</script> \u2028\u2029 \u202eright to left\u202c \u05d0\u05d1\u05d2 \u0000 \"'`";

const CHANGES: readonly Change[] = ["held", "moved", "freed", "pending", "withheld", "unknown", "none"];
/** Findings about users. */
const KINDS: readonly Finding["finding"][] = [
  "access-key",
  "ses-smtp",
  "service-credential",
  "certificate",
  "no-app",
  "permissions-boundary",
  "nine-groups",
  "exempt-without-device",
  "releases-stopped",
  "unknown",
];
/** Findings about nobody. */
const BARE: readonly Finding["finding"][] = [
  "unmatched",
  "missing-group",
  "trail-missing",
  "trail-unknown",
  "root-without-mfa",
  "not-read",
];

/** An organization of five accounts, of which three were read. */
export const ORGANIZATION: OrganizationImpact = organizationOf([
  read("111122223333", "management", ["Root"], FIVE),
  read("000000000021", "production", ["Root", "Workloads"], {
    ...FIVE,
    findings: [...FIVE.findings, { finding: "trail-missing", message: "no trail brings IAM's events", users: [] }],
  }),
  read("000000000022", "empty", ["Root", "Workloads"], EMPTY),
  {
    ...accountIn("000000000031", "data lake", ["Root", "Workloads", "Data"]),
    outcome: { state: "not read", why: "not authorized", remedy: "make a role" },
  },
  {
    ...accountIn("000000000041", "old website", ["Root", "Sandboxes"]),
    state: "SUSPENDED",
    outcome: { state: "left out", why: "suspended" },
  },
]);

/** Four hundred and twenty people of all kinds, in all guards, with all that wants a look, some of it hostile. */
export const LARGE: Impact = largeImpact();

/** Sixty accounts in six units, of names that are long or hostile, one of them with all those people. */
export const LARGE_ORGANIZATION: OrganizationImpact = organizationOf(
  Array.from({ length: 60 }, (_, index): AccountReport => {
    const name = [HOSTILE_PATH, WIDE_NAME, HOSTILE_TEXT][index] ?? `team ${index} of a department`;
    const path = ["Root", "Workloads", [LONG_PATH, HOSTILE_TEXT][index % 6] ?? `unit ${index % 6}`];
    const id = String(100_000_000_000 + index);
    const why = `User: arn:aws:sts::123456789012:assumed-role/${LONG_NAME}/ci is not authorized: ${HOSTILE_TEXT}`;
    if (index % 10 === 9) {
      const outcome = { state: "not read", why, remedy: "the account must have a role" } as const;
      return { ...accountIn(id, name, path), outcome };
    }
    if (index % 10 === 8) return { ...accountIn(id, name, path), outcome: { state: "left out", why: "suspended" } };
    return read(id, name, path, index === 3 ? LARGE : index % 2 === 0 ? FIVE : EMPTY);
  }),
);

function organizationOf(accounts: readonly AccountReport[]): OrganizationImpact {
  const { settings, readAt } = FIVE;
  return organizationImpactOf(
    {
      organization: "o-exampleorg1",
      managementAccount: "111122223333",
      caller: "arn:aws:sts::111122223333:assumed-role/reader/ci",
      role: "reader",
      targets: ["r-ab12"],
      stack: "dev",
      settings,
      readAt,
    },
    accounts,
  );
}

function accountIn(account: string, name: string, path: readonly string[]): Omit<AccountReport, "outcome"> {
  const ending = (path.at(-1) ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
  const id = path.length === 1 ? "r-ab12" : `ou-ab12-${ending.slice(0, 20)}`;
  return { account, name, unit: { id, path }, state: "ACTIVE" };
}

function read(
  account: string,
  name: string,
  path: readonly string[],
  { settings: _, ...impact }: Impact,
): AccountReport {
  const of: AccountImpact = { ...impact, account };
  return { ...accountIn(account, name, path), outcome: { state: "read", impact: of } };
}

function largeImpact(): Impact {
  const people = Array.from({ length: 420 }, (_, index): Person => {
    const change = CHANGES[index % CHANGES.length] ?? "none";
    const from = GUARD_NAMES[index % GUARD_NAMES.length] ?? "sealed";
    const guard = GUARD_NAMES[(index + 1) % GUARD_NAMES.length] ?? "sealed";
    const isHeld = change === "moved" || change === "freed" || (change === "none" && index % 2 === 0);
    return {
      user: [LONG_NAME, WIDE_NAME][index] ?? `first.last-${index}@department.example.com`,
      path: [HOSTILE_PATH, LONG_PATH, "/", "/staff/", "/"][index % 5] ?? "/",
      groups: index % 11,
      ...(change !== "unknown" && { password: index % 3 > 0, device: index % 2 === 0 }),
      heldBy: isHeld ? [from] : [],
      change,
      ...(change !== "freed" && change !== "unknown" && (change !== "none" || isHeld) && { guard }),
      reason: index % 50 === 0 ? HOSTILE_TEXT : "a password, no MFA device",
      ...(change === "pending" && { due: "2027-01-01T00:00:00Z" }),
      ...(change === "freed" && index % 4 === 0 && { stoppedBy: index % 8 === 0 ? "scope" : "maxReleases" }),
      exempt: false,
      createdAt: `20${10 + (index % 17)}-02-03T04:05:06Z`,
      ...(index % 4 === 0 && { lastUsedAt: `2026-0${1 + (index % 9)}-03T04:05:06Z` }),
    };
  });
  const findings = [...KINDS, ...BARE].map((finding, index): Finding => {
    const users = people
      .filter((_, position) => index < KINDS.length && position % (index + 7) === index % 7)
      .map(({ user }, position) => ({
        user,
        what: position === 0 ? `arn:aws:iam::123456789012:policy${LONG_PATH}boundary` : "s3 in us-east-1 on 2026-11-26",
      }));
    return {
      finding,
      message: index === 0 ? HOSTILE_TEXT : `what the finding ${finding} has to say of whom it is about`,
      users,
    };
  });
  return impactOf(people, findings);
}

/** An impact on these people, counted. */
function impactOf(people: readonly Partial<Person>[], findings: readonly Finding[]): Impact {
  const whole = people.map((person): Person => ({ ...NOBODY, ...person }));
  const count = (isOne: (person: Person) => boolean) => whole.filter(isOne).length;
  const places = (placeOf: typeof placeBefore) => ({
    free: count((person) => placeOf(person) === "free"),
    quarantine: count((person) => placeOf(person) === "quarantine"),
    conditional: count((person) => placeOf(person) === "conditional"),
    sealed: count((person) => placeOf(person) === "sealed"),
  });
  const changed = (change: Change) => count((person) => person.change === change);
  return {
    account: "123456789012",
    caller: "arn:aws:sts::123456789012:assumed-role/preview/pull-request",
    stack: "dev",
    settings: { ...DEFAULT_SETTINGS, mode: Mode.Strict },
    readAt: "2026-11-26T21:35:01.286Z",
    reportOf: "2026-11-26T18:48:00Z",
    deployed: GUARD_NAMES,
    users: whole.length,
    before: places(placeBefore),
    after: places(placeAfter),
    changes: {
      held: changed("held"),
      moved: changed("moved"),
      freed: changed("freed"),
      pending: changed("pending"),
      withheld: changed("withheld"),
      unknown: changed("unknown"),
      none: changed("none"),
    },
    people: whole,
    findings,
    calls: 9,
  };
}
