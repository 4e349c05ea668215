import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { KINDS, type Kind, type Wanted } from "./jobs";

export const USAGE = `npm run soak -- [options]     plays histories and tries hostile input, and says what broke
  --histories N          at the port; 100000 if left out
  --bundle-histories N   over the bundle that ships; 2000 if left out
  --inputs N             of hostile input, of each kind; 100000 if left out
  --steps N              the most that a history has, over the bundle a fifth of it; 200 if left out
  --seed N               the first seed; 1 if left out
  --workers N            processes; 1 if left out
  --resume FILE          writes each result into the file, and leaves out what is in it already
  --only KIND --path P   plays one again, with its --seed and --steps, as a violation says: ${KINDS.join(", ")}

Exit code 1 where something broke, 2 where the options are amiss.`;

const OPTIONS = {
  histories: { type: "string", default: "100000" },
  "bundle-histories": { type: "string", default: "2000" },
  inputs: { type: "string", default: "100000" },
  steps: { type: "string", default: "200" },
  seed: { type: "string", default: "1" },
  workers: { type: "string", default: "1" },
  resume: { type: "string" },
  only: { type: "string" },
  path: { type: "string" },
} as const;

/** What a soak is asked for. */
export interface Options extends Wanted {
  readonly steps: number;
  readonly seed: number;
  readonly workers: number;
  readonly resume: string | undefined;
  /** The one to be played again. */
  readonly again: { readonly kind: Kind; readonly path: string } | undefined;
}

/** Reads a command line. Throws an Error that says what was given and what is allowed. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  refuseOptionsTakenByNpm("npm run soak", OPTIONS, environment);
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const count = (name: "histories" | "bundle-histories" | "inputs" | "steps" | "seed" | "workers"): number => {
    const text = values[name];
    if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} ${text}: must be a whole number`);
    return Number(text);
  };
  const { only, path } = values;
  const kind = KINDS.find((each) => each === only);
  if (only !== undefined && kind === undefined) {
    throw new Error(`--only ${only}: there are ${KINDS.join(", ")}`);
  }
  if ((kind === undefined) !== (path === undefined)) throw new Error("--only and --path go together");
  return {
    histories: count("histories"),
    bundleHistories: count("bundle-histories"),
    inputs: count("inputs"),
    steps: Math.max(1, count("steps")),
    seed: count("seed"),
    workers: Math.max(1, count("workers")),
    resume: values.resume,
    again: kind === undefined || path === undefined ? undefined : { kind, path },
  };
}
