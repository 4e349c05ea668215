import { expect } from "chai";
import type { IamAction } from "../../fake-aws/iam/account";
import { InterruptedError } from "../../verify/wait";
import { GUARDS } from "../support/guards";
import { newSandbox, type Sandbox, type SandboxOptions } from "./sandbox";

/** What the command writes before it deletes anything. */
const MAKING = [
  "CreateUser",
  "PutUserPolicy",
  "CreateAccessKey",
  "CreateLoginProfile",
  "CreateVirtualMFADevice",
  "EnableMFADevice",
  "DeactivateMFADevice",
  "UpdateUser",
] as const satisfies readonly IamAction[];

/** What it deletes by. */
const DELETING = [
  "DeleteAccessKey",
  "DeleteLoginProfile",
  "DeleteUserPolicy",
  "RemoveUserFromGroup",
  "DeleteUser",
  "DeleteVirtualMFADevice",
] as const satisfies readonly IamAction[];

describe("every end of npm run verify", () => {
  let sandbox: Sandbox;
  const open = async (options?: SandboxOptions): Promise<Sandbox> => {
    sandbox = await newSandbox(options);
    return sandbox;
  };
  afterEach(() => sandbox.close());

  describe("deletes all, in the order that IAM demands,", () => {
    for (const action of MAKING) {
      it(`where it is interrupted while ${action} is under way`, async () => {
        const { run, world, left } = await open({ settings: { mode: "strict" } });
        const interruption = new AbortController();
        world.account.before(action, () => interruption.abort(new InterruptedError("SIGINT")));
        const { code, printed } = await run({}, { signal: interruption.signal });
        expect([code, left()]).to.deep.equal([130, []]);
        expect(printed).to.match(/^not proved to the end: interrupted by SIGINT\n/);
      });

      it(`where ${action} is refused`, async () => {
        const { run, world, left } = await open({ settings: { mode: "strict" } });
        world.account.failNext(action, "AccessDenied");
        const { code, printed } = await run();
        expect([code, left()]).to.deep.equal([1, []]);
        expect(printed).to.match(/^not proved to the end: Injected fault: AccessDenied\n/);
      });
    }

    for (const what of ["the test user to be in quarantine", "AWS to answer the session with MFA", "the next code"]) {
      it(`where it is interrupted while it waits for ${what}`, async () => {
        const { run, left } = await open({
          settings: { mode: "strict" },
          // Sessions with MFA are answered otherwise, so that there is something to wait for.
          answers: ({ context }) => (context["aws:MultiFactorAuthPresent"] === "true" ? false : undefined),
        });
        const interruption = new AbortController();
        const doing = (text: string): void => {
          if (text.startsWith(`waiting for ${what}`)) interruption.abort(new InterruptedError("SIGTERM"));
        };
        const { code } = await run({}, { signal: interruption.signal, doing });
        expect([code, left()]).to.deep.equal([143, []]);
      });
    }

    it("where a user was made and nobody heard of it, until it was listed late", async () => {
      const { run, world, left } = await open();
      let name = "";
      world.account.before("CreateUser", () => world.account.failNext("CreateUser", "AccessDenied"));
      world.account.before("ListUsers", () => {
        name = String(world.account.log.find(({ action }) => action === "CreateUser")?.parameters["UserName"]);
        world.root("CreateUser", { UserName: name, Path: "/require-mfa/dev/verify/" });
      });
      const { code } = await run();
      expect([code, left()]).to.deep.equal([1, []]);
      expect(name).to.match(/^require-mfa-verify-/);
    });

    it("where this machine's clock is wrong, and says so", async () => {
      const { run, world, left } = await open();
      world.account.failNext("EnableMFADevice", "InvalidAuthenticationCode", 6);
      const { code, printed } = await run();
      expect([code, left()]).to.deep.equal([1, []]);
      expect(printed).to.match(/^not proved to the end: .* Codes go by the clock: is this machine's right\?\n/);
    });

    it("where the new name was given and nobody heard of it", async () => {
      const { run, world, left } = await open();
      let updates = 0;
      const rename = (): void => {
        updates++;
        if (updates < 2) {
          world.account.before("UpdateUser", rename);
          return;
        }
        const [name = ""] = left();
        world.root("UpdateUser", { UserName: name, NewUserName: `${name}-renamed` });
        world.account.failNext("UpdateUser", "AccessDenied");
      };
      world.account.before("UpdateUser", rename);
      const { code } = await run();
      expect([code, left()]).to.deep.equal([1, []]);
    });

    it("where the handler puts the user back into its guard before it is deleted", async () => {
      const { run, world, left } = await open({ settings: { mode: "conditional-deny" } });
      world.account.before("DeleteUser", () => {
        const [name = ""] = left();
        world.root("AddUserToGroup", { UserName: name, GroupName: GUARDS.conditional.group });
      });
      const { code, printed } = await run();
      expect([code, left()]).to.deep.equal([0, []]);
      expect(printed).to.match(/^all as it should be/);
    });

    it("where the user holds a guard's policy itself, and where the entity is just being changed", async () => {
      const { run, world, left } = await open();
      world.account.before("DeleteLoginProfile", () => {
        const [name = ""] = left();
        world.root("AttachUserPolicy", { UserName: name, PolicyArn: GUARDS.quarantine.policyArn });
      });
      world.account.failNext("DeleteLoginProfile", "EntityTemporarilyUnmodifiable", 2);
      const { code } = await run();
      expect([code, left()]).to.deep.equal([0, []]);
    });
  });

  it("has used every action of docs/sandbox.md by then, and no other", async () => {
    const { run, world, left, calls, documented } = await open({ settings: { mode: "strict" } });
    world.account.before("DeleteLoginProfile", () => {
      const [name = ""] = left();
      world.root("AttachUserPolicy", { UserName: name, PolicyArn: GUARDS.quarantine.policyArn });
    });
    await run();
    const refused = world.account.log.filter(
      ({ caller, errorCode }) =>
        caller.type === "AssumedRole" && caller.sessionName === "someone" && errorCode === "AccessDenied",
    );
    expect(refused).to.deep.equal([]);
    const ofIam = documented.filter((action) => action.startsWith("iam:"));
    expect([...new Set(calls())].map((call) => `iam:${call}`).sort()).to.deep.equal(ofIam);
  });

  describe("names what it could not delete, with 4,", () => {
    for (const action of DELETING) {
      it(`where ${action} is refused, and --clean-up deletes it later`, async () => {
        const { run, forbid, left } = await open({ settings: { mode: "strict" } });
        forbid(action);
        const { code, printed } = await run();
        expect(code).to.equal(4);
        expect(left()).not.to.deep.equal([]);
        expect(printed).to.match(
          /\nleft: (user|device) .*require-mfa-verify-.*, for it could not be deleted: AccessDenied: /,
        );
        forbid(undefined);
        const cleaned = await run({ does: "clean up" });
        expect([cleaned.code, cleaned.printed, left()]).to.deep.equal([0, "all of it is deleted", []]);
      });
    }
  });

  describe("--clean-up", () => {
    /** Leaves a user with all that it may have, as a process that was killed would. */
    async function leaveBehind(): Promise<void> {
      const { world } = sandbox;
      const UserName = "require-mfa-verify-0a1b2c3d";
      world.root("CreateUser", { UserName, Path: "/require-mfa/dev/verify/moved/" });
      world.root("CreateAccessKey", { UserName });
      world.root("CreateLoginProfile", { UserName, Password: "correct-horse" });
      world.root("CreateVirtualMFADevice", { VirtualMFADeviceName: UserName, Path: "/require-mfa/dev/verify/" });
      await sandbox.passSeconds(60);
      expect(world.standing(UserName)).to.equal("quarantine");
    }

    it("finds what a killed run has left, asks, and deletes it", async () => {
      const { run, left } = await open();
      await leaveBehind();
      const said = await run({ does: "clean up" });
      expect(said).to.deep.equal({
        code: 0,
        told: [
          "left on account 123456789012:",
          "  user require-mfa-verify-0a1b2c3d",
          "  device arn:aws:iam::123456789012:mfa/require-mfa/dev/verify/require-mfa-verify-0a1b2c3d",
        ],
        printed: "all of it is deleted",
        questions: ["Delete all of it? A run that goes on now would lose its user. [y/N] "],
      });
      expect(left()).to.deep.equal([]);
    });

    it("deletes nothing where the answer is no", async () => {
      const { run, left } = await open();
      await leaveBehind();
      const before = left();
      expect((await run({ does: "clean up" }, { says: false })).code).to.equal(1);
      expect(left()).to.deep.equal(before);
    });

    it("touches nobody else's, not even under its path", async () => {
      const { run, world, left } = await open();
      for (const [UserName, Path] of [
        ["alice", "/require-mfa/dev/verify/"],
        ["require-mfa-verify-alice", "/require-mfa/prod/verify/"],
        ["require-mfa-verify-bob", "/"],
      ] as const) {
        world.root("CreateUser", { UserName, Path });
        world.root("CreateVirtualMFADevice", { VirtualMFADeviceName: UserName, Path });
      }
      const before = left();
      const { code, printed } = await run({ does: "clean up", yes: true });
      expect([code, printed]).to.deep.equal([0, "nothing is left of an earlier run"]);
      expect(left()).to.deep.equal(before);
    });
  });

  it("notices an access key that AWS does not know, which is no refusal", async () => {
    const { report, world } = await open();
    // The key is gone as soon as the password comes.
    world.account.before("CreateLoginProfile", () => {
      const [{ UserName } = { UserName: "" }] = world.account.call({ type: "Root" }, "ListUsers").Users;
      const [key] = world.account.call({ type: "Root" }, "ListAccessKeys", { UserName }).AccessKeyMetadata;
      world.root("DeleteAccessKey", { UserName, AccessKeyId: key?.AccessKeyId ?? "" });
    });
    const told = await report();
    expect(told.otherwise.map(({ answer }) => answer)).to.include.members(["unknown key"]);
    expect(told.otherwise.filter(({ after }) => after === "givePassword")).to.have.lengthOf(7);
  });
});
