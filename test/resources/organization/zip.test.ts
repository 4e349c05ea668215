import { expect } from "chai";
import { zipOf } from "../../../resources/organization/zip";

describe("a zip", () => {
  it("is one stored file of 1 January 1980, as PKWARE says it, byte by byte", () => {
    const name = Buffer.from("a.mjs").toString("hex");
    const content = Buffer.from("hi\n").toString("hex");
    // CRC-32 of "hi\n", three bytes, five of name.
    const common = "1400 0000 0000 0000 2100 7a7a 6fed 03000000 03000000 0500 0000".replaceAll(" ", "");
    const expected = [
      `504b0304${common}${name}${content}`,
      `504b0102 1403 ${common} 0000 0000 0000 0000a481 00000000 ${name}`,
      "504b0506 0000 0000 0100 0100 33000000 26000000 0000",
    ]
      .join("")
      .replaceAll(" ", "");
    expect(zipOf("a.mjs", "hi\n").toString("hex")).to.equal(expected);
  });
});
