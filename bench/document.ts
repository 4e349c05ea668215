import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Chart, plot } from "./plot";

/** What docs/performance.md shows of one measurement, under a name that the page calls it by. */
export interface Figure {
  readonly name: string;
  /** The table's rows, the heading first. */
  readonly rows: readonly (readonly string[])[];
  /** Charts by the names of their files. */
  readonly charts: Readonly<Record<string, Chart>>;
}

const PAGE = resolve(__dirname, "../docs/performance.md");
const CHARTS = join(dirname(PAGE), "performance");

/**
 * Puts figures into docs/performance.md, each between the comments that name it, and their charts beside it.
 *
 * @throws Error where the page has no place for a figure
 */
export function writeFigures(figures: readonly Figure[]): void {
  const text = figures.reduce(withFigure, readFileSync(PAGE, "utf8"));
  mkdirSync(CHARTS, { recursive: true });
  writeFileSync(PAGE, text);
  for (const [file, chart] of figures.flatMap(({ charts }) => Object.entries(charts))) {
    writeFileSync(join(CHARTS, file), plot(chart));
  }
}

function withFigure(page: string, { name, rows, charts }: Figure): string {
  const begin = `<!-- bench: ${name} -->\n`;
  const end = `<!-- end of ${name} -->\n`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/performance.md has no place for ${name}`);
  const pictures = Object.entries(charts).map(([file, { title }]) => `![${title}](performance/${file})\n`);
  return [before, begin, `${markdown(rows)}\n`, ...pictures, end, after].join("");
}

/** The first column holds words, and the others figures. */
function markdown([heading = [], ...rows]: Figure["rows"]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(heading), line(heading.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("");
}
