import { expect } from "chai";
import { readOptions, USAGE } from "../../../impact/command/options";

const whatIfOf = (...args: readonly string[]) => {
  const options = readOptions(args, {});
  return options.print === "usage" ? undefined : options.whatIf;
};

function refusalOf(...args: readonly string[]): string {
  try {
    readOptions(args, {});
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "no refusal";
}

describe("the options of npm run impact", () => {
  it("are a table of the one stack, if nothing is said", () => {
    expect(readOptions([], {})).to.deep.equal({
      print: "table",
      html: undefined,
      all: false,
      account: { stack: undefined },
      logs: [],
      whatIf: {},
    });
  });

  it("take files of CloudTrail's logs, several times and as a shell expands a pattern", () => {
    const options = readOptions(["--cloudtrail", "a.json", "b.json.gz", "--json", "--cloudtrail=folder"], {});
    expect(options).to.deep.include({ print: "json", logs: ["a.json", "folder", "b.json.gz"] });
    expect(refusalOf("--demo", "--cloudtrail=a.json")).to.equal("--demo has no logs, and goes without --cloudtrail");
  });

  it("ask «what if» for each setting that decides or must go with those, and for no other", () => {
    for (const option of [
      "--mode",
      "--[no-]dry-run",
      "--[no-]enrolment-by-access-key",
      "--[no-]self-service",
      "--only-user",
      "--only-path",
      "--only-group",
      "--exempt-user",
      "--exempt-path",
      "--exempt-group",
      "--[no-]spare-key-only-users",
      "--enforce-from",
      "--grace-days",
      "--max-releases",
      "--fail-on-impact",
    ])
      expect(USAGE).to.include(` ${option}`);
    expect(USAGE).to.not.match(/notify|deploy-role|create-trail/);
  });

  it("are written as a stack's configuration writes them", () => {
    expect(
      whatIfOf(
        "--mode=strict",
        "--dry-run",
        "--no-self-service",
        "--exempt-path=/machines/",
        "--exempt-path",
        "/robots/",
        "--only-user=",
        "--grace-days=7",
        "--enforce-from=2027-01-01",
      ),
    ).to.deep.equal({
      mode: "strict",
      dryRun: "true",
      selfService: "false",
      exemptPaths: '["/machines/","/robots/"]',
      onlyUsers: "[]",
      graceDays: "7",
      enforceFrom: "2027-01-01",
    });
  });

  it("ask about a whole organization, by the stack's targets and the role that AWS makes, or by others", () => {
    expect(readOptions(["--organization"], {})).to.deep.equal({
      print: "table",
      html: undefined,
      all: false,
      account: { stack: undefined },
      logs: [],
      whatIf: {},
      organization: { role: "OrganizationAccountAccessRole", resume: undefined, targets: [] },
    });
    const args = [
      "--organization",
      "--target=r-ab12",
      "--target",
      "ou-ab12-cd34ef56",
      "--role=audit/reader",
      "--resume=a",
    ];
    expect(readOptions(args, {})).to.deep.include({
      organization: { role: "audit/reader", resume: "a", targets: ["r-ab12", "ou-ab12-cd34ef56"] },
    });
  });

  it("are checked as settings are, all at once", () => {
    expect(refusalOf("--mode=strickt", "--exempt-user=svc-*", "--grace-days=99")).to.equal(
      [
        '--mode: "strickt" must be one of quarantine, conditional-deny, strict, off',
        '--exempt-user: "svc-*" has a wildcard, and there are none: name a path, which covers all below it, or a group instead',
        '--grace-days: "99" must be a whole number from 0 to 35',
      ].join("\n"),
    );
  });

  const refused: readonly (readonly [readonly string[], string | RegExp])[] = [
    [["--mod", "strict"], "Unknown option '--mod'"],
    [["--notify-email=a@example.com"], /^Unknown option/],
    [["strict"], /^Unexpected argument 'strict'/],
    [["--mode=strict", "--mode=off"], "--mode is given more than once"],
    [["--dry-run", "--no-dry-run"], "--dry-run is given more than once"],
    [["--json", "--markdown"], "--json and --markdown both say what to print"],
    [["--demo", "--stack=dev"], "--demo has no stack, and goes without --stack"],
    [["--html="], "--html wants the name of a file"],
    [["--target=r-ab12"], "--target is about an organization, and goes with --organization"],
    [["--role=reader"], "--role is about an organization, and goes with --organization"],
    [["--resume=a"], "--resume is about an organization, and goes with --organization"],
    [["--organization", "--target=123456789012"], /^--target: "123456789012" is no root or OU: r-ab12 or ou-ab12-/],
    [["--organization", "--target=r-ab12", "--target=r-ab12"], '--target: "r-ab12" is there twice'],
    [["--organization", "--role=arn:aws:iam::123456789012:role/x y"], /^--role: .* is no name of a role/],
    [["--organization", "--role=a", "--role=b"], "--role is given more than once"],
    [["--organization", "--resume="], "--resume wants the name of a file"],
    [["--demo", "--organization", "--cloudtrail=a.json"], "--demo has no logs, and goes without --cloudtrail"],
  ];
  for (const [args, refusal] of refused) {
    it(`are refused: ${args.join(" ")}`, () => {
      if (typeof refusal === "string") expect(refusalOf(...args)).to.equal(refusal);
      else expect(refusalOf(...args)).to.match(refusal);
    });
  }

  it("are refused where npm took them, for want of a -- before them", () => {
    expect(() => readOptions([], { npm_config_exempt_path: "/machines/", npm_config_demo: "true" })).to.throw(
      "npm took --exempt-path=/machines/, --demo for itself; an option of this command goes behind --: npm run impact -- --exempt-path=/machines/ --demo",
    );
  });
});
