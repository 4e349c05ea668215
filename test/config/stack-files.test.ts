import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readSettings } from "../../config/read-settings";
import { readStackFiles } from "../../config/stack-files";
import { DEFAULT_SETTINGS } from "../../core/settings";

const PROJECT = `name: shop
config:
  mode: { type: string, default: quarantine }
  maxReleases: { type: integer, default: 50 }
  onlyUsers: { type: array, items: { type: string }, default: [] }
  untold: { type: string }
  aws:region: us-east-1
  aws:profile: { value: readers }
`;

describe("a stack's files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-"));
    writeFileSync(join(folder, "Pulumi.yaml"), PROJECT);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (stackFile: string, ...named: readonly string[]) => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), stackFile);
    return readStackFiles(folder, named[0], {});
  };
  const refusalOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "no refusal";
  };

  it("are the defaults of Pulumi.yaml, and over them what the stack says, as Pulumi hands them to a program", () => {
    const given =
      "config:\n  shop:mode: strict\n  shop:onlyUsers: [alice, bob]\n  shop:dryRun: true\n  shop:graceDays: 7\n";
    expect(read(given).configuration).to.deep.equal({
      project: "shop",
      stack: "dev",
      config: {
        "shop:mode": "strict",
        "shop:maxReleases": "50",
        "shop:onlyUsers": '["alice","bob"]',
        "shop:dryRun": "true",
        "shop:graceDays": "7",
        "aws:region": "us-east-1",
        "aws:profile": "readers",
      },
      secretKeys: new Set(),
      environment: {},
    });
  });

  it("leave a day as it is written, and an empty file empty", () => {
    expect(read("config:\n  shop:enforceFrom: 2027-01-01\n").configuration.config["shop:enforceFrom"]).to.equal(
      "2027-01-01",
    );
    expect(read("").configuration.config["shop:mode"]).to.equal("quarantine");
  });

  it("keep secret what is encrypted, within lists too", () => {
    const given =
      "config:\n  shop:mode: { secure: AAABAxyz }\n  shop:onlyUsers:\n    - alice\n    - secure: AAABAxyz\n";
    expect(read(given).configuration.secretKeys).to.deep.equal(new Set(["shop:mode", "shop:onlyUsers"]));
  });

  it("tell what else the stack imports, which is not read", () => {
    expect(read("environment:\n  - aws-login\n").notRead).to.deep.equal([
      "the environments that Pulumi.dev.yaml imports",
    ]);
  });

  it("are those of the one stack that there is, where none is named", () => {
    expect(read("").configuration.stack).to.equal("dev");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "");
    expect(refusalOf(() => read(""))).to.equal("no stack is named; there is Pulumi.dev.yaml, Pulumi.prod.yaml");
    expect(refusalOf(() => read("", "test"))).to.equal(
      "there is no Pulumi.test.yaml; there is Pulumi.dev.yaml, Pulumi.prod.yaml",
    );
  });

  it("lie where Pulumi.yaml says", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), `${PROJECT}stackConfigDir: stacks\n`);
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks", "Pulumi.prod.yaml"), "config:\n  shop:mode: off\n");
    expect(readStackFiles(folder, undefined, {}).configuration.config["shop:mode"]).to.equal("off");
  });

  it("of this project are its defaults in us-east-1", () => {
    const { configuration } = readStackFiles(".", "dev", {});
    expect(readSettings(configuration)).to.deep.equal(DEFAULT_SETTINGS);
  });
});
