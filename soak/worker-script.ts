import { buildSync } from "esbuild";

/**
 * The program of a soak's processes, as one CommonJS script of plain JavaScript that Node reads from its standard input in
 * this project's root. What else runs TypeScript wraps every function so that it keeps its name, which would be a fifth
 * of a history's time.
 */
export function workerScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: ["./worker.ts"],
    absWorkingDir: __dirname,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    packages: "external",
    // From where the bundle that ships is made: all folders that ask for theirs are one below the root.
    define: { __dirname: JSON.stringify(__dirname) },
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild built the worker without an error and without a file");
  return file.text;
}
