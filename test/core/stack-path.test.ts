import { expect } from "chai";
import { stackPath } from "../../core/stack-path";

describe("stackPath", () => {
  it("is below the product's, with a slash at both ends, as IAM wants it", () => {
    expect(stackPath("dev")).to.equal("/require-mfa/dev/");
  });
});
