import { expect } from "chai";
import type { Outcome } from "../../handler/reconcile";
import { warningsOfSweep } from "../../handler/warnings";
import { newWorld, type Settings, type World } from "../support/world";

const RULES: Settings = {
  mode: "quarantine",
  exemptUsers: ["robot"],
  exemptPaths: ["/robots/"],
  exemptGroups: ["break-glass"],
};
const SCOPED: Settings = { mode: "quarantine", onlyPaths: ["/staff/"], onlyGroups: ["people"] };

describe("the warnings of an event", () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
    for (const group of ["break-glass", "people"]) world.recordOf("CreateGroup", { GroupName: group });
  });
  afterEach(() => world.close());

  const create = (UserName: string, Path = "/") => world.recordOf("CreateUser", { UserName, Path });
  const password = (UserName: string) => world.recordOf("CreateLoginProfile", { UserName, Password: "correct-horse" });
  const move = (UserName: string, NewPath: string) => world.recordOf("UpdateUser", { UserName, NewPath });
  const rename = (UserName: string, NewUserName: string) => world.recordOf("UpdateUser", { UserName, NewUserName });
  const join = (UserName: string, GroupName: string) => world.recordOf("AddUserToGroup", { UserName, GroupName });
  const leave = (UserName: string, GroupName: string) => world.recordOf("RemoveUserFromGroup", { UserName, GroupName });
  /** Level, action and warnings of what an event came to. */
  const told = async (settings: Settings, record: unknown): Promise<readonly unknown[]> => {
    const line = await world.handle(settings, record);
    return [line?.["level"], line?.["action"], line?.["warnings"]];
  };

  describe("where someone with a password and no device", () => {
    beforeEach(() => {
      create("ann");
      password("ann");
    });
    const hold = (settings: Settings) => world.handle(settings, rename("ann", "ann"));

    const gains: readonly (readonly [string, () => unknown])[] = [
      ["a path", () => move("ann", "/robots/")],
      ["a group", () => join("ann", "break-glass")],
      ["a new name", () => rename("ann", "robot")],
    ];
    for (const [by, change] of gains) {
      it(`becomes exempt by ${by}, whether held before or not`, async () => {
        expect(await told(RULES, change())).to.deep.equal([
          "WARN",
          "none",
          ["exempt-without-device", "scope-changed-without-device"],
        ]);
      });
    }

    it("becomes exempt while held", async () => {
      await hold(RULES);
      expect(world.standing("ann")).to.equal("quarantine");
      expect(await told(RULES, join("ann", "break-glass"))).to.deep.equal([
        "WARN",
        "freed",
        ["freed-as-exempt", "exempt-without-device", "scope-changed-without-device"],
      ]);
    });

    const losses: readonly (readonly [string, () => unknown, () => unknown])[] = [
      ["a path", () => move("ann", "/robots/"), () => move("ann", "/")],
      ["a group", () => join("ann", "break-glass"), () => leave("ann", "break-glass")],
    ];
    for (const [by, before, change] of losses) {
      it(`is no longer exempt by ${by}`, async () => {
        before();
        expect(await told(RULES, change())).to.deep.equal(["WARN", "held", ["scope-changed-without-device"]]);
      });
    }

    it("is no longer exempt by the old name", async () => {
      rename("ann", "robot");
      expect(await told(RULES, rename("robot", "ann"))).to.deep.equal([
        "WARN",
        "held",
        ["scope-changed-without-device"],
      ]);
    });

    it("is exempt in the dry run, which holds nobody", async () => {
      expect(await told({ ...RULES, dryRun: true }, join("ann", "break-glass"))).to.deep.equal([
        "WARN",
        "none",
        ["exempt-without-device", "scope-changed-without-device"],
      ]);
    });

    it("gets the password when exempt already", async () => {
      create("robot");
      expect(await told(RULES, password("robot"))).to.deep.equal(["WARN", "none", ["exempt-without-device"]]);
    });

    it("comes into the scope and leaves it", async () => {
      const changed = ["scope-changed-without-device"];
      expect(await told(SCOPED, join("ann", "people"))).to.deep.equal(["WARN", "held", changed]);
      expect(await told(SCOPED, leave("ann", "people"))).to.deep.equal(["WARN", "freed", changed]);
      expect(await told(SCOPED, move("ann", "/staff/"))).to.deep.equal(["WARN", "held", changed]);
      expect(await told(SCOPED, move("ann", "/guests/"))).to.deep.equal(["WARN", "freed", changed]);
    });
  });

  describe("are none", () => {
    const quiet = ["INFO", "none", undefined];

    it("where someone outside the scope gets a password", async () => {
      create("guest");
      expect(await told(SCOPED, password("guest"))).to.deep.equal(quiet);
    });

    it("where who is held moves within the scope", async () => {
      create("ann", "/staff/");
      expect(await told(SCOPED, password("ann"))).to.deep.equal(["INFO", "held", undefined]);
      expect(await told(SCOPED, move("ann", "/staff/berlin/"))).to.deep.equal(quiet);
    });

    it("where who has a device becomes exempt and was not held", async () => {
      create("ann");
      password("ann");
      world.enrol("ann");
      expect(await told(RULES, join("ann", "break-glass"))).to.deep.equal(quiet);
    });

    it("in mode off, in which nobody is held", async () => {
      create("ann");
      password("ann");
      expect(await told({ ...RULES, mode: "off" }, join("ann", "break-glass"))).to.deep.equal(quiet);
    });
  });

  describe("of an enrolment", () => {
    const MFA = { sessionContext: { attributes: { mfaAuthenticated: "true" } } };
    const NO_MFA = { sessionContext: { attributes: { mfaAuthenticated: "false" } } };
    const ANN = { type: "IAMUser", userName: "ann", arn: "arn:aws:iam::123456789012:user/ann" };
    beforeEach(() => {
      create("ann");
      password("ann");
    });
    /** The warnings of an enrolment that this caller's record tells of, where ann has so many devices by now. */
    const enrolled = async (devices: number, userIdentity: unknown): Promise<readonly unknown[]> => {
      let record = world.enrol("ann");
      for (let count = 1; count < devices; count++) record = world.enrol("ann");
      return told({ mode: "quarantine" }, { ...record, userIdentity });
    };
    const quiet = ["INFO", "none", undefined];

    it("are none of a first device of one's own", async () => {
      expect(await enrolled(1, { ...ANN, ...NO_MFA })).to.deep.equal(quiet);
    });

    it("are none of a second device in a session with MFA", async () => {
      expect(await enrolled(2, { ...ANN, ...MFA })).to.deep.equal(quiet);
    });

    it("tell of a second device in a session without MFA", async () => {
      expect(await enrolled(2, { ...ANN, ...NO_MFA })).to.deep.equal(["WARN", "none", ["second-device-without-mfa"]]);
    });

    it("tell of a second device by a bare access key, whose record has no session", async () => {
      expect(await enrolled(2, ANN)).to.deep.equal(["WARN", "none", ["second-device-without-mfa"]]);
    });

    it("tell of nothing but that who enrolled without MFA is gone by now", async () => {
      const record = { ...world.enrol("ann"), userIdentity: { ...ANN, ...NO_MFA } };
      rename("ann", "ann-1");
      expect(await told({ mode: "quarantine" }, record)).to.deep.equal(["WARN", "gone", ["lagging", "gone"]]);
    });

    const others: readonly (readonly [string, unknown])[] = [
      ["another user", { type: "IAMUser", userName: "bob", ...MFA }],
      ["root", { type: "Root", userName: "ann", ...MFA }],
      ["a role", { type: "AssumedRole", ...MFA }],
    ];
    for (const [who, identity] of others) {
      it(`tell of a device enrolled by ${who}`, async () => {
        expect(await enrolled(1, identity)).to.deep.equal(["WARN", "none", ["device-by-another"]]);
      });
    }

    it("take a user for the same whatever the case of the name", async () => {
      expect(await enrolled(1, { ...ANN, userName: "Ann", ...NO_MFA })).to.deep.equal(quiet);
    });
  });

  it("tell of who is gone that the next sweep looks again: whoever renames himself over and over is gone for events", async () => {
    create("ann");
    const first = rename("ann", "ann-1");
    rename("ann-1", "ann-2");
    const line = await world.handle(RULES, first);
    expect(line).to.deep.include({
      level: "WARN",
      user: "ann-1",
      action: "gone",
      reason: "there is no user of this name (any more): deleted, or renamed since; the next sweep looks again",
      warnings: ["lagging", "gone"],
    });
  });

  it("tell of who goes in the middle of a run, too", async () => {
    create("ann");
    const made = password("ann");
    world.account.before("AddUserToGroup", () => rename("ann", "ann-1"));
    expect(await told(RULES, made)).to.deep.equal(["WARN", "gone", ["gone"]]);
  });

  it("tell of who moves without a device and goes in the middle of the run that they may have come into the scope", async () => {
    create("ann");
    password("ann");
    const moved = move("ann", "/staff/");
    world.account.before("AddUserToGroup", () => rename("ann", "ann-1"));
    expect(await told(RULES, moved)).to.deep.equal(["WARN", "gone", ["gone", "scope-changed-without-device"]]);
  });

  it("hold who is to be held though what is only told on is amiss in the record", async () => {
    create("ann");
    const record = password("ann");
    const amiss = { ...record, userAgent: 7, sourceIPAddress: {}, eventTime: "soon", userIdentity: { arn: [] } };
    const line = await world.handle(RULES, amiss);
    expect(world.standing("ann")).to.equal("quarantine");
    expect(line).to.not.have.any.keys("caller", "sourceIPAddress", "userAgent", "secondsSinceCall");
    expect(line).to.have.property("eventTime", "soon");
  });
});

