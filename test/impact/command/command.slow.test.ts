import { type ChildProcess, execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { serveCloudTrail } from "../../../fake-aws/cloudtrail-api";
import { serveIam } from "../../../fake-aws/iam/server";
import type { LoopbackServer } from "../../../fake-aws/loopback";
import { serveSts } from "../../../fake-aws/sts-api";
import { ROOT } from "../../support/account";
import { peopleOf } from "../../support/people";
import { newOrganization, unit } from "../../support/readable-organization";
import { RECORDING_TRAIL } from "../../support/trails";
import { newWorld, type World } from "../../support/world";

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as npm does, with this environment's variables of AWS and none of whoever runs the tests. */
function impact(args: readonly string[], aws: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return start(args, aws).ran;
}

/** Starts it, and what comes of it. */
function start(
  args: readonly string[],
  aws: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const own = Object.entries(inherited).filter(([name]) => !/^(AWS|npm_config)_/.test(name));
  const env = {
    ...Object.fromEntries(own),
    NO_COLOR: "1",
    AWS_CONFIG_FILE: "/there/is/none",
    AWS_SHARED_CREDENTIALS_FILE: "/there/is/none",
    AWS_EC2_METADATA_DISABLED: "true",
    ...aws,
  };
  let end: (ran: Ran) => void;
  const ran = new Promise<Ran>((resolve) => {
    end = resolve;
  });
  const child = execFile(
    process.execPath,
    ["--import=tsx", "impact/command/index.ts", ...args],
    { env },
    (error, stdout, stderr) => end({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
  );
  return { child, ran };
}

describe("npm run impact", () => {
  describe("reads an account at the endpoints and with the credentials of AWS's variables", () => {
    let world: World;
    let iam: LoopbackServer;
    let sts: LoopbackServer;
    let cloudTrail: LoopbackServer;
    let aws: Readonly<Record<string, string>>;
    before(async () => {
      world = await newWorld({ reportPolls: 0 });
      const { person, personAt } = peopleOf(world);
      person("alice", "password");
      person("bob", "password", "device");
      personAt("/machines/", "ci");
      iam = await serveIam(world.account, new Map([["AKIAROOT", ROOT]]));
      sts = await serveSts(
        new Map([["AKIAROOT", { accountId: "123456789012", arn: "arn:aws:iam::123456789012:root" }]]),
      );
      const principals = new Map([["AKIAROOT", ROOT]]);
      cloudTrail = await serveCloudTrail({
        accountId: "123456789012",
        region: "us-east-1",
        trails: [RECORDING_TRAIL],
        principals,
        allows: () => true,
      });
      aws = {
        AWS_ACCESS_KEY_ID: "AKIAROOT",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_IAM: iam.url,
        AWS_ENDPOINT_URL_STS: sts.url,
        AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.url,
      };
    });
    after(async () => {
      await iam.close();
      await sts.close();
      await cloudTrail.close();
      await world.close();
    });

    it("and ends with exit code 3 where somebody would be newly held, by the stack's configuration", async () => {
      const { status, stdout, stderr } = await impact(["--stack", "dev", "--json"], aws);
      expect({ status, stderr }).to.deep.equal({ status: 3, stderr: "" });
      const told = JSON.parse(stdout);
      expect(told).to.deep.include({
        account: "123456789012",
        stack: "dev",
        users: 3,
        deployed: ["quarantine", "conditional", "sealed"],
      });
      expect(told.changes).to.deep.include({ held: 1, moved: 0, freed: 0 });
      expect(told.settings).to.deep.include({ mode: "quarantine", failOnImpact: 5000 });
    });

    it("and ends with exit code 0 where nobody would, «what if» included, and touches no file", async () => {
      const before = readFileSync("Pulumi.dev.yaml", "utf8");
      const { status, stdout } = await impact(["--exempt-user", "alice"], aws);
      expect(status).to.equal(0);
      expect(stdout).to.include('what if exemptUsers were ["alice"], and not []');
      expect(stdout).to.include("of 3 users 0 would be newly held");
      expect(readFileSync("Pulumi.dev.yaml", "utf8")).to.equal(before);
    });

    it("and writes nothing", async () => {
      const before = world.records.length;
      await impact(["--mode", "strict", "--markdown"], aws);
      expect(world.records.slice(before)).to.deep.equal([]);
    });

    it("and writes the page where it is told to", async () => {
      const folder = mkdtempSync(join(tmpdir(), "impact-"));
      try {
        const file = join(folder, "impact.html");
        const { status, stderr } = await impact(["--html", file], aws);
        expect([status, stderr]).to.deep.equal([3, `the page is in ${file}\n`]);
        expect(readFileSync(file, "utf8")).to.match(/^<!doctype html>[\s\S]*alice[\s\S]*<\/html>\n$/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("and names by CloudTrail's logs who called what without MFA, of those whom it would hold", async () => {
      const folder = mkdtempSync(join(tmpdir(), "impact-"));
      try {
        const call = (userName: string, accountId = "123456789012") => ({
          eventTime: "2026-03-01T12:00:00Z",
          eventSource: "s3.amazonaws.com",
          eventName: "ListBuckets",
          userIdentity: { type: "IAMUser", accountId, userName },
        });
        const records = [call("CI"), call("ci"), call("alice"), call("gone"), call("ci", "210987654321")];
        writeFileSync(join(folder, "log.json"), JSON.stringify({ Records: records }));
        const args = ["--exempt-user=alice", "--mode=conditional-deny", "--cloudtrail", folder];
        const { stdout } = await impact([...args, "--json"], aws);
        const { evidence } = JSON.parse(stdout);
        expect(evidence).to.deep.include({ files: 1, records: 5, leftOut: 3, problems: [] });
        expect(
          evidence.users.map(({ user, guard, refused }: Record<string, unknown>) => [user, guard, refused]),
        ).to.deep.equal([["CI", "conditional", 2]]);
        for (const [print, line] of [
          ["--all", /\nCI {4}conditional {2}s3 +2 +1 {2}2026-03-01 {2}access key 2 {2}s3:ListAllMyBuckets 2$/m],
          [
            "--markdown",
            /\n\| `CI` \| conditional \| `s3` \| 2 \| 1 \| 2026-03-01 \| access key 2 \| `s3:ListAllMyBuckets` 2 \|$/m,
          ],
        ] as const) {
          const told = await impact([...args, print], aws);
          expect(told.stderr).to.equal("");
          expect(told.stdout).to.match(line);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("and says with exit code 1 why it can't be told", async () => {
      world.account.failNext("GetAccountAuthorizationDetails", "AccessDenied");
      const refused = await impact([], aws);
      expect([refused.status, refused.stdout]).to.deep.equal([1, ""]);
      expect(refused.stderr).to.match(/AccessDenied\n$/);
      const without = await impact([]);
      expect([without.status, without.stdout, without.stderr]).to.deep.equal([
        1,
        "",
        "no credentials: Could not load credentials from any providers\n",
      ]);
    });
  });

  it("says with exit code 1 what is wrong with settings together, as a deploy does", async () => {
    const { status, stderr } = await impact(["--demo", "--mode=strict", "--spare-key-only-users"]);
    expect(status).to.equal(1);
    expect(stderr).to.match(
      /^1 problem in the configuration of require-mfa, stack demo; nothing was deployed\.\n\n {2}require-mfa:spareKeyOnlyUsers is "true"\n/,
    );
  });

  it("says with exit code 2 what is wrong with an option", async () => {
    const { status, stdout, stderr } = await impact(["--mode=strickt"]);
    expect([status, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.match(/^--mode: "strickt" must be one of .*\n\nnpm run impact -- /);
  });

  it("shows the rehearsal's account without one", async () => {
    const { status, stdout, stderr } = await impact(["--demo", "--mode=strict", "--json"]);
    expect([status, stderr]).to.deep.equal([3, ""]);
    const { changes, findings, calls } = JSON.parse(stdout);
    expect(changes).to.deep.equal({ held: 23, moved: 2, freed: 0, none: 7, withheld: 0, pending: 0, unknown: 0 });
    expect(findings.map(({ finding }: { finding: string }) => finding)).to.deep.equal([
      "access-key",
      "ses-smtp",
      "service-credential",
      "nine-groups",
      "exempt-without-device",
    ]);
    expect(calls).to.be.at.most(15);
  });

  describe("of a whole organization", () => {
    it("shows a small one without an account, and names who could not be read and who is left out", async () => {
      const { status, stdout, stderr } = await impact(["--demo", "--organization", "--mode=strict", "--json"]);
      expect([status, stderr]).to.deep.equal([3, ""]);
      const { accounts, changes, users } = JSON.parse(stdout);
      expect(users).to.equal(38);
      expect(changes).to.deep.equal({ held: 29, moved: 2, freed: 0, none: 7, withheld: 0, pending: 0, unknown: 0 });
      expect(
        accounts.map(({ name, unit, outcome }: Record<string, Record<string, unknown>>) => [
          name,
          unit?.["id"],
          outcome?.["why"] ?? outcome?.["state"],
        ]),
      ).to.deep.equal([
        ["management", "r-demo", "read"],
        ["acquired", "ou-demo-sandboxs", "exempt"],
        ["old website", "ou-demo-sandboxs", "suspended"],
        ["sandbox", "ou-demo-sandboxs", "read"],
        ["production", "ou-demo-workload", "read"],
        ["staging", "ou-demo-workload", "read"],
        [
          "warehouse",
          "ou-demo-datalake",
          "User: arn:aws:iam::111122223333:user/administrator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::777788889999:role/OrganizationAccountAccessRole",
        ],
      ]);
    });

    it("ends with exit code 1 where nobody would be held in the accounts that could be read, and some could not", async () => {
      const { status, stdout } = await impact(["--demo", "--organization", "--mode=off"]);
      expect(status).to.equal(1);
      expect(stdout).to.match(
        /of 38 users 0 would be newly held[\s\S]*could not be read \(1\)\n {2}777788889999 warehouse/,
      );
    });

    it("ends with exit code 0 where every account could be read and nobody would be held", async () => {
      const args = ["--demo", "--organization", "--mode=off", "--target=ou-demo-sandboxs"];
      expect((await impact(args)).status).to.equal(0);
    });

    it("writes the page and what was read, and goes on from there", async () => {
      const folder = mkdtempSync(join(tmpdir(), "impact-"));
      try {
        const [html, resume] = [join(folder, "impact.html"), join(folder, "read.jsonl")];
        const args = ["--demo", "--organization", "--html", html, "--resume", resume];
        const { status, stderr } = await impact(args);
        expect([status, stderr]).to.deep.equal([3, `the page is in ${html}\n`]);
        expect(readFileSync(html, "utf8")).to.match(/^<!doctype html>[\s\S]*staging[\s\S]*ines[\s\S]*<\/html>\n$/);
        expect(readFileSync(resume, "utf8").trimEnd().split("\n")).to.have.lengthOf(1 + 4);
        expect((await impact([...args, "--markdown"])).status).to.equal(3);
        const other = await impact([...args, "--mode=strict"]);
        expect([other.status, other.stdout]).to.deep.equal([1, ""]);
        expect(other.stderr).to.include('answers to another question: mode "quarantine", and not "strict"');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("goes on where it was after it was killed", async () => {
      const folder = mkdtempSync(join(tmpdir(), "impact-"));
      const ids = ["000000000021", "000000000022", "000000000023"];
      let isHung = true;
      const organization = await newOrganization({
        root: unit("r-ab12", "Root", ids),
        before: async (account) => {
          while (isHung && account === "000000000022") await setTimeout(20);
        },
      });
      try {
        const resume = join(folder, "read.jsonl");
        const args = ["--organization", "--target=r-ab12", "--role=reader", "--json", "--resume", resume];
        const first = start(args, organization.environment);
        const linesOf = () => (existsSync(resume) ? readFileSync(resume, "utf8").split("\n").length - 1 : 0);
        while (linesOf() < 3) await setTimeout(20);
        first.child.kill("SIGKILL");
        await first.ran;
        isHung = false;
        const before = organization.roles.length;
        const { status, stdout, stderr } = await impact(args, organization.environment);
        expect([status, stderr]).to.deep.equal([0, ""]);
        expect(JSON.parse(stdout).accounts).to.have.lengthOf(3);
        expect(organization.roles.slice(before).map(({ accountId }) => accountId)).to.deep.equal(["000000000022"]);
      } finally {
        isHung = false;
        await organization.close();
        rmSync(folder, { recursive: true });
      }
    });

    it("says what to give where the stack has no targets", async () => {
      const { status, stdout, stderr } = await impact(["--organization"]);
      expect([status, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.match(/the stack has no organizationTargets, so name a root or an OU by --target/);
    });
  });
});
