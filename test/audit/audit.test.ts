import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { documentsOf } from "../../audit/documents";
import { explain, paragraph } from "../../audit/explain";
import { heldBy } from "../../audit/held-by";
import { openedBy } from "../../audit/opened-by";
import { readOptions, USAGE } from "../../audit/options";
import { DEFAULT_SETTINGS, settingsWith } from "../../audit/settings";
import { whenOf } from "../../audit/when";
import { wrap } from "../../audit/wrap";
import { GUARD_NAMES } from "../../core/guards";
import { MODES, type Mode } from "../../core/modes";
import { DOORS } from "../../policies/door";
import { deploy } from "../../rehearsal/deployment";

/** Runs the command as `npm run policies` does, in a terminal without colours. */
function policies(...args: readonly string[]) {
  return policiesIn({}, ...args);
}

/** The same with more variables in its environment. */
function policiesIn(more: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { FORCE_COLOR: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import=tsx", "audit/index.ts", ...args], {
    encoding: "utf8",
    env: { ...environment, NO_COLOR: "1", ...more },
  });
  return { status, stdout, stderr };
}

/** What these options print as JSON, without a process of its own. */
function documents(...args: readonly string[]) {
  const options = readOptions(args, {});
  if (options.print !== "json") throw new Error(`${args.join(" ")} prints no JSON`);
  return documentsOf(options.selection);
}

function sidsIn(name: string, ...args: readonly string[]): readonly string[] {
  return documents(...args)[name]?.Statement.map(({ Sid }) => Sid) ?? [];
}

