import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { foreignKeysWarning } from "../../config/foreign-keys";
import { readSettings } from "../../config/read-settings";
import { type StackConfiguration, secretKeysIn } from "../../config/stack-configuration";
import type { Settings } from "../../core/settings";

const US_EAST_1 = { "aws:region": "us-east-1" };

const source = (
  config: Readonly<Record<string, string>>,
  environment: StackConfiguration["environment"] = {},
): StackConfiguration => ({
  project: "require-mfa",
  stack: "dev",
  config,
  secretKeys: secretKeysIn(environment["PULUMI_CONFIG_SECRET_KEYS"]),
  environment,
});

const DEFAULTS: Settings = {
  mode: "quarantine",
  dryRun: false,
  passwordChangeWithoutMfa: false,
  enrolmentByAccessKey: false,
  usersPage: false,
  spareServiceCalls: false,
  selfService: true,
  onlyUsers: [],
  onlyPaths: [],
  onlyGroups: [],
  exemptUsers: [],
  exemptPaths: [],
  exemptGroups: [],
  spareKeyOnlyUsers: false,
  enforceFrom: "none",
  graceDays: 0,
  sweepEvery: "rate(1 hour)",
  maxReleases: 50,
  notifyEmails: [],
  notifyOn: [],
  deployRoles: [],
  createTrail: false,
  failOnImpact: 5000,
  organizationTargets: [],
  organizationEnforceTargets: [],
  organizationExemptAccounts: [],
};

/** A stack with these settings and a region. */
const stack = (settings: Readonly<Record<string, string>>, environment: StackConfiguration["environment"] = {}) =>
  source(
    {
      ...US_EAST_1,
      ...Object.fromEntries(Object.entries(settings).map(([name, text]) => [`require-mfa:${name}`, text])),
    },
    environment,
  );

/** Names of so many characters each. */
const namesOf = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => String(index).padStart(length, "n"));

/** The message without its first line; [] where nothing was thrown. */
function problemsOf(given: StackConfiguration): readonly string[] {
  try {
    readSettings(given);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split("\n\n").slice(1);
  }
}

