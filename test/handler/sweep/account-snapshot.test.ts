import { expect } from "chai";
import { virtualClock } from "../../../fake-aws/virtual-clock";
import { virtualIam } from "../../../fake-aws/virtual-iam";
import {
  AccessDeniedError,
  type CredentialReport,
  type Iam,
  LimitExceededError,
  ThrottledError,
  type UserDetail,
} from "../../../handler/iam/iam";
import { possibleStates, takeAccountSnapshot } from "../../../handler/sweep/account-snapshot";
import { failureOf } from "../../support/failure";

const START = new Date("2026-11-20T09:00:00Z");
const HEADER = "user,user_creation_time,password_enabled,mfa_active";

const detail = (name: string, createdAt: Date | undefined): UserDetail => ({
  id: `AIDA${name}`,
  name,
  path: "/",
  createdAt,
  groups: ["staff"],
  policies: [],
  permissionsBoundary: undefined,
});
const ALICE = detail("Alice", new Date("2026-03-05T00:00:00.900Z"));
const REPORT: CredentialReport = {
  content: `${HEADER}\nalice,2026-03-05T00:00:00+00:00,true,false`,
  generatedAt: new Date("2026-11-20T08:00:00Z"),
};

describe("the states that a user may be in", () => {
  it("are the one that the report tells", () => {
    for (const [password, device] of [
      [true, false],
      [false, true],
    ] as const) {
      const [state, ...others] = possibleStates({ detail: ALICE, row: { createdAt: 0, password, device } });
      expect(others).to.deep.equal([]);
      expect(state).to.deep.include({ name: "Alice", groups: ["staff"], password, datedAt: undefined });
      expect(state?.devices.length).to.equal(device ? 1 : 0);
    }
  });

  it("are all four where it tells none, the one without password and device first", () => {
    const states = possibleStates({ detail: ALICE, row: undefined });
    expect(states.map(({ password, devices }) => [password, devices.length])).to.deep.equal([
      [false, 0],
      [false, 1],
      [true, 0],
      [true, 1],
    ]);
  });
});

describe("the account by its bulk reads", () => {
  const take = async (calls: Partial<Iam>, mayWait = () => true) => {
    const clock = virtualClock(START);
    const iam: Iam = {
      ...virtualIam(clock, []),
      generateCredentialReport: async () => undefined,
      getCredentialReport: async () => REPORT,
      getAccountAuthorizationDetails: async () => ({ users: [ALICE], groups: [], marker: undefined }),
      ...calls,
    };
    const snapshot = await clock.run(takeAccountSnapshot(iam, clock, mayWait));
    return { snapshot, seconds: (clock.now() - START.getTime()) / 1000 };
  };
  /** Fails the first calls, one by each of these. */
  const failing = <T>(result: T, ...errors: Error[]) => {
    return async (): Promise<T> => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return result;
    };
  };

  it("has the report's row of each user, whose making IAM tells to the millisecond and the report to the second", async () => {
    const { snapshot, seconds } = await take({});
    expect(snapshot).to.deep.equal({
      users: [{ detail: ALICE, row: { createdAt: Date.parse("2026-03-05T00:00:00Z"), password: true, device: false } }],
      groups: [],
      report: { generatedAt: REPORT.generatedAt, rootHasDevice: undefined },
      reportFailure: undefined,
    });
    expect(seconds).to.equal(0);
  });

  it("has no row of a user of another making, or of one whose making IAM does not tell", async () => {
    for (const createdAt of [new Date("2026-03-05T00:00:01Z"), new Date("2026-03-04T23:59:59.999Z"), undefined]) {
      const users = [detail("alice", createdAt)];
      const { snapshot } = await take({
        getAccountAuthorizationDetails: async () => ({ users, groups: [], marker: undefined }),
      });
      expect(snapshot.users).to.deep.equal([{ detail: users[0], row: undefined }]);
    }
  });

  for (const error of [new LimitExceededError("no capacity"), new ThrottledError("Rate exceeded")]) {
    it(`takes the report that is stored where none can be made (${error.name})`, async () => {
      const { snapshot } = await take({ generateCredentialReport: failing(undefined, error) });
      expect(snapshot.report?.generatedAt).to.equal(REPORT.generatedAt);
    });
  }

  it("goes without a report where IAM refuses it for good, and says why", async () => {
    const refused = new Error("ServiceFailure");
    for (const calls of [
      { generateCredentialReport: failing(undefined, refused) },
      { getCredentialReport: failing(REPORT, refused) },
    ]) {
      const { snapshot } = await take(calls);
      expect(snapshot).to.deep.include({ report: undefined, reportFailure: "ServiceFailure" });
      expect(snapshot.users).to.deep.equal([{ detail: ALICE, row: undefined }]);
    }
  });

  it("waits for a report that is being made, and not without time, for which nothing is to blame", async () => {
    const states = ["in progress", "in progress", REPORT] as const;
    let asked = 0;
    const waited = await take({ getCredentialReport: async () => states[asked++] ?? "absent" });
    expect([waited.snapshot.report?.generatedAt, waited.seconds]).to.deep.equal([REPORT.generatedAt, 4]);
    const { snapshot, seconds } = await take({ getCredentialReport: async () => "in progress" }, () => false);
    expect(snapshot).to.deep.include({ report: undefined, reportFailure: undefined });
    expect(seconds).to.equal(0);
  });

  it("asks again for a report that has grown too old to be given, and asks for none that is being made", async () => {
    const states = ["absent", "in progress", "in progress", REPORT] as const;
    let polls = 0;
    let asked = 0;
    const { snapshot } = await take({
      getCredentialReport: async () => states[polls++] ?? "absent",
      generateCredentialReport: async () => void asked++,
    });
    expect(snapshot.report?.generatedAt).to.equal(REPORT.generatedAt);
    expect(asked).to.equal(2);
  });

  it("waits for a report two minutes at the most, and says so", async () => {
    let polls = 0;
    const { snapshot, seconds } = await take({
      getCredentialReport: async () => {
        polls++;
        return "in progress";
      },
    });
    expect(snapshot.reportFailure).to.equal("IAM had none within 120 seconds");
    expect([polls, seconds]).to.deep.equal([60, 120]);
  });

  it("is read to the last page", async () => {
    const bob = detail("bob", undefined);
    const { snapshot } = await take({
      getAccountAuthorizationDetails: async (marker) =>
        marker === "2" ? { users: [bob], groups: [], marker: undefined } : { users: [ALICE], groups: [], marker: "2" },
    });
    expect(snapshot.users.map((user) => user.detail.name)).to.deep.equal(["Alice", "bob"]);
  });

  it("is read again for some seconds where a role that is new is refused, and not for ever", async () => {
    const denied = () => new AccessDeniedError("not yet");
    const page = { users: [ALICE], groups: [], marker: undefined };
    const twice = await take({ getAccountAuthorizationDetails: failing(page, denied(), denied()) });
    expect([twice.snapshot.users.length, twice.seconds]).to.deep.equal([1, 3]);
    const never = failing(page, ...Array.from({ length: 9 }, denied));
    expect(await failureOf(take({ getAccountAuthorizationDetails: never }))).to.be.instanceOf(AccessDeniedError);
  });
});
