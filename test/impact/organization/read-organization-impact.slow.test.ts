import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import { stackPath } from "../../../core/stack-path";
import { readAwsSettings } from "../../../impact/aws-settings";
import { findCredentials } from "../../../impact/credentials";
import type { OrganizationImpact } from "../../../impact/organization/organization-impact";
import {
  MEMBER_STACK,
  type OrganizationQuestion,
  readOrganizationImpact,
} from "../../../impact/organization/read-organization-impact";
import { guardName, ORGANIZATION_PATH } from "../../../policies/organization-names";
import { ROOT } from "../../support/account";
import { MANAGEMENT, newOrganization, type TestOrganization, unit } from "../../support/readable-organization";

/** Eight accounts in three units. */
const ROOT_UNIT = unit(
  "r-ab12",
  "Root",
  [MANAGEMENT, "000000000010"],
  unit(
    "ou-ab12-workload",
    "Workloads",
    ["000000000021", "000000000022", "000000000023"],
    unit("ou-ab12-datalake", "Data", ["000000000031"]),
  ),
  unit("ou-ab12-sandboxs", "Sandboxes", ["000000000041", "000000000042"]),
);

const LIMITS = { atOnce: 3, connectSeconds: 20, readSeconds: 20, reportSeconds: 10 };

describe("an organization that is read over HTTP", function () {
  this.timeout(60_000);
  let organization: TestOrganization | undefined;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "organization-"));
  });
  afterEach(async () => {
    await organization?.close();
    organization = undefined;
    rmSync(folder, { recursive: true });
  });

  const serve = async (options: Partial<Parameters<typeof newOrganization>[0]> = {}): Promise<TestOrganization> => {
    organization = await newOrganization({ root: ROOT_UNIT, ...options });
    return organization;
  };
  const steps: (readonly [done: number, all: number, reading: number])[] = [];
  const read = async (
    asked: Partial<OrganizationQuestion> = {},
    { configuration }: Pick<TestOrganization, "configuration"> = organization ?? { configuration: {} },
    limits: Partial<typeof LIMITS> = {},
  ): Promise<OrganizationImpact> => {
    const aws = readAwsSettings(configuration, {});
    steps.length = 0;
    return readOrganizationImpact(
      {
        question: { stack: "dev", name: "require-mfa", settings: DEFAULT_SETTINGS },
        targets: ["r-ab12"],
        exemptAccounts: [],
        role: "reader",
        resume: undefined,
        ...asked,
      },
      aws,
      await findCredentials(aws),
      {
        onListed: () => undefined,
        onAccounts: (done, all, reading) => steps.push([done, all, reading.length]),
      },
      { ...LIMITS, ...limits },
    );
  };
  const refusalOf = (reading: Promise<unknown>): Promise<string> =>
    reading.then(
      () => "no refusal",
      (error: Error) => error.message,
    );
  const states = ({ accounts }: OrganizationImpact) =>
    accounts.map(({ account, unit: { path }, outcome }) => [account.slice(-2), path.join("/"), outcome.state]);

  it("is told by unit and name, page by page, with its totals", async () => {
    const { roles, calls } = await serve({
      pageSize: 1,
      members: { "000000000021": { people: ["alice", "bob"] }, "000000000042": { people: ["max"] } },
    });
    const impact = await read();
    expect(states(impact)).to.deep.equal([
      ["10", "Root", "read"],
      ["33", "Root", "read"],
      ["41", "Root/Sandboxes", "read"],
      ["42", "Root/Sandboxes", "read"],
      ["21", "Root/Workloads", "read"],
      ["22", "Root/Workloads", "read"],
      ["23", "Root/Workloads", "read"],
      ["31", "Root/Workloads/Data", "read"],
    ]);
    expect(impact).to.deep.include({
      organization: "o-exampleorg1",
      managementAccount: MANAGEMENT,
      caller: `arn:aws:sts::${MANAGEMENT}:assumed-role/reader/test`,
      users: 3,
      before: { free: 3, quarantine: 0, conditional: 0, sealed: 0 },
      after: { free: 0, quarantine: 3, conditional: 0, sealed: 0 },
      changes: { held: 3, moved: 0, freed: 0, none: 0, withheld: 0, pending: 0, unknown: 0 },
    });
    // The management account is read by the credentials at hand, the others by the role.
    expect(roles.map(({ arn }) => arn).toSorted()).to.deep.equal(
      ["10", "21", "22", "23", "31", "41", "42"].map((end) => `arn:aws:iam::0000000000${end}:role/reader`),
    );
    expect(calls.filter((call) => call === "ListAccountsForParent")).to.have.lengthOf(2 + 3 + 1 + 2);
    expect(steps.at(-1)).to.deep.equal([8, 8, 0]);
    expect(Math.max(...steps.map(([, , reading]) => reading))).to.equal(3);
  });

  it("is read below the targets alone, each account once", async () => {
    await serve();
    const impact = await read({ targets: ["ou-ab12-datalake", "ou-ab12-workload"] });
    expect(states(impact).map(([account]) => account)).to.deep.equal(["31", "21", "22", "23"]);
  });

  it("is asked of members by the guards that the StackSet makes, and of the own account by the stack's", async () => {
    expect(stackPath(MEMBER_STACK)).to.equal(ORGANIZATION_PATH);
    const { accounts } = await serve({
      members: { "000000000021": { people: ["alice"] }, [MANAGEMENT]: { people: ["max"] } },
    });
    const hold = (id: string, path: string, group: string, user: string) => {
      const account = accounts.get(id);
      account?.call(ROOT, "CreateGroup", { GroupName: group, Path: path });
      account?.call(ROOT, "AddUserToGroup", { GroupName: group, UserName: user });
    };
    hold("000000000021", "/require-mfa/organization/", guardName("quarantine"), "alice");
    hold(MANAGEMENT, "/require-mfa/dev/", "require-mfa-quarantine-1a2b3c4", "max");
    const impact = await read();
    expect(impact.before).to.deep.equal({ free: 0, quarantine: 2, conditional: 0, sealed: 0 });
    expect(impact.changes.held).to.equal(0);
  });

  it("leaves out, and names, who is exempt, suspended or about to be closed", async () => {
    await serve({
      members: { "000000000022": { state: "SUSPENDED" }, "000000000023": { state: "PENDING_CLOSURE" } },
    });
    const { accounts } = await read({ targets: ["ou-ab12-workload"], exemptAccounts: ["000000000021"] });
    expect(accounts.map(({ account, outcome }) => [account.slice(-2), "why" in outcome && outcome.why])).to.deep.equal([
      ["21", "exempt"],
      ["22", "suspended"],
      ["23", "pending closure"],
      ["31", false],
    ]);
  });

  it("leaves out the management account where a delegated administrator asks, who is read as the own account", async () => {
    const { roles } = await serve({ callerAccount: "000000000041", delegated: ["000000000041"] });
    const { accounts } = await read();
    expect(accounts.filter(({ outcome }) => outcome.state !== "read")).to.have.lengthOf(1);
    expect(accounts.find(({ account }) => account === MANAGEMENT)?.outcome).to.deep.equal({
      state: "left out",
      why: "the management account, which neither StackSets nor SCPs reach: it needs a stack of its own",
    });
    expect(roles.map(({ accountId }) => accountId)).to.not.include("000000000041");
  });

  it("names an account that lets nobody in or may not be read, with what to do, and reads the others", async () => {
    const { accounts } = await serve({ letsIn: ({ accountId }) => accountId !== "000000000021" });
    accounts.get("000000000022")?.failNext("GetAccountAuthorizationDetails", "AccessDenied");
    const impact = await read({ targets: ["ou-ab12-workload"] });
    const [first, second, ...others] = impact.accounts.map(({ outcome }) => outcome);
    expect(first).to.deep.equal({
      state: "not read",
      why: `User: arn:aws:sts::${MANAGEMENT}:assumed-role/reader/test is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000021:role/reader`,
      remedy: `the account must have a role reader that lets arn:aws:sts::${MANAGEMENT}:assumed-role/reader/test in; --role names another`,
    });
    expect(second).to.deep.include({
      state: "not read",
      remedy:
        "arn:aws:sts::000000000022:assumed-role/reader/require-mfa-impact must be allowed what docs/impact.md lists",
    });
    expect(others.map(({ state }) => state)).to.deep.equal(["read", "read"]);
  });

  it("is listed in spite of throttling", async () => {
    let throttled = 0;
    await serve({
      failWith: (action) =>
        action === "ListAccountsForParent" && throttled++ < 3 ? "TooManyRequestsException" : undefined,
    });
    expect((await read({ targets: ["ou-ab12-datalake"] })).accounts).to.have.lengthOf(1);
  });

  it("is waited for no longer than the limit, account by account, and not asked any more after it", async () => {
    let isHung = true;
    let late = 0;
    const { accounts } = await serve({
      before: async (account) => {
        while (isHung && account === "000000000021") await new Promise((resolve) => setTimeout(resolve, 50));
        if (account === "000000000021") late++;
      },
    });
    const impact = await read({ targets: ["ou-ab12-workload"] }, undefined, { readSeconds: 1 });
    expect(impact.accounts[0]?.outcome).to.deep.equal({
      state: "not read",
      why: "it took longer than 1 seconds",
      remedy: "run it again, with --resume to read the others no second time",
    });
    expect(impact.accounts.slice(1).every(({ outcome }) => outcome.state === "read")).to.equal(true);
    isHung = false;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(late).to.be.at.most(2);
    expect(accounts.get("000000000021")?.log.map(({ action }) => action)).to.not.include("ListVirtualMFADevices");
  });

  it("goes on after a kill where it was, by the file, and reads again what could not be read", async () => {
    const resume = join(folder, "read.jsonl");
    let isShut = true;
    const { roles } = await serve({
      letsIn: ({ accountId }) => !(isShut && accountId === "000000000022"),
      members: { "000000000021": { people: ["alice"] } },
    });
    const asked = { targets: ["ou-ab12-workload"], resume };
    await read(asked);
    // As if it had been killed while it wrote the last account.
    const lines = readFileSync(resume, "utf8").trimEnd().split("\n");
    const torn = JSON.parse(lines.at(-1) ?? "").account;
    writeFileSync(resume, `${lines.slice(0, -1).join("\n")}\n${lines.at(-1)?.slice(0, 50)}`);
    const before = roles.length;
    isShut = false;
    const impact = await read(asked);
    expect(roles.slice(before).map(({ accountId }) => accountId)).to.have.members(["000000000022", torn]);
    expect(states(impact).map(([, , state]) => state)).to.deep.equal(["read", "read", "read", "read"]);
    expect(impact.changes.held).to.equal(1);
    expect(steps[0]).to.deep.equal([2, 4, 1]);
    // A third run has nothing to read.
    await read(asked);
    expect(roles).to.have.lengthOf(before + 2);
  });

  it("is refused where AWS Organizations refuses it, there is no such target, or the file is another's", async () => {
    const { roles } = await serve({ callerAccount: "000000000041" });
    expect(await refusalOf(read())).to.equal(
      "arn:aws:sts::000000000041:assumed-role/reader/test may not list the organization (You don't have permissions to access this resource.): that is for the management account and delegated administrators, who must be allowed what docs/impact.md lists",
    );
    await organization?.close();
    await serve();
    expect(await refusalOf(read({ targets: ["ou-ab12-unknown00"] }))).to.equal(
      "the organization has no OU ou-ab12-unknown00",
    );
    expect(await refusalOf(read({ targets: ["r-zz99"] }))).to.equal("the organization has no root r-zz99");
    const resume = join(folder, "read.jsonl");
    writeFileSync(resume, "a shopping list");
    expect(await refusalOf(read({ resume }))).to.equal(`${resume} is no file that this command wrote`);
    expect(roles).to.deep.equal([]);
  });
});
