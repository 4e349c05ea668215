import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  ConstructRequest,
  type ConstructResponse,
  GetSchemaRequest,
  type GetSchemaResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { parse } from "yaml";
import { withEngine } from "../../fake-engine/fake-engine";

const PROJECT_FOLDER = resolve(__dirname, "../..");

/** The tsconfig.json of Pulumi's TypeScript template, by which this project would not compile. */
const TEMPLATE_TSCONFIG = `{
  "compilerOptions": {
    "strict": true, "outDir": "bin", "target": "es2020", "module": "commonjs", "moduleResolution": "node",
    "sourceMap": true, "experimentalDecorators": true, "pretty": true, "noFallthroughCasesInSwitch": true,
    "noImplicitReturns": true, "forceConsistentCasingInFileNames": true
  },
  "files": ["index.ts"]
}`;

/** Starts this project as a component plugin in somebody else's folder, as Pulumi's language host does. */
async function withPlugin<T>(
  folder: string,
  engine: string,
  use: (client: ResourceProviderClient) => Promise<T>,
): Promise<T> {
  const entryPoint = createRequire(join(PROJECT_FOLDER, "package.json")).resolve("@pulumi/pulumi/cmd/run-plugin");
  const child: ChildProcess = spawn(process.execPath, [entryPoint, PROJECT_FOLDER, engine], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    if (child.stdout === null) throw new Error("the plugin has no standard output");
    const [port] = await once(child.stdout, "data");
    const client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
    try {
      return await use(client);
    } finally {
      client.close();
    }
  } finally {
    child.kill("SIGKILL");
  }
}

const schemaOf = async (client: ResourceProviderClient) => {
  const ask = promisify<GetSchemaRequest, GetSchemaResponse>(client.getSchema.bind(client));
  return JSON.parse((await ask(new GetSchemaRequest())).getSchema());
};

