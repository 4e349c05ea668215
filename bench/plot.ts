import { escapeMarkup } from "../command-line/escape-markup";

/** One bar: what it stands for, and how long it is. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value in words. */
  readonly told: string;
  readonly isOurs: boolean;
}

/** A chart of bars. */
export interface Chart {
  readonly title: string;
  /** `logarithmic` where bars are too unlike to be seen beside each other. */
  readonly scale: "linear" | "logarithmic";
  readonly bars: readonly Bar[];
}

/** Sizes in pixels. */
const WIDTH = 800;
const LABEL = 350;
const TOLD = 110;
const ROW = 30;
const TOP = 44;

const CSS = `
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: bold; }
.ours { fill: #1a7f37; }
.theirs { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ours { fill: #3fb950; }
  .theirs { fill: #6e7681; }
}`;

/** Bars beside each other as an SVG, ours in green; light or dark as the reader's system is. Values are from 1 on. */
export function plot({ title, scale, bars }: Chart): string {
  const heading = scale === "logarithmic" ? `${title} (logarithmic)` : title;
  const sized = bars.map((bar) => ({ ...bar, size: scale === "linear" ? bar.value : Math.log10(bar.value) }));
  const longest = Math.max(...sized.map(({ size }) => size));
  const rows = sized.map(({ label, told, size, isOurs }, index) => {
    const y = TOP + index * ROW;
    const length = Math.max(2, (size / longest) * (WIDTH - LABEL - TOLD)).toFixed(0);
    return (
      `<text x="${LABEL - 12}" y="${y + 15}" text-anchor="end">${escapeMarkup(label)}</text>` +
      `<rect class="${isOurs ? "ours" : "theirs"}" x="${LABEL}" y="${y}" width="${length}" height="20" rx="3"/>` +
      `<text x="${LABEL + Number(length) + 8}" y="${y + 15}">${escapeMarkup(told)}</text>`
    );
  });
  const height = TOP + bars.length * ROW + 8;
  const description = bars.map(({ label, told }) => `${label}: ${told}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" aria-describedby="description">
<title id="title">${escapeMarkup(heading)}</title>
<desc id="description">${escapeMarkup(description)}</desc>
<style>${CSS}
</style>
<text class="title" x="12" y="24">${escapeMarkup(heading)}</text>
${rows.join("\n")}
</svg>
`;
}
