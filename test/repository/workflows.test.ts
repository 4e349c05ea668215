import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as v from "valibot";
import { parse } from "yaml";

const Permissions = v.record(v.string(), v.string());
const Job = v.object({
  permissions: v.optional(Permissions),
  if: v.optional(v.string()),
  steps: v.array(v.object({ uses: v.optional(v.string()), run: v.optional(v.string()) })),
});
const Workflow = v.object({
  on: v.record(v.string(), v.unknown()),
  permissions: Permissions,
  jobs: v.record(v.string(), Job),
});

const FOLDER = ".github/workflows";

describe("the workflows", () => {
  const names = readdirSync(FOLDER).sort();
  const workflows = new Map(
    names.map((name) => [name, v.parse(Workflow, parse(readFileSync(join(FOLDER, name), "utf8")))] as const),
  );
  const jobs = [...workflows.values()].flatMap((workflow) => Object.values(workflow.jobs));

  it("run on pushes to main and on pull requests, in whose own name", () => {
    expect([...workflows].map(([name, { on }]) => [name, Object.keys(on)])).to.deep.equal([
      ["check.yml", ["push", "pull_request"]],
      ["preview.yml", ["pull_request"]],
      ["up.yml", ["push"]],
    ]);
  });

  it("pin each action by the hash of one commit, the same everywhere", () => {
    const used = jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    const pins = new Map(used.map((each) => [each.split("@")[0], each]));
    expect(new Set(used)).to.deep.equal(new Set(pins.values()));
    for (const pin of pins.values()) expect(pin).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it("may read the code and, where they deploy, have a session of AWS; a preview may comment", () => {
    const allowed = [...workflows].flatMap(([name, workflow]) =>
      Object.entries(workflow.jobs).map(([job, { permissions }]) => [name, job, permissions ?? workflow.permissions]),
    );
    expect(allowed).to.deep.equal([
      ["check.yml", "check", { contents: "read" }],
      ["preview.yml", "preview", { contents: "read", "id-token": "write", "pull-requests": "write" }],
      ["preview.yml", "passed-over", {}],
      ["up.yml", "up", { contents: "read", "id-token": "write" }],
      ["up.yml", "passed-over", {}],
    ]);
  });

  it("run scripts that there are", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const run = jobs.flatMap(({ steps }) =>
      steps.flatMap((step) => step.run?.match(/(?<=npm run (?:--silent )?)\w+/g) ?? []),
    );
    expect(run).to.include("impact");
    expect(scripts).to.include.all.keys(run);
  });

  it("pass over, and say so, where nobody has set a role", () => {
    const conditionOf = (name: string, job: string) => workflows.get(name)?.jobs[job]?.if;
    for (const [name, role] of [
      ["preview", "AWS_PREVIEW_ROLE"],
      ["up", "AWS_UP_ROLE"],
    ] as const) {
      expect(conditionOf(`${name}.yml`, name)).to.match(
        new RegExp(`^vars\\.${role} != '' && vars\\.PULUMI_STACK != ''`),
      );
      expect(conditionOf(`${name}.yml`, "passed-over")).to.equal(
        `\${{ !cancelled() && needs.${name}.result == 'skipped' }}`,
      );
    }
  });
});
