import { expect } from "chai";
import { DEFAULT_SETTINGS, type Rules } from "../../../core/settings";
import { virtualClock } from "../../../fake-aws/virtual-clock";
import { virtualIam } from "../../../fake-aws/virtual-iam";
import { AccessDeniedError, type Device, type Iam, NoSuchEntityError } from "../../../handler/iam/iam";
import { readUser, readUserOver } from "../../../handler/iam/read-user";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";

const MADE = new Date("2026-03-05T00:00:00Z");
const IDENTITY = { id: "AIDAALICE", path: "/staff/", createdAt: MADE };
const OURS = `arn:aws:iam::123456789012:group/require-mfa/dev/${GUARDS.sealed.group}`;
const device = (serialNumber: string, enabledAt: string | undefined): Device => ({
  serialNumber,
  enabledAt: enabledAt === undefined ? undefined : new Date(enabledAt),
});

describe("reading a user", () => {
  const readersOf = (rules: Partial<Rules>, graceDays: number) => ({
    guards: GUARDS,
    rules: { ...DEFAULT_SETTINGS, ...rules },
    deadline: { ...DEFAULT_SETTINGS, graceDays },
  });
  const iamWith = (calls: Partial<Iam>): Iam => ({
    ...virtualIam(virtualClock(MADE), []),
    listMfaDevices: async () => [],
    getLoginProfile: async () => undefined,
    listGroupsForUser: async () => [],
    listAttachedUserPolicies: async () => ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    getUser: async () => IDENTITY,
    ...calls,
  });
  const read = (calls: Partial<Iam>, rules: Partial<Rules> = {}, graceDays = 0) =>
    readUser(iamWith(calls), "alice", readersOf(rules, graceDays));

  it("tells what the user has, and of when the last of it is", async () => {
    const created = new Date("2026-03-06T00:00:00Z");
    const dated = async (password: Date | undefined | "none", ...devices: readonly Device[]) =>
      read({
        listMfaDevices: async () => devices,
        getLoginProfile: async () => (password === "none" ? undefined : { createdAt: password }),
      });
    expect(await dated(created, device("phone", "2026-03-05T00:00:00Z"))).to.deep.equal({
      name: "alice",
      password: true,
      devices: ["phone"],
      groups: [],
      policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      path: undefined,
      createdAt: undefined,
      datedAt: created,
    });
    const [early, late, undated] = [
      device("early", "2026-03-05T00:00:00Z"),
      device("late", "2026-03-07T00:00:00Z"),
      device("undated", undefined),
    ];
    for (const devices of [
      [early, late, undated],
      [undated, late, early],
    ]) {
      expect((await dated(created, ...devices))?.datedAt).to.deep.equal(late.enabledAt);
    }
    expect((await dated("none", early))?.datedAt).to.deep.equal(early.enabledAt);
    expect((await dated(undefined, undated))?.datedAt).to.equal(undefined);
    expect(await dated("none")).to.deep.include({ password: false, devices: [], datedAt: undefined });
  });

  it("asks for path and making where a rule names a path or a grace runs, and not else", async () => {
    let asked = 0;
    const getUser = async () => {
      asked++;
      return IDENTITY;
    };
    expect(await read({ getUser })).to.deep.include({ path: undefined, createdAt: undefined });
    expect(asked).to.equal(0);
    const askFor: readonly (readonly [Partial<Rules>, number])[] = [
      [{ onlyPaths: ["/staff/"] }, 0],
      [{ exemptPaths: ["/robots/"] }, 0],
      [{}, 1],
    ];
    for (const [rules, graceDays] of askFor) {
      expect(await read({ getUser }, rules, graceDays)).to.deep.include({ path: "/staff/", createdAt: MADE });
    }
    expect(asked).to.equal(3);
  });

  it("leaves out a group that bears a guard's name and is another", async () => {
    const groups = [
      { name: "staff", arn: "arn:aws:iam::123456789012:group/staff" },
      { name: GUARDS.quarantine.group, arn: `arn:aws:iam::123456789012:group/${GUARDS.quarantine.group}` },
      { name: GUARDS.sealed.group.toUpperCase(), arn: OURS.toUpperCase() },
    ];
    const user = await read({ listGroupsForUser: async () => groups });
    expect(user?.groups).to.deep.equal(["staff", GUARDS.sealed.group.toUpperCase()]);
  });

  it("over what is known asks for all but the policies, and for path and making anew where they matter", async () => {
    const known = { name: "alice", path: "/old/", createdAt: new Date(0), policies: ["arn:aws:iam::aws:policy/P"] };
    const iam = iamWith({ getLoginProfile: async () => ({ createdAt: MADE }) });
    expect(await readUserOver(iam, known, readersOf({}, 0))).to.deep.equal({
      ...known,
      password: true,
      devices: [],
      groups: [],
      datedAt: MADE,
    });
    expect(await readUserOver(iam, known, readersOf({}, 1))).to.deep.include({
      path: "/staff/",
      createdAt: MADE,
      policies: known.policies,
    });
  });

  it("finds nobody where IAM knows no such user, and throws what else IAM says", async () => {
    const known = { name: "alice", path: "/", createdAt: undefined, policies: [] };
    const gone = iamWith({ listGroupsForUser: () => Promise.reject(new NoSuchEntityError("no such user")) });
    expect(await readUser(gone, "alice", readersOf({}, 0))).to.equal(undefined);
    expect(await readUserOver(gone, known, readersOf({}, 0))).to.equal(undefined);
    const denied = new AccessDeniedError("not so");
    expect(await failureOf(read({ listMfaDevices: () => Promise.reject(denied) }))).to.equal(denied);
  });
});
