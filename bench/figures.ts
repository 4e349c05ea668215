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
  return figureOfTwo("first-preview", `A first preview's Node side, medians of ${PREVIEWS}`, [
    ["this program", oursMs],
    ["Pulumi's template of one bucket", templateMs],
  ]);
}

/** What a first answer takes, beside one by boto3. */
export function figureOfAnswer({ oursMs, boto3Ms, version }: FirstAnswer): Figure {
  return figureOfTwo("first-answer", `From the first import to the first answer, medians of ${ANSWERS}`, [
    ["the bundle that is deployed", oursMs],
    [`a handler of 2016, boto3 ${version}`, boto3Ms],
  ]);
}

type Timed = readonly [label: string, milliseconds: number];

function figureOfTwo(name: string, title: string, [ours, other]: readonly [Timed, Timed]): Figure {
  const timed = [ours, other];
  const bars = timed.map(([label, value], index): Bar => {
    return { label, value, told: `${figure(value, 0)} ms`, isOurs: index === 0 };
  });
  const rows = [
    ["", "ms"],
    ...timed.map(([label, value]) => [label, figure(value, 0)]),
    ["ours is of the other", figure(ours[1] / other[1], 2)],
  ];
  return { name, rows, charts: { [`${name}.svg`]: { title, scale: "linear", bars } } };
}
