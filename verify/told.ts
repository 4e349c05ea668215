import { styleText } from "node:util";
import { DONE } from "./moments";
import type { Report, Seen, Try } from "./report";

// One style a call: given several at once, Node 20 always writes them.
const strong = (text: string) => styleText("bold", text);
const faint = (text: string) => styleText("dim", text);
const red = (text: string) => styleText("red", text);

/** Widths of columns, in characters. */
const SEEN_WIDTHS = [50, 13, 16, 0];
const TRY_WIDTHS = [33, 14, 0];

/** What came out, in one line: the report's first. */
function verdictOf({ otherwise, misplaced, failure, seen, tries }: Report): string {
  if (otherwise.length > 0) {
    const calls = otherwise.map((each) => tryInWords(each)).join("; ");
    return `AWS answers otherwise than the evaluator, ${otherwise.length} of ${tries.length} times: ${calls}`;
  }
  if (misplaced !== undefined) return misplaced;
  if (failure !== undefined) return `not proved to the end: ${failure}`;
  return `all as it should be: ${seen.length} times in the right place, ${tries.length} answers as the evaluator's`;
}

/** Who was answered what, and when, and what the evaluator says. */
function tryInWords({ call, credentials, after, answer, expected }: Try): string {
  return `${call} by the ${credentials} (${DONE[after]}) is ${answer}, not ${expected.answer} (${expected.by})`;
}

/** A moment in one line, as soon as it was seen. */
export function seenInWords({ what, place, reason, secondsToGuard, secondsToEnforcement }: Seen): string {
  const figures = [
    ...(secondsToGuard === undefined ? [] : [`${secondsToGuard} s from call to guard`]),
    ...(secondsToEnforcement === undefined ? [] : [`${secondsToEnforcement} s from there to enforcement`]),
  ];
  const where = `${what}: ${place === "free" ? "free" : `in ${place}`}`;
  return [where, `(${reason})`, ...(figures.length === 0 ? [] : [`— ${figures.join(", ")}`])].join(" ");
}

/** The report for a terminal. */
export function table(report: Report): string {
  const { account, stack, mode, user, otherwise, misplaced, failure, seen, tries, left } = report;
  const isWrong = otherwise.length > 0 || misplaced !== undefined || failure !== undefined;
  const verdict = verdictOf(report);
  const also = otherwise.length > 0 ? [misplaced, failure].filter((each) => each !== undefined) : [];
  return [
    isWrong ? red(verdict) : strong(verdict),
    ...also.map(red),
    ...leftInWords(left).map(red),
    `verify on account ${account}, stack ${stack}, mode ${mode}, by the user ${user}`,
    "",
    faint(row(SEEN_WIDTHS, "the test user", "is", "call to guard", "to enforcement")),
    ...seen.map(({ what, place, secondsToGuard, secondsToEnforcement }) =>
      row(SEEN_WIDTHS, what, place, figure(secondsToGuard), figure(secondsToEnforcement)),
    ),
    ...triesTable(tries),
  ].join("\n");
}

/** What could not be deleted, a line each. */
export function leftInWords(left: Report["left"]): readonly string[] {
  return left.map(({ what, why }) => `left: ${what}, for it could not be deleted: ${why}`);
}

function triesTable(tries: readonly Try[]): readonly string[] {
  const runs = new Map<string, Try[]>();
  for (const each of tries) {
    const heading = `${DONE[each.after]}: tried by the ${each.credentials}`;
    runs.set(heading, [...(runs.get(heading) ?? []), each]);
  }
  return [...runs].flatMap(([heading, list]) => [
    "",
    strong(heading),
    ...list.map(({ call, answer, expected, asExpected }) => {
      const line = row(TRY_WIDTHS, `  ${call}`, answer, expected.by);
      return asExpected ? line : red(`${line}  the evaluator says ${expected.answer}`);
    }),
  ]);
}

function figure(seconds: number | undefined): string {
  return seconds === undefined ? "–" : `${seconds} s`;
}

function row(widths: readonly number[], ...cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("");
}
