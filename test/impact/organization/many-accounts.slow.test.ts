import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import { readAwsSettings } from "../../../impact/aws-settings";
import { organizationPage } from "../../../impact/command/organization-page";
import { findCredentials } from "../../../impact/credentials";
import { type OrganizationImpact, readAccountsOf } from "../../../impact/organization/organization-impact";
import { readOrganizationImpact } from "../../../impact/organization/read-organization-impact";
import { newOrganization, type TestOrganization, unit } from "../../support/readable-organization";

const UNITS = 10;
const ACCOUNTS_OF_A_UNIT = 20;
const USERS = 50;

/** docs/impact.md says how long the first takes, and what the others come to. */
describe("an organization of 200 accounts with 50 users each", function () {
  this.timeout(600_000);
  let organization: TestOrganization;
  let folder: string;
  let resume: string;
  let impact: OrganizationImpact;
  before(async () => {
    const ids = (index: number) =>
      Array.from({ length: ACCOUNTS_OF_A_UNIT }, (_, each) => String(200_000_000_000 + index * 100 + each));
    const units = Array.from({ length: UNITS }, (_, index) =>
      unit(`ou-ab12-0000000${index}`, `Unit ${index}`, ids(index)),
    );
    const people = Array.from({ length: USERS }, (_, index) => `person-${index}`);
    const members = Object.fromEntries(units.flatMap((each) => each.accounts.map(({ id }) => [id, { people }])));
    organization = await newOrganization({ root: unit("r-ab12", "Root", [], ...units), members });
    folder = mkdtempSync(join(tmpdir(), "organization-"));
    resume = join(folder, "read.jsonl");
  });
  after(async () => {
    await organization.close();
    rmSync(folder, { recursive: true });
  });

  const read = async (): Promise<OrganizationImpact> => {
    const aws = readAwsSettings(organization.configuration, {});
    const told = { onListed: () => undefined, onAccounts: () => undefined };
    return readOrganizationImpact(
      {
        question: { stack: "dev", name: "require-mfa", settings: DEFAULT_SETTINGS },
        targets: ["r-ab12"],
        exemptAccounts: [],
        role: "reader",
        resume,
      },
      aws,
      await findCredentials(aws),
      told,
    );
  };

  it("is read", async () => {
    impact = await read();
    expect(impact).to.deep.include({ users: 10_000 });
    expect(impact.changes.held).to.equal(10_000);
  });

  it("takes six calls to STS and IAM an account, and 24 to AWS Organizations", () => {
    const calls = new Set(readAccountsOf(impact.accounts).map((account) => account.impact.calls));
    expect([...calls]).to.deep.equal([6]);
    // The organization, its root, and two lists of each of eleven units.
    expect(organization.calls).to.have.lengthOf(24);
  });

  it("is read from the file alone by who starts again", async () => {
    const roles = organization.roles.length;
    expect((await read()).changes.held).to.equal(10_000);
    expect(organization.roles).to.have.lengthOf(roles);
    expect(statSync(resume).size).to.be.below(5_000_000);
  });

  it("is a page of less than 20 MB", () => {
    expect(organizationPage(impact, [])).to.have.lengthOf.below(20_000_000);
  });
});
