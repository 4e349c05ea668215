import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { serveInvocations } from "../../fake-aws/lambda-api";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { serveSqs } from "../../fake-aws/sqs-api";
import { type SqsQueue, sqsQueue } from "../../fake-aws/sqs-queue";
import { USAGE } from "../../replay/options";
import { DEAD_LETTER_ATTRIBUTES, eventOf, recordOfFailure } from "./letters";

const OUTPUTS = {
  mode: "quarantine",
  handlerFunction: "require-mfa-1a2b3c4",
  queues: {
    undelivered: "https://sqs.us-east-1.amazonaws.com/123456789012/undelivered",
    failed: "https://sqs.us-east-1.amazonaws.com/123456789012/failed",
    untold: "https://sqs.us-east-1.amazonaws.com/123456789012/untold",
  },
};

const EVENT = eventOf({
  eventName: "CreateLoginProfile",
  eventTime: "2026-11-20T09:00:00Z",
  requestParameters: { userName: "alice" },
});

describe("npm run replay", () => {
  let folder: string;
  let servers: LoopbackServer[];
  let undelivered: SqsQueue;
  let failed: SqsQueue;
  let invoked: unknown[];
  let environment: Readonly<Record<string, string>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    undelivered = sqsQueue();
    failed = sqsQueue();
    invoked = [];
    const sqs = await serveSqs({ undelivered, failed });
    const lambda = await serveInvocations({
      "require-mfa-1a2b3c4": async (event) => {
        invoked.push(event);
        if (JSON.stringify(event).includes("bob")) throw new Error("no guard can hold bob");
      },
    });
    servers = [sqs, lambda];
    environment = {
      PATH: [folder, dirname(process.execPath)].join(delimiter),
      HOME: folder,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    };
  });

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true });
  });

  /** Puts a Pulumi's CLI on the PATH, which notes how it is called and does this. */
  function putPulumi(does: string): void {
    const called = JSON.stringify(join(folder, "called"));
    const note = `require("node:fs").writeFileSync(${called}, process.argv.slice(2).join(" "));`;
    writeFileSync(join(folder, "pulumi"), `#!${process.execPath}\n${note}\n${does}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
  }

  const putOutputs = (outputs: object) => putPulumi(`console.log(${JSON.stringify(JSON.stringify(outputs))});`);

  /** Runs the command as npm does, but for npm. */
  const replay = (...args: readonly string[]) =>
    new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        ["--import=tsx", "replay/index.ts", ...args],
        { env: environment },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      );
    });

  it("finds queues and function in the stack's outputs, shows, and with --execute replays", async () => {
    putOutputs(OUTPUTS);
    undelivered.send(JSON.stringify(EVENT), DEAD_LETTER_ATTRIBUTES);
    expect(await replay("--stack", "dev")).to.deep.equal({
      code: 0,
      stderr: "",
      stdout:
        "undelivered: 1 message\nfailed: 0 messages\n" +
        "  1  2026-11-20T09:00:00Z  CreateLoginProfile about alice\n" +
        "     not delivered: NO_PERMISSIONS: Lambda function is not authorized to be invoked; not received before\n" +
        "Nothing was replayed; --execute invokes require-mfa-1a2b3c4 1 time, and deletes what succeeds.\n",
    });
    expect(readFileSync(join(folder, "called"), "utf8")).to.equal("stack output --json --non-interactive --stack dev");
    expect(undelivered.visibleBodies).to.have.lengthOf(1);
    expect(await replay("--stack", "dev", "--execute")).to.deep.equal({
      code: 0,
      stderr: "",
      stdout:
        "undelivered: 1 message\nfailed: 0 messages\n" + "✓  1  2026-11-20T09:00:00Z  CreateLoginProfile about alice\n",
    });
    expect(invoked).to.deep.equal([EVENT]);
    expect(undelivered.bodies).to.deep.equal([]);
  });

  it("goes without Pulumi where queue and function are given, and ends with 1 where something fails", async () => {
    const ofBob = { ...EVENT, detail: { ...EVENT.detail, requestParameters: { userName: "bob" } } };
    failed.send(JSON.stringify(recordOfFailure(ofBob)));
    const place = ["--queue", OUTPUTS.queues.failed, "--function", OUTPUTS.handlerFunction];
    expect(await replay(...place, "--execute")).to.deep.equal({
      code: 1,
      stderr: "",
      stdout:
        "failed: 1 message\n✗  1  2026-11-20T09:00:00Z  CreateLoginProfile about bob\n" +
        "      Error: no guard can hold bob\nLeft in the queues: 1 message.\n",
    });
    expect(failed.visibleBodies).to.have.lengthOf(1);
  });

  it("says what is wrong with the stack", async () => {
    expect(await replay("--stack", "dev")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr:
        "--stack dev: there is no pulumi on the PATH to ask for the stack's outputs; install Pulumi's CLI, " +
        "or give --queue and --function instead\n",
    });
    putPulumi("console.error(\"error: no stack named 'dev' found\"); process.exit(255);");
    expect(await replay("--stack", "dev")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr:
        "--stack dev: pulumi stack output --json --non-interactive --stack dev failed:\n" +
        "error: no stack named 'dev' found\n" +
        "pulumi stack ls lists the stacks; --queue and --function go without Pulumi\n",
    });
    putOutputs({ mode: "quarantine", handlerFunction: "require-mfa-1a2b3c4" });
    expect((await replay("--stack", "dev")).stderr).to.equal(
      "--stack dev: its outputs lack queues; " + "`pulumi up --stack dev` with this version makes them\n",
    );
  });

  it("says what is wrong with the command line, and how it is called", async () => {
    const refused = await replay("--execute");
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.equal(
      `nothing says where to look: give --stack NAME, or --queue URL and --function NAME\n\n${USAGE}\n`,
    );
    expect(await replay("--help")).to.deep.equal({ code: 0, stdout: `${USAGE}\n`, stderr: "" });
  });

  it("says what AWS says", async () => {
    const nowhere = "https://sqs.us-east-1.amazonaws.com/123456789012/nowhere";
    expect(await replay("--queue", nowhere, "--function", "require-mfa-1a2b3c4")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "sqs:ReceiveMessage failed: QueueDoesNotExist: The specified queue does not exist.\n",
    });
  });
});
