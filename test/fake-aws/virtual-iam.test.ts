import { expect } from "chai";
import { type VirtualClock, virtualClock } from "../../fake-aws/virtual-clock";
import { type VirtualIam, type VirtualUser, virtualIam } from "../../fake-aws/virtual-iam";
import type { GroupDetail } from "../../handler/iam/iam";
import { readCredentialReport } from "../../handler/sweep/credential-report";

const START_TIME = new Date("2026-11-20T09:00:00Z");
const CREATED_AT = new Date("2026-01-05T08:00:00Z");

function user(name: string, having: Partial<VirtualUser> = {}): VirtualUser {
  return { name, path: "/", createdAt: CREATED_AT, devices: [], groups: [], policies: [], ...having };
}

function group(name: string): GroupDetail {
  return { name, arn: `arn:aws:iam::123456789012:group/${name}`, policies: [], inlinePolicies: [] };
}

describe("the virtual IAM", () => {
  let clock: VirtualClock;
  let iam: VirtualIam;
  const begin = (...users: readonly VirtualUser[]) => {
    clock = virtualClock(START_TIME);
    iam = virtualIam(clock, users, { groups: [group("staff"), group("guests")] });
  };
  const failureOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await clock.run(work);
    } catch (error) {
      if (error instanceof Error) return error.name;
    }
    return "none";
  };

  it("takes ten calls of a kind a second, each 20 ms, and counts them by kind", async () => {
    begin(user("alice"));
    const answered: number[] = [];
    const at = async (call: Promise<unknown>) => {
      await call;
      answered.push(clock.now() - START_TIME.getTime());
    };
    const calls = [iam.listMfaDevices("alice"), iam.listMfaDevices("alice"), iam.listMfaDevices("alice")];
    await clock.run(Promise.all([...calls, iam.getUser("alice")].map(at)));
    expect(answered).to.deep.equal([20, 20, 120, 220]);
    await clock.run(clock.pause(10).then(() => at(iam.listMfaDevices("alice"))));
    expect(answered.at(-1)).to.equal(10_240);
    expect([...iam.counts()]).to.deep.equal([
      ["listMfaDevices", 4],
      ["getUser", 1],
    ]);
  });

  it("tells what it is told, and refuses what IAM refuses", async () => {
    const teams = Array.from({ length: 10 }, (_, index) => `team-${index}`);
    begin(user("alice"), user("bob", { groups: teams }));
    await clock.run(iam.addUserToGroup("alice", "staff"));
    await clock.run(iam.attachUserPolicy("alice", "arn:aws:iam::123456789012:policy/one"));
    expect(await clock.run(iam.listGroupsForUser("alice"))).to.deep.equal(
      [group("staff")].map(({ name, arn }) => ({ name, arn })),
    );
    expect(await clock.run(iam.listAttachedUserPolicies("alice"))).to.deep.equal([
      "arn:aws:iam::123456789012:policy/one",
    ]);
    await clock.run(iam.removeUserFromGroup("alice", "staff"));
    await clock.run(iam.detachUserPolicy("alice", "arn:aws:iam::123456789012:policy/one"));
    expect(iam.users()[0]).to.deep.include({ groups: [], policies: [] });
    expect(await failureOf(iam.addUserToGroup("bob", "staff"))).to.equal("LimitExceededError");
    expect(await failureOf(iam.addUserToGroup("alice", "nobody"))).to.equal("NoSuchEntityError");
    expect(await failureOf(iam.removeUserFromGroup("alice", "staff"))).to.equal("NoSuchEntityError");
    expect(await failureOf(iam.listMfaDevices("carol"))).to.equal("NoSuchEntityError");
    expect(await clock.run(iam.getLoginProfile("carol"))).to.equal(undefined);
  });

  it("shows everybody in pages of a thousand users and groups", async () => {
    begin(...Array.from({ length: 1999 }, (_, index) => user(`user-${index}`)));
    const sizes: (readonly [number, number])[] = [];
    let marker: string | undefined;
    do {
      const page = await clock.run(iam.getAccountAuthorizationDetails(marker));
      sizes.push([page.users.length, page.groups.length]);
      marker = page.marker;
    } while (marker !== undefined);
    expect(sizes).to.deep.equal([
      [1000, 0],
      [999, 1],
      [0, 1],
    ]);
    const first = await clock.run(iam.listUsers());
    const second = await clock.run(iam.listUsers(first.marker));
    expect([first.names.length, second.names.length, second.marker]).to.deep.equal([1000, 999, undefined]);
  });

  it("makes a report once in four hours, of the state as it was then, and has it after one poll", async () => {
    begin(
      user("alice", { passwordMadeAt: CREATED_AT }),
      user("bob", { devices: [{ serialNumber: "a", enabledAt: CREATED_AT }] }),
    );
    const generatedAfter = async (hours: number): Promise<string> => {
      await clock.run(clock.pause(hours * 3600));
      await clock.run(iam.generateCredentialReport());
      const report = await clock.run(iam.getCredentialReport());
      return typeof report === "string" ? report : report.generatedAt.toISOString();
    };
    expect(await generatedAfter(0)).to.equal("in progress");
    const report = await clock.run(iam.getCredentialReport());
    const content = typeof report === "string" ? report : report.content;
    expect([...readCredentialReport(content).users].slice(-2)).to.deep.equal([
      ["alice", { createdAt: 1_767_600_000_000, password: true, device: false }],
      ["bob", { createdAt: 1_767_600_000_000, password: false, device: true }],
    ]);
    expect(await generatedAfter(3.9)).to.equal("2026-11-20T09:00:00.020Z");
    expect(await generatedAfter(0.2)).to.equal("in progress");
  });
});
