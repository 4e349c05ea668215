import { join } from "node:path";
import { buildSync } from "esbuild";

const HANDLER = join(__dirname, "..", "handler");

/**
 * The handler as one ESM file, as text: the SDK included, nothing of Pulumi, and the same bytes from the same sources
 * wherever the checkout lies.
 *
 * @throws esbuild's error, which names file and line, where the handler does not build.
 */
export function bundleHandler(): string {
  const { outputFiles } = buildSync({
    entryPoints: ["./index.ts"],
    absWorkingDir: HANDLER,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    // The rehearsal runs this very file, on the reader's Node.
    target: "node20",
    minify: true,
    legalComments: "none",
    // The SDK's ESM builds are tree-shaken, its CommonJS ones are not.
    mainFields: ["module", "main"],
    alias: {
      "@aws-sdk/credential-provider-node": "./iam/environment-credentials.ts",
      "@smithy/core/event-streams": "./iam/no-event-streams.ts",
    },
    // The compiler's options are for type checking and must not reach the bundle's bytes.
    tsconfigRaw: "{}",
    // Of the SDK's package.json nothing is used but a version that its user agent would tell.
    loader: { ".json": "empty" },
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild built the handler without an error and without a file");
  return file.text;
}
