import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { wordsOf } from "../core/words-of";
import { RecordCutter } from "./record-cutter";

/** Bytes that are read, and unpacked, at once. */
const CHUNK_BYTES = 256 * 1024;

/** The two bytes that a gzipped file begins with, whatever its name. */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** What became of one file. */
export interface FileRead {
  /** Records that are JSON. */
  readonly records: number;
  /** What of the file could not be read, in words; what could be read was. */
  readonly problems: readonly string[];
}

/**
 * Reads a log file of CloudTrail record by record, gzipped or not, in memory that its size does not change. What can't be
 * read is told and does not keep the rest from being read.
 *
 * @param onRecord gets each record, parsed, and says what is wrong with it, or undefined
 */
export async function readLogFile(path: string, onRecord: (record: unknown) => string | undefined): Promise<FileRead> {
  let records = 0;
  const problems = new Map<string, number>();
  const tell = (problem: string) => problems.set(problem, (problems.get(problem) ?? 0) + 1);
  const cutter = new RecordCutter({
    onRecord: (json) => {
      const parsed = parse(json);
      if (parsed === undefined) return void tell("no JSON");
      records++;
      const problem = onRecord(parsed.record);
      if (problem !== undefined) tell(problem);
    },
    onOversize: () => tell("larger than any of CloudTrail's"),
  });
  let ending: string | undefined;
  try {
    for await (const chunk of await bytesOf(path)) cutter.push(chunk);
    cutter.end();
  } catch (error) {
    ending = wordsOf(error);
  }
  const told = [...problems].map(([problem, count]) => `${count === 1 ? "a record" : `${count} records`}: ${problem}`);
  const read = records === 0 ? "" : `, after ${records} records that count`;
  return { records, problems: ending === undefined ? told : [...told, `${ending}${read}`] };
}

/** The file's bytes, unpacked. The stream closes the file. */
async function bytesOf(path: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
  const packed: Readable = file.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES });
  if (GZIP_MAGIC.some((byte, index) => buffer[index] !== byte)) return packed;
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.on("error", (error) => unpacked.destroy(error));
  unpacked.on("close", () => packed.destroy());
  return packed.pipe(unpacked);
}

function parse(json: string): { readonly record: unknown } | undefined {
  try {
    return { record: JSON.parse(json) };
  } catch {
    return undefined;
  }
}
