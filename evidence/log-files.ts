import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { wordsOf } from "../core/words-of";

/** A file to be read, or what is wrong with a path. */
export type Found = { readonly path: string; readonly problem?: string };

/** What lies beside the log files in a trail's bucket and has no records: digests that prove the files unchanged. */
const DIGESTS = "CloudTrail-Digest";

/**
 * The log files among these paths: files as they are named, and of folders all files below that are called `*.json` or
 * `*.json.gz`, one after the other, for a bucket has too many to list. Links inside a folder are not followed.
 */
export async function* logFilesIn(paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of new Set(paths)) {
    try {
      if ((await stat(path)).isDirectory()) yield* logFilesBelow(path);
      else yield { path };
    } catch (error) {
      yield { path, problem: wordsOf(error) };
    }
  }
}

async function* logFilesBelow(folder: string): AsyncGenerator<Found> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== DIGESTS) yield* logFilesIn([path]);
    } else if (entry.isFile() && /\.json(\.gz)?$/.test(entry.name)) yield { path };
  }
}
