import { grouped } from "../command-line/grouped";
import { KINDS, type Kind, type Result } from "./jobs";

/** Sums of results of one kind. */
interface Sums {
  readonly tried: number;
  readonly steps: number;
  readonly invocations: number;
  readonly writes: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly findings: readonly Result[];
  readonly seconds: number;
}

const NOUNS: Readonly<Record<Kind, string>> = {
  port: "histories at the port",
  bundle: "histories over the bundle",
  events: "hostile events",
  "sweep requests": "hostile sweep requests",
  "credential reports": "hostile credential reports",
  settings: "hostile settings",
};

/** What a soak came to, in lines: figures of each kind, faults, and each violation with the command that plays it again. */
export function report(results: readonly Result[], seconds: number): readonly string[] {
  const lines = KINDS.flatMap((kind) => {
    const sums = sumsOf(results.filter((result) => result.kind === kind));
    if (sums.tried === 0) return [];
    const isHistories = kind === "port" || kind === "bundle";
    const beside = isHistories
      ? `, ${grouped(sums.steps)} steps, ${grouped(sums.invocations)} runs of the function, ${grouped(sums.writes)} writes`
      : "";
    const faults = [...sums.faults].toSorted(([, one], [, other]) => other - one);
    return [
      `${grouped(sums.tried)} ${NOUNS[kind]}${beside}; ${grouped(sums.seconds)} s of a worker; violations: ${sums.findings.length}`,
      ...(faults.length === 0
        ? []
        : [`  faults: ${faults.map(([fault, times]) => `${fault} ${grouped(times)}`).join(", ")}`]),
    ];
  });
  const findings = results.filter(({ finding }) => finding !== undefined);
  return [...lines, `${grouped(Math.round(seconds))} s in all`, ...findings.flatMap(violationInLines)];
}

/** A violation, with what it shrank to and the command that plays it again. */
export function violationInLines({ kind, steps, finding }: Result): readonly string[] {
  if (finding === undefined) return [];
  const { seed, path, message, counterexample } = finding;
  return [
    `✗ ${kind}, seed ${seed}: ${message}`,
    `  ${counterexample}`,
    `  again: npm run soak -- --only ${JSON.stringify(kind)} --seed ${seed} --steps ${steps} --path ${path}`,
  ];
}

function sumsOf(results: readonly Result[]): Sums {
  const sum = (of: (result: Result) => number): number => results.reduce((total, result) => total + of(result), 0);
  const faults = new Map<string, number>();
  for (const result of results) {
    for (const [fault, times] of Object.entries(result.faults)) faults.set(fault, (faults.get(fault) ?? 0) + times);
  }
  return {
    tried: sum(({ tried }) => tried),
    steps: sum(({ stepsTried }) => stepsTried),
    invocations: sum(({ invocations }) => invocations),
    writes: sum(({ writes }) => writes),
    faults,
    findings: results.filter(({ finding }) => finding !== undefined),
    seconds: Math.round(sum(({ milliseconds }) => milliseconds) / 1000),
  };
}
