import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { CloudTrailRecord } from "../../fake-aws/iam/account";
import type { Report, Try } from "../../verify/report";
import { failureOf } from "../support/failure";
import { GUARDS } from "../support/guards";
import { newSandbox, type Sandbox, type SandboxOptions } from "./sandbox";

/** Where the user was seen, and how many seconds after the call. */
const seenIn = ({ seen }: Report) => seen.map(({ deed, place, secondsToGuard }) => [deed, place, secondsToGuard]);

/** What was answered by these credentials after a deed. */
const answersIn = ({ tries }: Report, after: Try["after"], credentials: Try["credentials"] = "access key") =>
  Object.fromEntries(
    tries
      .filter((each) => each.after === after && each.credentials === credentials)
      .map(({ call, answer }) => [call, answer]),
  );

/** An answer for each of the calls, but for these. */
const all = (answer: Try["answer"], others: Readonly<Record<string, Try["answer"]>> = {}) => ({
  "sts:GetCallerIdentity": answer,
  "iam:GetUser on itself": answer,
  "iam:GetUser on another user": answer,
  "iam:ListMFADevices on itself": answer,
  "iam:ListVirtualMFADevices": answer,
  "iam:ListUsers": answer,
  "cloudtrail:DescribeTrails": answer,
  ...others,
});

const IDENTITY = { "sts:GetCallerIdentity": "allowed" } as const;
const ONESELF = { "iam:GetUser on itself": "allowed", "iam:ListMFADevices on itself": "allowed" } as const;

