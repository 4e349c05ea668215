/** Bytes of one record beyond which it is passed over. CloudTrail's own end at 256 KB, in large event stores at 1 MB. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/** How a log file of CloudTrail begins: one object, whose one key is Records. */
const BEGINNING = /^\s*\{\s*"Records"\s*:\s*\[/;

/** Bytes in which the beginning must be found. */
const BEGINNING_BYTES = 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** What is told of the records that are cut out. */
export interface CutRecords {
  /** The text of one record, whose braces and brackets end where they began; whether it is JSON is not looked at. */
  readonly onRecord: (json: string) => void;
  /** Of a record that is larger than any of CloudTrail's. */
  readonly onOversize: () => void;
}

/**
 * Cuts the records out of a log file of CloudTrail, `{"Records":[…]}`, whatever its size, and holds one of them in memory.
 * It looks at strings and brackets alone and leaves the rest to JSON.parse, which is twice to six times as fast as the
 * parsers that look at every token.
 */
export class RecordCutter {
  private where: "before the records" | "between records" | "in a record" | "after the records" = "before the records";
  /** Brackets and braces that are open in the record. */
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  /** What earlier chunks had of the record, or before the records of the file. */
  private parts: Buffer[] = [];
  /** Bytes of the record in earlier chunks, those of an oversized one included. */
  private partBytes = 0;

  constructor(private readonly cut: CutRecords) {}

  /**
   * Takes the file's next bytes.
   *
   * @throws Error where the file is none of CloudTrail's log files
   */
  push(chunk: Buffer): void {
    if (this.where === "before the records") this.begin(chunk);
    else this.go(chunk, 0);
  }

  /**
   * Says that the file has ended.
   *
   * @throws Error where it ends before its records do, or is none of CloudTrail's log files
   */
  end(): void {
    if (this.where === "before the records") throw notOfCloudTrail();
    if (this.where !== "after the records") throw new Error(`the file ends ${this.where}`);
  }

  private begin(chunk: Buffer): void {
    const read = Buffer.concat([...this.parts, chunk]);
    const beginning = BEGINNING.exec(read.toString("latin1", 0, BEGINNING_BYTES))?.[0];
    if (beginning === undefined) {
      if (read.length >= BEGINNING_BYTES) throw notOfCloudTrail();
      this.parts = [read];
      return;
    }
    this.parts = [];
    this.where = "between records";
    this.go(read, beginning.length);
  }

  /** Goes through a chunk from an offset on. */
  private go(chunk: Buffer, offset: number): void {
    let at = offset;
    while (at < chunk.length && this.where !== "after the records") {
      at = this.where === "in a record" ? this.goThroughRecord(chunk, at) : this.goBetween(chunk, at);
    }
  }

  /** Goes on to the next record or the end of all, and says where that is. */
  private goBetween(chunk: Buffer, offset: number): number {
    for (let at = offset; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === OPENING_BRACE) {
        this.where = "in a record";
        return at;
      }
      if (byte === CLOSING_BRACKET) {
        this.where = "after the records";
        return at;
      }
      if (byte !== COMMA && !isBlank(byte)) {
        throw new Error(`between records stands ${JSON.stringify(chunk.toString("latin1", at, at + 20))}`);
      }
    }
    return chunk.length;
  }

  /** Goes on to the record's end, and says where that is. The state is kept in variables here: it is the hot loop. */
  private goThroughRecord(chunk: Buffer, start: number): number {
    let { depth, inString, isEscaped } = this;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++;
      else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
        depth--;
        if (depth === 0) {
          this.complete(chunk, start, at + 1);
          return at + 1;
        }
      }
    }
    this.depth = depth;
    this.inString = inString;
    this.isEscaped = isEscaped;
    this.keep(chunk.subarray(start));
    return chunk.length;
  }

  private keep(part: Buffer): void {
    this.partBytes += part.length;
    if (this.partBytes <= MAX_RECORD_BYTES) this.parts.push(part);
    else this.parts = [];
  }

  private complete(chunk: Buffer, start: number, end: number): void {
    if (this.partBytes + end - start > MAX_RECORD_BYTES) this.cut.onOversize();
    else if (this.parts.length === 0) this.cut.onRecord(chunk.toString("utf8", start, end));
    else this.cut.onRecord(Buffer.concat([...this.parts, chunk.subarray(start, end)]).toString("utf8"));
    this.parts = [];
    this.partBytes = 0;
    this.depth = 0;
    this.inString = false;
    this.isEscaped = false;
    this.where = "between records";
  }
}

function notOfCloudTrail(): Error {
  return new Error('no log file of CloudTrail, for it does not begin with {"Records":[');
}
