import { expect } from "chai";
import { progressOn } from "../../command-line/progress";

/** What progress writes to a terminal of ten columns, or to none. */
function written(isTTY: boolean): string {
  let all = "";
  const progress = progressOn({ isTTY, columns: 10, write: (text) => (all += text) });
  progress.doing("1/2 CreateUser about alice");
  progress.say("done", "and done");
  progress.say();
  return all;
}

describe("progress", () => {
  it("is a line that is written over, no longer than the terminal is wide", () => {
    expect(written(true)).to.equal("\r\u001b[2K1/2 Creat\r\u001b[2Kdone\nand done\n\r\u001b[2K");
  });

  it("is the lines alone that stay where there is no terminal", () => {
    expect(written(false)).to.equal("done\nand done\n");
  });
});
