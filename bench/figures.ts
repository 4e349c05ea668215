import type { Figure } from "./document";
import { ANSWERS, type FirstAnswer } from "./first-answer";
import { type FirstPreview, PREVIEWS } from "./first-preview";
import type { Bar } from "./plot";
import { type Comparison, figure, ratiosOf } from "./table";
import type { Cost } from "./ways";

/** What sweeps and events take at so many users, beside brute force. */
export function figureOfSweeps(shown: readonly Comparison[], count: number): Figure {
  const [first] = shown;
  const bruteForce = first === undefined ? [] : [barOf("brute force, finds", first.bruteForce, false)];
  const bars = [...shown.map(({ mode, what, ours }) => barOf(`${mode}: ${what}`, ours, true)), ...bruteForce];
  const users = figure(count, 0);
  return {
    name: "sweeps",
    rows: [
      [`${users} users`, "calls", "seconds", "brute force: calls", "seconds", "fewer calls", "less time"],
      ...shown.map((comparison) => {
        const { mode, what, ours, bruteForce: brute } = comparison;
        const ratios = ratiosOf(comparison);
        return [
          `\`${mode}\`, ${what}`,
          figure(ours.calls, 0),
          figure(ours.seconds, 2),
          figure(brute.calls, 0),
          figure(brute.seconds, 2),
          `${figure(ratios.calls, 1)} ×`,
          `${figure(ratios.seconds, 1)} ×`,
        ];
      }),
    ],
    charts: {
      "sweep-calls.svg": {
        title: `Calls to IAM at ${users} users`,
        scale: "logarithmic",
        bars: bars.map(({ label, cost, isOurs }) => ({
          label,
          value: cost.calls,
          told: figure(cost.calls, 0),
          isOurs,
        })),
      },
      "sweep-seconds.svg": {
        title: `Seconds at ${users} users, in virtual time`,
        scale: "linear",
        bars: bars.map(({ label, cost, isOurs }) => {
          return { label, value: cost.seconds, told: `${figure(cost.seconds, 2)} s`, isOurs };
        }),
      },
    },
  };
}

function barOf(label: string, cost: Cost, isOurs: boolean) {
  return { label, cost, isOurs };
}

/** What a first preview takes, beside one of Pulumi's own template. */
export function figureOfPreview({ oursMs, templateMs }: FirstPreview): Figure {
  const timed = [
    { label: "this program", isOurs: true, inAllMs: oursMs },
    { label: "Pulumi's template of one bucket", isOurs: false, inAllMs: templateMs },
  ];
  return {
    name: "first-preview",
    rows: [
      ["", "ms"],
      ...timed.map(({ label, inAllMs }) => [label, figure(inAllMs, 0)]),
      ["ours is of the template's", figure(oursMs / templateMs, 2)],
    ],
    charts: chartOf("first-preview", `A first preview's Node side, medians of ${PREVIEWS}`, timed),
  };
}

/** What a first answer takes, beside one by boto3. */
export function figureOfAnswer({ ours, boto3, version }: FirstAnswer): Figure {
  const timed = [
    { label: "the bundle that is deployed", isOurs: true, ...ours },
    { label: `a handler of 2016, boto3 ${version}`, isOurs: false, ...boto3 },
  ];
  return {
    name: "first-answer",
    rows: [
      ["", "ms to import", "ms in all"],
      ...timed.map(({ label, importMs, inAllMs }) => [label, figure(importMs, 0), figure(inAllMs, 0)]),
      ["so many times quicker", figure(boto3.importMs / ours.importMs, 2), figure(boto3.inAllMs / ours.inAllMs, 2)],
    ],
    charts: chartOf("first-answer", `From the first import to the first answer, medians of ${ANSWERS}`, timed),
  };
}

function chartOf(
  name: string,
  title: string,
  timed: readonly { readonly label: string; readonly inAllMs: number; readonly isOurs: boolean }[],
): Figure["charts"] {
  const bars = timed.map(({ label, inAllMs, isOurs }): Bar => {
    return { label, value: inAllMs, told: `${figure(inAllMs, 0)} ms`, isOurs };
  });
  return { [`${name}.svg`]: { title, scale: "linear", bars } };
}
