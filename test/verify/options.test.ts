import { expect } from "chai";
import { readOptions, USAGE } from "../../verify/options";

/** What is asked for, or the command's error. */
function optionsOf(args: readonly string[], environment = {}): unknown {
  try {
    return readOptions(args, environment);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe("npm run verify's options", () => {
  it("ask, wait five minutes for an event and print a table, if nothing is said", () => {
    expect(optionsOf([])).to.deep.equal({
      print: "table",
      does: "verify",
      stack: undefined,
      yes: false,
      limitSeconds: 300,
    });
    expect(optionsOf(["--stack", "dev", "--yes", "--json", "--limit=900"])).to.deep.equal({
      print: "json",
      does: "verify",
      stack: "dev",
      yes: true,
      limitSeconds: 900,
    });
    expect(optionsOf(["--clean-up"])).to.deep.include({ does: "clean up" });
    expect(optionsOf(["--help", "--yes"])).to.deep.equal({ print: "usage" });
  });

  it("are refused with what is wrong", () => {
    for (const seconds of ["0", "-1", "1.5", "5m", "", "100000"]) {
      expect(optionsOf([`--limit=${seconds}`]), seconds).to.equal(
        `--limit is ${JSON.stringify(seconds)}, which is no number of seconds from 1 to 99999`,
      );
    }
    expect(optionsOf(["--stack="])).to.equal("--stack is given without a name");
    expect(optionsOf(["--yes", "--yes"])).to.equal("--yes is given more than once");
    expect(optionsOf(["--clean-up", "--limit=3"])).to.equal("--clean-up waits for no event: no --limit");
    expect(optionsOf(["--force"])).to.match(/^Unknown option '--force'/);
    expect(optionsOf(["dev"])).to.match(/^Unexpected argument 'dev'/);
  });

  it("are looked for where npm took them, but for its own --yes, without which the command asks", () => {
    expect(optionsOf([], { npm_config_stack: "dev" })).to.equal(
      "npm took --stack=dev for itself; an option of this command goes behind --: npm run verify -- --stack=dev",
    );
    expect(optionsOf([], { npm_config_yes: "true" })).to.deep.include({ yes: false });
  });

  it("are all told by --help, and the exit codes", () => {
    for (const option of ["stack", "yes", "limit", "json", "clean-up", "help"]) expect(USAGE).to.include(`--${option}`);
    expect(USAGE).to.match(/code 0 .* 3 .* 1 .* 2 .* 4\n.* 129, 130 and 143 /s);
  });
});
