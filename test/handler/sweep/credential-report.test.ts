import { expect } from "chai";
import { linesOfReport, readCredentialReport } from "../../../handler/sweep/credential-report";

const HEADER = "user,arn,user_creation_time,password_enabled,mfa_active";
const MADE = "2026-03-05T00:00:00+00:00";
const row = (user: string, fields = `arn:aws:iam::123456789012:user/${user},${MADE},true,false`) => `${user},${fields}`;
const usersOf = (...lines: readonly string[]) => [...readCredentialReport([HEADER, ...lines].join("\n")).users];
const ALICE = ["alice", { createdAt: Date.parse(MADE), password: true, device: false }] as const;

describe("a credential report", () => {
  it("is read by the names of its columns, whatever their order, line ends and empty lines", () => {
    const csv = `mfa_active,user,password_enabled,more,user_creation_time\r\n\r\nTRUE,Alice,False,x,${MADE}\r\n\r\n`;
    expect([...readCredentialReport(csv).users]).to.deep.equal([
      ["alice", { createdAt: Date.parse(MADE), password: false, device: true }],
    ]);
  });

  it("is refused without a column, and says which", () => {
    expect(() => readCredentialReport("user,arn,mfa_active\n")).to.throw(
      "the credential report has no column user_creation_time, password_enabled: user,arn,mfa_active",
    );
    expect(() => readCredentialReport("\n")).to.throw(
      /^the credential report has no column user, user_creation_time, password_enabled, mfa_active: $/,
    );
  });

  it("tells of root, who is no user, whether there is a device", () => {
    const root = (device: string) => `<root_account>,arn:aws:iam::123456789012:root,${MADE},not_supported,${device}`;
    const report = (device: string) => readCredentialReport(`${HEADER}\n${root(device)}\n${row("alice")}`);
    expect(report("true").rootHasDevice).to.equal(true);
    expect(report("false").rootHasDevice).to.equal(false);
    expect(report("N/A").rootHasDevice).to.equal(undefined);
    expect([...report("false").users]).to.deep.equal([ALICE]);
    expect(readCredentialReport(`${HEADER}\n${row("alice")}`).rootHasDevice).to.equal(undefined);
  });

  const doubtful: readonly (readonly [string, string])[] = [
    ["more fields than columns", row("bob, the builder")],
    ["fewer fields than columns", `bob,${MADE},true,false`],
    ["a quote", row("bob", `"arn:aws:iam::123456789012:user/bob",${MADE},true,false`)],
    ["no date of its making", row("bob", "arn,N/A,true,false")],
    ["a password that is neither there nor not", row("bob", `arn,${MADE},no_information,false`)],
    ["a device that is neither there nor not", row("bob", `arn,${MADE},true,N/A`)],
    ["nothing but a name", "bob"],
  ];
  for (const [what, line] of doubtful) {
    it(`says nothing of a user whose row has ${what}, and of the others all the same`, () => {
      expect(usersOf(line, row("alice"))).to.deep.equal([ALICE]);
    });
  }

  it("says nothing of a user who has two rows, in any case and any number", () => {
    expect(usersOf(row("bob"), row("alice"), row("Bob"), row("BOB"))).to.deep.equal([ALICE]);
  });

  it("says nothing of a user one of whose rows can't be read", () => {
    expect(usersOf(row("bob"), row("alice"), row("bob", "arn,N/A,true,false"))).to.deep.equal([ALICE]);
    expect(usersOf(row("bob", "arn,N/A,true,false"), row("alice"), row("bob"))).to.deep.equal([ALICE]);
  });

  it("has an empty field where a line ends early", () => {
    const [line, ...others] = linesOfReport("user,mfa_active\n\nbob\n", ["user", "mfa_active"]);
    expect(others).to.deep.equal([]);
    expect([line?.isWhole, line?.at("user"), line?.at("mfa_active")]).to.deep.equal([false, "bob", ""]);
  });
});
