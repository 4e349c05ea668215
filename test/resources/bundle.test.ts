import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { toEnvironment } from "../../core/instructions";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { runFunction } from "../../fake-aws/lambda";
import { bundleHandler } from "../../resources/bundle";
import { GUARDS, POLICY_DIGESTS } from "../support/guards";

const ENVIRONMENT = {
  ...toEnvironment({
    guards: GUARDS,
    policyDigests: POLICY_DIGESTS,
    settings: { ...DEFAULT_SETTINGS, mode: "strict" },
  }),
  AWS_REGION: "us-east-1",
};

describe("the bundle", () => {
  let code: string;
  before(() => {
    code = bundleHandler();
  });

  it("is at most 250,000 bytes", () => {
    expect(Buffer.byteLength(code)).to.be.at.most(250_000);
  });

  it("contains nothing of Pulumi, and of the SDK's ways to credentials the environment alone", () => {
    expect(code).to.not.include("@pulumi/");
    expect(code).to.not.include("registerResource");
    expect(code).to.not.include("sso_start_url");
  });

  it("needs nothing beside Node's own modules", () => {
    const imported = [...code.matchAll(/(?:from|import\(|require\()\s*"([^"]+)"/g)].map(([, name]) => String(name));
    expect(imported).to.not.deep.equal([]);
    const foreign = imported.filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    expect(foreign).to.deep.equal([]);
  });

  it("is the same bytes every time, wherever the checkout lies", () => {
    expect(bundleHandler()).to.equal(code);
    const elsewhere = mkdtempSync(join(tmpdir(), "require-mfa-"));
    try {
      for (const folder of ["core", "handler", "resources"])
        cpSync(folder, join(elsewhere, folder), { recursive: true });
      symlinkSync(resolve("node_modules"), join(elsewhere, "node_modules"));
      const script = 'process.stdout.write(require("./resources/bundle.ts").bundleHandler())';
      const there = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], { cwd: elsewhere });
      expect(there.equals(Buffer.from(code))).to.equal(true);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("loads and answers, in one line of its log", async () => {
    const handler = runFunction(code, ENVIRONMENT);
    try {
      const record = { eventName: "DeactivateMFADevice", requestParameters: { userName: "AWS ROOT USER" } };
      const told = { action: "ignored", reason: '"AWS ROOT USER" is not the name of an IAM user' };
      // The log tells; an invoker is told nothing.
      expect(await handler.invoke({ detail: record })).to.equal(undefined);
      expect(handler.log.map((line) => JSON.parse(line))).to.deep.equal([
        { level: "INFO", call: "DeactivateMFADevice", ...told },
      ]);
    } finally {
      await handler.stop();
    }
  });

  it("writes one JSON object a line, invocation after invocation", () => {
    const folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    try {
      writeFileSync(join(folder, "index.mjs"), code);
      // In a process of its own, whose output comes as one text: in pieces, an object without a line's end looks whole.
      const script = `
        import { handler } from "./index.mjs";
        const detail = (eventName) => ({ eventName, requestParameters: { userName: "AWS ROOT USER" } });
        const context = { getRemainingTimeInMillis: () => 900_000 };
        await handler({ detail: detail("EnableMFADevice") }, context);
        await handler({ detail: detail("DeactivateMFADevice") }, context);
      `;
      const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
        cwd: folder,
        env: { ...ENVIRONMENT, NODE_NO_WARNINGS: "1" },
        encoding: "utf8",
      });
      const [first, second, ...rest] = output.split("\n");
      const ignored = { action: "ignored", reason: '"AWS ROOT USER" is not the name of an IAM user' };
      expect(JSON.parse(String(first))).to.deep.equal({ level: "INFO", call: "EnableMFADevice", ...ignored });
      expect(JSON.parse(String(second))).to.deep.equal({ level: "INFO", call: "DeactivateMFADevice", ...ignored });
      expect(rest).to.deep.equal([""]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("fails every invocation, and says why, where its environment is amiss", async () => {
    const handler = runFunction(code, { ...ENVIRONMENT, MODE: "lenient" });
    try {
      const failure = await handler.invoke({}).catch((error: unknown) => String(error));
      expect(failure).to.include("the function's environment is not as the program writes it: MODE is");
    } finally {
      await handler.stop();
    }
  });
});