describe("the component as a package", function () {
  this.timeout(120_000);

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "consumer-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const where of ["an empty folder", "a folder with the tsconfig.json of Pulumi's template"]) {
    it(`tells its schema, started in ${where}`, async () => {
      if (where !== "an empty folder") writeFileSync(join(folder, "tsconfig.json"), TEMPLATE_TSCONFIG);
      const schema = await withPlugin(folder, "127.0.0.1:1", schemaOf);
      expect(Object.keys(schema.resources)).to.deep.equal(["require-mfa:index:RequireMfa"]);
      const component = schema.resources["require-mfa:index:RequireMfa"];
      const typeOf = (property: Readonly<Record<string, unknown>>) => property["$ref"] ?? property["type"];
      const types = (properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
        Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, typeOf(property)]));
      expect(types(component.inputProperties)).to.deep.equal({
        mode: "#/types/require-mfa:index:Mode",
        dryRun: "boolean",
        passwordChangeWithoutMfa: "boolean",
        enrolmentByAccessKey: "boolean",
        usersPage: "boolean",
        spareServiceCalls: "boolean",
        selfService: "boolean",
        onlyUsers: "array",
        onlyPaths: "array",
        onlyGroups: "array",
        exemptUsers: "array",
        exemptPaths: "array",
        exemptGroups: "array",
        spareKeyOnlyUsers: "boolean",
        enforceFrom: "string",
        graceDays: "number",
        sweepEvery: "string",
        maxReleases: "number",
        notifyEmails: "array",
        notifyOn: "array",
        deployRoles: "array",
        createTrail: "boolean",
        failOnImpact: "number",
        organizationTargets: "array",
        organizationEnforceTargets: "array",
        organizationExemptAccounts: "array",
      });
      expect(component.requiredInputs).to.deep.equal([]);
      expect(types(component.properties)).to.deep.equal({
        mode: "string",
        dryRun: "boolean",
        guards: "#/types/require-mfa:index:GuardOutputs",
        handlerFunction: "string",
        handlerRoleArn: "string",
        logGroup: "string",
        rule: "string",
        topicArn: "string",
        queues: "#/types/require-mfa:index:QueueOutputs",
        dashboardUrl: "string",
        lastDeploySweep: "string",
        organization: "#/types/require-mfa:index:OrganizationOutputs",
      });
      expect(schema.types["require-mfa:index:Mode"].enum.map(({ value }: { value: string }) => value)).to.deep.equal([
        "quarantine",
        "conditional-deny",
        "strict",
        "off",
      ]);
      expect(Object.keys(schema.types["require-mfa:index:GuardOutputs"].properties)).to.deep.equal([
        "quarantine",
        "conditional",
        "sealed",
      ]);
      expect(Object.keys(schema.types["require-mfa:index:QueueOutputs"].properties)).to.deep.equal([
        "undelivered",
        "failed",
        "untold",
      ]);
    });
  }

  it("says of each argument what Pulumi.yaml says of the setting", async () => {
    const { resources } = await withPlugin(folder, "127.0.0.1:1", schemaOf);
    const told = Object.entries<{ description: string }>(resources["require-mfa:index:RequireMfa"].inputProperties);
    const declared = Object.entries<{ description: string }>(parse(readFileSync("Pulumi.yaml", "utf8")).config);
    const inOneLine = ([name, { description }]: readonly [string, { description: string }]) => [
      name,
      description.trim().replace(/\s+/g, " "),
    ];
    expect(told.map(inOneLine)).to.deep.equal(declared.map(inOneLine));
  });

  it("is constructed once, and registers what the program registers and nothing else", async () => {
    const consumer = {
      program: folder,
      project: "shop",
      stack: "prod",
      preview: false,
      config: { "aws:region": "us-east-1" },
    };
    const run = await withEngine(consumer, (engine) =>
      withPlugin(folder, engine, async (client) => {
        const request = new ConstructRequest()
          .setProject("shop")
          .setStack("prod")
          .setMonitorendpoint(engine)
          .setType("require-mfa:index:RequireMfa")
          .setName("people")
          .setInputs(Struct.fromJavaScript({ mode: "strict", exemptPaths: ["/machines/"] }));
        request.getConfigMap().set("aws:region", "us-east-1");
        const construct = promisify<ConstructRequest, ConstructResponse>(client.construct.bind(client));
        const response = await construct(request);
        return { urn: response.getUrn(), state: response.getState()?.toJavaScript() ?? {} };
      }),
    );
    expect(run.result.urn).to.equal("urn:pulumi:prod::shop::require-mfa:index:RequireMfa::people");
    expect(run.result.state).to.deep.include({
      mode: "strict",
      dryRun: false,
      handlerFunction: "people-1a2b3c4",
      handlerRoleArn: "arn:aws:iam::123456789012:role/require-mfa/prod/people-1a2b3c4",
    });
    expect(run.resources.filter(({ type }) => type.startsWith("aws:"))).to.have.lengthOf(95);
    expect(
      run.resources
        .filter(({ type }) => !type.startsWith("aws:"))
        .map(({ type }) => type)
        .sort(),
    ).to.deep.equal([
      "require-mfa:index:Alarms",
      "require-mfa:index:Dashboard",
      "require-mfa:index:Guard",
      "require-mfa:index:Guard",
      "require-mfa:index:Guard",
      "require-mfa:index:Handler",
      "require-mfa:index:QueuePolicies",
      "require-mfa:index:Queues",
      "require-mfa:index:RequireMfa",
      "require-mfa:index:Sweep",
      "require-mfa:index:Tamper",
      "require-mfa:index:Told",
      "require-mfa:index:Trigger",
    ]);
    const [lambda] = run.resources.filter(({ type }) => type === "aws:lambda/function:Function");
    expect(lambda?.inputs["environment"]).to.have.nested.include({ "variables.MODE": "strict" });
  });
});
