import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Has every stack trace of this process name the lines of its TypeScript, as errors tell them and as Pulumi's engine is
 * told where a resource comes from.
 */
export function tellSourcePositions(): void {
  // Pulumi's own formatter looks for source maps in the files on disk, and tsx leaves none there. It does find the SDK's,
  // which name files that aren't there, and colouring these takes Node 20 half a minute (nodejs/node#64011).
  Error.prepareStackTrace = (error, frames) =>
    isNotedByPulumi(frames)
      ? String(error)
      : [String(error), ...frames.map((frame) => `    at ${told(frame)}`)].join("\n");
}

/**
 * Pulumi notes a stack for each of its promises, thousands of them, to be looked at in a debugger of its own. To write them
 * out takes a tenth of a preview's time.
 */
function isNotedByPulumi([frame]: readonly NodeJS.CallSite[]): boolean {
  return /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]debuggable\.js$/.test(frame?.getFileName() ?? "");
}

function told(frame: NodeJS.CallSite): string {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!file?.endsWith(".ts") || line === null || column === null) return String(frame);
  const origin = findSourceMap(file)?.findOrigin(line, column);
  if (origin === undefined || !("fileName" in origin)) return String(frame);
  const source = origin.fileName.startsWith("file:") ? fileURLToPath(origin.fileName) : origin.fileName;
  return String(frame).replace(
    `${file}:${line}:${column}`,
    () => `${source}:${origin.lineNumber}:${origin.columnNumber}`,
  );
}
