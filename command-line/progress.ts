/** Where a command writes to, as far as it matters here. */
interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Lines that stay, and on a terminal one below them that says what is being done. */
export interface Progress {
  /** Says what is being done until something else is said; says nothing where there is no terminal. */
  doing(text: string): void;
  /** Writes lines that stay. */
  say(...lines: readonly string[]): void;
}

/** What erases the line that the cursor is in and goes to its beginning. */
const ERASE_LINE = "\r\x1b[2K";

/** Tells progress on an output: on a terminal with a line that is written over, elsewhere in plain lines only. */
export function progressOn(output: Output): Progress {
  const erase = output.isTTY ? ERASE_LINE : "";
  return {
    doing: (text) => {
      // A line that is broken by the terminal's edge could not be written over.
      if (output.isTTY) output.write(`${erase}${text.slice(0, (output.columns ?? 80) - 1)}`);
    },
    say: (...lines) => {
      output.write(`${erase}${lines.map((line) => `${line}\n`).join("")}`);
    },
  };
}
