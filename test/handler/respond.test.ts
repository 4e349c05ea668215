import { expect } from "chai";
import fc from "fast-check";
import type { Mode } from "../../core/modes";
import { LimitExceededError, NoSuchEntityError } from "../../handler/iam/iam";
import { UnholdableError } from "../../handler/reconcile";
import { failureOf } from "../support/failure";
import { GUARDS } from "../support/guards";
import { type Answer, newWorld, type Settings, type World } from "../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };
const STRICT: Settings = { mode: "strict" };
const OFF: Settings = { mode: "off" };

const READS = ["ListMFADevices", "GetLoginProfile", "ListGroupsForUser", "ListAttachedUserPolicies"];

/** What the handler logged of a decision about a user; throws where it ignored the event. */
function outcome(line: Answer | undefined): Answer {
  if (line === undefined || line["action"] === "ignored") throw new Error(`no outcome: ${JSON.stringify(line)}`);
  return line;
}

describe("the handler", () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
    world.root("CreateUser", { UserName: "alice" });
  });
  afterEach(() => world.close());

  const password = () => world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
  const noPassword = () => world.recordOf("DeleteLoginProfile", { UserName: "alice" });
  const device = () => world.enrol("alice");
  const noDevice = (serialNumber: unknown) =>
    world.recordOf("DeactivateMFADevice", { UserName: "alice", SerialNumber: String(serialNumber) });
  const join = (group: string) => world.recordOf("AddUserToGroup", { UserName: "alice", GroupName: group });
  const leave = (group: string) => world.recordOf("RemoveUserFromGroup", { UserName: "alice", GroupName: group });
  const attach = (policyArn: string) => world.recordOf("AttachUserPolicy", { UserName: "alice", PolicyArn: policyArn });
  const fillGroups = (count: number) => {
    for (let index = 0; index < count; index++) {
      world.root("CreateGroup", { GroupName: `team-${index}` });
      join(`team-${index}`);
    }
  };
  const fillPolicies = (count: number) => {
    const allow = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } });
    for (let index = 0; index < count; index++) {
      world.root("CreatePolicy", { PolicyName: `own-${index}`, PolicyDocument: allow });
      attach(`arn:aws:iam::123456789012:policy/own-${index}`);
    }
  };

  describe("leaves alice where the state says", () => {
    const cases: readonly (readonly [Mode, string, string, string, string])[] = [
      // mode, [no password, no device], [password], [password, device], [device]
      ["quarantine", "free", "quarantine", "free", "free"],
      ["conditional-deny", "conditional", "conditional", "conditional", "conditional"],
      ["strict", "sealed", "quarantine", "sealed", "sealed"],
      ["off", "free", "free", "free", "free"],
    ];
    for (const [mode, bare, withPassword, withBoth, withDevice] of cases) {
      it(`${mode}, as her credentials come and go`, async () => {
        const stands = async (record: unknown) => {
          await world.handle({ mode }, record);
          return world.standing("alice");
        };
        expect(await stands(world.recordOf("UpdateUser", { UserName: "alice", NewPath: "/staff/" }))).to.equal(bare);
        expect(await stands(password())).to.equal(withPassword);
        const enrolled = device();
        expect(await stands(enrolled)).to.equal(withBoth);
        expect(await stands(noDevice(enrolled.requestParameters?.["serialNumber"]))).to.equal(withPassword);
        await world.handle({ mode }, device());
        expect(await stands(noPassword())).to.equal(withDevice);
      });
    }

    it("from wherever she stood, by group or by policy, in several guards at once", async () => {
      password();
      join(GUARDS.sealed.group);
      join(GUARDS.conditional.group);
      attach(GUARDS.sealed.policyArn);
      await world.handle(QUARANTINE, join(GUARDS.conditional.group));
      expect(world.standing("alice")).to.equal("quarantine");
      join(GUARDS.sealed.group);
      attach(GUARDS.conditional.policyArn);
      await world.handle(OFF, attach(GUARDS.conditional.policyArn));
      expect(world.standing("alice")).to.equal("free");
    });

    it("who was taken out of a guard by hand", async () => {
      await world.handle(QUARANTINE, password());
      await world.handle(QUARANTINE, leave(GUARDS.quarantine.group));
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("as long as one of several devices is left", async () => {
      const first = device().requestParameters?.["serialNumber"];
      const second = device().requestParameters?.["serialNumber"];
      await world.handle(QUARANTINE, password(), noDevice(first));
      expect(world.standing("alice")).to.equal("free");
      await world.handle(QUARANTINE, noDevice(second));
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("under her new name", async () => {
      await world.handle(QUARANTINE, password());
      const renamed = world.recordOf("UpdateUser", { UserName: "alice", NewUserName: "alicia" });
      const response = await world.handle(QUARANTINE, renamed);
      expect(outcome(response)["user"]).to.equal("alicia");
      expect(world.standing("alicia")).to.equal("quarantine");
    });

    it("whatever case the caller wrote her name in", async () => {
      await world.handle(
        QUARANTINE,
        world.recordOf("CreateLoginProfile", { UserName: "ALICE", Password: "correct-horse" }),
      );
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("also where IAM hands out its lists item by item", async () => {
      await world.close();
      world = await newWorld({ pageSize: 1 });
      world.root("CreateUser", { UserName: "alice" });
      fillGroups(3);
      join(GUARDS.sealed.group);
      attach(GUARDS.conditional.policyArn);
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine");
    });
  });

  describe("asks nothing of IAM", () => {
    const cases: readonly (readonly [string, unknown])[] = [
      [
        "about calls that failed",
        { eventName: "CreateLoginProfile", errorCode: "AccessDenied", requestParameters: { userName: "alice" } },
      ],
      ["about the root user", { eventName: "DeactivateMFADevice", requestParameters: { userName: "AWS ROOT USER" } }],
      [
        "about calls of root that name nobody",
        { eventName: "DeleteLoginProfile", userIdentity: { type: "Root" }, requestParameters: null },
      ],
      ["about calls that move nobody", { eventName: "CreateAccessKey", requestParameters: { userName: "alice" } }],
    ];
    for (const [title, record] of cases) {
      it(title, async () => {
        const response = await world.handle(QUARANTINE, record);
        expect(response).to.deep.include({ level: "INFO", action: "ignored" });
        expect(world.calls()).to.deep.equal([]);
        expect(world.log).to.have.lengthOf(1);
      });
    }
  });

  describe("takes as few calls as the work needs", () => {
    it("four reads for who is in place", async () => {
      const response = await world.handle(
        QUARANTINE,
        world.recordOf("UpdateUser", { UserName: "alice", NewPath: "/a/" }),
      );
      expect(outcome(response)["action"]).to.equal("none");
      expect([...world.calls()].sort()).to.deep.equal([...READS].sort());
    });

    it("eight to hold, eight to free", async () => {
      await world.handle(QUARANTINE, password());
      expect(world.calls()).to.have.lengthOf(8);
      await world.handle(QUARANTINE, device());
      expect(world.calls()).to.have.lengthOf(16);
    });

    it("two more where a rule names a path, and one more for each group that a rule names", async () => {
      world.root("CreateGroup", { GroupName: "auditors" });
      await world.handle({ ...QUARANTINE, exemptPaths: ["/machines/"] }, password());
      expect(world.calls()).to.have.lengthOf(10);
      await world.handle({ ...QUARANTINE, exemptGroups: ["auditors"] }, device());
      expect(world.calls()).to.have.lengthOf(19);
    });

    it("two more where a grace runs, paths or not", async () => {
      world.waitHours(25);
      await world.handle({ ...QUARANTINE, graceDays: 1 }, password());
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.calls()).to.have.lengthOf(10);
      await world.handle({ ...QUARANTINE, graceDays: 1, exemptPaths: ["/machines/"] }, device());
      expect(world.calls()).to.have.lengthOf(20);
    });

    it("eleven to move where a grace runs", async () => {
      world.waitHours(25);
      await world.handle(STRICT, password());
      const before = world.calls().length;
      await world.handle({ ...STRICT, graceDays: 1 }, device());
      expect(world.calls().slice(before)).to.have.lengthOf(11);
    });

    it("eight to hold on a day that has begun, for it asks for no CreateDate", async () => {
      await world.handle({ ...QUARANTINE, enforceFrom: "2026-03-05" }, password());
      expect(world.calls()).to.have.lengthOf(8);
    });

    it("four, or five with a grace, for whom a hold is not due yet", async () => {
      const made = password();
      await world.handle({ ...QUARANTINE, enforceFrom: "2026-03-06" }, made);
      expect(world.calls()).to.have.lengthOf(4);
      await world.handle({ ...QUARANTINE, graceDays: 1 }, made);
      expect(world.calls()).to.have.lengthOf(9);
      expect(world.standing("alice")).to.equal("free");
    });

    it("eight to hold and to free who is in ten groups already", async () => {
      fillGroups(10);
      await world.handle(QUARANTINE, password());
      expect([world.standing("alice"), world.calls().length]).to.deep.equal(["quarantine by policy", 8]);
      await world.handle(QUARANTINE, device());
      expect([world.standing("alice"), world.calls().length]).to.deep.equal(["free", 16]);
    });

    it("nine to move, into the new guard before out of the old", async () => {
      await world.handle(STRICT, password());
      const before = world.calls().length;
      await world.handle(STRICT, device());
      const moving = world.calls().slice(before);
      expect(moving).to.have.lengthOf(9);
      expect(moving.filter((call) => !READS.includes(call))).to.deep.equal(["AddUserToGroup", "RemoveUserFromGroup"]);
    });

    it("nine to move who is in ten groups, the guard's among them", async () => {
      fillGroups(9);
      password();
      await world.handle(STRICT, join(GUARDS.quarantine.group));
      expect(world.standing("alice")).to.equal("quarantine");
      const before = world.calls().length;
      await world.handle(STRICT, device());
      expect(world.standing("alice")).to.equal("sealed by policy");
      const moving = world.calls().slice(before);
      expect(moving).to.have.lengthOf(9);
      expect(moving.filter((call) => !READS.includes(call))).to.deep.equal(["AttachUserPolicy", "RemoveUserFromGroup"]);
    });

    it("no write for an event that comes twice", async () => {
      const made = password();
      await world.handle(QUARANTINE, made);
      const again = await world.handle(QUARANTINE, made);
      expect(outcome(again)).to.deep.include({ action: "none", writes: [] });
      expect(world.calls()).to.have.lengthOf(12);
    });
  });

  describe("in the middle of changes by another hand", () => {
    it("frees who enrols between its read and its write", async () => {
      world.account.before("AddUserToGroup", device);
      const response = await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("free");
      expect(outcome(response)["writes"]).to.deep.equal([
        { call: "addUserToGroup", guard: "quarantine" },
        { call: "removeUserFromGroup", guard: "quarantine" },
      ]);
    });

    it("holds who loses the device between its read and its write", async () => {
      password();
      join(GUARDS.quarantine.group);
      const enrolled = device();
      world.account.before("RemoveUserFromGroup", () => noDevice(enrolled.requestParameters?.["serialNumber"]));
      await world.handle(QUARANTINE, enrolled);
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("ends in peace where the user is deleted before it writes", async () => {
      world.account.before("AddUserToGroup", () => {
        noPassword();
        world.root("DeleteUser", { UserName: "alice" });
      });
      const response = await world.handle(QUARANTINE, password());
      expect(outcome(response)).to.deep.include({ action: "gone", writes: [] });
    });

    it("ends in peace where the user was deleted before it read, and says that it waited", async () => {
      const made = password();
      noPassword();
      world.root("DeleteUser", { UserName: "alice" });
      const response = await world.handle(QUARANTINE, made);
      expect(outcome(response)).to.deep.include({ action: "gone", lagging: true });
    });

    it("does not take a user for gone whom IAM denies for a moment", async () => {
      world.account.before("AddUserToGroup", () => {
        world.account.failNext("AddUserToGroup", "NoSuchEntity");
        world.account.failNext("ListGroupsForUser", "NoSuchEntity");
      });
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("does not take a user for gone whom IAM denies for a moment when a device goes", async () => {
      password();
      const enrolled = device();
      const removed = noDevice(enrolled.requestParameters?.["serialNumber"]);
      world.account.failNext("ListMFADevices", "NoSuchEntity");
      await world.handle(QUARANTINE, removed);
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("lets no write outlive its run where another of the same run fails", async () => {
      password();
      join(GUARDS.sealed.group);
      join(GUARDS.conditional.group);
      const enrolled = device();
      world.account.failNext("RemoveUserFromGroup", "AccessDenied");
      world.account.failNext("RemoveUserFromGroup", "ConcurrentModification");
      await failureOf(world.handle(QUARANTINE, enrolled));
      const ended = world.calls().length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(world.calls()).to.have.lengthOf(ended);
      expect(world.calls().filter((call) => call === "RemoveUserFromGroup")).to.have.lengthOf(3);
    });

    it("holds by the policy where another hand takes the tenth group", async () => {
      fillGroups(9);
      world.root("CreateGroup", { GroupName: "team-9" });
      world.account.before("AddUserToGroup", () => join("team-9"));
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine by policy");
    });

    it("is content where another hand has taken the user out already", async () => {
      password();
      join(GUARDS.quarantine.group);
      const enrolled = device();
      world.account.before("RemoveUserFromGroup", () => leave(GUARDS.quarantine.group));
      await world.handle(QUARANTINE, enrolled);
      expect(world.standing("alice")).to.equal("free");
    });

    it("does not undo a second run for the same user", async () => {
      const made = password();
      const enrolled = device();
      const removed = noDevice(enrolled.requestParameters?.["serialNumber"]);
      await Promise.all([
        world.handle(STRICT, made),
        world.handle(STRICT, enrolled),
        world.handle(STRICT, removed),
        world.handle(STRICT, made),
      ]);
      expect(world.standing("alice")).to.equal("quarantine");
    });
  });

  describe("where reads lag behind", () => {
    it("reads again until the event shows", async () => {
      password();
      join(GUARDS.quarantine.group);
      world.account.lag("ListMFADevices", 2);
      const response = await world.handle(QUARANTINE, device());
      expect(world.standing("alice")).to.equal("free");
      expect(world.pauses).to.deep.equal([0.25, 0.5]);
      expect(outcome(response)["lagging"]).to.equal(false);
    });

    it("acts on what it sees after 10 s at the most, and says so", async () => {
      password();
      join(GUARDS.quarantine.group);
      const enrolled = device();
      noDevice(enrolled.requestParameters?.["serialNumber"]);
      const response = await world.handle(QUARANTINE, enrolled);
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.pauses).to.deep.equal([0.25, 0.5, 1, 2, 3, 3]);
      expect(outcome(response)).to.deep.include({ action: "none", lagging: true });
      expect(world.log[0]).to.deep.include({ level: "WARN", lagging: true });
    });

    it("reads once more before it writes once more", async () => {
      const made = password();
      world.account.before("AddUserToGroup", () => world.account.lag("ListGroupsForUser", 1));
      const response = await world.handle(QUARANTINE, made);
      expect(world.pauses).to.deep.equal([0.25]);
      // Four reads, the write, and three reads before and after the pause.
      expect(world.calls()).to.have.lengthOf(11);
      expect(outcome(response)["writes"]).to.deep.equal([{ call: "addUserToGroup", guard: "quarantine" }]);
    });
  });

  describe("where IAM refuses", () => {
    for (const code of ["EntityTemporarilyUnmodifiable", "ConcurrentModification"] as const) {
      it(`tries ${code} again, which the SDK does not`, async () => {
        world.account.failNext("AddUserToGroup", code, 3);
        await world.handle(QUARANTINE, password());
        expect(world.standing("alice")).to.equal("quarantine");
        expect(world.pauses).to.deep.equal([0.5, 1, 2]);
      });
    }

    it("gives up on what does not pass, throws it and says whom it was about", async () => {
      world.account.failNext("AddUserToGroup", "EntityTemporarilyUnmodifiable", 6);
      const failure = await failureOf(world.handle(QUARANTINE, password()));
      expect(failure.cause).to.have.property("name", "EntityTemporarilyUnmodifiableException");
      expect(world.log).to.have.lengthOf(1);
      expect(world.log[0]).to.deep.include({
        level: "ERROR",
        user: "alice",
        action: "failed",
        call: "CreateLoginProfile",
      });
    });

    it("leaves throttling to the SDK", async () => {
      world.account.failNext("GetLoginProfile", "Throttling", 2);
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.pauses).to.deep.equal([]);
    });

    it("holds by the policy where a guard's group is gone, and leaves no moment without a guard", async () => {
      await world.handle(STRICT, password());
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      world.root("DeleteGroup", { GroupName: GUARDS.sealed.group });
      const response = await world.handle(STRICT, device());
      expect(outcome(response)["writes"]).to.deep.equal([
        { call: "attachUserPolicy", guard: "sealed" },
        { call: "removeUserFromGroup", guard: "quarantine" },
      ]);
      expect(world.standing("alice")).to.equal("sealed by policy");
    });

    it("throws where a guard's group and policy are gone, and frees nobody on the way to it", async () => {
      await world.handle(STRICT, password());
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      world.root("DeleteGroup", { GroupName: GUARDS.sealed.group });
      world.root("DeletePolicy", { PolicyArn: GUARDS.sealed.policyArn });
      const failure = await failureOf(world.handle(STRICT, device()));
      expect(failure.cause).to.have.property("cause").that.is.instanceOf(NoSuchEntityError);
      expect(world.log.at(-1)?.["error"]).to.match(
        /^Error: alice is not where the state says \(a password, one MFA device\) after 5 rounds of writing; IAM's last refusal: Policy /,
      );
      expect(world.standing("alice")).to.equal("quarantine");
    });
  });

  describe("at full quotas", () => {
    const writes = () => world.calls().filter((call) => /^(Add|Attach|Remove|Detach)/.test(call));

    it("leaves the tenth group to others where a policy has room", async () => {
      fillGroups(9);
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine by policy");
      world.root("CreateGroup", { GroupName: "team-9" });
      join("team-9");
    });

    it("takes the tenth group where no policy has room", async () => {
      fillGroups(9);
      fillPolicies(10);
      await world.handle(QUARANTINE, password());
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.calls()).to.have.lengthOf(9);
    });

    it("moves nobody from the group to the policy or back", async () => {
      fillGroups(9);
      password();
      await world.handle(QUARANTINE, join(GUARDS.quarantine.group));
      expect(world.standing("alice")).to.equal("quarantine");
      for (const index of [0, 1, 2, 3, 4]) leave(`team-${index}`);
      leave(GUARDS.quarantine.group);
      await world.handle(QUARANTINE, attach(GUARDS.quarantine.policyArn));
      expect(world.standing("alice")).to.equal("quarantine by policy");
      expect(writes()).to.deep.equal([]);
    });

    it("stays in the form that holds where it takes a user out of another guard", async () => {
      fillGroups(4);
      fillPolicies(8);
      password();
      attach(GUARDS.quarantine.policyArn);
      await world.handle(QUARANTINE, attach(GUARDS.sealed.policyArn));
      expect(world.standing("alice")).to.equal("quarantine by policy");
      expect(writes()).to.deep.equal(["AttachUserPolicy", "DetachUserPolicy"]);
    });

    it("tells by name whom no guard can hold, and asks each form once", async () => {
      fillGroups(10);
      fillPolicies(10);
      const failure = await failureOf(world.handle(QUARANTINE, password()));
      const { cause } = failure;
      if (!(cause instanceof UnholdableError)) throw failure;
      expect(cause.user).to.equal("alice");
      expect(cause.cause).to.be.instanceOf(LimitExceededError);
      expect(world.log).to.have.lengthOf(2);
      expect(world.log[1]).to.deep.include({ FunctionName: "require-mfa-1a2b3c4", Unholdable: 1 });
      expect(world.log[0]).to.deep.include({
        level: "ERROR",
        user: "alice",
        action: "failed",
        finding: "unholdable",
        error:
          "UnholdableError: no guard can hold alice, who is in ten groups and has as many managed policies as IAM allows: take the user out of a group or detach a policy, and the next sweep holds them",
      });
      expect(writes()).to.deep.equal(["AttachUserPolicy", "AddUserToGroup"]);
    });

    const atBothQuotas = async () => {
      fillGroups(9);
      fillPolicies(10);
      await world.handle(STRICT, password());
      expect(world.standing("alice")).to.equal("quarantine");
    };

    it("goes out of one guard before into the other where nothing else makes room, and warns of it", async () => {
      await atBothQuotas();
      const before = writes().length;
      const callsBefore = world.calls().length;
      const line = await world.handle(STRICT, device());
      expect(world.standing("alice")).to.equal("sealed");
      expect(world.calls()).to.have.lengthOf(callsBefore + 11);
      expect(writes().slice(before)).to.deep.equal([
        "AttachUserPolicy",
        "AddUserToGroup",
        "RemoveUserFromGroup",
        "AddUserToGroup",
      ]);
      expect(line).to.deep.include({ level: "WARN", action: "moved", outBeforeIn: true, warnings: ["out-before-in"] });
    });

    it("does so by the policy where the guard's policy is one of the ten", async () => {
      fillGroups(10);
      fillPolicies(9);
      await world.handle(STRICT, password());
      expect(world.standing("alice")).to.equal("quarantine by policy");
      const line = await world.handle(STRICT, device());
      expect(world.standing("alice")).to.equal("sealed by policy");
      expect(outcome(line)["writes"]).to.deep.equal([
        { call: "detachUserPolicy", guard: "quarantine" },
        { call: "attachUserPolicy", guard: "sealed" },
      ]);
    });

    it("does so where the new guard's group is gone, and the old one's policy makes room", async () => {
      fillGroups(10);
      fillPolicies(9);
      await world.handle(STRICT, password());
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      world.root("DeleteGroup", { GroupName: GUARDS.sealed.group });
      world.account.clearLog();
      device();
      await world.sweep(STRICT, {});
      expect(world.standing("alice")).to.equal("sealed by policy");
      expect(writes()).to.deep.equal(["AttachUserPolicy", "DetachUserPolicy", "AttachUserPolicy"]);
    });

    it("goes back into the old guard where the new one refuses", async () => {
      await atBothQuotas();
      world.account.before("RemoveUserFromGroup", () => world.account.failNext("AddUserToGroup", "AccessDenied"));
      await failureOf(world.handle(STRICT, device()));
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.log.at(-1)).to.deep.include({ level: "ERROR", user: "alice", action: "failed" });
      expect(world.log.at(-1)?.["error"]).to.match(
        /^Error: alice, at both of IAM's quotas, is back in quarantine, for sealed refused: /,
      );
    });

    it("goes out of nothing where the new guard's group is gone", async () => {
      await atBothQuotas();
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      world.root("DeleteGroup", { GroupName: GUARDS.sealed.group });
      await failureOf(world.handle(STRICT, device()));
      expect(world.standing("alice")).to.equal("quarantine");
      expect(writes()).to.not.include("RemoveUserFromGroup");
    });
  });

  describe("at the quota of policies, where the new guard's group is gone", () => {
    beforeEach(async () => {
      fillPolicies(10);
      await world.handle(STRICT, password());
      world.root("DetachGroupPolicy", { GroupName: GUARDS.sealed.group, PolicyArn: GUARDS.sealed.policyArn });
      world.root("DeleteGroup", { GroupName: GUARDS.sealed.group });
    });
    const error = "alice stays in quarantine, for sealed has no group, and the quota of policies is full";
    const calls = () => world.account.log.filter(({ caller }) => caller.type === "AssumedRole");
    const exits = () => calls().filter(({ action }) => action === "RemoveUserFromGroup");

    // The soak's port, seed 21 with 80 steps and seed 22: a sweep asked for a group without a name.
    it("goes out of nothing by an event, and says so", async () => {
      const failure = await failureOf(world.handle(STRICT, device()));
      expect(failure.cause).to.have.nested.property("cause.cause").that.is.instanceOf(LimitExceededError);
      expect(world.standing("alice")).to.equal("quarantine");
      expect(exits()).to.deep.equal([]);
      expect(world.log.at(-1)).to.deep.include({ level: "ERROR", user: "alice", error: `Error: ${error}` });
    });

    // Seed 1000 with 100 steps: what refuses the policy is no reason to ask for the group.
    it("asks for no group without a name where IAM refuses the policy for another reason", async () => {
      device();
      world.account.failNext("AttachUserPolicy", "AccessDenied");
      await failureOf(world.sweep(STRICT, {}));
      expect(world.complaint()).to.include("alice: Injected fault: AccessDenied");
      expect(calls().filter(({ parameters }) => parameters["GroupName"] === "")).to.deep.equal([]);
    });

    it("goes out of nothing by a sweep, asks for no group without a name, and says so", async () => {
      device();
      await failureOf(world.sweep(STRICT, {}));
      expect(world.standing("alice")).to.equal("quarantine");
      expect(exits()).to.deep.equal([]);
      expect(calls().filter(({ parameters }) => parameters["GroupName"] === "")).to.deep.equal([]);
      expect(world.complaint()).to.include(`alice: ${error}`);
    });
  });

  describe("in a dry run", () => {
    const DRY: Settings = { mode: "quarantine", dryRun: true };

    it("holds nobody new, writes nothing, and says whom it would hold", async () => {
      const response = await world.handle(DRY, password());
      expect(outcome(response)).to.deep.include({ action: "withheld", decision: "hold", guard: "quarantine" });
      expect([...world.calls()].sort()).to.deep.equal([...READS].sort());
    });

    it("still frees who has enrolled", async () => {
      await world.handle(QUARANTINE, password());
      await world.handle(DRY, device());
      expect(world.standing("alice")).to.equal("free");
    });

    it("still moves who is held", async () => {
      await world.handle(STRICT, password());
      await world.handle({ mode: "strict", dryRun: true }, device());
      expect(world.standing("alice")).to.equal("sealed");
    });
  });

  it("logs one line a decision: who, what, why, what was seen and what was written", async () => {
    await world.handle(STRICT, password());
    const enrolled = device();
    world.waitHours(0.01);
    expect(await world.handle(STRICT, enrolled)).to.deep.equal({
      level: "INFO",
      call: "EnableMFADevice",
      caller: "arn:aws:iam::123456789012:user/alice",
      sourceIPAddress: "192.0.2.10",
      userAgent: "AWS Internal",
      eventID: enrolled.eventID,
      eventTime: "2026-03-05T01:02:38Z",
      secondsSinceCall: 36,
      user: "alice",
      action: "moved",
      decision: "hold",
      guard: "sealed",
      reason: "a password, one MFA device",
      seen: {
        password: true,
        devices: ["arn:aws:iam::123456789012:u2f/user/alice/passkey-XCE2ECVQSWT3RVQMQVRYGDCLQL"],
        heldBy: ["quarantine"],
        datedAt: "2026-03-05T01:02:38.000Z",
      },
      writes: [
        { call: "addUserToGroup", guard: "sealed" },
        { call: "removeUserFromGroup", guard: "quarantine" },
      ],
      lagging: false,
    });
  });

  describe("counts the seconds from a call to the decision", () => {
    const counted = () => world.log.flatMap((line) => ("_aws" in line ? [line["SecondsSinceCall"]] : []));

    it("where it changed something", async () => {
      const made = password();
      world.waitHours(0.01);
      await world.handle(QUARANTINE, made);
      expect(counted()).to.deep.equal([36]);
    });

    it("and not where it changed nothing, or the record gives no time", async () => {
      await world.handle(QUARANTINE, { ...password(), eventTime: "soon" }, join(GUARDS.quarantine.group));
      expect(world.standing("alice")).to.equal("quarantine");
      expect(counted()).to.deep.equal([]);
    });
  });

  describe("whatever comes in whatever order", () => {
    /** Where strict puts each state, by hand: password and devices → guard. */
    const STANDING = { "false 0": "sealed", "false 1": "sealed", "true 0": "quarantine", "true 1": "sealed" } as const;

    it("ends where the state says, for any changes and any order of their records, some of them twice", async () => {
      const Change = fc.constantFrom("password", "noPassword", "device", "noDevice", "leave", "join", "attach");
      await fc.assert(
        fc.asyncProperty(
          fc.array(Change, { minLength: 1, maxLength: 8 }),
          fc.infiniteStream(fc.nat()),
          async (changes, dice) => {
            await world.close();
            world = await newWorld();
            const records: unknown[] = [world.recordOf("CreateUser", { UserName: "alice" })];
            let hasPassword = false;
            const devices: unknown[] = [];
            for (const change of changes) {
              if (change === "password" && !hasPassword) records.push(password());
              if (change === "noPassword" && hasPassword) records.push(noPassword());
              if (change === "password" || change === "noPassword") hasPassword = change === "password";
              if (change === "device" && devices.length === 0) {
                const enrolled = device();
                devices.push(enrolled.requestParameters?.["serialNumber"]);
                records.push(enrolled);
              }
              if (change === "noDevice" && devices.length > 0) records.push(noDevice(devices.pop()));
              if (change === "join") records.push(join(GUARDS.conditional.group));
              if (change === "attach") records.push(attach(GUARDS.quarantine.policyArn));
              if (change === "leave" && world.standing("alice").startsWith("conditional"))
                records.push(leave(GUARDS.conditional.group));
            }
            const roll = (below: number) => Number(dice.next().value) % below;
            const delivered = [...records, ...records.filter(() => roll(2) === 0)]
              .map((record) => ({ record, place: roll(1000) }))
              .sort((a, b) => a.place - b.place)
              .map(({ record }) => record);
            await world.handle(STRICT, ...delivered);
            const state = `${hasPassword} ${devices.length}` as keyof typeof STANDING;
            expect(world.standing("alice").replace(" by policy", "")).to.equal(STANDING[state]);
          },
        ),
        { numRuns: 60 },
      );
    });

    it("neither frees who is held nor holds who is free by an event made up", async () => {
      world.root("CreateUser", { UserName: "bob" });
      await world.handle(QUARANTINE, password());
      const names = fc.constantFrom("alice", "ALICE", "bob", "AWS ROOT USER", "", "nobody", "../alice");
      const Made = fc.record(
        {
          eventName: fc.constantFrom(
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
            "DeleteUser",
          ),
          errorCode: fc.constantFrom("AccessDenied", ""),
          userIdentity: fc.record({ type: fc.constantFrom("IAMUser", "Root"), userName: names }, { requiredKeys: [] }),
          requestParameters: fc.oneof(
            fc.constant(null),
            fc.record(
              {
                userName: names,
                newUserName: names,
                groupName: fc.string(),
                serialNumber: fc.string(),
                policyArn: fc.string(),
              },
              { requiredKeys: [] },
            ),
          ),
          responseElements: fc.oneof(fc.constant(null), fc.record({ loginProfile: fc.record({ userName: names }) })),
        },
        { requiredKeys: ["eventName"] },
      );
      await fc.assert(
        fc.asyncProperty(Made, async (record) => {
          await world.handle(QUARANTINE, record);
          expect([world.standing("alice"), world.standing("bob")]).to.deep.equal(["quarantine", "free"]);
        }),
        { numRuns: 100 },
      );
    });

    it("refuses with a message whatever is no event", async () => {
      await fc.assert(
        fc.asyncProperty(fc.anything(), async (given) => {
          const failure = await failureOf(world.handle(QUARANTINE, given));
          expect(failure.message).to.match(/^not an event of AWS API Call via CloudTrail: \S/);
        }),
        { numRuns: 200 },
      );
    });
  });
});