describe("the warnings of a sweep", () => {
  const FREED: Outcome = {
    user: "ann",
    action: "freed",
    decision: "free",
    reason: "outside the scope",
    exempt: false,
    seen: { password: true, devices: [], heldBy: ["quarantine"] },
    writes: [],
    lagging: false,
  };
  const seen = { password: false, devices: [], heldBy: [] };

  it("tell of who is freed without a device, but not in mode off, which frees everybody", () => {
    expect(warningsOfSweep(FREED, "quarantine")).to.deep.equal(["scope-changed-without-device"]);
    expect(warningsOfSweep(FREED, "off")).to.deep.equal([]);
  });

  it("are none of who is freed with a device, or without a password", () => {
    expect(
      warningsOfSweep({ ...FREED, seen: { ...seen, password: true, devices: ["d"] } }, "quarantine"),
    ).to.deep.equal([]);
    expect(warningsOfSweep({ ...FREED, seen }, "quarantine")).to.deep.equal([]);
  });

  it("tell of who is freed by an exemption, and not of who was free as exempt before", () => {
    const exempt = { ...FREED, exempt: true, seen };
    expect(warningsOfSweep(exempt, "quarantine")).to.deep.equal(["freed-as-exempt"]);
    expect(warningsOfSweep({ ...exempt, action: "none" }, "quarantine")).to.deep.equal([]);
  });

  it("tell of a moment without a guard", () => {
    expect(warningsOfSweep({ ...FREED, seen, action: "moved", outBeforeIn: true }, "strict")).to.deep.equal([
      "out-before-in",
    ]);
  });
});
