import { expect } from "chai";
import { HANDLER } from "../../support/account";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { newWorld, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };

describe("a run for an event", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld();
    people = peopleOf(world);
    people.person("alice");
  });
  afterEach(() => world.close());

  const password = () => world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
  const notTold = () => world.log.filter(({ finding }) => finding === "not-told");
  const counted = () => world.log.flatMap(({ NotTold }) => (NotTold === undefined ? [] : [NotTold]));

  it("puts its events in one call, whose detail is the line of the log", async () => {
    await world.handle({ ...QUARANTINE, exemptGroups: ["robots"] }, password());
    expect(world.toldTypes()).to.deep.equal(["User Held", "Group Missing"]);
    expect(world.bus.calls).to.deep.equal([2]);
    const [held, missing] = world.told();
    expect(held?.detail).to.deep.include(world.log.find(({ action }) => action === "held"));
    expect(missing?.detail).to.deep.include(world.log.find(({ finding }) => finding === "missing-group"));
  });

  it("puts none, and makes no call, where it changes nothing and finds nothing", async () => {
    const made = password();
    await world.handle(QUARANTINE, made);
    await world.handle(QUARANTINE, made, { eventName: "CreateAccessKey", requestParameters: { userName: "alice" } });
    await world.handle({ ...QUARANTINE, dryRun: true }, world.recordOf("UpdateUser", { UserName: "alice" }));
    expect(world.toldTypes()).to.deep.equal(["User Held"]);
    expect(world.bus.calls).to.deep.equal([1]);
  });

  it("tells that it failed before it throws", async () => {
    world.account.failNext("AddUserToGroup", "AccessDenied");
    await failureOf(world.handle(QUARANTINE, password()));
    expect(world.told()).to.containSubset([
      {
        "detail-type": "Event Failed",
        detail: { user: "alice", action: "failed", error: "AccessDeniedError: Injected fault: AccessDenied" },
      },
    ]);
  });

  it("tells of what is no event at all, and throws", async () => {
    await failureOf(world.handle(QUARANTINE, { eventName: 7 }));
    expect(world.told().map(({ detail }) => [detail["level"], detail["error"]])).to.deep.equal([
      ["ERROR", "TypeError: not an event of AWS API Call via CloudTrail: detail.eventName: expected string"],
    ]);
    expect(world.told()[0]?.detail["message"]).to.match(
      /^An event could not be read: not an event of AWS API Call via CloudTrail: detail.eventName: expected string\. /,
    );
    expect(world.log).to.containSubset([{ level: "ERROR", action: "failed" }]);
  });

  it("tells of an enrolment by its user as of one, and of a suspicious one as of nothing else", async () => {
    await world.handle(QUARANTINE, world.enrol("alice"));
    // The second one is enrolled by a console session with MFA.
    await world.handle(QUARANTINE, world.enrol("alice"));
    const bare = world.records.at(-1);
    const without = { ...bare, userIdentity: { ...bare?.userIdentity, sessionContext: undefined } };
    await world.handle(QUARANTINE, without);
    expect(world.toldTypes()).to.deep.equal(["Device Enrolled", "Device Enrolled", "Suspicious Enrolment"]);
    expect(world.told().at(-1)?.detail["message"]).to.match(
      /^An MFA device was enrolled for alice beside another one, in a session without MFA\. /,
    );
  });

  it("tells of no enrolment of which no device is left", async () => {
    const enrolled = world.enrol("alice");
    const serial = String(enrolled.requestParameters?.["serialNumber"]);
    world.root("DeactivateMFADevice", { UserName: "alice", SerialNumber: serial });
    await world.handle(QUARANTINE, enrolled);
    expect(world.toldTypes()).to.deep.equal([]);
  });

  it("tells who was held and became exempt, and had a device", async () => {
    people.groups("robots");
    const rules: Settings = { mode: "conditional-deny", exemptGroups: ["robots"] };
    password();
    await world.handle(rules, world.enrol("alice"));
    await world.handle(rules, world.recordOf("AddUserToGroup", { UserName: "alice", GroupName: "robots" }));
    expect(world.toldTypes()).to.deep.equal(["User Held", "Device Enrolled", "User Freed", "Scope Changed"]);
    expect(world.told().at(-1)?.detail["message"]).to.match(
      /^alice was held and is exempt now \(exempt by group robots\)\. The call was AddUserToGroup /,
    );
  });

  it("tells of a guard in one event whatever is wrong with it, and of one that it mended in another", async () => {
    const { group, policyArn } = GUARDS.quarantine;
    world.root("PutGroupPolicy", {
      GroupName: group,
      PolicyName: "allow",
      PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    });
    world.root("AttachGroupPolicy", { GroupName: group, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
    await world.handle(QUARANTINE, world.recordOf("DetachGroupPolicy", { GroupName: group, PolicyArn: policyArn }));
    expect(world.toldTypes()).to.deep.equal(["Guard Broken", "Guard Reattached"]);
    expect(world.bus.calls).to.deep.equal([2]);
    expect(world.told()[0]?.detail["faults"]).to.have.deep.members([
      { fault: "inline-policy", what: "allow" },
      { fault: "foreign-policy", what: "arn:aws:iam::aws:policy/AdministratorAccess" },
    ]);
  });

  describe("where a put fails", () => {
    const failures: readonly (readonly [string, () => void, RegExp])[] = [
      [
        "as a whole",
        () => world.bus.failNext("AccessDeniedException"),
        /^EventBridge did not take 2 of 2 events: User Held: AwsError: .*; Group Missing: AwsError: /,
      ],
      [
        "for one entry",
        () => world.bus.refuseNext("MalformedDetail"),
        /^EventBridge did not take 1 of 2 events: User Held: MalformedDetail$/,
      ],
      [
        "because the role may not",
        () => world.account.putRole(HANDLER.roleArn, [rolesPolicyWithout("events:PutEvents")]),
        /not authorized to perform: events:PutEvents on resource: arn:aws:events:us-east-1:123456789012:event-bus\/default/,
      ],
    ];
    for (const [title, fail, error] of failures) {
      it(`${title}, moves people all the same, does not throw, logs an error and counts`, async () => {
        const record = password();
        fail();
        await world.handle({ ...QUARANTINE, exemptGroups: ["robots"] }, record);
        expect(world.standing("alice")).to.equal("quarantine");
        expect(notTold()).to.have.lengthOf(1);
        expect(notTold()[0]).to.deep.include({ level: "ERROR" });
        expect(notTold()[0]?.["error"]).to.match(error);
        expect(counted()).to.deep.equal([2 - world.told().length]);
      });
    }

    it("does so where the run fails too, and throws what made it fail", async () => {
      world.account.failNext("AddUserToGroup", "AccessDenied");
      world.bus.failNext("AccessDeniedException");
      const failure = await failureOf(world.handle(QUARANTINE, password()));
      expect(failure.cause).to.have.property("message", "Injected fault: AccessDenied");
      expect(notTold()).to.have.lengthOf(1);
      expect(counted()).to.deep.equal([1]);
    });

    it("tries again what passes, within four seconds of pauses", async () => {
      world.bus.failNext("InternalException", 4);
      await world.handle(QUARANTINE, password());
      expect(world.toldTypes()).to.deep.equal(["User Held"]);
      expect(world.pauses).to.deep.equal([0.25, 0.5, 1, 2]);
      expect(counted()).to.deep.equal([]);
    });
  });

  /** What the role may do, less one action. */
  function rolesPolicyWithout(action: string): string {
    const [document] = world.account.identityPoliciesOf(HANDLER);
    const statements = document?.Statement.filter((statement) => !JSON.stringify(statement).includes(action));
    return JSON.stringify({ ...document, Statement: statements });
  }
});
