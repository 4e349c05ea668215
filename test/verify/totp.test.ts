import { expect } from "chai";
import { stepAt, totpCode } from "../../verify/totp";

describe("totpCode of npm run verify", () => {
  // RFC 6238, appendix B: SHA-1, the seed "12345678901234567890", the last six of its eight digits.
  const vectors: readonly (readonly [seconds: number, code: string])[] = [
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ];
  for (const [seconds, code] of vectors) {
    it(`is ${code} ${seconds} s after 1970 began`, () => {
      expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", stepAt(seconds * 1000))).to.equal(code);
    });
  }

  it("reads base32 as RFC 4648 writes it, in any case and with padding", () => {
    // "foobar" (RFC 4648, section 10).
    expect(["mzxw6ytboi======", "MZXW6YTBOI"].map((seed) => totpCode(seed, 1))).to.deep.equal(["449542", "449542"]);
    expect(() => totpCode("MZXW0", 1)).to.throw(RangeError, '"0" is no character of base32');
  });

  it("is shown for thirty seconds", () => {
    expect([29_999, 30_000, 59_999, 60_000].map(stepAt)).to.deep.equal([0, 1, 1, 2]);
  });
});