describe("npm run verify", () => {
  let sandbox: Sandbox;
  const open = async (options?: SandboxOptions): Promise<Sandbox> => {
    sandbox = await newSandbox(options);
    return sandbox;
  };
  afterEach(() => sandbox.close());

  describe("proves what is deployed over HTTP, by the role of docs/sandbox.md and the handler behind its rule", () => {
    it("in quarantine, where the user is free before its password and with its device", async () => {
      const { report, left } = await open();
      const told = await report();
      expect(seenIn(told)).to.deep.equal([
        ["make", "free", undefined],
        ["givePassword", "quarantine", 6],
        ["enrol", "free", 6],
        ["takeAway", "quarantine", 6],
        ["move", "quarantine", undefined],
        ["rename", "quarantine", undefined],
      ]);
      const answers = told.seen.map(({ deed }) => answersIn(told, deed));
      const held = all("refused", IDENTITY);
      expect(answers).to.deep.equal([all("allowed"), held, all("allowed"), held, held, held]);
      expect(told).to.deep.include({
        account: "123456789012",
        stack: "dev",
        mode: "quarantine",
        otherwise: [],
        left: [],
      });
      expect(left()).to.deep.equal([]);
    });

    it("of a project that is called otherwise than its component", async () => {
      const told = await (await open({ project: "mfa-for-us", settings: { usersPage: true } })).report();
      expect(told.seen.map(({ place }) => place)).to.include.members(["free", "quarantine"]);
      expect([told.otherwise, told.failure, told.misplaced]).to.deep.equal([[], undefined, undefined]);
    });

    it("in conditional-deny, where a session with MFA is let through and outlives its device", async () => {
      const { report, left } = await open({ settings: { mode: "conditional-deny" } });
      const told = await report();
      expect(seenIn(told)).to.deep.equal([
        ["make", "conditional", 6],
        ["givePassword", "conditional", undefined],
        ["enrol", "conditional", undefined],
        ["takeAway", "conditional", undefined],
        ["move", "conditional", undefined],
        ["rename", "conditional", undefined],
      ]);
      const key = all("refused", { ...IDENTITY, ...ONESELF });
      expect(told.seen.map(({ deed }) => answersIn(told, deed))).to.deep.equal(Array(6).fill(key));
      const withoutMfa = all("unknown key", { ...IDENTITY, "cloudtrail:DescribeTrails": "refused" });
      for (const deed of ["enrol", "takeAway"] as const) {
        expect(answersIn(told, deed, "session without MFA")).to.deep.equal(withoutMfa);
        expect(answersIn(told, deed, "session with MFA")).to.deep.equal(all("allowed"));
      }
      expect([told.otherwise, left()]).to.deep.equal([[], []]);
    });

    it("by sessions of 36 hours at most, whatever the limit", async () => {
      const told = await (await open({ settings: { mode: "conditional-deny" } })).report({ limitSeconds: 99_999 });
      expect([told.failure, told.seen.length]).to.deep.equal([undefined, 6]);
    });

    it("in strict, where quarantine shuts a session with MFA out once its device is gone", async () => {
      const { report, left } = await open({ settings: { mode: "strict" } });
      const told = await report();
      expect(seenIn(told)).to.deep.equal([
        ["make", "sealed", 6],
        ["givePassword", "quarantine", 6],
        ["enrol", "sealed", 6],
        ["takeAway", "quarantine", 6],
        ["move", "quarantine", undefined],
        ["rename", "quarantine", undefined],
      ]);
      expect(answersIn(told, "enrol", "session with MFA")).to.deep.equal(all("allowed"));
      expect(answersIn(told, "takeAway", "session with MFA")).to.deep.equal(
        all("refused", { ...IDENTITY, ...ONESELF, "iam:ListVirtualMFADevices": "allowed" }),
      );
      expect([told.otherwise, left()]).to.deep.equal([[], []]);
    });

    it("with settings that open the door to access keys, and a first device by the door", async () => {
      const settings = { mode: "strict", enrolmentByAccessKey: true, usersPage: true } as const;
      const told = await (await open({ settings })).report();
      expect(told.seen.map(({ place }) => place)).to.deep.equal([
        "conditional",
        "quarantine",
        "sealed",
        "quarantine",
        "quarantine",
        "quarantine",
      ]);
      expect(answersIn(told, "givePassword")).to.deep.equal(
        all("allowed", { "iam:GetUser on another user": "refused", "cloudtrail:DescribeTrails": "refused" }),
      );
      expect(told.otherwise).to.deep.equal([]);
    });
  });

  it("prints what docs/sandbox.md shows", async () => {
    const { run } = await open({ settings: { mode: "strict" }, lagSeconds: 21 });
    const { printed } = await run();
    const [, shown = ""] =
      /\n```\n(all as it should be[\s\S]*?\n) {2}…\n```\n/.exec(readFileSync("docs/sandbox.md", "utf8")) ?? [];
    expect(shown).to.include("0a1b2c3d");
    expect(printed.replace(/verify-[0-9a-f]{8}/, "verify-0a1b2c3d").slice(0, shown.length)).to.equal(shown);
  });

  it("takes the events' time, from call to guard, and IAM's, from guard to enforcement", async () => {
    let heldAt = Number.POSITIVE_INFINITY;
    const { report, world } = await open({
      lagSeconds: 90,
      // IAM goes by the guard ten seconds after it is in its record.
      answers: ({ principal }) => {
        if (principal.type !== "IAMUser") return undefined;
        const groups = world.account.call({ type: "Root" }, "ListGroupsForUser", {
          UserName: principal.userName,
        }).Groups;
        if (groups.length === 0) heldAt = Number.POSITIVE_INFINITY;
        else heldAt = Math.min(heldAt, world.now().getTime());
        return groups.length > 0 && world.now().getTime() - heldAt < 10_000 ? true : undefined;
      },
    });
    const told = await report();
    expect(
      told.seen.map(({ secondsToGuard, secondsToEnforcement }) => [secondsToGuard, secondsToEnforcement]),
    ).to.deep.equal([
      [undefined, undefined],
      [90, 10],
      [90, 0],
      [90, 10],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(told.otherwise).to.deep.equal([]);
  });

  describe("where an event is lost", () => {
    // CreateUser's comes later than the password, and would hold the user as well.
    const isLost = ({ eventName }: CloudTrailRecord) => ["CreateUser", "CreateLoginProfile"].includes(eventName);

    it("waits for the sweep, if it comes in time, and for as long as it takes", async () => {
      const { report } = await open({ isLost, sweepEverySeconds: 200 });
      const told = await report();
      expect(seenIn(told)[1]).to.deep.equal(["givePassword", "quarantine", 202]);
      expect(told.otherwise).to.deep.equal([]);
    });

    it("says which limit passed and what to look at, first of all, tries no more and deletes all", async () => {
      const { run, left, calls } = await open({ isLost });
      const { code, printed } = await run();
      expect(code).to.equal(3);
      const [first] = printed.split("\n");
      expect(first).to.equal(
        "the limit of 300 s passed: the test user is free, and in quarantine is right (a password, no MFA device). " +
          "Look at the trail (management-events records them), at what waits (npm run replay -- --stack dev), at the " +
          "function's log, and whether Pulumi.dev.yaml is what was deployed last; a sweep, which needs no event, comes at " +
          "rate(1 hour).",
      );
      expect(calls()).not.to.include("CreateVirtualMFADevice");
      expect(left()).to.deep.equal([]);
    });

    it("goes by the limit that is asked for", async () => {
      const { run, world } = await open({ isLost });
      const begun = world.now().getTime();
      const { printed } = await run({ limitSeconds: 30 });
      expect(printed).to.match(/^the limit of 30 s passed/);
      expect((world.now().getTime() - begun) / 1000).to.be.below(60);
    });
  });

  it("says who is not where it belongs after a move, for another hand took it out and no event told", async () => {
    const { run, world, left } = await open({ isLost: ({ eventName }) => eventName === "RemoveUserFromGroup" });
    const doing = (text: string): void => {
      const [user = ""] = left();
      if (!text.startsWith("waiting for anything that takes it out") || world.standing(user) === "free") return;
      world.root("RemoveUserFromGroup", { UserName: user, GroupName: GUARDS.quarantine.group });
    };
    const { code, printed } = await run({}, { doing });
    expect([code, left()]).to.deep.equal([3, []]);
    expect(printed).to.match(
      /^2 s after it was moved the test user was free, and in quarantine is right \(a password, no MFA device\)\. Look at /,
    );
  });

  describe("where AWS answers otherwise than the evaluator", () => {
    it("says so first, goes on, and ends with 3", async () => {
      const { run, left } = await open({
        answers: ({ action }) => (action === "iam:ListUsers" ? true : undefined),
      });
      const { code, printed } = await run();
      expect(code).to.equal(3);
      const [first, second] = printed.split("\n");
      expect(first).to.match(
        /^AWS answers otherwise than the evaluator, 4 of 42 times: iam:ListUsers by the access key \(given a password\) is allowed, not refused \(DenyEverythingButTheDoor\); /,
      );
      expect(second).to.match(/^verify on account 123456789012, stack dev, mode quarantine, by the user /);
      expect(printed).to.match(
        /\n {2}iam:ListUsers +allowed +DenyEverythingButTheDoor {2}the evaluator says refused\n/,
      );
      expect(left()).to.deep.equal([]);
    });

    it("has each of them first in JSON", async () => {
      const { report } = await open({
        settings: { mode: "conditional-deny" },
        // As if the key were missing from sessions, as it is from access keys.
        answers: ({ action, context }) =>
          action === "cloudtrail:DescribeTrails" && context["aws:MultiFactorAuthPresent"] === "true"
            ? false
            : undefined,
      });
      const told = await report();
      expect(Object.keys(told)[0]).to.equal("otherwise");
      expect(told.otherwise).to.deep.equal(
        (["enrol", "takeAway"] as const).map((after) => ({
          after,
          credentials: "session with MFA",
          call: "cloudtrail:DescribeTrails",
          expected: { answer: "allowed", by: "AllowTheHarmlessCalls" },
          answer: "refused",
          asExpected: false,
        })),
      );
    });
  });

  describe("before it makes anything", () => {
    /** What the verifier has written so far. */
    const writes = () => sandbox.calls().filter((call) => !/^(Get|List)/.test(call));

    it("says what it will make and what it looks for, and asks", async () => {
      const { run } = await open({ settings: { mode: "strict" } });
      const { code, told, questions } = await run({}, { says: false });
      expect([code, questions, writes()]).to.deep.equal([1, ["Go on? [y/N] "], []]);
      const text = told.join("\n").replaceAll(/verify-[0-9a-f]{8}/g, "verify-RANDOM");
      expect(text).to.equal(
        `
verify on account 123456789012, stack dev, mode strict, as arn:aws:sts::123456789012:assumed-role/verifier/someone
It makes, and deletes in every end:
  the user require-mfa-verify-RANDOM under /require-mfa/dev/verify/, later require-mfa-verify-RANDOM-renamed under /require-mfa/dev/verify/moved/, with
    a random password, which is told nobody, and an access key
    an inline policy that allows sts:GetCallerIdentity, iam:GetUser on itself, iam:GetUser on another user, iam:ListMFADevices on itself, iam:ListVirtualMFADevices, iam:ListUsers, cloudtrail:DescribeTrails, and nothing else
  a virtual MFA device require-mfa-verify-RANDOM under /require-mfa/dev/verify/
The handler holds and frees it as it does everybody, and tells of it: whoever gets its mails gets some.
What is looked for:
  made, with an access key (CreateUser): in sealed (no password, no MFA device)
  given a password (CreateLoginProfile): in quarantine (a password, no MFA device)
  enrolled by a virtual device (EnableMFADevice): in sealed (a password, one MFA device)
  its device taken away (DeactivateMFADevice): in quarantine (a password, no MFA device)
  moved to another path (UpdateUser): in quarantine (a password, no MFA device)
  renamed (UpdateUser): in quarantine (a password, no MFA device)
Each event may take 300 s.`.trim(),
      );
    });

    it("does not ask where it was told to go on", async () => {
      const { run } = await open();
      const { code, questions } = await run({ yes: true });
      expect([code, questions]).to.deep.equal([0, []]);
    });

    it("names every setting by which nothing could be proved", async () => {
      const { run } = await open({ settings: { dryRun: true, exemptPaths: ["/require-mfa/"] } });
      expect((await failureOf(run())).message).to.equal(
        "by Pulumi.dev.yaml nobody would hold the test user, so nothing can be proved:\n" +
          "  dryRun is on, which holds nobody new; npm run impact says whom it would hold\n" +
          "  the test user is exempt by path /require-mfa/: /require-mfa/dev/verify/ must be in the scope and not exempt",
      );
      expect(writes()).to.deep.equal([]);
    });

    it("says which guard is not there", async () => {
      const { run, world } = await open({ settings: { mode: "strict" } });
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      expect((await failureOf(run())).message).to.equal(
        "sealed, which mode strict uses, is not deployed or has lost its policy; `pulumi up --stack dev` puts that right",
      );
      expect(writes()).to.deep.equal([]);
    });

    it("warns where the policies are not what the settings make, and goes by what is deployed", async () => {
      const { run } = await open({ deployedSettings: { usersPage: true } });
      const { code, told } = await run();
      expect(told).to.include(
        "warning: the policy of quarantine is not what Pulumi.dev.yaml makes; what is deployed counts here",
      );
      expect(code).to.equal(0);
    });

    it("warns where no trail brings events", async () => {
      const { run } = await open({ trails: [] });
      const { told } = await run({}, { says: false });
      expect(told.at(-1)).to.match(/^warning: no event will come: /);
    });
  });

  it("tells neither password nor seed nor key", async () => {
    const { run, world } = await open({ settings: { mode: "conditional-deny" } });
    const { told, printed } = await run();
    const json = await run({ print: "json" });
    const text = [...told, printed, ...json.told, json.printed].join("\n");
    const secrets = world.account.log.flatMap(({ parameters }) =>
      ["Password", "AuthenticationCode1", "AuthenticationCode2"].flatMap((name) => parameters[name] ?? []),
    );
    expect(secrets).to.have.lengthOf(6);
    expect(secrets.filter((secret) => text.includes(secret))).to.deep.equal([]);
    expect(text).not.to.match(/A[KS]IA[A-Z2-7]{16}|[A-Z2-7]{64}/);
  });

  it("makes each password anew, of four kinds of characters", async () => {
    const { run, world } = await open();
    await run();
    await run();
    const passwords = world.account.log.flatMap(({ parameters }) => parameters["Password"] ?? []);
    expect(new Set(passwords).size).to.equal(2);
    for (const each of passwords) expect(each).to.match(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]).{64,128}$/);
  });
});
