import { expect } from "chai";
import { organizationConflictsOf } from "../../config/organization";
import { SettingsError } from "../../config/settings-error";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";

const DEPLOYED: Partial<Settings> = { deployRoles: ["arn:aws:iam::123456789012:role/deploy"] };

const conflicts = (settings: Partial<Settings>, organizationTargets: string[], organizationEnforceTargets: string[]) =>
  organizationConflictsOf(
    { ...DEFAULT_SETTINGS, organizationTargets, organizationEnforceTargets, ...settings },
    (name, fault) => ({
      given: `${name} is …`,
      fix: fault.kind === "value" ? `pulumi config rm ${name}` : `${fault.kind} ${fault.index} of ${name}`,
    }),
  );

const EVERYTHING: Partial<Settings> = {
  onlyUsers: ["alice"],
  onlyPaths: ["/eng/"],
  onlyGroups: ["people"],
  exemptUsers: ["robot"],
  exemptPaths: ["/robots/"],
  exemptGroups: ["robots"],
  spareKeyOnlyUsers: true,
  enforceFrom: "2027-01-31",
  graceDays: 7,
};

describe("the settings of an organization", () => {
  it("are refused together, and why, where an SCP that holds can't know what they ask for, nor anybody deploy", () => {
    const error = new SettingsError(conflicts(EVERYTHING, ["r-ab12"], ["r-ab12"]), "the configuration");
    expect(error.message).to.equal(`7 problems in the configuration; nothing was deployed.

  onlyUsers is …
    must not be set beside organizationEnforceTargets: an SCP holds every IAM user of the accounts below its targets: name who is not to be held in exemptPaths
    pulumi config rm onlyUsers

  onlyPaths is …
    must not be set beside organizationEnforceTargets: an SCP holds every IAM user of the accounts below its targets: name who is not to be held in exemptPaths
    pulumi config rm onlyPaths

  onlyGroups is …
    must not be set beside organizationEnforceTargets: an SCP does not know who is in a group
    pulumi config rm onlyGroups

  exemptGroups is …
    must not be set beside organizationEnforceTargets: an SCP does not know who is in a group: name a path, in exemptPaths
    pulumi config rm exemptGroups

  spareKeyOnlyUsers is …
    must not be set beside organizationEnforceTargets: an SCP knows neither passwords nor devices, and would hold the bare keys that this spares
    pulumi config rm spareKeyOnlyUsers

  graceDays is …
    must not be set beside organizationEnforceTargets: an SCP does not know when a user was made: name a day for everybody, in enforceFrom
    pulumi config rm graceDays

  deployRoles is …
    must name a role beside organizationTargets: what the organization's accounts get is refused to everybody else, and nobody could deploy any more
    entry 0 of deployRoles`);
  });

  it("are refused where a target covers the others, where an SCP would hold without guards, and where none is about them", () => {
    expect(conflicts(DEPLOYED, ["ou-ab12-cd34ef56", "r-ab12", "ou-ab12-aaaaaaaa"], [])).to.deep.equal([
      {
        given: "organizationTargets is …",
        problems: ["must not name anything beside r-ab12, which covers the whole organization"],
        fix: "repeated entry 0 of organizationTargets",
      },
    ]);
    expect(conflicts(DEPLOYED, ["r-ab12"], ["r-ab12", "ou-ab12-cd34ef56"])).to.deep.equal([
      {
        given: "organizationEnforceTargets is …",
        problems: ['"ou-ab12-cd34ef56" is none of organizationTargets: where an SCP holds there must be guards'],
        fix: "repeated entry 1 of organizationEnforceTargets",
      },
    ]);
    expect(conflicts({ organizationExemptAccounts: ["111122223333"] }, [], [])).to.deep.equal([
      {
        given: "organizationExemptAccounts is …",
        problems: ["means nothing without organizationTargets: no other account gets anything"],
        fix: "pulumi config rm organizationExemptAccounts",
      },
    ]);
  });

  it("are taken where the SCP holds nobody, where it can know them, and outside an organization", () => {
    expect(conflicts({ ...EVERYTHING, ...DEPLOYED }, ["r-ab12"], [])).to.deep.equal([]);
    expect(conflicts(EVERYTHING, [], [])).to.deep.equal([]);
    const known: Partial<Settings> = {
      ...DEPLOYED,
      exemptUsers: ["robot"],
      exemptPaths: ["/robots/"],
      enforceFrom: "2027-01-31",
      dryRun: true,
    };
    expect(conflicts(known, ["r-ab12"], ["r-ab12"])).to.deep.equal([]);
  });
});
