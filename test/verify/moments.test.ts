import { expect } from "chai";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { momentsOf, sparing } from "../../verify/moments";

const NAMES = {
  name: "require-mfa-verify-1a2b",
  newName: "require-mfa-verify-1a2b-renamed",
  path: "/require-mfa/dev/verify/",
  newPath: "/require-mfa/dev/verify/moved/",
};
const NOW = Date.parse("2026-11-20T09:00:00Z");

const placesBy = (settings: Partial<Settings>) =>
  momentsOf(NAMES, { ...DEFAULT_SETTINGS, ...settings }).map(({ place }) => place);
const sparedBy = (settings: Partial<Settings>) => {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  return sparing(momentsOf(NAMES, all), all, NOW);
};

describe("the test user", () => {
  it("belongs where docs/sandbox.md says, in each mode", () => {
    expect(placesBy({})).to.deep.equal(["free", "quarantine", "free", "quarantine", "quarantine", "quarantine"]);
    expect(placesBy({ mode: "conditional-deny" })).to.deep.equal(Array(6).fill("conditional"));
    expect(placesBy({ mode: "strict" })).to.deep.equal([
      "sealed",
      "quarantine",
      "sealed",
      "quarantine",
      "quarantine",
      "quarantine",
    ]);
    expect(placesBy({ mode: "strict", enrolmentByAccessKey: true })[0]).to.equal("conditional");
    expect(placesBy({ mode: "strict", spareKeyOnlyUsers: true, selfService: false })[0]).to.equal("free");
  });

  it("has its new path and its new name from then on", () => {
    const moments = momentsOf(NAMES, DEFAULT_SETTINGS).map(({ path, name }) => `${path}${name}`);
    expect(moments.slice(3)).to.deep.equal([
      "/require-mfa/dev/verify/require-mfa-verify-1a2b",
      "/require-mfa/dev/verify/moved/require-mfa-verify-1a2b",
      "/require-mfa/dev/verify/moved/require-mfa-verify-1a2b-renamed",
    ]);
  });

  it("is spared by nothing where the settings concern it", () => {
    expect(sparedBy({})).to.deep.equal([]);
    expect(sparedBy({ exemptPaths: ["/machines/"], exemptUsers: ["root-like"] })).to.deep.equal([]);
    expect(sparedBy({ onlyPaths: ["/require-mfa/dev/verify/"] })).to.deep.equal([]);
    expect(sparedBy({ enforceFrom: "2026-11-20" })).to.deep.equal([]);
  });

  it("is spared by each setting that would leave it alone, told together", () => {
    expect(sparedBy({ mode: "off", dryRun: true })).to.deep.equal(["mode is off, which holds nobody"]);
    expect(sparedBy({ dryRun: true, exemptPaths: ["/require-mfa/"], graceDays: 14 })).to.deep.equal([
      "dryRun is on, which holds nobody new; npm run impact says whom it would hold",
      "the test user is exempt by path /require-mfa/: /require-mfa/dev/verify/ must be in the scope and not exempt",
      "graceDays is 14: who is made now is held from 2026-12-04 on",
    ]);
    expect(sparedBy({ onlyGroups: ["staff"], enforceFrom: "2026-11-21" })).to.deep.equal([
      "the test user is outside the scope: /require-mfa/dev/verify/ must be in the scope and not exempt",
      "enforceFrom is 2026-11-21: who is made now is held from 2026-11-21 on",
    ]);
    // The later of the two counts.
    expect(sparedBy({ enforceFrom: "2027-01-01", graceDays: 14 })).to.have.lengthOf(1);
  });
});
