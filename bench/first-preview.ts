import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runUnderEngine } from "../fake-engine/fake-engine";
import { median } from "./median";

/** Milliseconds that the Node side of a first preview takes, from its process's start to its end, in the median. */
export interface FirstPreview {
  readonly oursMs: number;
  readonly templateMs: number;
}

/** How often each is run. */
export const PREVIEWS = 5;

const PROJECT_FOLDER = resolve(__dirname, "..");
const CONFIG = { "aws:region": "us-east-1" };

/** What `pulumi new aws-typescript` makes, as far as it is run. */
const TEMPLATE = {
  "Pulumi.yaml": "name: template\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
  "package.json": '{ "name": "template", "main": "index.ts" }',
  "index.ts": `import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

// Create an AWS resource (S3 Bucket)
const bucket = new aws.s3.Bucket("my-bucket");

// Export the name of the bucket
export const bucketName = bucket.id;
`,
  "tsconfig.json": `{
    "compilerOptions": {
        "strict": true,
        "outDir": "bin",
        "target": "es2020",
        "module": "nodenext",
        "moduleResolution": "nodenext",
        "sourceMap": true,
        "experimentalDecorators": true,
        "pretty": true,
        "noFallthroughCasesInSwitch": true,
        "noImplicitReturns": true,
        "forceConsistentCasingInFileNames": true
    },
    "files": ["index.ts"]
}`,
};

/**
 * Measures a first preview of this program beside one of Pulumi's own TypeScript template, by turns, each in a process of
 * its own that finds nothing compiled, by Pulumi's entry point against an engine that reaches no cloud.
 *
 * @throws Error where one of them fails
 */
export async function measureFirstPreview(): Promise<FirstPreview> {
  const template = mkdtempSync(join(tmpdir(), "template-"));
  try {
    for (const [file, text] of Object.entries(TEMPLATE)) writeFileSync(join(template, file), text);
    symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(template, "node_modules"), "junction");
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run < PREVIEWS; run++) {
      ours.push(await timePreview(PROJECT_FOLDER));
      theirs.push(await timePreview(template));
    }
    return { oursMs: median(ours), templateMs: median(theirs) };
  } finally {
    rmSync(template, { recursive: true });
  }
}

async function timePreview(program: string): Promise<number> {
  const cold = { TSX_DISABLE_CACHE: "1", TS_NODE_CACHE: "false" };
  const started = performance.now();
  const { exitCode, diagnostics } = await runUnderEngine({
    program,
    stack: "bench",
    preview: true,
    config: CONFIG,
    env: cold,
  });
  if (exitCode !== 0) throw new Error(`the preview failed: ${diagnostics.map(({ message }) => message).join("\n")}`);
  return performance.now() - started;
}
