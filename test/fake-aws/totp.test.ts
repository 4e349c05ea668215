import { expect } from "chai";
import { totpCode } from "../../fake-aws/totp";
import { START_TIME } from "../support/account";

describe("totpCode", () => {
  // RFC 6238, appendix B: SHA-1, the seed "12345678901234567890", the last six of its eight digits.
  const vectors: readonly (readonly [at: string, code: string])[] = [
    ["1970-01-01T00:00:59Z", "287082"],
    ["2005-03-18T01:58:29Z", "081804"],
    ["2005-03-18T01:58:31Z", "050471"],
    ["2009-02-13T23:31:30Z", "005924"],
    ["2033-05-18T03:33:20Z", "279037"],
    ["2603-10-11T11:33:20Z", "353130"],
  ];
  for (const [at, code] of vectors) {
    it(`is ${code} at ${at}`, () => {
      expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", new Date(at))).to.equal(code);
    });
  }

  it("reads seeds in lower case and with padding", () => {
    expect(totpCode("gezdgnbvgy3tqojqgezdgnbvgy3tqojq====", new Date("1970-01-01T00:00:59Z"))).to.equal("287082");
  });

  it("refuses characters that base32 does not have", () => {
    expect(() => totpCode("GEZ1", new Date(START_TIME))).to.throw(RangeError, '"1" is not a character of base32');
  });
});
