import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import type { OrganizationAccount } from "../../../impact/organization/list-accounts";
import type { AccountImpact, AccountReport } from "../../../impact/organization/organization-impact";
import { NotReadError, readAccounts } from "../../../impact/organization/read-accounts";

const NONE = { free: 0, quarantine: 0, conditional: 0, sealed: 0 };

const impactOf = (account: string): AccountImpact => ({
  account,
  caller: "",
  stack: "organization",
  readAt: "",
  deployed: [],
  users: 0,
  before: NONE,
  after: NONE,
  changes: { held: 0, moved: 0, freed: 0, none: 0, withheld: 0, pending: 0, unknown: 0 },
  people: [],
  findings: [],
  calls: 0,
});

const accounts = Array.from(
  { length: 10 },
  (_, index): OrganizationAccount => ({
    account: `00000000000${index}`,
    name: "",
    unit: { id: "r-ab12", path: ["Root"] },
    state: "ACTIVE",
  }),
);

describe("accounts", () => {
  const told = async (
    read: (account: OrganizationAccount) => Promise<AccountImpact>,
    onEnd: (account: OrganizationAccount, report: AccountReport) => void,
    onBegin: (account: OrganizationAccount) => void = () => undefined,
  ) => readAccounts(accounts, { read, remedy: "run it again", atOnce: 3, onBegin, onEnd });

  it("are read three at once where three are allowed, and each once", async () => {
    let reading = 0;
    let most = 0;
    const read: string[] = [];
    await told(
      async ({ account }) => {
        reading++;
        most = Math.max(most, reading);
        await setImmediate();
        reading--;
        return impactOf(account);
      },
      ({ account }) => read.push(account),
    );
    expect(most).to.equal(3);
    expect(read.toSorted()).to.deep.equal(accounts.map(({ account }) => account));
  });

  it("that can't be read are told with why and what to do, and keep no other", async () => {
    const outcomes: unknown[] = [];
    await told(
      async ({ account }) => {
        if (account.endsWith("1")) throw new Error("no network");
        if (account.endsWith("2")) throw new NotReadError("shut", "make a role");
        return impactOf(account);
      },
      (_, { account, outcome }) => outcomes.push([account.slice(-1), outcome.state === "read" ? "read" : outcome]),
    );
    expect(outcomes).to.have.lengthOf(10);
    expect(outcomes).to.deep.include(["1", { state: "not read", why: "no network", remedy: "run it again" }]);
    expect(outcomes).to.deep.include(["2", { state: "not read", why: "shut", remedy: "make a role" }]);
  });

  it("are read no further where what was read can't be kept", async () => {
    const begun: string[] = [];
    let error: unknown;
    await told(
      async ({ account }) => impactOf(account),
      () => {
        throw new Error("no space left on device");
      },
      ({ account }) => begun.push(account),
    ).catch((thrown) => {
      error = thrown;
    });
    expect(error).to.be.an("error").with.property("message", "no space left on device");
    await setImmediate();
    expect(begun).to.have.lengthOf(3);
  });
});
