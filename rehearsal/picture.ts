import { escapeMarkup } from "../command-line/escape-markup";

/** Sizes in pixels. A column is as wide as the widest usual monospaced fonts have it, 0.602 of their size. */
const FONT = 14;
const COLUMN = 8.43;
const LINE = 20;
const MARGIN = 20;
const BAR = 36;

/** The styles of a terminal, by the numbers that begin them; any other ends a style. */
const STYLES: Readonly<Record<string, string>> = { 1: "strong", 2: "faint", 31: "red", 32: "green", 33: "yellow" };
const STYLE_CHANGE = "\u001b[";

const CSS = `
.window { fill: #ffffff; stroke: #c6cdd5; }
.bar { fill: #eceff3; }
circle { fill: #b4bcc6; }
text { fill: #1f2328; font: ${FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.strong { font-weight: bold; }
.faint { fill: #57606a; }
.green { fill: #116329; }
.yellow { fill: #8a4600; }
.red { fill: #a40e26; }
@media (prefers-color-scheme: dark) {
  .window { fill: #0d1117; stroke: #3d444d; }
  .bar { fill: #1c232c; }
  circle { fill: #59636e; }
  text { fill: #e6edf3; }
  .faint { fill: #9aa4af; }
  .green { fill: #56d364; }
  .yellow { fill: #e3b341; }
  .red { fill: #ff7b72; }
}`;

/** What a picture says of itself to who does not see it. */
export interface Caption {
  /** The window's title too. */
  readonly title: string;
  readonly description: string;
}

/**
 * A window of a terminal as an SVG: real text in the reader's own fonts, light or dark as the reader's system is, and
 * nothing from elsewhere.
 *
 * @param lines with a terminal's styles
 */
export function picture({ title, description }: Caption, lines: readonly string[]): string {
  const parsed = lines.map(runsOf);
  const columns = Math.max(...parsed.flat().map(({ column, text }) => column + text.length));
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = BAR + lines.length * LINE + 2 * MARGIN - (LINE - FONT);
  const texts = parsed.flatMap((runs, index) => {
    const y = BAR + MARGIN + FONT + index * LINE - 2;
    return runs.length === 0 ? [] : [`<text y="${y}">${runs.map(spanOf).join(" ")}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-labelledby="title" aria-describedby="description">
<title id="title">${escapeMarkup(title)}</title>
<desc id="description">${escapeMarkup(description)}</desc>
<style>${CSS}
</style>
<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<path class="bar" d="M1 ${BAR}V8.5A7.5 7.5 0 0 1 8.5 1H${width - 8.5}A7.5 7.5 0 0 1 ${width - 1} 8.5V${BAR}Z"/>
${[0, 1, 2].map((index) => `<circle cx="${MARGIN + index * MARGIN}" cy="${BAR / 2}" r="6"/>`).join("")}
<text class="faint" x="${width / 2}" y="${BAR / 2 + 5}" text-anchor="middle" aria-hidden="true">${escapeMarkup(title)}</text>
${texts.join("\n")}
</svg>
`;
}

/** Text of one style, and the column at which it begins. */
interface Run {
  readonly column: number;
  readonly style: string;
  readonly text: string;
}

/** A line's texts, cut where its style changes and at spaces that align columns, which no font must be trusted with. */
function runsOf(line: string): readonly Run[] {
  const runs: Run[] = [];
  let column = 0;
  // What comes before the first change of style gets an empty number, and so no style.
  for (const part of `m${line}`.split(STYLE_CHANGE)) {
    const end = part.indexOf("m");
    const style = STYLES[part.slice(0, end)] ?? "";
    for (const text of part.slice(end + 1).split(/( {2,}|^ | $)/)) {
      if (text.trim() !== "") runs.push({ column, style, text });
      column += text.length;
    }
  }
  return runs;
}

function spanOf({ column, style, text }: Run): string {
  const x = (MARGIN + column * COLUMN).toFixed(1);
  return `<tspan x="${x}"${style === "" ? "" : ` class="${style}"`}>${escapeMarkup(text)}</tspan>`;
}
