import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { MODES } from "../core/modes";
import { EVENT_REGIONS, PARTITIONS, type Partition } from "../core/partitions";
import { memberTemplate } from "../member-stack/member-template";
import type { Template } from "../member-stack/template";
import { FULL_SETTINGS, memberStack } from "../test/support/member";

/*
 * cfn-lint is AWS's own linter of templates, by the schemas that CloudFormation publishes of each region.
 */

/** What it informs of beside its errors and warnings, and why that is no fault. */
const KNOWN = {
  I3042: "a template is made for one partition, and says so",
  I3011: "a queue goes with its stack, as in one account",
} as const;

const python = process.env["PYTHON"];

describe("cfn-lint", () => {
  const command = join(dirname(python ?? ""), "cfn-lint");
  if (python === undefined || !existsSync(command)) {
    throw new Error(
      `PYTHON is ${python}, and must be the path of a Python that has cfn-lint beside it: python3 -m venv DIR && DIR/bin/pip install -r .ci/requirements.txt && PYTHON=DIR/bin/python npx mocha .ci/cfn-lint.test.ts`,
    );
  }

  /** What it says of templates of a partition, those for information among it: each rule and each message once. */
  function judge(partition: Partition, templates: readonly unknown[]): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    try {
      const files = templates.map((template, index) => {
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify(template));
        return file;
      });
      const { stdout, stderr, error } = spawnSync(
        command,
        [...files, "--format", "json", "--regions", EVENT_REGIONS[partition], "--include-checks", "I"],
        { encoding: "utf8", maxBuffer: 2 ** 28 },
      );
      if (error !== undefined || stderr !== "") throw new Error(`cfn-lint says ${stderr}`, { cause: error });
      const found: readonly { readonly Rule: { readonly Id: string }; readonly Message: string }[] = JSON.parse(stdout);
      return [...new Set(found.map(({ Rule, Message }) => `${Rule.Id}: ${Message}`))].sort();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const isKnown = (finding: string) => Object.keys(KNOWN).some((rule) => finding.startsWith(`${rule}: `));

  for (const partition of PARTITIONS) {
    it(`finds nothing in a member's template in ${partition}, in any mode, with the longest lists and with many exempt accounts`, () => {
      const organizationExemptAccounts = Array.from({ length: 101 }, (_, index) => `${222222222222 + index}`);
      const templates = [...MODES.map((mode) => ({ mode })), FULL_SETTINGS, { organizationExemptAccounts }].map(
        (settings) => memberTemplate(memberStack(settings, partition)),
      );
      const found = judge(partition, templates);
      expect(found.filter((finding) => !isKnown(finding))).to.deep.equal([]);
      for (const rule of Object.keys(KNOWN)) expect(found.join("\n"), rule).to.include(`${rule}: `);
    });
  }

  it("finds what is planted", () => {
    const template: Template = memberTemplate(memberStack());
    const withFunction = (change: Readonly<Record<string, unknown>>) => {
      const { HandlerFunction } = template.Resources;
      const Properties = { ...HandlerFunction?.Properties, ...change };
      return { ...template, Resources: { ...template.Resources, HandlerFunction: { ...HandlerFunction, Properties } } };
    };
    const planted: readonly (readonly [change: Readonly<Record<string, unknown>>, found: RegExp])[] = [
      [{ MemorySise: 256 }, /^E3002: .*MemorySise/m],
      [{ MemorySize: 64 }, /^E\d+: 64 /m],
      [{ Runtime: "nodejs99.x" }, /^E\d+: .*nodejs99/m],
      [{ Description: { "Fn::Sub": "${Nothing}" } }, /^E1019: .*Nothing/m],
      [{ Role: { "Fn::GetAtt": ["Nobody", "Arn"] } }, /^E1010: .*Nobody/m],
    ];
    const found = judge(
      "aws",
      planted.map(([change]) => withFunction(change)),
    ).filter((finding) => !isKnown(finding));
    for (const [, finding] of planted) expect(found.join("\n")).to.match(finding);
  });
});
