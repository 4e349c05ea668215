import { expect } from "chai";
import { readOptions } from "../../soak/options";

describe("the options of a soak", () => {
  it("are a hundred thousand histories and two thousand over the bundle, where nothing is given", () => {
    expect(readOptions([], {})).to.deep.equal({
      histories: 100_000,
      bundleHistories: 2_000,
      inputs: 100_000,
      steps: 200,
      seed: 1,
      workers: 1,
      resume: undefined,
      again: undefined,
    });
  });

  it("name one that is to be played again", () => {
    const { again, seed } = readOptions(["--only", "credential reports", "--seed", "7", "--path", "3:1:0"], {});
    expect([again, seed]).to.deep.equal([{ kind: "credential reports", path: "3:1:0" }, 7]);
  });

  const REFUSED: readonly (readonly [readonly string[], RegExp])[] = [
    [["--histories", "many"], /^--histories many: must be a whole number$/],
    [["--only", "ports", "--path", "1"], /^--only ports: there are port, bundle, events, /],
    [["--only", "port"], /^--only and --path go together$/],
    [["--history", "1"], /--history/],
  ];
  for (const [args, message] of REFUSED) {
    it(`refuse ${args.join(" ")}`, () => expect(() => readOptions(args, {})).to.throw(message));
  }

  it("refuse what npm took for itself", () => {
    expect(() => readOptions([], { npm_config_workers: "2" })).to.throw(/npm run soak -- --workers=2$/);
  });
});
