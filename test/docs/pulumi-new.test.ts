import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as v from "valibot";
import { parse } from "yaml";
import { MODES } from "../../core/modes";
import { EVENT_REGIONS } from "../../core/partitions";
import { DEFAULT_SETTINGS } from "../../core/settings";

const Project = v.object({
  template: v.object({
    config: v.record(v.string(), v.object({ description: v.string(), default: v.string() })),
    quickstart: v.string(),
  }),
});

describe("pulumi new", () => {
  const { template } = v.parse(Project, parse(readFileSync("Pulumi.yaml", "utf8")));

  it("asks for the region and the mode, names all there are, and takes the defaults of the program", () => {
    const { config } = template;
    expect(Object.keys(config)).to.deep.equal(["aws:region", "mode"]);
    expect(config["mode"]?.default).to.equal(DEFAULT_SETTINGS.mode);
    expect(config["mode"]?.description.split(/[;,] | or /).slice(1)).to.deep.equal([...MODES]);
    expect(config["aws:region"]?.description.split(/[;,] | or /).slice(2)).to.deep.equal(Object.values(EVENT_REGIONS));
    expect(parse(readFileSync("Pulumi.dev.yaml", "utf8")).config).to.deep.equal({
      "aws:region": config["aws:region"]?.default,
      "require-mfa:mode": config["mode"]?.default,
    });
  });

  it("says next steps that there are", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(scripts).to.have.property("start");
    const settings = [...template.quickstart.matchAll(/pulumi config set (\w+)/g)].map(([, name]) => name);
    expect(settings).to.deep.equal(["dryRun"]);
    expect(DEFAULT_SETTINGS).to.include.keys(settings);
    for (const page of ["docs/for-users.md", "README.md"]) {
      expect(template.quickstart).to.include(page);
      expect(readFileSync(page, "utf8")).not.to.equal("");
    }
  });
});
