import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { isOfTheScope, unmatchedEntries, unmatchedInWords } from "../../core/unmatched";

const USERS = [
  { name: "alice", path: "/staff/", groups: ["Admins"] },
  { name: "bob", path: "/staff/berlin/", groups: [] },
];
const GROUPS = ["Admins", "auditors"];

describe("entries that match nobody", () => {
  const unmatched = (rules: Partial<typeof DEFAULT_SETTINGS>) =>
    unmatchedEntries({ ...DEFAULT_SETTINGS, ...rules }, USERS, GROUPS);

  it("are none where each matches somebody, names without case and paths by what lies below them", () => {
    const rules = {
      onlyUsers: ["ALICE"],
      onlyPaths: ["/staff/"],
      onlyGroups: ["admins"],
      exemptUsers: ["Bob"],
      exemptPaths: ["/staff/berlin/"],
      exemptGroups: ["ADMINS"],
    };
    expect(unmatched(rules)).to.deep.equal([]);
  });

  it("are told with their setting and the nearest that there is", () => {
    const rules = {
      onlyUsers: ["alcie", "bob"],
      onlyPaths: ["/Staff/"],
      onlyGroups: ["auditors"],
      exemptUsers: ["bop"],
      exemptPaths: ["/stuff/berlin/"],
      exemptGroups: ["auditor"],
    };
    expect(unmatched(rules)).to.deep.equal([
      { setting: "onlyUsers", entry: "alcie", nearest: "alice" },
      { setting: "onlyPaths", entry: "/Staff/", nearest: "/staff/" },
      { setting: "onlyGroups", entry: "auditors", nearest: "auditors" },
      { setting: "exemptUsers", entry: "bop", nearest: "bob" },
      { setting: "exemptPaths", entry: "/stuff/berlin/", nearest: "/staff/berlin/" },
      { setting: "exemptGroups", entry: "auditor", nearest: "auditors" },
    ]);
  });

  it("are told without a nearest in an account where there is nothing of the kind", () => {
    const rules = { ...DEFAULT_SETTINGS, onlyUsers: ["alice"], exemptGroups: ["robots"] };
    expect(unmatchedEntries(rules, [], [])).to.deep.equal([
      { setting: "onlyUsers", entry: "alice", nearest: undefined },
      { setting: "exemptGroups", entry: "robots", nearest: undefined },
    ]);
  });

  it("are told in words, an empty group as such", () => {
    expect(unmatchedInWords(unmatched({ onlyPaths: ["/Staff/"], exemptGroups: ["auditors"] }))).to.equal(
      'onlyPaths names "/Staff/", which matches nobody (the nearest is "/staff/"); ' +
        'exemptGroups names "auditors", which matches nobody (that group is empty)',
    );
  });

  it("are told in words where there is nothing of the kind", () => {
    expect(
      unmatchedInWords(unmatchedEntries({ ...DEFAULT_SETTINGS, onlyUsers: ["alice"], exemptPaths: ["/x/"] }, [], [])),
    ).to.equal('onlyUsers names "alice", which matches nobody; exemptPaths names "/x/", which matches nobody');
  });

  it("are told where a path is only the end of another", () => {
    expect(unmatched({ exemptPaths: ["/berlin/"] })).to.deep.equal([
      { setting: "exemptPaths", entry: "/berlin/", nearest: "/staff/" },
    ]);
  });

  it("are of the scope or of the exemptions", () => {
    const ofScope = (
      setting: "onlyUsers" | "onlyPaths" | "onlyGroups" | "exemptUsers" | "exemptPaths" | "exemptGroups",
    ) => isOfTheScope({ setting, entry: "x", nearest: undefined });
    expect([ofScope("onlyUsers"), ofScope("onlyPaths"), ofScope("onlyGroups")]).to.deep.equal([true, true, true]);
    expect([ofScope("exemptUsers"), ofScope("exemptPaths"), ofScope("exemptGroups")]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });
});
