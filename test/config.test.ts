import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readSettings, type Settings, type SettingsSource } from "../config";

const US_EAST_1 = { "aws:region": "us-east-1" };

const source = (config: Readonly<Record<string, string>>, environment: SettingsSource["environment"] = {}) => ({
  project: "require-mfa",
  stack: "dev",
  config,
  environment,
});

const PRESETS: Settings = {
  mode: "quarantine",
  dryRun: false,
  passwordChangeWithoutMfa: false,
  enrolmentByAccessKey: false,
  usersPage: false,
  spareServiceCalls: false,
  selfService: true,
  partition: "aws",
};

/** The message without its first line; [] where nothing was thrown. */
function problemsOf(given: SettingsSource): readonly string[] {
  try {
    readSettings(given);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split("\n\n").slice(1);
  }
}

describe("settings", () => {
  const valid: readonly (readonly [string, SettingsSource, Partial<Settings>])[] = [
    ["nothing but a region: every preset", source(US_EAST_1), {}],
    [
      "mode conditional-deny",
      source({ ...US_EAST_1, "require-mfa:mode": "conditional-deny" }),
      { mode: "conditional-deny" },
    ],
    ["mode strict", source({ ...US_EAST_1, "require-mfa:mode": "strict" }), { mode: "strict" }],
    ["mode off", source({ ...US_EAST_1, "require-mfa:mode": "off" }), { mode: "off" }],
    [
      "every flag the other way round",
      source({
        ...US_EAST_1,
        "require-mfa:dryRun": "true",
        "require-mfa:passwordChangeWithoutMfa": "true",
        "require-mfa:enrolmentByAccessKey": "true",
        "require-mfa:usersPage": "true",
        "require-mfa:spareServiceCalls": "true",
        "require-mfa:selfService": "false",
      }),
      {
        dryRun: true,
        passwordChangeWithoutMfa: true,
        enrolmentByAccessKey: true,
        usersPage: true,
        spareServiceCalls: true,
        selfService: false,
      },
    ],
    ["AWS_REGION, where the stack says none", source({}, { AWS_REGION: "us-east-1" }), {}],
    ["AWS_DEFAULT_REGION last", source({}, { AWS_DEFAULT_REGION: "us-gov-west-1" }), { partition: "aws-us-gov" }],
    ["an empty AWS_REGION, which is none", source({}, { AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-1" }), {}],
    [
      "aws:region before AWS_REGION",
      source({ "aws:region": "cn-north-1" }, { AWS_REGION: "eu-west-1" }),
      { partition: "aws-cn" },
    ],
    ["GovCloud", source({ "aws:region": "us-gov-west-1" }), { partition: "aws-us-gov" }],
    [
      "keys of the AWS provider and of Pulumi",
      source({ ...US_EAST_1, "aws:profile": "audit", "pulumi:tags": "{}" }),
      {},
    ],
    [
      "keys of providers that a shared environment brings",
      source({ ...US_EAST_1, "kubernetes:context": "prod", "gcp:zone": "b" }),
      {},
    ],
  ];
  for (const [title, given, expected] of valid) {
    it(`takes ${title}`, () => {
      expect(readSettings(given)).to.deep.equal({ ...PRESETS, ...expected });
    });
  }

  const invalid: readonly (readonly [string, SettingsSource, readonly string[]])[] = [
    [
      "a mode that does not exist",
      source({ ...US_EAST_1, "require-mfa:mode": "strickt" }),
      [
        '  require-mfa:mode is "strickt"\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode strict',
      ],
    ],
    [
      "a mode that resembles none",
      source({ ...US_EAST_1, "require-mfa:mode": "everything please" }),
      [
        '  require-mfa:mode is "everything please"\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode quarantine',
      ],
    ],
    [
      "an empty mode",
      source({ ...US_EAST_1, "require-mfa:mode": "" }),
      [
        '  require-mfa:mode is ""\n    must be one of quarantine, conditional-deny, strict, off\n    pulumi config set mode quarantine',
      ],
    ],
    [
      "a yes for a true",
      source({ ...US_EAST_1, "require-mfa:dryRun": "yes" }),
      ['  require-mfa:dryRun is "yes"\n    must be true or false\n    pulumi config set dryRun true'],
    ],
    [
      "an object for a flag",
      source({ ...US_EAST_1, "require-mfa:selfService": '{"on":true}' }),
      [
        '  require-mfa:selfService is "{\\"on\\":true}"\n    must be true or false\n    pulumi config set selfService true',
      ],
    ],
    [
      "a misspelt key",
      source({ ...US_EAST_1, "require-mfa:dryrun": "true" }),
      [
        '  require-mfa:dryrun is "true"\n    the program has no such setting; did you mean dryRun?\n    pulumi config rm require-mfa:dryrun && pulumi config set dryRun true',
      ],
    ],
    [
      "a key that resembles none, its value secret",
      source(
        { ...US_EAST_1, "require-mfa:slackWebhook": "hush" },
        { PULUMI_CONFIG_SECRET_KEYS: '["require-mfa:slackWebhook"]' },
      ),
      [
        "  require-mfa:slackWebhook is [secret]\n    the program has no such setting; it knows mode, dryRun, passwordChangeWithoutMfa, enrolmentByAccessKey, usersPage, spareServiceCalls, selfService\n    pulumi config rm require-mfa:slackWebhook",
      ],
    ],
    [
      "a setting under the name of another project",
      source({ ...US_EAST_1, "mfa:mode": "strict" }),
      [
        '  mfa:mode is "strict"\n    a key of a project named mfa; this one is require-mfa, and its settings read require-mfa:…\n    pulumi config rm mfa:mode && pulumi config set mode strict',
      ],
    ],
    [
      "anything under a misspelt name of this project",
      source({ ...US_EAST_1, "requiremfa:colour": "red" }),
      [
        '  requiremfa:colour is "red"\n    a key of a project named requiremfa; this one is require-mfa, and its settings read require-mfa:…\n    pulumi config rm requiremfa:colour',
      ],
    ],
    [
      "no region",
      source({}),
      [
        "  no region is given\n    aws:region, AWS_REGION, AWS_DEFAULT_REGION were looked at; IAM's events arrive in us-east-1, us-gov-west-1, cn-north-1 only, one for each partition\n    pulumi config set aws:region us-east-1",
      ],
    ],
    [
      "a region where IAM's events never arrive",
      source({ "aws:region": "eu-central-1" }),
      [
        '  aws:region is "eu-central-1"\n    IAM\'s events never arrive there; in the partition aws they arrive in us-east-1 only\n    pulumi config set aws:region us-east-1',
      ],
    ],
    [
      "the other region of GovCloud, from the environment",
      source({}, { AWS_REGION: "us-gov-east-1" }),
      [
        '  AWS_REGION is "us-gov-east-1"\n    IAM\'s events never arrive there; in the partition aws-us-gov they arrive in us-gov-west-1 only\n    pulumi config set aws:region us-gov-west-1',
      ],
    ],
    [
      "the other region of China",
      source({ "aws:region": "cn-northwest-1" }),
      [
        '  aws:region is "cn-northwest-1"\n    IAM\'s events never arrive there; in the partition aws-cn they arrive in cn-north-1 only\n    pulumi config set aws:region cn-north-1',
      ],
    ],
    [
      "a partition that is not known",
      source({ "aws:region": "us-iso-east-1" }),
      [
        '  aws:region is "us-iso-east-1"\n    lies in a partition other than aws, aws-us-gov, aws-cn; where IAM\'s events arrive there is not known\n    pulumi config set aws:region us-east-1',
      ],
    ],
  ];
  for (const [title, given, expected] of invalid) {
    it(`refuses ${title}`, () => {
      expect(problemsOf(given)).to.deep.equal(expected);
    });
  }

  it("lists every problem at once, under a line that counts them", () => {
    const given = source({ "require-mfa:mode": "Strict", "require-mfa:usersPages": "true", "require-mfa:dryRun": "1" });
    expect(() => readSettings(given)).to.throw(
      "4 problems in the configuration of require-mfa, stack dev; nothing was deployed.",
    );
    expect(problemsOf(given).map((problem) => problem.trim().split(" ")[0])).to.deep.equal([
      "require-mfa:usersPages",
      "require-mfa:mode",
      "require-mfa:dryRun",
      "no",
    ]);
  });

  it("does not advise to overwrite a setting that is there", () => {
    const given = source({ ...US_EAST_1, "require-mfa:mode": "off", "require-mfa:mod": "strict" });
    expect(problemsOf(given)[0]).to.match(/\n {4}pulumi config rm require-mfa:mod$/);
  });

  it("quotes an odd key for the shell", () => {
    expect(problemsOf(source({ ...US_EAST_1, "require-mfa:a b'c": "1" }))[0]).to.match(
      /\n {4}pulumi config rm 'require-mfa:a b'\\''c'$/,
    );
  });
});

describe("Pulumi.yaml", () => {
  /** The settings that it declares: [name, type, default], read line by line, for it is kept that plain. */
  const declared = [
    ...readFileSync("Pulumi.yaml", "utf8").matchAll(/^ {2}(\w+):\n {4}type: (\w+)\n[\s\S]*?\n {4}default: (.+)$/gm),
  ].map(([, name, type, preset]) => [name, type, preset]);

  it("declares every setting with its type and default, and no other", () => {
    expect(declared).to.deep.equal([
      ["mode", "string", "quarantine"],
      ["dryRun", "boolean", "false"],
      ["passwordChangeWithoutMfa", "boolean", "false"],
      ["enrolmentByAccessKey", "boolean", "false"],
      ["usersPage", "boolean", "false"],
      ["spareServiceCalls", "boolean", "false"],
      ["selfService", "boolean", "true"],
    ]);
  });

  it("declares the defaults that the program knows, which Pulumi's mocks do not inject", () => {
    const asDeclared = Object.fromEntries(declared.map(([name, , preset]) => [`require-mfa:${name}`, String(preset)]));
    expect(readSettings(source({ ...US_EAST_1, ...asDeclared }))).to.deep.equal(readSettings(source(US_EAST_1)));
  });
});

describe("Pulumi.dev.yaml", () => {
  it("is a complete working example", () => {
    const lines = [...readFileSync("Pulumi.dev.yaml", "utf8").matchAll(/^ {2}([\w-]+:\w+): (.+)$/gm)];
    const config = Object.fromEntries(lines.map(([, key, value]) => [String(key), String(value)]));
    expect(Object.keys(config)).to.have.lengthOf(8);
    expect(readSettings(source(config))).to.deep.equal(PRESETS);
  });
});