/** The command's error about these options. */
function refusalOf(...args: readonly string[]): string {
  try {
    readOptions(args, {});
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error(`${args.join(" ")} was taken`);
}

describe("npm run policies", () => {
  it("prints one JSON object: the guards of the mode, and the handler's role", () => {
    const { status, stdout, stderr } = policies("--mode", "strict", "--partition", "aws-cn", "--usersPage");
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const printed = JSON.parse(stdout);
    expect(Object.keys(printed)).to.deep.equal(["quarantine", "sealed", "require-mfa", "require-mfa-log"]);
    expect(printed.sealed.Version).to.equal("2012-10-17");
    expect(printed.sealed.Statement[0]).to.deep.equal({
      Sid: "AllowTheDoorOnOnesOwnUser",
      Effect: "Allow",
      Action: ["iam:GetUser", "iam:ListMFADevices", "iam:GetMFADevice", "iam:ResyncMFADevice"],
      Resource: ["arn:aws-cn:iam::*:user/${aws:username}", "arn:aws-cn:iam::*:user/*/${aws:username}"],
    });
    expect(stdout).to.match(/^\{\n {2}"quarantine": \{\n {4}"Version"/);
    expect(stdout).to.include('"iam:ListUsers"').and.not.include("arn:aws:");
  });

  it("prints what the program deploys, the role's policies under their own names", async () => {
    const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" } as const;
    const { resources } = await deploy({}, place);
    const deployed = resources.filter(({ type }) => /:(Role)?Policy$/.test(type));
    const { "require-mfa": role, "require-mfa-log": log, quarantine, conditional, sealed, ...others } = documents();
    expect(others).to.deep.equal({});
    expect(
      Object.fromEntries(deployed.map(({ name, inputs }) => [name, JSON.parse(String(inputs["policy"]))])),
    ).to.deep.equal({
      "require-mfa-quarantine": quarantine,
      "require-mfa-conditional": conditional,
      "require-mfa-sealed": sealed,
      "require-mfa": role,
      "require-mfa-log": log,
    });
  });

  it("explains the documents of a mode, each statement with its reason", () => {
    const { status, stdout, stderr } = policies("--explain", "--mode", "conditional-deny");
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const withoutFigures = stdout.replace(/\d[\d,]+(?= of| characters;| to spare)/g, "N");
    expect(withoutFigures.match(/^ {0,2}\w.*$/gm)).to.deep.equal([
      "require-mfa, mode conditional-deny, partition aws  every statement, and why it is there",
      "settings on: selfService; off: passwordChangeWithoutMfa, enrolmentByAccessKey, usersPage,",
      "spareServiceCalls",
      "Who is exempt or outside the scope is held by no guard. An Allow yields to every Deny that applies",
      "too. What the handler may touch is named here by the ARNs of an example stack.",
      "conditional  a guard: a managed policy, attached to an IAM group",
      "  in mode conditional-deny it holds everybody",
      "  N of 6,144 characters, N to spare",
      "  AllowTheDoorOnOnesOwnUser",
      "  AllowTheDoorOnDevices",
      "  AllowTheDoorOnEverything",
      "  BlockMostAccessUnlessSignedInWithMFA",
      "  DenyOtherUsersCredentials",
      "  DenyEnrolmentThroughAService",
      "  DenyEnrolmentThroughAProxy",
      "  DenySignInTokensBeyondTheConsole",
      "  DenyTheDoorByAccessKey",
      "  AllowReadingThePasswordPolicy",
      "  AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation",
      "  AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA",
      "require-mfa  an inline policy of the handler's role; Pulumi puts a random end to its name",
      "  N characters; all of the role's: N of 10,240 characters, N to spare",
      "  ReadUsers",
      "  ReadGroupsOfTheRules",
      "  ReadAccountInBulk",
      "  ReadTheGuards",
      "  ReadTheGuardsPolicies",
      "  ChangeMembershipOfTheGuards",
      "  AttachTheGuardsPoliciesAndNoOther",
      "  ReattachTheGuardsPolicies",
      "  GoOnInAnotherRun",
      "  PutItsOwnEvents",
      "  ReadItsOwnConfiguration",
      "  FindTheTrails",
      "  ReadTheTrails",
      "require-mfa-log  an inline policy of the handler's role; Pulumi puts a random end to its name",
      "  N characters; all of the role's: N of 10,240 characters, N to spare",
      "  WriteItsOwnLog",
      "  KeepWhatItFailedAt",
    ]);
    expect(stdout).to.include(`
  DenyTheDoorByAccessKey
    A leaked access key could otherwise look around by the door, enrol the thief's own device, and
    so get past the guard.
    Effect      Deny
    Action      iam:GetMFADevice, iam:ResyncMFADevice, iam:ListVirtualMFADevices,
                iam:GetAccountSummary, iam:CreateVirtualMFADevice, iam:EnableMFADevice
    Resource    *
    Condition   Null aws:MultiFactorAuthPresent true  (by access key)

`);
  });

  it("prints the tables of docs/policies.md, and that page has no other", () => {
    const { status, stdout, stderr } = policies("--markdown");
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const told = readFileSync("docs/policies.md", "utf8").match(/^\|.*\|$(\n^\|.*\|$)*/gm);
    expect(told).to.have.lengthOf(4);
    expect(told).to.deep.equal(stdout.trimEnd().split("\n\n"));
  });

  it("prints what protects a stack, and docs/protect.md tells its sizes", () => {
    const deployRole = "arn:aws:iam::*:role/deploy";
    const { status, stdout, stderr } = policies("--protect", "--deploy-role", deployRole);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const { scp, boundary, ...others } = JSON.parse(stdout);
    expect(others).to.deep.equal({});
    expect(scp.Statement[1]).to.deep.equal({
      Sid: "LeaveTrailsToTheDeployRoles",
      Effect: "Deny",
      Action: [
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
      ],
      Resource: "arn:aws:cloudtrail:*:*:trail/*",
      Condition: { ArnNotLike: { "aws:PrincipalArn": [deployRole] } },
    });
    const grouped = (document: unknown) => JSON.stringify(document).length.toLocaleString("en-US");
    expect(readFileSync("docs/protect.md", "utf8")).to.include(
      `With one role the SCP takes ${grouped(scp)} of 5,120 characters and the boundary ${grouped(boundary)} of 6,144`,
    );
  });

  it("explains what protects a stack", () => {
    const { status, stdout } = policies("--protect", "--explain", "--deploy-role=arn:aws:iam::123456789012:role/ci");
    expect(status).to.equal(0);
    const withoutFigures = stdout.replace(/\d[\d,]+(?= of| to spare)/g, "N");
    expect(withoutFigures.match(/^ {0,2}\w.*$/gm)).to.deep.equal([
      "require-mfa, component require-mfa, partition aws  what protects it, and why",
      "deploy roles: arn:aws:iam::123456789012:role/ci",
      "scp  a service control policy, for member accounts of an organization",
      "  N of 5,120 characters, N to spare",
      "  LeaveTheStackToItsDeployRoles",
      "  LeaveTrailsToTheDeployRoles",
      "  LeaveTheGuardsToTheDeployRolesAndTheHandler",
      "  LeaveTheirEventsToTheDeployRolesAndTheHandler",
      "boundary  a permissions boundary, for users and roles where no SCP holds",
      "  N of 6,144 characters, N to spare",
      "  AllowWhatOtherPoliciesAllow",
      "  LeaveTheStackToItsDeployRoles",
      "  LeaveTrailsToTheDeployRoles",
      "  LeaveTheGuardsToTheDeployRolesAndTheHandler",
      "  LeaveTheirEventsToTheDeployRolesAndTheHandler",
      "  LeaveBoundariesWhereTheyAre",
      "  GiveTheBoundaryToWhoeverIsMade",
    ]);
    expect(stdout.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
  });

  it("prints the SCPs of an organization, and docs/organization.md tells their sizes", () => {
    const { status, stdout, stderr } = policies(
      "--organization",
      "--mode=strict",
      "--exempt-path=/robots/",
      "--deploy-role=arn:aws:iam::*:role/deploy",
    );
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const printed = JSON.parse(stdout);
    expect(Object.keys(printed)).to.deep.equal(["holding", "tampering", "exemptions"]);
    expect(printed.exemptions.Statement[2].Resource).to.deep.equal(["arn:aws:iam::*:user/robots/*"]);
    const page = readFileSync("docs/organization.md", "utf8");
    for (const [name, document] of Object.entries(printed)) {
      const size = JSON.stringify(document).length.toLocaleString("en-US");
      expect(page, name).to.match(new RegExp(`^\\| \`${name}\` \\|.* \\| ${size} characters \\|$`, "m"));
    }
  });

  it("explains the SCPs of an organization", () => {
    const role = "--deploy-role=arn:aws:iam::*:role/deploy";
    const holding = policies(
      "--organization",
      "--mode=conditional-deny",
      "--explain",
      role,
      "--enforce-from=2027-01-31",
    );
    expect(holding.status).to.equal(0);
    const headings = (text: string) => text.replace(/\d[\d,]+(?= of| to spare)/g, "N").match(/^ {0,2}\w.*$/gm) ?? [];
    const others = [
      "tampering  a service control policy that leaves the stacks to who deploys them",
      "  N of 5,120 characters, N to spare",
      "  LeaveTheStackToItsDeployRoles",
      "  LeaveTrailsToTheDeployRoles",
      "  LeaveTheGuardsToTheDeployRolesAndTheHandler",
      "  LeaveTheirEventsToTheDeployRolesAndTheHandler",
      "exemptions  a service control policy that leaves to them whom the others except",
      "  N of 5,120 characters, N to spare",
      "  LeaveTheRolesOfStackSetsToAWS",
      "  LeaveTheStacksOfStackSetsToThem",
    ];
    expect(headings(holding.stdout)).to.deep.equal([
      "require-mfa, an organization in mode conditional-deny, partition aws  its SCPs, and why",
      "settings on: none; off: passwordChangeWithoutMfa, enrolmentByAccessKey, usersPage, spareServiceCalls",
      "deploy roles: arn:aws:iam::*:role/deploy",
      "exempt users: none; paths: none; accounts: none",
      "holding from: 2027-01-31",
      "holding  a service control policy that holds IAM users in sessions without MFA",
      "  N of 5,120 characters, N to spare",
      "  BlockMostAccessUnlessSignedInWithMFA",
      "  DenyOtherUsersCredentials",
      "  DenyEnrolmentThroughAService",
      "  DenyEnrolmentThroughAProxy",
      "  DenySignInTokensBeyondTheConsole",
      "  DenyTheDoorByAccessKey",
      ...others,
    ]);
    expect(holding.stdout.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    const { stdout } = policies("--organization", "--mode=quarantine", "--explain", role);
    expect(headings(stdout).slice(4)).to.deep.equal([
      "No SCP holds anybody in this mode: an SCP knows sessions and no devices, and this mode does not ask",
      "for MFA in a session.",
      ...others,
    ]);
  });

  it("says what is wrong with what it does not take, and how it is called", () => {
    const { status, stdout, stderr } = policies("--mode", "strickt");
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.equal(`"strickt" is no mode; there are quarantine, conditional-deny, strict, off\n\n${USAGE}\n`);
  });

  it("prints no policy where npm took an option, for want of a -- before it", () => {
    const { status, stdout, stderr } = policiesIn({ npm_config_userspage: "true" });
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.equal(
      `npm took --usersPage for itself; an option of this command goes behind --: npm run policies -- --usersPage\n\n${USAGE}\n`,
    );
  });
});

describe("the options of npm run policies", () => {
  it("are refused where they are not known, have no such value, or have no effect", () => {
    expect(refusalOf("--mod", "strict")).to.equal("Unknown option '--mod'");
    expect(refusalOf("strict")).to.match(/^Unexpected argument 'strict'/);
    expect(refusalOf("--mode")).to.equal("Option '--mode <value>' argument missing");
    expect(refusalOf("--usersPage=yes")).to.equal("Option '--usersPage' does not take an argument");
    expect(refusalOf("--partition", "aws-iso")).to.equal(
      '"aws-iso" is no partition; there are aws, aws-us-gov, aws-cn',
    );
    expect(refusalOf("--markdown", "--mode=strict", "--no-selfService")).to.equal(
      "--markdown prints tables about all modes, settings and partitions, and goes without --mode=strict, --no-selfService",
    );
  });

  it("take deploy roles of the partition, and the component's name, for what protects a stack", () => {
    const options = readOptions(
      [
        "--protect",
        "--partition=aws-cn",
        "--deploy-role=arn:aws-cn:iam::123456789012:role/ci/deploy",
        "--deploy-role",
        "arn:aws-cn:iam::*:role/release",
        "--component=people",
      ],
      {},
    );
    expect(options).to.deep.equal({
      print: "protection",
      protection: {
        partition: "aws-cn",
        component: "people",
        deployRoles: ["arn:aws-cn:iam::123456789012:role/ci/deploy", "arn:aws-cn:iam::*:role/release"],
      },
    });
  });

  it("are refused for what protects a stack where nobody could deploy, or a name would protect something else", () => {
    const deployRole = "--deploy-role=arn:aws:iam::123456789012:role/deploy";
    const noRole = (given: string) =>
      `"${given}" is no ARN of a role: arn:aws:iam::123456789012:role/NAME, with the role's path where it has one, no wildcard but for the account`;
    const table: readonly (readonly [readonly string[], string])[] = [
      [["--protect"], "--protect needs --deploy-role ARN, or nobody could deploy any more"],
      [["--protect", "--deploy-role=deploy"], noRole("deploy")],
      [["--protect", "--deploy-role=arn:aws:iam::123456789012:role/*"], noRole("arn:aws:iam::123456789012:role/*")],
      [["--protect", "--deploy-role=arn:aws:iam::*:role/a*/b"], noRole("arn:aws:iam::*:role/a*/b")],
      [["--protect", "--deploy-role=arn:aws-cn:iam::*:role/deploy"], noRole("arn:aws-cn:iam::*:role/deploy")],
      [
        ["--protect", "--deploy-role=arn:aws:sts::123456789012:assumed-role/deploy/x"],
        noRole("arn:aws:sts::123456789012:assumed-role/deploy/x"),
      ],
      [["--protect", deployRole, deployRole], `${deployRole.replace("=", " ")} is given more than once`],
      [
        ["--protect", deployRole, "--component=people-*"],
        '"people-*" is no component\'s name: 1 to 42 of A-Z a-z 0-9 _ -',
      ],
      [
        ["--protect", deployRole, "--mode=strict", "--usersPage"],
        "--protect is the same in all modes and settings, and goes without --mode=strict, --usersPage",
      ],
      [[deployRole], "--deploy-role goes with --protect or --organization only"],
      [["--component=people", "--explain"], "--component goes with --protect or --deployer only"],
      [
        ["--protect", ...Array.from({ length: 8 }, (_, index) => `${deployRole}-of-the-${index}th-pipeline`)],
        "the boundary takes 6,683 characters of 6,144: name fewer deploy roles",
      ],
    ];
    for (const [args, message] of table) expect(refusalOf(...args)).to.equal(message);
  });

  it("take whom an organization's SCPs hold, and who deploys", () => {
    const given = [
      ...["--organization", "--mode=conditional-deny", "--partition=aws-us-gov", "--usersPage", "--dry-run"],
      ...["--exempt-user=a", "--exempt-user=b", "--exempt-path=/robots/", "--exempt-account=123456789012"],
      ...["--enforce-from=2027-01-31", "--deploy-role=arn:aws-us-gov:iam::*:role/deploy"],
    ];
    expect(readOptions(given, {})).to.deep.equal({
      print: "organization",
      organization: {
        partition: "aws-us-gov",
        mode: "conditional-deny",
        settings: settingsWith(["usersPage", "selfService"]),
        dryRun: true,
        enforceFrom: "2027-01-31",
        exemptUsers: ["a", "b"],
        exemptPaths: ["/robots/"],
        exemptAccounts: ["123456789012"],
        deployRoles: ["arn:aws-us-gov:iam::*:role/deploy"],
      },
    });
  });

  it("are refused for an organization where an SCP can't say it, nobody could deploy, or a name is none", () => {
    const deployRole = "--deploy-role=arn:aws:iam::*:role/deploy";
    const right = ["--organization", "--mode=strict", deployRole];
    const table: readonly (readonly [readonly string[], string])[] = [
      [["--organization", deployRole], "--organization needs --mode, for whom an SCP holds depends on it"],
      [["--organization", "--mode=strict"], "--organization needs --deploy-role ARN, or nobody could deploy any more"],
      [
        [...right, "--no-selfService", "--component=people"],
        "--organization prints what SCPs can say, and goes without --no-selfService, --component=people",
      ],
      [
        [...right, "--exempt-user=robot-*"],
        '--exempt-user: "robot-*" has a wildcard, and there are none: name a path, which covers all below it, or a group instead',
      ],
      [
        [...right, "--exempt-user=a", "--exempt-user=A"],
        '--exempt-user: "A" is there twice: names compare without case',
      ],
      [[...right, "--exempt-path=/"], '--exempt-path: "/" would exempt everybody'],
      [[...right, "--exempt-account=1234"], '--exempt-account: "1234" is no account: twelve digits'],
      [
        [...right, "--exempt-account=123456789012", "--exempt-account=123456789012"],
        '--exempt-account: "123456789012" is there twice',
      ],
      [
        [...right, "--enforce-from=tomorrow"],
        "--enforce-from: must be a day of the calendar as YYYY-MM-DD, which begins at 00:00 UTC, or none",
      ],
      [
        [...right, ...Array.from({ length: 9 }, (_, index) => `--exempt-user=person-${index}`)],
        "the SCP holding takes 5,858 characters of 5,120: name a path instead of many users, and fewer deploy roles",
      ],
      [["--exempt-user=a"], "--exempt-user goes with --organization only"],
      [[...right, "--dry-run", "--dry-run"], "--dry-run is given more than once"],
    ];
    for (const [args, message] of table) expect(refusalOf(...args)).to.equal(message);
  });

  it("are refused where they are repeated", () => {
    expect(refusalOf("--mode", "strict", "--mode", "off")).to.equal("--mode is given more than once");
    expect(refusalOf("--usersPage", "--usersPage")).to.equal("--usersPage is given more than once");
    expect(refusalOf("--selfService", "--explain", "--no-selfService")).to.equal(
      "--selfService is given more than once",
    );
  });

  it("are refused where npm took them, for want of a -- before them", () => {
    /** [after `npm run policies`, the variables that npm 10 and 11 set, the options as they are told]. */
    const table: readonly (readonly [string, Readonly<Record<string, string>>, ...(readonly string[])])[] = [
      ["--usersPage", { npm_config_userspage: "true" }, "--usersPage"],
      ["--mode=strict", { npm_config_mode: "strict" }, "--mode=strict"],
      ["--mode strict", { npm_config_mode: "true" }, "--mode <mode>"],
      ["--mode=strict --mode=off", { npm_config_mode: "strict\n\noff" }, "--mode=strict", "--mode=off"],
      ["--no-selfService", { npm_config_selfservice: "" }, "--no-selfService"],
      ["--deploy-role=x", { npm_config_deploy_role: "x" }, "--deploy-role=x"],
      [
        "--partition=aws-cn --explain",
        { npm_config_partition: "aws-cn", npm_config_explain: "true" },
        "--explain",
        "--partition=aws-cn",
      ],
    ];
    for (const [given, environment, ...told] of table) {
      expect(() => readOptions([], environment), given).to.throw(
        `npm took ${told.join(", ")} for itself; an option of this command goes behind --: npm run policies -- ${told.join(" ")}`,
      );
    }
    const ofEveryRun = { npm_config_prefix: "/usr", npm_config_yes: "", npm_config_user_agent: "npm/11.19.1" };
    expect(readOptions(["--markdown"], ofEveryRun)).to.deep.equal({ print: "markdown" });
  });

  it("name every mode and every setting of the door in the usage", () => {
    expect(readOptions(["--help"], {})).to.deep.equal({ print: "usage" });
    for (const name of [...MODES, ...Object.keys(DEFAULT_SETTINGS)])
      expect(USAGE).to.match(new RegExp(`\\b${name}\\b`));
  });

  it("take the defaults of Pulumi.yaml for the settings that are not named", () => {
    const defaults = readFileSync("Pulumi.yaml", "utf8").matchAll(/^ {2}(\w+):\n(?: {4}.*\n)*? {4}default: (.+)$/gm);
    const declared = Object.fromEntries([...defaults].map(([, name, defaultValue]) => [name, defaultValue]));
    for (const [name, defaultValue] of Object.entries(DEFAULT_SETTINGS))
      expect(declared[name], name).to.equal(String(defaultValue));
  });

  it("select the guards that hold somebody in the mode, and all three without one", () => {
    const handler = ["require-mfa", "require-mfa-log"];
    expect(Object.keys(documents())).to.deep.equal(["quarantine", "conditional", "sealed", ...handler]);
    const table: readonly (readonly [Mode, readonly string[]])[] = [
      ["quarantine", ["quarantine", ...handler]],
      ["conditional-deny", ["conditional", ...handler]],
      ["strict", ["quarantine", "sealed", ...handler]],
      ["off", handler],
    ];
    for (const [mode, names] of table) expect(Object.keys(documents("--mode", mode)), mode).to.deep.equal(names);
    expect(Object.keys(documents("--mode", "strict", "--enrolmentByAccessKey"))).to.deep.equal([
      "quarantine",
      "conditional",
      "sealed",
      ...handler,
    ]);
  });

  it("change by each setting what it is about", () => {
    expect(sidsIn("sealed", "--no-selfService")).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnEverything",
      "BlockMostAccessUnlessSignedInWithMFA",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
      "DenyTheDoorByAccessKey",
    ]);
    expect(sidsIn("sealed")).to.include("AllowIndividualUserToManageTheirOwnMFA");
    expect(sidsIn("quarantine")).to.include("DenyTheDoorByAccessKey");
    expect(sidsIn("quarantine", "--enrolmentByAccessKey")).to.not.include("DenyTheDoorByAccessKey");
    expect(sidsIn("conditional")).to.not.include("DenyProxiesUnlessSignedInWithMFA");
    expect(sidsIn("conditional", "--spareServiceCalls")).to.include("DenyProxiesUnlessSignedInWithMFA");
    expect(sidsIn("sealed")).to.include("AllowReadingThePasswordPolicy");
    expect(sidsIn("sealed", "--no-selfService")).to.not.include("AllowReadingThePasswordPolicy");
    expect(JSON.stringify(documents())).to.not.include("iam:ListUsers");
    expect(JSON.stringify(documents("--usersPage"))).to.include("iam:ListUsers");
  });

  it("put the handler where the partition's events of IAM arrive, under the names that Pulumi gives", () => {
    const arns = (...args: readonly string[]) => {
      const { "require-mfa": role, "require-mfa-log": log } = documents(...args);
      const arns = [...JSON.stringify([role, log]).matchAll(/"(arn:[^"]*1a2b3c4[^"]*)"/g)];
      return [...new Set(arns.map(([, arn]) => arn))];
    };
    expect(arns()).to.deep.equal([
      "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
      "arn:aws:iam::123456789012:group/require-mfa/dev/require-mfa-quarantine-1a2b3c4",
      "arn:aws:iam::123456789012:group/require-mfa/dev/require-mfa-conditional-1a2b3c4",
      "arn:aws:iam::123456789012:group/require-mfa/dev/require-mfa-sealed-1a2b3c4",
      "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4",
      "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-conditional-1a2b3c4",
      "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4",
      "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-1a2b3c4:*",
      "arn:aws:sqs:us-east-1:123456789012:require-mfa-failed-1a2b3c4",
    ]);
    expect(arns("--partition", "aws-us-gov")).to.include(
      "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:require-mfa-1a2b3c4",
    );
    expect(arns("--partition", "aws-cn")).to.include(
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:require-mfa-1a2b3c4:*",
    );
  });
});

describe("an explanation", () => {
  const plain = stripVTControlCharacters;

  it("tells whom a guard holds, by the decision itself", () => {
    const table: readonly (readonly [Mode, readonly (string | undefined)[]])[] = [
      ["quarantine", ["whoever has a password and no MFA device", undefined, undefined]],
      ["conditional-deny", [undefined, "everybody", undefined]],
      [
        "strict",
        [
          "whoever has a password and no MFA device",
          undefined,
          "whoever has a password and an MFA device, an MFA device and no password, or neither (access keys only)",
        ],
      ],
      ["off", [undefined, undefined, undefined]],
    ];
    for (const [mode, held] of table) {
      expect(
        GUARD_NAMES.map((guard) => heldBy(guard, mode, DEFAULT_SETTINGS)),
        mode,
      ).to.deep.equal(held);
    }
    const byKey = { ...DEFAULT_SETTINGS, enrolmentByAccessKey: true };
    expect(heldBy("conditional", "strict", byKey)).to.equal("whoever has neither (access keys only)");
    expect(heldBy("sealed", "strict", byKey)).to.equal(
      "whoever has a password and an MFA device or an MFA device and no password",
    );
  });

  it("says of mode off that the guards stand, with nobody in them", () => {
    const text = plain(explain({ mode: "off", partition: "aws", settings: DEFAULT_SETTINGS }));
    expect(text).to.include("\nNo guard holds anybody in this mode. All three stand, with nobody in them,");
    expect(text).to.not.match(/^(quarantine|conditional|sealed) /m);
  });

  it("tells of a deny by NotAction why each action is left open, and of every condition what it means", () => {
    const settings = { ...DEFAULT_SETTINGS, selfService: false, spareServiceCalls: true };
    const deny = documentsOf({ mode: "strict", partition: "aws", settings })["sealed"]?.Statement.find(
      ({ Sid }) => Sid === "BlockMostAccessUnlessSignedInWithMFA",
    );
    if (deny === undefined) throw new Error("sealed has no main deny");
    expect(plain(paragraph(deny, DOORS.sealed(settings)).join("\n"))).to.equal(
      `  BlockMostAccessUnlessSignedInWithMFA
    Outside the door a password or an access key alone shall not be enough, not even an
    administrator's: it takes MFA.
    Effect      Deny
    NotAction   iam:GetUser                   the Security credentials page shows nothing without it
                iam:ListMFADevices            to see which devices one has
                iam:GetMFADevice              the details of a passkey
                iam:ResyncMFADevice           a device whose clock has drifted
                iam:ListVirtualMFADevices     the page asks for it and IAM takes no resource here;
                                              it shows the names of devices and whose they are
                iam:GetAccountSummary         the page's header
                sts:GetSessionToken           needs no permission; listed so that the list reads
                                              true
                signin:Authenticate           where AWS authorizes console sign-ins by policy
                signin:AuthorizeOAuth2Access  likewise, the console's own token
                signin:CreateOAuth2Token      likewise, the console's own token
    Resource    *
    Condition   BoolIfExists aws:MultiFactorAuthPresent false  (without MFA)
                BoolIfExists aws:ViaAWSService false  (not through a service)`,
    );
  });

  it("lists every value of a condition that has several", () => {
    const attach = documents()["require-mfa"]?.Statement.find(({ Sid }) => Sid === "AttachTheGuardsPoliciesAndNoOther");
    if (attach === undefined) throw new Error("the handler attaches nothing");
    expect(plain(paragraph(attach, []).join("\n"))).to.equal(
      `  AttachTheGuardsPoliciesAndNoOther
    A user who is in ten groups already can join no other, and is held by the guard's policy itself.
    Effect      Allow
    Action      iam:AttachUserPolicy, iam:DetachUserPolicy
    Resource    arn:aws:iam::*:user/*
    Condition   ArnEquals lambda:SourceFunctionArn
                  arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4
                ArnEquals iam:PolicyARN
                  arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4
                  arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-conditional-1a2b3c4
                  arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4`,
    );
  });

  it("keeps to 100 columns, and breaks between words", () => {
    const text = plain(explain({ mode: undefined, partition: "aws", settings: DEFAULT_SETTINGS }));
    expect(text.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    expect(wrap("a bb ccc dddddddd e", 4)).to.deep.equal(["a bb", "ccc", "dddddddd", "e"]);
  });
});

describe("a cell of the tables", () => {
  it("names the settings that something needs and those that bar it", () => {
    expect(openedBy(() => true)).to.equal("yes");
    expect(openedBy(() => false)).to.equal("no");
    expect(openedBy(({ usersPage }) => usersPage)).to.equal("`usersPage`");
    expect(openedBy(({ usersPage }) => !usersPage)).to.equal("unless `usersPage`");
    expect(openedBy((each) => each.selfService && each.usersPage && !each.passwordChangeWithoutMfa)).to.equal(
      "`usersPage` and `selfService` unless `passwordChangeWithoutMfa`",
    );
  });

  it("is refused where no such list would be true", () => {
    expect(() => openedBy(({ usersPage, selfService }) => usersPage || selfService)).to.throw(
      /^there in 24 of the 32 ways to set passwordChangeWithoutMfa, /,
    );
    expect(() => openedBy(({ usersPage, selfService }) => usersPage === selfService)).to.throw(
      /^there in 16 of the 32 ways/,
    );
  });

  it("is refused for a condition without words", () => {
    expect(whenOf(undefined)).to.equal("always");
    expect(whenOf({ Bool: { "aws:ViaAWSMCPService": "true", "aws:MultiFactorAuthPresent": "true" } })).to.equal(
      "through a proxy and with MFA",
    );
    expect(() => whenOf({ Bool: { "aws:MultiFactorAuthPresent": "false" } })).to.throw(
      /"operator":"Bool".*"values":\["false"\].* has no words/,
    );
  });
});

describe("the tables of docs/policies.md", () => {
  const text = readFileSync("docs/policies.md", "utf8");

  /** The cells of the row that begins with this one, but for the reason at its end. */
  function cellsOf(first: string): readonly string[] {
    const row = text.split("\n").find((line) => line.startsWith(`| ${first} |`)) ?? "";
    return row.split(" | ").slice(1, -1);
  }

  it("say what opens each action of the door", () => {
    expect(cellsOf("iam:GetUser")).to.deep.equal(["own user", "yes", "yes", "yes", "shut in quarantine"]);
    expect(cellsOf("iam:EnableMFADevice")).to.deep.equal(["own user", "yes", "yes", "no", "shut"]);
    expect(cellsOf("iam:ChangePassword")).to.deep.equal([
      "own user",
      "yes",
      "`passwordChangeWithoutMfa`",
      "`passwordChangeWithoutMfa`",
      "open",
    ]);
    expect(cellsOf("iam:ListUsers")).to.deep.equal(["everything", "`usersPage`", "`usersPage`", "`usersPage`", "shut"]);
  });

  it("say in which guards a statement stands, by which settings, and when it applies", () => {
    expect(cellsOf("DenyEverythingButTheDoor")).to.deep.equal(["Deny", "yes", "no", "no", "always"]);
    expect(cellsOf("BlockMostAccessUnlessSignedInWithMFA")).to.deep.equal([
      "Deny",
      "no",
      "yes",
      "yes",
      "without MFA; with `spareServiceCalls`: without MFA and not through a service",
    ]);
    expect(cellsOf("DenyOtherUsersCredentials")).to.deep.equal([
      "Deny",
      "yes",
      "yes",
      "yes",
      "always in quarantine, without MFA in conditional and sealed",
    ]);
    expect(cellsOf("DenyTheDoorByAccessKey")).to.deep.equal([
      "Deny",
      "unless `enrolmentByAccessKey`",
      "unless `enrolmentByAccessKey`",
      "unless `enrolmentByAccessKey`",
      "by access key",
    ]);
    expect(cellsOf("AllowReadingThePasswordPolicy")).to.deep.equal([
      "Allow",
      "no",
      "`selfService`",
      "`selfService`",
      "always",
    ]);
    expect(cellsOf("AllowIndividualUserToManageTheirOwnMFA")).to.deep.equal([
      "Allow",
      "no",
      "no",
      "`selfService`",
      "always",
    ]);
  });

  it("say what the handler may touch", () => {
    expect(cellsOf("ChangeMembershipOfTheGuards")).to.deep.equal([
      "iam:AddUserToGroup, iam:RemoveUserFromGroup",
      "the guards' groups",
      "its own function",
    ]);
    expect(cellsOf("AttachTheGuardsPoliciesAndNoOther")).to.deep.equal([
      "iam:AttachUserPolicy, iam:DetachUserPolicy",
      "any user, where `iam:PolicyARN` is one of the guards' policies",
      "its own function",
    ]);
    expect(cellsOf("WriteItsOwnLog")).to.deep.equal([
      "logs:CreateLogStream, logs:PutLogEvents",
      "its own log group",
      "whoever has the role",
    ]);
    expect(cellsOf("KeepWhatItFailedAt")).to.deep.equal([
      "sqs:SendMessage",
      "the queue for what it failed at",
      "whoever has the role",
    ]);
  });

  it("leave each guard room within its quota", () => {
    const sizes = [...text.matchAll(/^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$/gm)];
    const numbers = sizes.map(([, guard, ...cells]) => [guard, ...cells.map((cell) => Number(cell.replace(",", "")))]);
    expect(numbers.map(([guard]) => guard)).to.deep.equal(["quarantine", "conditional", "sealed"]);
    for (const [guard, byDefault, most, spare] of numbers) {
      expect(byDefault, String(guard)).to.be.at.most(Number(most));
      expect(Number(most) + Number(spare), String(guard)).to.equal(6144);
    }
  });
});