describe("settings", () => {
  const valid: readonly (readonly [string, StackConfiguration, Partial<Settings>])[] = [
    ["nothing but a region: every default", source(US_EAST_1), {}],
    [
      "mode conditional-deny",
      source({ ...US_EAST_1, "require-mfa:mode": "conditional-deny" }),
      { mode: "conditional-deny" },
    ],
    ["mode strict", source({ ...US_EAST_1, "require-mfa:mode": "strict" }), { mode: "strict" }],
    ["mode off", source({ ...US_EAST_1, "require-mfa:mode": "off" }), { mode: "off" }],
    [
      "every flag the other way round",
      source({
        ...US_EAST_1,
        "require-mfa:dryRun": "true",
        "require-mfa:passwordChangeWithoutMfa": "true",
        "require-mfa:enrolmentByAccessKey": "true",
        "require-mfa:usersPage": "true",
        "require-mfa:spareServiceCalls": "true",
        "require-mfa:selfService": "false",
        "require-mfa:spareKeyOnlyUsers": "true",
      }),
      {
        dryRun: true,
        passwordChangeWithoutMfa: true,
        enrolmentByAccessKey: true,
        usersPage: true,
        spareServiceCalls: true,
        selfService: false,
        spareKeyOnlyUsers: true,
      },
    ],
    [
      "every list",
      stack({
        onlyUsers: '["alice","bob"]',
        onlyPaths: '["/people/","/a/b/"]',
        onlyGroups: '["developers"]',
        exemptUsers: '["_+=,.@-9","carol@example.com"]',
        exemptPaths: '["/machines/","/!~\\u007f/"]',
        exemptGroups: '["break-glass"]',
      }),
      {
        onlyUsers: ["alice", "bob"],
        onlyPaths: ["/people/", "/a/b/"],
        onlyGroups: ["developers"],
        exemptUsers: ["_+=,.@-9", "carol@example.com"],
        exemptPaths: ["/machines/", "/!~\u007f/"],
        exemptGroups: ["break-glass"],
      },
    ],
    [
      "whom to tell, and of what",
      stack({
        notifyEmails: '["oncall@example.com","a.b+c@mail.example.org"]',
        notifyOn: '["Guard Broken","User Held"]',
        deployRoles:
          '["arn:aws:iam::123456789012:role/deploy","arn:aws-us-gov:iam::123456789012:role/ci/github/deploy"]',
        createTrail: "true",
      }),
      {
        notifyEmails: ["oncall@example.com", "a.b+c@mail.example.org"],
        notifyOn: ["Guard Broken", "User Held"],
        deployRoles: [
          "arn:aws:iam::123456789012:role/deploy",
          "arn:aws-us-gov:iam::123456789012:role/ci/github/deploy",
        ],
        createTrail: true,
      },
    ],
    [
      "where in an organization, by roles of any account",
      stack({
        organizationTargets: '["ou-ab12-cd34ef56","ou-ab12-0a1b2c3d"]',
        organizationEnforceTargets: '["ou-ab12-0a1b2c3d"]',
        organizationExemptAccounts: '["011122223333"]',
        deployRoles: '["arn:aws:iam::*:role/ci/deploy"]',
      }),
      {
        organizationTargets: ["ou-ab12-cd34ef56", "ou-ab12-0a1b2c3d"],
        organizationEnforceTargets: ["ou-ab12-0a1b2c3d"],
        organizationExemptAccounts: ["011122223333"],
        deployRoles: ["arn:aws:iam::*:role/ci/deploy"],
      },
    ],
    ["that a preview stops for anybody", stack({ failOnImpact: "0" }), { failOnImpact: 0 }],
    ["an empty list, with spaces", stack({ exemptUsers: "[ ]" }), {}],
    // Found by hostile input, kind settings, seed 1, path 0:0:2.
    [
      "names that every object has",
      stack({ exemptUsers: '["__proto__","toString"]', exemptGroups: '["constructor"]' }),
      { exemptUsers: ["__proto__", "toString"], exemptGroups: ["constructor"] },
    ],
    [
      "names and paths as long as can be",
      stack({
        onlyUsers: JSON.stringify(["u".repeat(64)]),
        onlyGroups: JSON.stringify(["g".repeat(128)]),
        onlyPaths: JSON.stringify([`/${"p".repeat(510)}/`]),
      }),
      { onlyUsers: ["u".repeat(64)], onlyGroups: ["g".repeat(128)], onlyPaths: [`/${"p".repeat(510)}/`] },
    ],
    [
      "paths that differ by case, and a user, a group and a path of one name",
      stack({ exemptPaths: '["/ci/","/CI/"]', exemptUsers: '["ci"]', exemptGroups: '["ci"]' }),
      { exemptPaths: ["/ci/", "/CI/"], exemptUsers: ["ci"], exemptGroups: ["ci"] },
    ],
    [
      "one user in the scope and exempt",
      stack({ onlyUsers: '["alice"]', exemptUsers: '["alice"]' }),
      { onlyUsers: ["alice"], exemptUsers: ["alice"] },
    ],
    // 35 names of 64 and two of 32, each in two quotes that are escaped, 36 commas, two brackets, and ten for the five
    // empty lists.
    [
      "2,500 bytes of lists",
      stack({ exemptUsers: JSON.stringify([...namesOf(35, 64), ...namesOf(2, 32)]) }),
      { exemptUsers: [...namesOf(35, 64), ...namesOf(2, 32)] },
    ],
    [
      "700 characters of groups",
      stack({ onlyGroups: JSON.stringify(namesOf(10, 10)), exemptGroups: JSON.stringify(namesOf(10, 10)) }),
      { onlyGroups: namesOf(10, 10), exemptGroups: namesOf(10, 10) },
    ],
    ...[
      "rate(15 minutes)",
      "rate(60 minutes)",
      "rate(1440 minutes)",
      "rate(2 hours)",
      "rate(24 hours)",
      "rate(1 day)",
    ].map((sweepEvery) => [sweepEvery, stack({ sweepEvery }), { sweepEvery }] as const),
    ...["none", "2027-01-01", "2028-02-29", "2020-12-31"].map(
      (enforceFrom) => [`enforceFrom ${enforceFrom}`, stack({ enforceFrom }), { enforceFrom }] as const,
    ),
    ["no grace", stack({ graceDays: "0" }), { graceDays: 0 }],
    ["the longest grace", stack({ graceDays: "35" }), { graceDays: 35 }],
    ["no release at all", stack({ maxReleases: "0" }), { maxReleases: 0 }],
    ["as many releases as there can be users", stack({ maxReleases: "5000" }), { maxReleases: 5000 }],
    ["AWS_REGION, where the stack says none", source({}, { AWS_REGION: "us-east-1" }), {}],
    ["AWS_DEFAULT_REGION last", source({}, { AWS_DEFAULT_REGION: "us-gov-west-1" }), {}],
    ["an empty AWS_REGION, which is none", source({}, { AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-1" }), {}],
    ["aws:region before AWS_REGION", source({ "aws:region": "cn-north-1" }, { AWS_REGION: "eu-west-1" }), {}],
    ["GovCloud", source({ "aws:region": "us-gov-west-1" }), {}],
    [
      "keys of the AWS provider and of Pulumi",
      source({ ...US_EAST_1, "aws:profile": "audit", "pulumi:tags": "{}" }),
      {},
    ],
    [
      "keys of providers that a shared environment brings",
      source({ ...US_EAST_1, "kubernetes:context": "prod", "gcp:zone": "b" }),
      {},
    ],
  ];
  for (const [title, given, expected] of valid) {
    it(`takes ${title}`, () => {
      expect(readSettings(given)).to.deep.equal({ ...DEFAULTS, ...expected });
    });
  }

  const invalid: readonly (readonly [string, StackConfiguration, readonly string[]])[] = [
    [
      "a mode that does not exist",
      source({ ...US_EAST_1, "require-mfa:mode": "strickt" }),
      [
        '  require-mfa:mode is "strickt"\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode quarantine',
      ],
    ],
    [
      "a mode that resembles none",
      source({ ...US_EAST_1, "require-mfa:mode": "everything please" }),
      [
        '  require-mfa:mode is "everything please"\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode quarantine',
      ],
    ],
    [
      "an empty mode",
      source({ ...US_EAST_1, "require-mfa:mode": "" }),
      [
        '  require-mfa:mode is ""\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode quarantine',
      ],
    ],
    [
      "a yes for a true",
      source({ ...US_EAST_1, "require-mfa:dryRun": "yes" }),
      ['  require-mfa:dryRun is "yes"\n    must be true or false\n    pulumi config set dryRun false'],
    ],
    [
      "an object for a flag",
      source({ ...US_EAST_1, "require-mfa:selfService": '{"on":true}' }),
      [
        '  require-mfa:selfService is "{\\"on\\":true}"\n    must be true or false\n    pulumi config set selfService true',
      ],
    ],
    [
      "a misspelt key",
      source({ ...US_EAST_1, "require-mfa:dryrun": "true" }),
      [
        '  require-mfa:dryrun is "true"\n    there is no such setting; did you mean dryRun?\n    pulumi config rm require-mfa:dryrun',
      ],
    ],
    [
      "a key that resembles none, its value secret",
      source(
        { ...US_EAST_1, "require-mfa:slackWebhook": "hush" },
        { PULUMI_CONFIG_SECRET_KEYS: '["require-mfa:slackWebhook"]' },
      ),
      [
        "  require-mfa:slackWebhook is [secret]\n    there is no such setting; there are mode, dryRun, passwordChangeWithoutMfa, enrolmentByAccessKey, usersPage, spareServiceCalls, selfService, onlyUsers, onlyPaths, onlyGroups, exemptUsers, exemptPaths, exemptGroups, spareKeyOnlyUsers, enforceFrom, graceDays, sweepEvery, maxReleases, notifyEmails, notifyOn, deployRoles, createTrail, failOnImpact, organizationTargets, organizationEnforceTargets, organizationExemptAccounts\n    pulumi config rm require-mfa:slackWebhook",
      ],
    ],
    [
      "no region",
      source({}),
      [
        "  no region is given\n    aws:region, AWS_REGION, AWS_DEFAULT_REGION were looked at; IAM's events arrive in us-east-1, us-gov-west-1, cn-north-1 only, one for each partition\n    pulumi config set aws:region us-east-1",
      ],
    ],
    [
      "a region where IAM's events never arrive",
      source({ "aws:region": "eu-central-1" }),
      [
        '  aws:region is "eu-central-1"\n    IAM\'s events never arrive there; in the partition aws they arrive in us-east-1 only\n    pulumi config set aws:region us-east-1',
      ],
    ],
    [
      "the other region of GovCloud, from the environment",
      source({}, { AWS_REGION: "us-gov-east-1" }),
      [
        '  AWS_REGION is "us-gov-east-1"\n    IAM\'s events never arrive there; in the partition aws-us-gov they arrive in us-gov-west-1 only\n    pulumi config set aws:region us-gov-west-1',
      ],
    ],
    [
      "the other region of China",
      source({ "aws:region": "cn-northwest-1" }),
      [
        '  aws:region is "cn-northwest-1"\n    IAM\'s events never arrive there; in the partition aws-cn they arrive in cn-north-1 only\n    pulumi config set aws:region cn-north-1',
      ],
    ],
    [
      "a partition that is not known",
      source({ "aws:region": "us-iso-east-1" }),
      [
        '  aws:region is "us-iso-east-1"\n    lies in a partition other than aws, aws-us-gov, aws-cn; where IAM\'s events arrive there is not known',
      ],
    ],
  ];
  for (const [title, given, expected] of invalid) {
    it(`refuses ${title}`, () => {
      expect(problemsOf(given)).to.deep.equal(expected);
    });
  }

  const WILDCARD = "has a wildcard, and there are none: name a path, which covers all below it, or a group instead";
  const USER_NAME = "is no user name: 1 to 64 of A-Z a-z 0-9 _ + = , . @ -";
  const PATH = "is no path: / at both ends, 512 characters at most, no spaces, ASCII only";
  const MAIL = "is no mail address: something@example.com, 254 characters at most, without a display name";
  const ROLE =
    "is no ARN of a role: arn:aws:iam::123456789012:role/NAME, with the role's path where it has one, not that of a session";
  const TARGET =
    "is no root or OU: r-ab12 or ou-ab12-cd34ef56, as aws organizations list-roots and list-organizational-units-for-parent tell";
  const DETAIL_TYPES =
    '"User Held", "User Moved", "User Freed", "User Pending", "Device Enrolled", "Users Changed", "Nobody Held", "Suspicious Enrolment", "Scope Changed", "Exempt User Unprotected", "User Gone", "User Unholdable", "Event Failed", "Sweep Failed", "Releases Stopped", "Guard Broken", "Guard Reattached", "Group Missing", "Setting Unmatched", "Root Without MFA", "Boundary Found", "Report Missing", "Trail Missing", "Trail Unknown"';
  const RATE =
    "must be a rate from 15 minutes to 1 day as EventBridge writes it: rate(15 minutes), rate(1 hour), rate(1 day)";
  const DAY = "must be a day of the calendar as YYYY-MM-DD, which begins at 00:00 UTC, or none";
  const GRACE = "must be a whole number from 0 to 35";
  const RELEASES = "must be a whole number from 0 to 5000";

  /** [the setting, what is given for it, what is wrong, a line each, and the command that puts it right]. */
  const amiss: readonly (readonly [string, string, readonly string[], string])[] = [
    ["exemptUsers", "alice", ["must be a list of user names"], "pulumi config rm exemptUsers"],
    ["exemptUsers", "alice,bob", ["must be a list of user names"], "pulumi config rm exemptUsers"],
    ["onlyGroups", "[developers, ops, Ops]", ["must be a list of group names"], "pulumi config rm onlyGroups"],
    ["onlyPaths", '"people"', ["must be a list of paths"], "pulumi config rm onlyPaths"],
    ["exemptUsers", "", ["must be a list of user names"], "pulumi config rm exemptUsers"],
    ["exemptUsers", "true", ["must be a list of user names"], "pulumi config rm exemptUsers"],
    ["exemptUsers", '{"alice":true}', ["must be a list of user names"], "pulumi config rm exemptUsers"],
    [
      "notifyEmails",
      '["On Call <oncall@example.com>","oncall@example","*@example.com"]',
      [
        `"On Call <oncall@example.com>" ${MAIL}`,
        `"oncall@example" ${MAIL}`,
        '"*@example.com" has a wildcard, and there are none: give each address',
      ],
      "pulumi config set --path 'notifyEmails[0]' ADDRESS",
    ],
    [
      "notifyEmails",
      '["oncall@example.com","OnCall@example.com"]',
      ['"OnCall@example.com" is there twice: addresses compare without case'],
      "pulumi config rm --path 'notifyEmails[1]'",
    ],
    [
      "notifyOn",
      '["Guard Broken","Guard broken"]',
      [`"Guard broken" is no detail-type: there are ${DETAIL_TYPES}`],
      "pulumi config set --path 'notifyOn[1]' DETAIL-TYPE",
    ],
    ["notifyOn", '["User Held","User Held"]', ['"User Held" is there twice'], "pulumi config rm --path 'notifyOn[1]'"],
    [
      "deployRoles",
      '["deploy","arn:aws:sts::123456789012:assumed-role/deploy/ci","arn:aws:iam::123456789012:role/*","arn:aws:iam::*:role/ci/dep?oy","arn:aws:iam::?:role/deploy"]',
      [
        `"deploy" ${ROLE}`,
        `"arn:aws:sts::123456789012:assumed-role/deploy/ci" ${ROLE}`,
        '"arn:aws:iam::123456789012:role/*" has a wildcard, and there are none: give the ARN of each role, with * for the account alone',
        '"arn:aws:iam::*:role/ci/dep?oy" has a wildcard, and there are none: give the ARN of each role, with * for the account alone',
        `"arn:aws:iam::?:role/deploy" ${ROLE}`,
      ],
      "pulumi config set --path 'deployRoles[0]' ARN",
    ],
    ["createTrail", "yes", ["must be true or false"], "pulumi config set createTrail false"],
    [
      "organizationTargets",
      '["ab12","ou-ab12","R-ab12","ou-ab12-cd34ef5","o-a1b2c3d4e5","r-*","r-ab12","r-ab12"]',
      [
        ...["ab12", "ou-ab12", "R-ab12", "ou-ab12-cd34ef5", "o-a1b2c3d4e5"].map((each) => `"${each}" ${TARGET}`),
        '"r-*" has a wildcard, and there are none: a root or an OU covers all below it',
        '"r-ab12" is there twice',
      ],
      "pulumi config set --path 'organizationTargets[0]' TARGET",
    ],
    [
      "organizationEnforceTargets",
      '["r-ab12","r-ab12"]',
      ['"r-ab12" is there twice'],
      "pulumi config rm --path 'organizationEnforceTargets[1]'",
    ],
    [
      "organizationExemptAccounts",
      '["11112222333",111122223333]',
      ['"11112222333" is no account: twelve digits', "111122223333 is no text"],
      "pulumi config set --path --type string 'organizationExemptAccounts[0]' ACCOUNT",
    ],
    ["failOnImpact", "100001", ["must be a whole number from 0 to 100000"], "pulumi config set failOnImpact 5000"],
    ["exemptUsers", "svc-*", ["must be a list of user names"], "pulumi config rm exemptUsers"],
    [
      "exemptUsers",
      '["alice",7,null,["bob"]]',
      ["7 is no text", "null is no text", '["bob"] is no text'],
      "pulumi config set --path 'exemptUsers[1]' NAME",
    ],
    ["exemptUsers", '["-x y"]', [`"-x y" ${USER_NAME}`], "pulumi config set --path 'exemptUsers[0]' NAME"],
    ["onlyUsers", '["alice","a,b c=@"]', [`"a,b c=@" ${USER_NAME}`], "pulumi config set --path 'onlyUsers[1]' NAME"],
    [
      "onlyUsers",
      '["arn:aws:iam::123456789012:user/people/alice"]',
      [`"arn:aws:iam::123456789012:user/people/alice" ${USER_NAME}`],
      "pulumi config set --path 'onlyUsers[0]' NAME",
    ],
    ["onlyUsers", '["alice",""]', [`"" ${USER_NAME}`], "pulumi config set --path 'onlyUsers[1]' NAME"],
    [
      "onlyUsers",
      JSON.stringify(["alice", "u".repeat(65)]),
      [`"${"u".repeat(65)}" ${USER_NAME}`],
      "pulumi config set --path 'onlyUsers[1]' NAME",
    ],
    [
      "exemptGroups",
      JSON.stringify(["ops", "g".repeat(129)]),
      [`"${"g".repeat(129)}" is no group name: 1 to 128 of A-Z a-z 0-9 _ + = , . @ -`],
      "pulumi config set --path 'exemptGroups[1]' NAME",
    ],
    [
      "exemptUsers",
      '["alice","bob","Alice","bob","al ice"]',
      [
        `"al ice" ${USER_NAME}`,
        '"Alice" is there twice: names compare without case',
        '"bob" is there twice: names compare without case',
      ],
      "pulumi config set --path 'exemptUsers[4]' NAME",
    ],
    [
      "exemptUsers",
      '["alice","Alice"]',
      ['"Alice" is there twice: names compare without case'],
      "pulumi config rm --path 'exemptUsers[1]'",
    ],
    ["onlyUsers", '["alice?"]', [`"alice?" ${WILDCARD}`], "pulumi config set --path 'onlyUsers[0]' NAME"],
    ["exemptPaths", '["/machines/*"]', [`"/machines/*" ${WILDCARD}`], "pulumi config set --path 'exemptPaths[0]' PATH"],
    ["exemptPaths", '["/ci/","*"]', [`"*" ${WILDCARD}`], "pulumi config set --path 'exemptPaths[1]' PATH"],
    ["exemptPaths", '["/"]', ['"/" would exempt everybody'], "pulumi config set --path 'exemptPaths[0]' PATH"],
    [
      "onlyPaths",
      '["/"]',
      ['"/" means nothing: every path lies below it'],
      "pulumi config set --path 'onlyPaths[0]' PATH",
    ],
    [
      "exemptPaths",
      '["machines","//","/a b/","/é/","arn:aws:iam::123456789012:user/ci/","/it\'s/","/x"]',
      [
        `"machines" ${PATH}`,
        `"//" ${PATH}`,
        `"/a b/" ${PATH}`,
        `"/é/" ${PATH}`,
        `"arn:aws:iam::123456789012:user/ci/" ${PATH}`,
        `"/x" ${PATH}`,
      ],
      "pulumi config set --path 'exemptPaths[0]' PATH",
    ],
    ["exemptPaths", '["it\'s"]', [`"it's" ${PATH}`], "pulumi config set --path 'exemptPaths[0]' PATH"],
    [
      "onlyPaths",
      JSON.stringify(["/a/", `/${"p".repeat(511)}/`]),
      [`"/${"p".repeat(511)}/" ${PATH}`],
      "pulumi config set --path 'onlyPaths[1]' PATH",
    ],
    ["onlyPaths", '["/a/","/a/"]', ['"/a/" is there twice'], "pulumi config rm --path 'onlyPaths[1]'"],
    ...[
      "rate(1 hours)",
      "rate(2 hour)",
      "rate(5 minutes)",
      "rate(1 minute)",
      "rate(0 hours)",
      "rate(1441 minutes)",
      "rate(2 days)",
      "rate(0.5 days)",
      "Rate( 090 min )",
      "3h",
      "day",
      "cron(0 * * * ? *)",
      "",
    ].map((text) => ["sweepEvery", text, [RATE], "pulumi config set sweepEvery 'rate(1 hour)'"] as const),
    ...[
      "2026-02-30",
      "2027-02-29",
      "2027-13-01",
      "2027-1-1",
      "2027-01-01T00:00:00Z",
      "01/02/2027",
      "20270101",
      "None",
      "tomorrow",
      "",
    ].map((text) => ["enforceFrom", text, [DAY], "pulumi config set enforceFrom none"] as const),
    ...["-1", "36", "1.5", "7 days", ""].map(
      (text) => ["graceDays", text, [GRACE], "pulumi config set graceDays 0"] as const,
    ),
    ...["-1", "5001", "2.5", "1,000", "007", "", "all"].map(
      (text) => ["maxReleases", text, [RELEASES], "pulumi config set maxReleases 50"] as const,
    ),
    ["spareKeyOnlyUsers", "on", ["must be true or false"], "pulumi config set spareKeyOnlyUsers false"],
  ];
  for (const [name, text, problems, fix] of amiss) {
    it(`refuses ${JSON.stringify(text)} for ${name}`, () => {
      expect(problemsOf(stack({ [name]: text }))).to.deep.equal([
        [`  require-mfa:${name} is ${JSON.stringify(text)}`, ...problems, fix].join("\n    "),
      ]);
    });
  }

  for (const mode of ["conditional-deny", "strict"]) {
    it(`refuses spareKeyOnlyUsers beside selfService in mode ${mode}: a user could take the device away and be spared`, () => {
      expect(problemsOf(stack({ mode, spareKeyOnlyUsers: "true" }))).to.deep.equal([
        `  require-mfa:spareKeyOnlyUsers is "true"\n    must be false in mode ${mode} unless selfService is: who has access keys and a device and no password could take the device away, by selfService, and would then be spared, keys and all\n    pulumi config set spareKeyOnlyUsers false`,
      ]);
      expect(problemsOf(stack({ mode, spareKeyOnlyUsers: "true", selfService: "false" }))).to.deep.equal([]);
    });
  }

  it("takes spareKeyOnlyUsers beside selfService where keys need no MFA anyway, and where one leaves", () => {
    expect(problemsOf(stack({ mode: "quarantine", spareKeyOnlyUsers: "true" }))).to.deep.equal([]);
    expect(problemsOf(stack({ mode: "off", spareKeyOnlyUsers: "true" }))).to.deep.equal([]);
  });

  it("refuses what an organization has no use for, told with what was given", () => {
    const targets = { organizationTargets: '["r-ab12"]', deployRoles: '["arn:aws:iam::*:role/deploy"]' };
    expect(problemsOf(stack({ organizationTargets: '["r-ab12"]' }))).to.deep.equal([
      "  deployRoles is not given\n    must name a role beside organizationTargets: what the organization's accounts get is refused to everybody else, and nobody could deploy any more\n    pulumi config set --path 'deployRoles[0]' ARN",
    ]);
    expect(problemsOf(stack({ ...targets, organizationEnforceTargets: '["r-ab12"]', graceDays: "7" }))).to.deep.equal([
      '  require-mfa:graceDays is "7"\n    must not be set beside organizationEnforceTargets: an SCP does not know when a user was made: name a day for everybody, in enforceFrom\n    pulumi config set graceDays 0',
    ]);
  });

  it("refuses a secret, which would be deployed in clear, and tells nothing of it", () => {
    const environment = { PULUMI_CONFIG_SECRET_KEYS: '["require-mfa:exemptUsers","require-mfa:onlyUser"]' };
    expect(problemsOf(stack({ exemptUsers: '["alice"]', onlyUser: '["bob"]' }, environment))).to.deep.equal([
      "  require-mfa:onlyUser is [secret]\n    there is no such setting; did you mean onlyUsers?\n    pulumi config rm require-mfa:onlyUser",
      "  require-mfa:exemptUsers is [secret]\n    settings are deployed in clear, into policies and the function's environment: set it again without --secret\n    pulumi config rm require-mfa:exemptUsers",
    ]);
  });

  for (const listed of ["", "no JSON", "{}"]) {
    it(`takes PULUMI_CONFIG_SECRET_KEYS=${JSON.stringify(listed)} for no secret at all`, () => {
      const given = stack({ mode: "strict" }, { PULUMI_CONFIG_SECRET_KEYS: listed });
      expect(readSettings(given).mode).to.equal("strict");
    });
  }

  it("refuses more bytes of lists than the function's environment has room for", () => {
    const users = [...namesOf(35, 64), ...namesOf(1, 32), ...namesOf(1, 33)];
    expect(problemsOf(stack({ exemptUsers: JSON.stringify(users) }))).to.deep.equal([
      "  the lists of the scope and of the exempt take 2,501 bytes in the function's environment\n    must take at most 2,500, because the environment of a Lambda function ends at 4 KB; name a path or a group instead of many users\n    pulumi config set --path 'exemptPaths[0]' PATH",
    ]);
    expect(problemsOf(stack({ onlyUsers: JSON.stringify(users), onlyPaths: '["/a/"]' }))[0]).to.match(
      /take 2,508 bytes in the function's environment\n.*\n {4}pulumi config set --path 'onlyPaths\[1\]' PATH$/,
    );
  });

  it("refuses more characters of groups than an event pattern has room for", () => {
    const groups = (length: number) => JSON.stringify([...namesOf(9, 10), "g".repeat(length)]);
    expect(problemsOf(stack({ onlyGroups: groups(10), exemptGroups: groups(11) }))).to.deep.equal([
      "  onlyGroups and exemptGroups take 701 characters, each name 25 more than its own\n    must take at most 700, because an EventBridge pattern ends at 2,048; name a path instead of many groups\n    pulumi config set --path 'exemptPaths[0]' PATH",
    ]);
    expect(problemsOf(stack({ onlyGroups: groups(11), exemptGroups: groups(10) }))[0]).to.match(
      / {4}pulumi config set --path 'onlyPaths\[0\]' PATH$/,
    );
  });

  it("refuses more characters of deployRoles than an event pattern has room for", () => {
    const roles = (length: number) =>
      JSON.stringify(
        Array.from({ length: 10 }, (_, index) =>
          `arn:aws:iam::123456789012:role/${index}`.padEnd(index === 9 ? length : 67, "r"),
        ),
      );
    expect(readSettings(stack({ deployRoles: roles(67) })).deployRoles).to.have.lengthOf(10);
    expect(problemsOf(stack({ deployRoles: roles(68) }))).to.deep.equal([
      "  deployRoles takes 701 characters, each ARN 3 more than its own\n    must take at most 700, because an EventBridge pattern ends at 2,048; deploy by fewer roles",
    ]);
  });

  it("lists every problem at once, under a line that counts them", () => {
    const given = source({ "require-mfa:mode": "Strict", "require-mfa:usersPages": "true", "require-mfa:dryRun": "1" });
    expect(() => readSettings(given)).to.throw(
      "4 problems in the configuration of require-mfa, stack dev; nothing was deployed.",
    );
    expect(problemsOf(given).map((problem) => problem.trim().split(" ")[0])).to.deep.equal([
      "require-mfa:usersPages",
      "require-mfa:mode",
      "require-mfa:dryRun",
      "no",
    ]);
  });

  it("quotes an odd key for the shell", () => {
    expect(problemsOf(source({ ...US_EAST_1, "require-mfa:a b'c": "1" }))[0]).to.match(
      /\n {4}pulumi config rm 'require-mfa:a b'\\''c'$/,
    );
  });
});

describe("keys of other projects", () => {
  const CUT = ": keys of another project are not read; the settings of this one begin with require-mfa:";

  /** [what they are, the configuration beside a region, the warning]. */
  const told: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
    ["of the AWS provider and of Pulumi", { "aws:profile": "audit", "pulumi:tags": "{}" }, undefined],
    ["that a shared environment brings", { "kubernetes:context": "prod", "gcp:zone": "b" }, undefined],
    [
      "one letter away from ours",
      { "kubernetes:node": "a", "openai:model": "b", "docker:code": "c", "shop:modes": "d" },
      undefined,
    ],
    ["of the same name as a setting that is set", { "shop:mode": "fast", "require-mfa:mode": "strict" }, undefined],
    ["of the same name as a setting that is not set", { "shop:mode": "fast" }, `shop:mode is "fast"${CUT}`],
    [
      "of the same name as settings that have their defaults, all in one warning",
      {
        "shop:mode": "fast",
        "billing:exemptUsers": "[]",
        "require-mfa:mode": "quarantine",
        "require-mfa:exemptUsers": "[]",
      },
      `shop:mode is "fast"; billing:exemptUsers is "[]"${CUT}`,
    ],
    [
      "in a namespace that nearly is ours",
      { "requiremfa:colour": "red", "require-mfa:mode": "strict" },
      `requiremfa:colour is "red"${CUT}`,
    ],
  ];
  for (const [title, config, warning] of told) {
    it(`pass: ${title}`, () => {
      const given = source({ ...US_EAST_1, ...config });
      expect(() => readSettings(given)).to.not.throw();
      expect(foreignKeysWarning(given)).to.equal(warning);
    });
  }

  it("are not shown where they are secret", () => {
    const given = source({ ...US_EAST_1, "shop:mode": "hush" }, { PULUMI_CONFIG_SECRET_KEYS: '["shop:mode"]' });
    expect(foreignKeysWarning(given)).to.equal(`shop:mode is [secret]${CUT}`);
  });
});

describe("Pulumi.yaml", () => {
  /** The settings that it declares: [name, type, default], read line by line, for it is kept that plain. */
  const declared = [
    ...readFileSync("Pulumi.yaml", "utf8").matchAll(
      /^ {2}(\w+):\n {4}type: (\w+)\n(?: {4}items: \{ type: (\w+) \}\n)?[\s\S]*?\n {4}default: (.+)$/gm,
    ),
  ].map(([, name, type, items, defaultValue]) => [
    name,
    items === undefined ? type : `${type} of ${items}`,
    defaultValue,
  ]);

  it("has Pulumi read what stands before each preview and update", () => {
    expect(parse(readFileSync("Pulumi.yaml", "utf8"))).to.have.nested.property("options.refresh", "always");
  });

  it("declares every setting with its type and default, and no other", () => {
    expect(declared).to.deep.equal([
      ["mode", "string", "quarantine"],
      ["dryRun", "boolean", "false"],
      ["passwordChangeWithoutMfa", "boolean", "false"],
      ["enrolmentByAccessKey", "boolean", "false"],
      ["usersPage", "boolean", "false"],
      ["spareServiceCalls", "boolean", "false"],
      ["selfService", "boolean", "true"],
      ["onlyUsers", "array of string", "[]"],
      ["onlyPaths", "array of string", "[]"],
      ["onlyGroups", "array of string", "[]"],
      ["exemptUsers", "array of string", "[]"],
      ["exemptPaths", "array of string", "[]"],
      ["exemptGroups", "array of string", "[]"],
      ["spareKeyOnlyUsers", "boolean", "false"],
      ["enforceFrom", "string", "none"],
      ["graceDays", "integer", "0"],
      ["sweepEvery", "string", "rate(1 hour)"],
      ["maxReleases", "integer", "50"],
      ["notifyEmails", "array of string", "[]"],
      ["notifyOn", "array of string", "[]"],
      ["deployRoles", "array of string", "[]"],
      ["createTrail", "boolean", "false"],
      ["failOnImpact", "integer", "5000"],
      ["organizationTargets", "array of string", "[]"],
      ["organizationEnforceTargets", "array of string", "[]"],
      ["organizationExemptAccounts", "array of string", "[]"],
    ]);
  });

  it("declares the defaults that the program knows, which Pulumi's mocks do not inject", () => {
    const asDeclared = Object.fromEntries(
      declared.map(([name, , defaultValue]) => [`require-mfa:${name}`, String(defaultValue)]),
    );
    expect(readSettings(source({ ...US_EAST_1, ...asDeclared }))).to.deep.equal(readSettings(source(US_EAST_1)));
  });
});

describe("Pulumi.dev.yaml", () => {
  it("is a working example", () => {
    const lines = [...readFileSync("Pulumi.dev.yaml", "utf8").matchAll(/^ {2}([\w-]+:\w+): (.+)$/gm)];
    const config = Object.fromEntries(lines.map(([, key, value]) => [String(key), String(value)]));
    expect(Object.keys(config)).to.deep.equal(["aws:region", "require-mfa:mode"]);
    expect(readSettings(source(config))).to.deep.equal(DEFAULTS);
  });
});
