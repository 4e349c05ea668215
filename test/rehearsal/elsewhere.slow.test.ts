import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { IamAccount } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { CREDENTIALS_ELSEWHERE, iamAt, probe } from "../../rehearsal/iam-elsewhere";
import { type Result, runScenarioElsewhere, type Told } from "../../rehearsal/run-scenario";
import { ending, paragraph } from "../../rehearsal/transcript";
import { ROOT } from "../support/account";

describe("the rehearsal against another IAM", () => {
  let account: IamAccount;
  let server: LoopbackServer;
  beforeEach(async () => {
    account = new IamAccount({ accountId: "123456789012", partition: "aws", now: () => new Date(), reportPolls: 0 });
    server = await serveIam(account, new Map([[CREDENTIALS_ELSEWHERE.accessKeyId, ROOT]]));
  });
  afterEach(() => server.close());

  const whatIsLeft = () => [
    account.call(ROOT, "ListUsers").Users,
    account.call(ROOT, "ListGroups").Groups,
    account.call(ROOT, "ListPolicies", { Scope: "Local" }).Policies,
    account.call(ROOT, "ListVirtualMFADevices").VirtualMFADevices,
  ];

  it("plays what can be played by calls alone, says what it passes over, and leaves the account empty", async () => {
    const iam = iamAt(server.url);
    const abilities = await probe(iam);
    expect(abilities).to.deep.equal({ quotas: true, managedPolicies: true });
    expect(whatIsLeft()).to.deep.equal([[], [], [], []]);
    const told: Told[] = [];
    for await (const each of runScenarioElsewhere("strict", { iam, abilities })) told.push(each);
    const results: readonly Result[] = told.map(({ result }) => result);
    expect(stripVTControlCharacters(ending(results))).to.match(/all 6 steps came out as expected; 4 passed over$/);
    const paragraphs = told.map(({ result, leftOut }, index) => paragraph(result, index + 1, leftOut));
    const text = stripVTControlCharacters(paragraphs.join("\n"));
    expect(text).to.match(/alice: CreateVirtualMFADevice, EnableMFADevice\n.*held in sealed/);
    expect(text).to.match(/left out: ChangePassword: only alice herself can, and here every call is signed alike/);
    expect(text).to.match(/left out: 3 people below \/staff\/: no call enrols a passkey, but only a browser/);
    expect(text).to.match(/pulumi up .*fails.*no guard can hold max/);
    expect(whatIsLeft()).to.deep.equal([[], [], [], []]);
  });

  it("leaves out what AWS's managed policies and full quotas are needed for, where there are none", async () => {
    const iam = iamAt(server.url);
    const told: Told[] = [];
    const abilities = { quotas: false, managedPolicies: false };
    for await (const each of runScenarioElsewhere("off", { iam, abilities })) told.push(each);
    expect(told.flatMap(({ leftOut }) => leftOut)).to.deep.equal([
      "AttachUserPolicy: AWS's managed policies are not there",
      "max, with ten policies too: no quota is ever full",
      "3 people below /staff/: no call enrols a passkey, but only a browser",
      "2 people, held in error: no call enrols a passkey, but only a browser",
    ]);
  });

  for (const [what, fill] of [
    ["a user", () => account.call(ROOT, "CreateUser", { UserName: "carol" })],
    ["a group", () => account.call(ROOT, "CreateGroup", { GroupName: "carol" })],
  ] as const) {
    it(`touches no account that has ${what} in it`, async () => {
      fill();
      account.clearLog();
      const failure = await probe(iamAt(server.url)).catch((error: unknown) => error);
      expect(String(failure)).to.match(
        /has users, groups or policies in it \(carol\), and the rehearsal plays in an empty/,
      );
      expect(account.log.filter(({ action }) => !action.startsWith("List"))).to.deep.equal([]);
    });
  }

  it("is told where nobody answers", async () => {
    await server.close();
    const failure = await probe(iamAt(server.url)).catch((error: unknown) => error);
    expect(String(failure)).to.equal(`Error: no IAM answers at ${server.url}`);
    server = await serveIam(account, new Map());
  });

  it("leaves an account of another number as it was", async () => {
    await server.close();
    account = new IamAccount({ accountId: "210987654321", partition: "aws", now: () => new Date() });
    server = await serveIam(account, new Map([[CREDENTIALS_ELSEWHERE.accessKeyId, ROOT]]));
    const failure = await probe(iamAt(server.url)).catch((error: unknown) => error);
    expect(String(failure)).to.match(
      /is that of arn:aws:iam::210987654321:.*, and the story is written for 123456789012/,
    );
    expect(whatIsLeft()).to.deep.equal([[], [], [], []]);
  });
});
