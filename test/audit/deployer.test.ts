import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { deployerDocuments } from "../../audit/deployer";
import { explainDeployer } from "../../audit/explain";
import { readOptions } from "../../audit/options";

const STACK = ["--deployer", "--stack", "dev", "--account", "123456789012"];

/** What is printed about which deployment, or the command's error. */
function optionsOf(...args: readonly string[]): unknown {
  try {
    return readOptions(args, {});
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe("npm run policies -- --deployer", () => {
  it("prints both documents as one JSON object", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import=tsx", "audit/index.ts", ...STACK], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    const reach = { partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" } as const;
    expect(JSON.parse(stdout)).to.deep.equal(deployerDocuments(reach));
    expect(Object.keys(JSON.parse(stdout))).to.deep.equal(["preview", "up"]);
  });

  it("takes stack, account, component and partition, and explains", () => {
    const reach = { partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" };
    expect(optionsOf(...STACK)).to.deep.equal({ print: "deployer", reach });
    expect(optionsOf(...STACK, "--component", "mfa", "--partition", "aws-cn", "--explain")).to.deep.equal({
      print: "deployer explained",
      reach: { ...reach, component: "mfa", partition: "aws-cn" },
    });
  });

  it("prints two documents more where the stack is an organization's, and explains them", () => {
    const reach = { partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" } as const;
    const organization = { ...reach, organization: true } as const;
    expect(optionsOf(...STACK, "--organization")).to.deep.equal({ print: "deployer", reach: organization });
    const { organizationPreview, organizationUp, ...others } = deployerDocuments(organization);
    expect(others).to.deep.equal(deployerDocuments(reach));
    expect([organizationPreview, organizationUp].map((each) => each?.Statement[0]?.Sid)).to.deep.equal([
      "SeeTheOrganization",
      "ChangeTheSCPs",
    ]);
    const told = stripVTControlCharacters(explainDeployer(organization));
    expect(told).to.match(/^organizationPreview {2}another for both, where the stack is an organization's$/m);
    expect(told).to.match(
      /^organizationUp {2}another for the one that deploys, where the stack is an organization's$/m,
    );
  });

  it("says what is missing, is wrong or has no effect", () => {
    const needs = "--deployer needs --stack NAME and --account ID, for what it prints is about no other";
    expect(optionsOf("--deployer")).to.equal(needs);
    expect(optionsOf("--deployer", "--stack", "dev")).to.equal(needs);
    expect(optionsOf("--deployer", "--stack", "acme/require-mfa/dev", "--account", "123456789012")).to.equal(
      '"acme/require-mfa/dev" is no stack\'s own name, without organization and project: A-Z a-z 0-9 _ . -',
    );
    expect(optionsOf("--deployer", "--stack", "dev*", "--account", "123456789012")).to.match(/^"dev\*" is no stack's/);
    expect(optionsOf("--deployer", "--stack", "dev", "--account", "*")).to.equal(
      '"*" is no account ID of twelve digits',
    );
    expect(optionsOf(...STACK, "--component", "")).to.equal('"" is no component\'s name: 1 to 42 of A-Z a-z 0-9 _ -');
    expect(optionsOf(...STACK, "--partition", "aws-eu")).to.equal(
      '"aws-eu" is no partition; there are aws, aws-us-gov, aws-cn',
    );
    expect(optionsOf(...STACK, "--mode", "off", "--usersPage")).to.equal(
      "--deployer is the same in all modes and settings, and goes without --mode, --usersPage",
    );
    expect(optionsOf("--stack", "dev")).to.equal("--stack goes with --deployer only");
    expect(optionsOf(...STACK, "--account", "1")).to.equal("--account is given more than once");
  });

  it("tells each statement with its reason", () => {
    const text = stripVTControlCharacters(
      explainDeployer({ partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" }),
    );
    expect(text).to.match(/^require-mfa, stack dev of account 123456789012 {2}what who deploys may do, and why\n/);
    expect(text.match(/^\w+ {2}a managed policy.*$/gm)).to.deep.equal([
      "preview  a managed policy, for the role that previews and for the one that deploys",
      "up  a managed policy, for the role that deploys",
    ]);
    expect(text).to.include(`
  GiveTheFunctionItsRole
    A role that is passed on is a role that is had, so it goes to Lambda alone, and no other role.
    Effect      Allow
    Action      iam:PassRole
    Resource    arn:aws:iam::123456789012:role/require-mfa/dev/*
    Condition   StringEquals iam:PassedToService
                  lambda.amazonaws.com
`);
  });
});
