import { expect } from "chai";
import type { Mode } from "../../../core/modes";
import type { Settings } from "../../../core/settings";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { newWorld, type World } from "../../support/world";

const { quarantine, sealed } = GUARDS;
const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

describe("a sweep, of guards that are none any more", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld();
    people = peopleOf(world);
    people.person("alice", "password");
    people.person("bob", "password", "device");
    await world.sweep({ mode: "quarantine" }, { by: "deploy" });
  });
  afterEach(() => world.close());

  const sweep = (mode: Mode = "quarantine") => world.sweep({ mode }, {});
  const attachedTo = (group: string) =>
    world.account
      .call({ type: "Root" }, "ListAttachedGroupPolicies", { GroupName: group })
      .AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
  const dissolve = (guard: keyof typeof GUARDS) => {
    const { group, policyArn } = GUARDS[guard];
    for (const { UserName } of world.account.call({ type: "Root" }, "GetGroup", { GroupName: group }).Users) {
      world.root("RemoveUserFromGroup", { UserName, GroupName: group });
    }
    world.root("DetachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
    world.root("DeleteGroup", { GroupName: group });
  };

  it("attaches a policy again that is off its group, and tells", async () => {
    world.root("DetachGroupPolicy", { GroupName: quarantine.group, PolicyArn: quarantine.policyArn });
    const { summary } = await sweep();
    expect(attachedTo(quarantine.group)).to.deep.equal([quarantine.policyArn]);
    expect(summary.guards).to.deep.equal({ reattached: ["quarantine"], broken: [] });
    expect(world.findings()).to.containSubset([{ level: "WARN", finding: "guard-reattached", guard: "quarantine" }]);
    expect(world.metrics()).to.deep.include({ GuardReattached: 1, GuardBroken: 0 });
  });

  it("does not in mode off, even where somebody is left in the guard", async () => {
    world.root("DetachGroupPolicy", { GroupName: quarantine.group, PolicyArn: quarantine.policyArn });
    await sweep("off");
    expect(attachedTo(quarantine.group)).to.deep.equal([]);
  });

  it("does not by instructions that a deploy has replaced", async () => {
    world.root("DetachGroupPolicy", { GroupName: quarantine.group, PolicyArn: quarantine.policyArn });
    await world.sweep(
      { mode: "quarantine" },
      {},
      () => true,
      async () => false,
    );
    expect(attachedTo(quarantine.group)).to.deep.equal([]);
    expect(world.metrics()).to.deep.include({ GuardReattached: 0, GuardBroken: 0 });
  });

  it("tells another default version as an error, and fails a deploy", async () => {
    world.root("CreatePolicyVersion", {
      PolicyArn: quarantine.policyArn,
      PolicyDocument: ALLOW_ALL,
      SetAsDefault: "true",
    });
    await sweep();
    const words = `the policy of quarantine, ${quarantine.policyArn}, is not the one that was deployed; pulumi up --refresh makes it what was deployed`;
    expect(world.findings()).to.deep.equal([
      {
        level: "ERROR",
        finding: "guard-broken",
        message: words,
        guard: "quarantine",
        faults: [{ fault: "policy-changed", what: quarantine.policyArn }],
      },
    ]);
    expect(world.metrics()).to.deep.include({ GuardBroken: 1 });
    expect((await failureOf(world.sweep({ mode: "quarantine" }, { by: "deploy" }))).message).to.equal(words);
  });

  it("tells nothing of a version that is not the default", async () => {
    world.root("CreatePolicyVersion", { PolicyArn: quarantine.policyArn, PolicyDocument: ALLOW_ALL });
    await sweep();
    expect(world.findings()).to.deep.equal([]);
  });

  it("tells foreign and inline policies on a guard's group, and a guard's policy on a group that is none", async () => {
    people.groups("robots");
    world.root("AttachGroupPolicy", { GroupName: "robots", PolicyArn: quarantine.policyArn });
    world.root("PutGroupPolicy", { GroupName: quarantine.group, PolicyName: "allow", PolicyDocument: ALLOW_ALL });
    world.root("AttachGroupPolicy", {
      GroupName: quarantine.group,
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    });
    const { summary } = await sweep();
    expect(summary.guards.broken).to.have.deep.members([
      { guard: "quarantine", fault: "foreign-policy", what: "arn:aws:iam::aws:policy/AdministratorAccess" },
      { guard: "quarantine", fault: "inline-policy", what: "allow" },
      { guard: "quarantine", fault: "policy-elsewhere", what: "arn:aws:iam::123456789012:group/robots" },
    ]);
  });

  it("tells nothing that was mended within a minute", async () => {
    world.root("PutGroupPolicy", { GroupName: quarantine.group, PolicyName: "allow", PolicyDocument: ALLOW_ALL });
    world.account.before("ListGroupPolicies", () => {
      world.root("DeleteGroupPolicy", { GroupName: quarantine.group, PolicyName: "allow" });
    });
    const { summary } = await sweep();
    expect(summary.guards.broken).to.deep.equal([]);
  });

  it("holds people by the policy where the group is gone, and tells", async () => {
    dissolve("quarantine");
    const { summary } = await sweep();
    expect(world.standing("alice")).to.equal("quarantine by policy");
    expect(summary.held.quarantine).to.equal(1);
    expect(world.findings()).to.containSubset([{ finding: "guard-broken", faults: [{ fault: "group-gone" }] }]);
  });

  it("holds them by the policy where another group bears its name under another path", async () => {
    dissolve("quarantine");
    people.groups(quarantine.group);
    people.join("alice", quarantine.group);
    const { summary } = await sweep();
    expect(world.standing("alice")).to.equal("quarantine + quarantine by policy");
    expect(summary.held.quarantine).to.equal(1);
    expect(world.findings()).to.containSubset([{ finding: "guard-broken", faults: [{ fault: "group-elsewhere" }] }]);
  });

  it("does not take that group for an exempt one that may have been renamed, and neither does an event", async () => {
    dissolve("quarantine");
    people.groups(quarantine.group);
    people.join("alice", quarantine.group);
    people.person("carol");
    people.join("carol", quarantine.group);
    const exempting = { mode: "quarantine", exemptGroups: ["break-glass"] } satisfies Partial<Settings>;
    const made = world.recordOf("CreateLoginProfile", { UserName: "carol", Password: "correct-horse" });
    await world.handle(exempting, made);
    expect(world.standing("carol")).to.equal("quarantine + quarantine by policy");
    const { summary } = await world.sweep(exempting, {});
    expect(summary.undecided).to.deep.equal([]);
    expect(world.standing("alice")).to.equal("quarantine + quarantine by policy");
  });

  it("holds them by the policy at an event too", async () => {
    dissolve("quarantine");
    people.person("carol");
    const password = { UserName: "carol", Password: "correct-horse" };
    await world.handle({ mode: "quarantine" }, world.recordOf("CreateLoginProfile", password));
    expect(world.standing("carol")).to.equal("quarantine by policy");
  });

  it("holds them at an event too, where they are in another group of its name", async () => {
    people.person("carol");
    world.root("UpdateGroup", { GroupName: quarantine.group, NewGroupName: "attic" });
    people.groups(quarantine.group);
    people.join("carol", quarantine.group);
    const made = world.recordOf("CreateLoginProfile", { UserName: "carol", Password: "correct-horse" });
    await world.handle({ mode: "quarantine" }, made);
    expect(world.standing("carol")).to.equal("quarantine + quarantine by policy");
  });

  it("says nothing of a guard under which nobody is and nobody belongs", async () => {
    dissolve("sealed");
    const { summary } = await sweep();
    expect(world.findings()).to.deep.equal([]);
    expect(summary.held).to.deep.equal({ quarantine: 1, conditional: 0, sealed: 0 });
  });

  it("looks at a guard in which somebody is left, whatever the mode", async () => {
    people.join("bob", sealed.group);
    world.root("PutGroupPolicy", { GroupName: sealed.group, PolicyName: "allow", PolicyDocument: ALLOW_ALL });
    const { summary } = await sweep();
    expect(summary.guards.broken).to.deep.equal([{ guard: "sealed", fault: "inline-policy", what: "allow" }]);
  });
});
