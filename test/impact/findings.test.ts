import { expect } from "chai";
import type { Trail } from "../../fake-aws/cloudtrail-api";
import type { Finding, Impact } from "../../impact/impact";
import { PROTECTIONS } from "../../policies/protect";
import { enableDevice, ROOT } from "../support/account";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { newPreviewer, type Previewer } from "../support/previewer";
import { RECORDING_TRAIL } from "../support/trails";
import { newWorld, type World } from "../support/world";

const PROTECTING = PROTECTIONS.boundary({
  partition: "aws",
  component: "require-mfa",
  deployRoles: ["arn:aws:iam::123456789012:role/deploy"],
});

describe("what an impact report finds", () => {
  let world: World;
  let previewer: Previewer;
  const begin = async (options = {}, trails: readonly Trail[] = [RECORDING_TRAIL]) => {
    world = await newWorld({ reportPolls: 0, ...options });
    previewer = await newPreviewer(world, trails);
  };
  const end = async () => {
    await previewer.close();
    await world.close();
  };
  beforeEach(() => begin());
  afterEach(end);

  const person = (name: string, ...has: readonly ("password" | "device")[]) => peopleOf(world).person(name, ...has);
  const key = (user: string) => world.root("CreateAccessKey", { UserName: user });
  const usesKey = (user: string, service: string, region?: string) => {
    key(user);
    world.account.useAccessKey(user, service, region);
  };
  const find = ({ findings }: Impact, kind: Finding["finding"]) => findings.find(({ finding }) => finding === kind);
  const usersOf = (impact: Impact, kind: Finding["finding"]) =>
    (find(impact, kind)?.users ?? []).map(({ user, what }) => (what === undefined ? user : `${user}: ${what}`));

  it("nothing where there is nothing to find", async () => {
    person("alice", "password");
    person("bob", "password", "device");
    expect((await previewer.impact()).findings).to.deep.equal([]);
  });

  it("access keys used within 90 days whose users come under a guard, with service, region and day", async () => {
    for (const user of ["fresh", "old", "held", "unused", "free"]) person(user);
    usesKey("old", "ec2");
    world.waitHours(90 * 24 + 1);
    usesKey("fresh", "s3", "eu-west-1");
    usesKey("held", "s3");
    peopleOf(world).join("held", GUARDS.sealed.group);
    key("unused");
    usesKey("free", "s3");
    const strict = await previewer.impact({ mode: "strict", exemptUsers: ["free"] });
    expect(usersOf(strict, "access-key")).to.deep.equal(["fresh: s3 in eu-west-1 on 2026-06-03"]);
    world.waitHours(5);
    expect(usersOf(await previewer.impact({ mode: "quarantine" }), "access-key")).to.deep.equal([]);
  });

  it("not those of an earlier user of the same name, of whom the report still tells", async () => {
    person("ci");
    usesKey("ci", "s3");
    await previewer.impact();
    const [AccessKeyId] = world.account
      .call(ROOT, "ListAccessKeys", { UserName: "ci" })
      .AccessKeyMetadata.map((each) => each.AccessKeyId);
    world.root("DeleteAccessKey", { UserName: "ci", AccessKeyId: AccessKeyId ?? "" });
    world.root("DeleteUser", { UserName: "ci" });
    world.waitHours(1);
    person("ci");
    const impact = await previewer.impact({ mode: "strict" });
    expect([impact.changes.held, usersOf(impact, "access-key")]).to.deep.equal([1, []]);
    expect(impact.people[0]).to.not.have.property("lastUsedAt");
  });

  it("the same of whom a dry run or a day to come only spares for now", async () => {
    person("ci");
    usesKey("ci", "s3");
    const dryRun = await previewer.impact({ mode: "strict", dryRun: true });
    const later = await previewer.impact({ mode: "strict", enforceFrom: "2026-04-01" });
    expect([usersOf(dryRun, "access-key"), usersOf(later, "access-key")]).to.deep.equal([
      ["ci: s3 in us-east-1 on 2026-03-05"],
      ["ci: s3 in us-east-1 on 2026-03-05"],
    ]);
  });

  it("users who send mail by SES's SMTP: by the console's name for them, by its group, by what the key was used for", async () => {
    for (const user of ["ses-smtp-user.20260105-101500", "newsletter", "mailer", "other"]) person(user);
    peopleOf(world).groups("AWSSESSendingGroupDoNotRename");
    peopleOf(world).join("newsletter", "AWSSESSendingGroupDoNotRename");
    usesKey("mailer", "ses");
    usesKey("other", "s3");
    expect(usersOf(await previewer.impact({ mode: "conditional-deny" }), "ses-smtp")).to.deep.equal([
      "mailer",
      "newsletter",
      "ses-smtp-user.20260105-101500",
    ]);
  });

  it("credentials for one service alone", async () => {
    for (const user of ["git", "both", "none"]) person(user);
    const credential = (UserName: string, ServiceName: string) =>
      world.root("CreateServiceSpecificCredential", { UserName, ServiceName });
    credential("git", "codecommit.amazonaws.com");
    credential("both", "codecommit.amazonaws.com");
    credential("both", "bedrock.amazonaws.com");
    expect(usersOf(await previewer.impact({ mode: "strict" }), "service-credential")).to.deep.equal([
      "both: codecommit.amazonaws.com, bedrock.amazonaws.com",
      "git: codecommit.amazonaws.com",
    ]);
  });

  it("signing certificates", async () => {
    person("soap");
    world.root("UploadSigningCertificate", { UserName: "soap", CertificateBody: "-----BEGIN CERTIFICATE-----" });
    expect(usersOf(await previewer.impact({ mode: "strict" }), "certificate")).to.deep.equal(["soap"]);
  });

  it("who has an access key and MFA without an authenticator app, where MFA is asked for in each session", async () => {
    for (const user of ["passkey", "app", "no-key"]) person(user, "password");
    for (const user of ["passkey", "no-key"]) world.enrol(user);
    enableDevice(world, ROOT, "app", [-30, 0], "app");
    for (const user of ["passkey", "app"]) key(user);
    const strict = await previewer.impact({ mode: "strict" });
    expect(usersOf(strict, "no-app")).to.deep.equal(["passkey"]);
    const before = previewer.calls().length;
    expect(find(await previewer.impact({ mode: "quarantine" }), "no-app")).to.equal(undefined);
    expect(previewer.calls().slice(before)).to.not.include("ListVirtualMFADevices");
  });

  describe("permissions boundaries of who is to be held and has no device:", () => {
    const bound = (user: string, name: string, ...statements: readonly object[]) => {
      const arn = `arn:aws:iam::123456789012:policy/${name}`;
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      if (statements.length > 0) world.root("CreatePolicy", { PolicyName: name, PolicyDocument });
      world.root("PutUserPermissionsBoundary", { UserName: user, PermissionsBoundary: arn });
    };
    const everything = { Effect: "Allow", Action: "*", Resource: "*" };
    const shut = async () => usersOf(await previewer.impact(), "permissions-boundary");

    it("those that do not allow what it takes to enrol, and what they lack", async () => {
      for (const user of ["alice", "bob", "carol", "dora"]) person(user, "password");
      person("free", "password", "device");
      bound("alice", "machines", { Effect: "Allow", Action: ["ec2:*", "iam:Get*", "iam:List*"], Resource: "*" });
      bound("free", "machines");
      bound("bob", "no-iam", everything, { Effect: "Deny", Action: "iam:*", Resource: "*" });
      // Her own user, and not everybody's.
      const own = "arn:aws:iam::*:user/${aws:username}";
      bound("carol", "own", { Effect: "Allow", Action: "iam:*", Resource: [own, "arn:aws:iam::*:mfa/*"] });
      bound("dora", "alices", {
        Effect: "Allow",
        Action: "iam:*",
        Resource: ["arn:aws:iam::*:user/alice", "arn:aws:iam::*:mfa/*"],
      });
      expect(await shut()).to.deep.equal([
        "alice: arn:aws:iam::123456789012:policy/machines lacks iam:CreateVirtualMFADevice, iam:EnableMFADevice",
        "bob: arn:aws:iam::123456789012:policy/no-iam lacks iam:GetUser, iam:ListMFADevices, iam:CreateVirtualMFADevice, iam:EnableMFADevice",
        "dora: arn:aws:iam::123456789012:policy/alices lacks iam:GetUser, iam:ListMFADevices, iam:EnableMFADevice",
      ]);
    });

    it("not those that allow it, whatever else they ask for", async () => {
      for (const user of ["alice", "bob", "carol", "dora"]) person(user, "password");
      // As AWS's example had it for years: a device of the user's own name.
      const own = ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:mfa/${aws:username}"];
      bound("dora", "named-after", { Effect: "Allow", Action: "iam:*", Resource: own });
      bound("alice", "everything", everything, {
        Effect: "Deny",
        Action: ["ec2:RunInstances", "iam:CreateUser"],
        Resource: "*",
        Condition: { NumericGreaterThan: { "ec2:EbsVolumeSize": "100" } },
      });
      bound("bob", "ours", ...PROTECTING.Statement);
      world.root("PutUserPermissionsBoundary", {
        UserName: "carol",
        PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
      });
      expect(await shut()).to.deep.equal([]);
    });

    it("those of which only a request would tell, with what they go by", async () => {
      person("alice", "password");
      bound("alice", "office", { ...everything, Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } });
      expect(await shut()).to.deep.equal([
        "alice: arn:aws:iam::123456789012:policy/office may: it goes by aws:SourceIp",
      ]);
    });

    it("those that can't be read, with why", async () => {
      person("alice", "password");
      bound("alice", "everything", everything);
      world.account.failNext("GetPolicyVersion", "AccessDenied");
      expect((await shut())[0]).to.match(/^alice: arn:aws:iam::123456789012:policy\/everything may: .*AccessDenied/);
    });

    it("takes two calls for each, however many have it, and no more than twenty", async () => {
      const before = previewer.calls().length;
      for (let index = 0; index < 24; index++) {
        person(`user-${index}`, "password");
        bound(`user-${index}`, `policy-${index % 12}`, ...(index < 12 ? [{ ...everything, Action: "ec2:*" }] : []));
      }
      const found = await shut();
      expect(found.filter((each) => each.includes(" lacks "))).to.have.lengthOf(20);
      expect(found.filter((each) => each.endsWith(" may: of 12 boundaries 10 are read"))).to.have.lengthOf(4);
      expect(
        previewer
          .calls()
          .slice(before)
          .filter((call) => call.startsWith("GetPolicy")),
      ).to.have.lengthOf(20);
    });
  });

  it("who is to be held in nine groups or more", async () => {
    const teams = Array.from({ length: 9 }, (_, index) => `team-${index}`);
    peopleOf(world).groups(...teams);
    for (const [user, count] of [
      ["alice", 9],
      ["bob", 8],
    ] as const) {
      person(user, "password");
      for (const team of teams.slice(0, count)) peopleOf(world).join(user, team);
    }
    // A guard's group is none of those that leave it no place.
    person("carol", "password");
    for (const team of [...teams.slice(0, 8), GUARDS.quarantine.group]) peopleOf(world).join("carol", team);
    expect(usersOf(await previewer.impact(), "nine-groups")).to.deep.equal(["alice: 9 groups, 0 policies"]);
  });

  it("the exempt who have a password and no device", async () => {
    person("break-glass", "password");
    person("machine");
    const settings = { exemptUsers: ["break-glass", "machine"] };
    expect(usersOf(await previewer.impact(settings), "exempt-without-device")).to.deep.equal(["break-glass"]);
    expect(usersOf(await previewer.impact({ ...settings, mode: "off" }), "exempt-without-device")).to.deep.equal([]);
  });

  it("rules that match nobody, with what comes nearest", async () => {
    person("alice", "password");
    const impact = await previewer.impact({ exemptUsers: ["allice"], onlyPaths: ["/staff/"] });
    expect(find(impact, "unmatched")?.message).to.equal(
      'onlyPaths names "/staff/", which matches nobody (the nearest is "/"); exemptUsers names "allice", which matches nobody (the nearest is "alice")',
    );
  });

  it("groups in the settings that do not exist", async () => {
    const impact = await previewer.impact({ exemptGroups: ["gone"] });
    expect(find(impact, "missing-group")?.message).to.match(/: gone$/);
  });

  it("more releases than a sweep may make, and whom only a scope would free that matches nobody", async () => {
    for (const user of ["alice", "bob"]) {
      person(user, "password", "device");
      peopleOf(world).join(user, GUARDS.quarantine.group);
    }
    const impact = await previewer.impact({ maxReleases: 1 });
    expect(usersOf(impact, "releases-stopped")).to.deep.equal(["alice", "bob"]);
    expect(find(impact, "releases-stopped")?.message).to.include("2 are more than maxReleases lets it free, 1");
    person("carol", "password");
    peopleOf(world).join("carol", GUARDS.quarantine.group);
    world.waitHours(5);
    const scoped = await previewer.impact({ onlyUsers: ["nobody"] });
    expect(usersOf(scoped, "releases-stopped")).to.deep.equal(["carol"]);
    expect(scoped.changes).to.deep.include({ freed: 2 });
  });

  it("root without MFA", async () => {
    await end();
    await begin({ rootHasDevice: false });
    expect((await previewer.impact()).findings.map(({ finding }) => finding)).to.deep.equal(["root-without-mfa"]);
  });

  it("that no trail brings IAM's events, or that it can't be told; not in mode off, nor where the settings make one", async () => {
    const kinds = async (trails: readonly Trail[]) => {
      await end();
      await begin({}, trails);
      const off = await previewer.impact({ mode: "off" });
      const made = await previewer.impact({ createTrail: true });
      const on = await previewer.impact();
      return [...off.findings, ...made.findings, ...on.findings].map(({ finding }) => finding);
    };
    const odd = {
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "sessionCredentialFromConsole", Equals: ["true"] }] }],
    };
    expect([
      await kinds([RECORDING_TRAIL]),
      await kinds([]),
      await kinds([{ ...RECORDING_TRAIL, selectors: odd }]),
    ]).to.deep.equal([[], ["trail-missing"], ["trail-unknown"]]);
  });

  it("what it was not allowed to look at, and tells the rest", async () => {
    person("alice", "password", "device");
    key("alice");
    world.account.failNext("ListVirtualMFADevices", "AccessDenied");
    world.account.failNext("ListServiceSpecificCredentials", "AccessDenied");
    const impact = await previewer.impact({ mode: "strict" });
    expect(find(impact, "not-read")?.message).to.match(
      /^not looked at: who has an authenticator app \(.*AccessDenied\); credentials for one service alone \(.*AccessDenied\)$/,
    );
    expect(impact.changes.held).to.equal(1);
  });
});
