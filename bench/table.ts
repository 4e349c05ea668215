import type { Cost } from "./ways";

/** One line: what our way took beside what brute force took. */
export interface Comparison {
  readonly users: number;
  readonly mode: string;
  readonly what: string;
  readonly ours: Cost;
  readonly bruteForce: Cost;
}

const HEADER = ["users", "mode", "sweep", "calls", "seconds", "brute: calls", "seconds", "fewer calls", "less time"];

/** The columns that hold words. */
const WORDS = new Set([1, 2]);

/** How many times fewer calls and less time our way takes. */
export function ratiosOf({ ours, bruteForce }: Pick<Comparison, "ours" | "bruteForce">): Cost {
  return { calls: bruteForce.calls / ours.calls, seconds: bruteForce.seconds / ours.seconds };
}

/** The lines of a table, with so many decimals of seconds: words to the left, figures to the right. */
export function tableOf(comparisons: readonly Comparison[], decimals: number): readonly string[] {
  const rows = [HEADER, ...comparisons.map((comparison) => cellsOf(comparison, decimals))];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        WORDS.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  const [header = "", ...lines] = rows.map(lineOf);
  return [header, widths.map((width) => "-".repeat(width)).join("  "), ...lines];
}

/** A figure for a reader, with so many decimals. */
export function figure(value: number, decimals: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function cellsOf(comparison: Comparison, decimals: number): readonly string[] {
  const { users, mode, what, ours, bruteForce } = comparison;
  const ratios = ratiosOf(comparison);
  return [
    figure(users, 0),
    mode,
    what,
    figure(ours.calls, 0),
    figure(ours.seconds, decimals),
    figure(bruteForce.calls, 0),
    figure(bruteForce.seconds, decimals),
    `${figure(ratios.calls, 1)} ×`,
    `${figure(ratios.seconds, 1)} ×`,
  ];
}
