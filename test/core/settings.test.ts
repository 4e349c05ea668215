import { expect } from "chai";
import { policySettingsBy } from "../../core/settings";

describe("policySettingsBy", () => {
  it("has every setting that changes a guard's policy, each as it is asked for", () => {
    expect(policySettingsBy((name) => name === "usersPage")).to.deep.equal({
      passwordChangeWithoutMfa: false,
      enrolmentByAccessKey: false,
      usersPage: true,
      spareServiceCalls: false,
      selfService: false,
    });
  });
});
