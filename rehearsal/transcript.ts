import { styleText } from "node:util";
import type { Mode } from "../core/modes";
import type { CallsResult, FirstSweepResult, PermissionsResult, Result } from "./run-scenario";

// styleText leaves colours out where the terminal has none or NO_COLOR is set. One style a call: given several at once,
// Node 20 always writes them.
const strong = (text: string) => styleText("bold", text);
const faint = (text: string) => styleText("dim", text);
const green = (text: string) => styleText("green", text);
const yellow = (text: string) => styleText("yellow", text);
const red = (text: string) => styleText("red", text);

/** The first line of a transcript. */
export function heading(mode: Mode): string {
  return `${strong(`require-mfa, mode ${mode}`)}  ${faint("rehearsed on this machine: the program's own policies and code, no account")}`;
}

/** One step of a transcript, its lines without an end. */
export function paragraph(result: Result, number: number): string {
  const title = `${String(number).padStart(2)}  ${strong(result.step.title)}`;
  return [title, ...linesOf(result)].join("\n");
}

function linesOf(result: Result): readonly string[] {
  switch (result.kind) {
    case "turn":
      return linesOfCalls(result);
    case "table":
      return linesOfPermissions(result);
    case "sweep":
      return linesOfFirstSweep(result);
  }
}

/** The last line: how many steps came out as they were written down beforehand. */
export function ending(results: readonly Result[]): string {
  const amiss = results.filter(({ asExpected }) => !asExpected).length;
  return amiss === 0
    ? `${green("✓")} all ${results.length} steps came out as expected`
    : `${red("✗")} ${amiss} of ${results.length} steps came out other than expected`;
}

function linesOfCalls({ step, left, reason, commands, asExpected }: CallsResult): readonly string[] {
  const where = left === "free" ? green("free") : yellow(`held in ${left}`);
  const effort = commands.map((count) => `${count} calls`).join(", ");
  return [
    `    ${faint(`${step.by}: ${step.calls.map(({ action }) => action).join(", ")}`)}`,
    `    → ${where}: ${reason}${effort && faint(`  (${effort})`)}`,
    ...(asExpected ? [] : [red(`    ✗ expected: ${step.leaves}`)]),
  ];
}

const WHAT = 30;
const ACTION = 30;
const CELL = 14;

function linesOfPermissions({ step, rows }: PermissionsResult): readonly string[] {
  const header = `    ${"".padEnd(WHAT + ACTION)}${step.sessions.map((session) => session.padEnd(CELL)).join("")}`;
  return [
    faint(header.trimEnd()),
    ...rows.map(({ row, allowed }) => {
      const cells = allowed.map((each, index) => cell(each, row.allowed[index]));
      return `    ${row.what.padEnd(WHAT)}${faint(row.action.padEnd(ACTION))}${cells.join("").trimEnd()}`;
    }),
  ];
}

function cell(allowed: boolean, expected: boolean | undefined): string {
  const word = allowed ? "allowed" : "denied";
  if (allowed !== expected) return red(`${word} ✗`.padEnd(CELL));
  return allowed ? green(word.padEnd(CELL)) : yellow(word.padEnd(CELL));
}

const HAS = 30;
const PLACE = 14;

function linesOfFirstSweep({ rows, summary, calls, writesAgain }: FirstSweepResult): readonly string[] {
  const { newlyHeld, moved, freed, exempt, failures } = summary;
  return [
    faint(`    ${"".padEnd(WHAT)}${"has".padEnd(HAS)}${"before".padEnd(PLACE)}after`),
    ...rows.map(({ cast, before, after }) => {
      const has = faint(cast.has.join(" and ").padEnd(HAS));
      const ending = after === cast.leaves ? place(after) : red(`${after} ✗ expected ${cast.leaves}`);
      return `    ${cast.who.padEnd(WHAT)}${has}${place(before.padEnd(PLACE))}${ending}`;
    }),
    `    → ${newlyHeld} held, ${moved} moved, ${freed} freed, ${exempt.length} exempt${faint(`  (${calls} calls)`)}`,
    `    → swept once more: ${writesAgain === 0 ? "nothing to write" : red(`${writesAgain} writes ✗`)}`,
    ...failures.map((failure) => red(`    ✗ ${failure}`)),
  ];
}

function place(where: string): string {
  return where.trim() === "free" ? green(where) : yellow(where);
}
