import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MODES } from "../../core/modes";
import { type Result, runScenario } from "../../rehearsal/run-scenario";
import { SCENARIOS, type Scenario } from "../../rehearsal/scenario";
import { ending, paragraph } from "../../rehearsal/transcript";

/** Runs the rehearsal as `npm start` does, in a terminal without colours. */
function rehearse(...args: readonly string[]) {
  const { FORCE_COLOR: _, ...environment } = process.env;
  const script = ["--import", "tsx", "rehearsal/index.ts", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, script, {
    encoding: "utf8",
    env: { ...environment, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

async function resultsOf(scenario: Scenario): Promise<readonly Result[]> {
  const results: Result[] = [];
  for await (const { result } of runScenario("quarantine", scenario)) results.push(result);
  return results;
}

describe("npm start", () => {
  for (const mode of MODES) {
    it(`plays mode ${mode} as it is written down, line by line`, () => {
      const { status, stdout, stderr } = rehearse("--mode", mode);
      expect(stdout).to.equal(readFileSync(`test/rehearsal/golden/${mode}.txt`, "utf8"));
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    });
  }

  it("shows with --told each mail as EventBridge writes it, and draws with --svg the picture that docs/ has", () => {
    const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
    try {
      const file = join(folder, "rehearsal.svg");
      const { status, stdout, stderr } = rehearse("--told", "--svg", file);
      expect(stdout).to.equal(readFileSync("test/rehearsal/golden/quarantine-told.txt", "utf8"));
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: `the picture is in ${file}\n` });
      expect(readFileSync(file, "utf8")).to.equal(readFileSync("docs/rehearsal.svg", "utf8"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says what is wrong with a picture that no file is named for", () => {
    const { status, stderr } = rehearse("--svg", "");
    expect(status).to.equal(2);
    expect(stderr).to.match(/^--svg wants the name of a file\n/);
  });

  it("says what is wrong with a mode that there is not", () => {
    const { status, stdout, stderr } = rehearse("--mode", "strickt");
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.match(/^"strickt" is no mode; there are quarantine, conditional-deny, strict, off\n/);
  });

  it("says what is wrong with an option that there is not", () => {
    const { status, stderr } = rehearse("--mod", "strict");
    expect(status).to.equal(2);
    expect(stderr).to.match(/^Unknown option '--mod'/);
  });
});

describe("the rehearsal", () => {
  it("is not content with a step that comes out otherwise", async () => {
    const [created] = SCENARIOS.quarantine;
    if (created?.kind !== "calls") throw new Error("the scenario does not begin with calls");
    const results = await resultsOf([{ ...created, leaves: "sealed" }]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([false]);
    expect(paragraph(results[0] ?? fail(), 1)).to.match(/→ .*free.*\n.*✗ expected: sealed/);
    expect(ending(results)).to.match(/✗.* 1 of 1 steps came out other than expected$/);
  });

  it("is not content with a cell that comes out otherwise", async () => {
    const [created] = SCENARIOS.quarantine;
    if (created === undefined) throw new Error("the scenario is empty");
    const results = await resultsOf([
      created,
      {
        kind: "permissions",
        title: "What alice may do",
        sessions: ["console", "access key"],
        rows: [{ what: "list all users", action: "iam:ListUsers", resource: "*", allowed: [true, false] }],
      },
    ]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([true, false]);
    expect(paragraph(results[1] ?? fail(), 2)).to.match(/iam:ListUsers.*allowed.*allowed ✗/);
  });

  it("is not content with a first sweep after which somebody is unheld of whom nobody expected it", async () => {
    const sweep = ofKind("first sweep");
    const results = await resultsOf([{ ...sweep, unholdable: [] }]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([false]);
    expect(paragraph(results[0] ?? fail(), 1)).to.match(
      /pulumi up .*fails.*no guard can hold max.*[\s\S]*✗ .*: nobody/,
    );
  });

  it("is not content with a guard of which something else is told, or at another time", async () => {
    const hollowed = ofKind("hollowed guard");
    const [detached, replaced] = hollowed.blows;
    if (detached === undefined || replaced === undefined) throw new Error("the guard is not hollowed out twice");
    const results = await resultsOf([
      { ...hollowed, blows: [{ ...detached, told: "ERROR guard-broken" }] },
      { ...hollowed, blows: [{ ...replaced, afterSeconds: 0 }] },
    ]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([false, false]);
    expect(paragraph(results[0] ?? fail(), 1)).to.match(/→ .*WARN.*\n.*by arn:.*\n.*✗ expected: ERROR guard-broken/);
    expect(paragraph(results[1] ?? fail(), 2)).to.match(/→ .*ERROR, 60 s later.*\n.*\n.*✗ expected: .*, 0 s later/);
  });

  it("is not content with an outage after which something else is kept, or alice stands elsewhere", async () => {
    const outage = ofKind("outage");
    const results = await resultsOf([
      { ...outage, kept: 1 },
      { ...outage, leaves: "sealed" },
    ]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([false, false]);
    expect(paragraph(results[1] ?? fail(), 2)).to.match(/✗ expected: .*, 2 events kept, then held in sealed/);
  });

  it("is not content with a deadline that has passed before, or after which alice stands elsewhere", async () => {
    const deadline = ofKind("deadline");
    const results = await resultsOf([
      { ...deadline, enforceFrom: "2026-01-20" },
      { ...deadline, leaves: "sealed" },
    ]);
    expect(results.map(({ asExpected }) => asExpected)).to.deep.equal([false, false]);
    expect(paragraph(results[0] ?? fail(), 1)).to.match(
      /→ .*held in quarantine[\s\S]*✗ expected: pending before the day/,
    );
    expect(paragraph(results[1] ?? fail(), 2)).to.match(/✗ expected: .*, held in sealed on it/);
  });
});

/** The quarantine's step of a kind. */
function ofKind<Kind extends Scenario[number]["kind"]>(kind: Kind) {
  type Found = Extract<Scenario[number], { readonly kind: Kind }>;
  return SCENARIOS.quarantine.find((step): step is Found => step.kind === kind) ?? fail();
}

function fail(): never {
  throw new Error("the scenario ended early");
}
