import { expect } from "chai";
import { plain } from "../../replay/told";

describe("what others wrote", () => {
  it("reaches the terminal without what would steer it, in one line that ends", () => {
    expect(plain("a\u001b[2Jb\r\nc\u202e d\u0007")).to.equal("a [2Jb c  d");
    expect(plain("x".repeat(300))).to.equal("x".repeat(300));
    expect(plain("x".repeat(301))).to.equal(`${"x".repeat(299)}…`);
  });
});
