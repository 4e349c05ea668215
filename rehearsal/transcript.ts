import { stripVTControlCharacters, styleText } from "node:util";
import { Mode } from "../core/modes";
import type {
  BlowResult,
  CallsResult,
  DeadlineResult,
  FirstSweepResult,
  HollowedGuardResult,
  OutageResult,
  PassedOver,
  PermissionsResult,
  Result,
} from "./run-scenario";

// With its styles whatever the terminal, for a picture has them too. One style a call: given several at once, they nest.
const styled = (style: "bold" | "dim" | "green" | "yellow" | "red") => (text: string) =>
  styleText(style, text, { validateStream: false });
const strong = styled("bold");
const faint = styled("dim");
const green = styled("green");
const yellow = styled("yellow");
const red = styled("red");

/** A transcript's text as the terminal shows it: without styles where it has none or NO_COLOR is set. */
export function forTerminal(text: string): string {
  const hasStyles = styleText("bold", "") !== "";
  return hasStyles ? text : stripVTControlCharacters(text);
}

/** The first line of a transcript. `endpoint` is that of the IAM, where it is not the one in memory. */
export function heading(mode: Mode, endpoint?: string): string {
  const against = endpoint === undefined ? "no account" : `against the IAM at ${endpoint}`;
  return `${strong(`require-mfa, mode ${mode}`)}  ${faint(`rehearsed on this machine: the program's own policies and code, ${against}`)}`;
}

/** The command that plays a mode, as it is typed. */
export function prompt(mode: Mode): string {
  return `${faint("$")} npm start${mode === Mode.Quarantine ? "" : ` -- --mode ${mode}`}`;
}

/** That there is more to come. */
export const MORE = faint(" …");

/** One step of a transcript, its lines without an end. */
export function paragraph(result: Result, number: number, leftOut: readonly string[] = []): string {
  const title = `${String(number).padStart(2)}  ${strong(result.step.title)}`;
  return [title, ...linesOf(result), ...leftOut.map((each) => faint(`    left out: ${each}`))].join("\n");
}

function linesOf(result: Result): readonly string[] {
  switch (result.kind) {
    case "passed over":
      return linesOfPassedOver(result);
    case "calls":
      return linesOfCalls(result);
    case "permissions":
      return linesOfPermissions(result);
    case "first sweep":
      return linesOfFirstSweep(result);
    case "hollowed guard":
      return linesOfHollowedGuard(result);
    case "deadline":
      return linesOfDeadline(result);
    case "outage":
      return linesOfOutage(result);
  }
}

/** The mails of a step, as they arrive: EventBridge leaves each line in its quotation marks. */
export function mailed(mails: readonly string[]): string {
  if (mails.length === 0) return faint("    no mail");
  return mails
    .map((mail) => [faint("    a mail:"), ...mail.split("\n").map((line) => `    ${faint("│")} ${line}`)].join("\n"))
    .join("\n");
}

/** The last line: how many steps came out as they were written down beforehand. */
export function ending(results: readonly Result[]): string {
  const played = results.filter(({ kind }) => kind !== "passed over");
  const unexpected = played.filter(({ asExpected }) => !asExpected).length;
  const passedOver = results.length - played.length;
  const rest = passedOver === 0 ? "" : `; ${passedOver} passed over`;
  return unexpected === 0
    ? `${green("✓")} all ${played.length} steps came out as expected${rest}`
    : `${red("✗")} ${unexpected} of ${played.length} steps came out other than expected${rest}`;
}

function linesOfPassedOver({ why }: PassedOver): readonly string[] {
  return [`    ${yellow("passed over")}: ${why}`];
}

function linesOfCalls({ step, standing, reason, callsByEvent, asExpected }: CallsResult): readonly string[] {
  return [
    callsBy(step),
    `    → ${where(standing)}: ${reason}${callsMade(callsByEvent)}`,
    ...(asExpected ? [] : [red(`    ✗ expected: ${step.leaves}`)]),
  ];
}

function callsBy({ by, calls }: Pick<CallsResult["step"], "by" | "calls">): string {
  return `    ${faint(`${by}: ${calls.map(({ action }) => action).join(", ")}`)}`;
}

function where(standing: string): string {
  return standing === "free" ? green("free") : yellow(`held in ${standing}`);
}

function callsMade(counts: readonly number[]): string {
  return counts.every((count) => count === 0) ? "" : faint(`  (${counts.map((count) => `${count} calls`).join(", ")})`);
}

/** The widths of a permissions table's columns, in characters. */
const PERMISSIONS_WIDTHS = { what: 30, action: 30, session: 14 } as const;

function linesOfPermissions({ step, rows }: PermissionsResult): readonly string[] {
  const { what, action, session } = PERMISSIONS_WIDTHS;
  const header = `    ${"".padEnd(what + action)}${step.sessions.map((each) => each.padEnd(session)).join("")}`;
  return [
    faint(header.trimEnd()),
    ...rows.map(({ row, allowed }) => {
      const cells = allowed.map((each, index) => verdict(each, row.allowed[index]));
      return `    ${row.what.padEnd(what)}${faint(row.action.padEnd(action))}${cells.join("").trimEnd()}`;
    }),
  ];
}

function verdict(allowed: boolean, expected: boolean | undefined): string {
  const word = allowed ? "allowed" : "denied";
  const isExpected = allowed === expected;
  const text = isExpected ? word : `${word} ✗`;
  const style = isExpected ? (allowed ? green : yellow) : red;
  // The spaces stay without style, so that a line's last can be left out.
  return `${style(text)}${" ".repeat(PERMISSIONS_WIDTHS.session - text.length)}`;
}

/** The widths of a first sweep's columns, in characters. */
const POPULATIONS_WIDTHS = { who: 30, has: 30, before: 14 } as const;

function linesOfFirstSweep(result: FirstSweepResult): readonly string[] {
  const { step, rows, summary, calls, failed, changedAgain, asExpected } = result;
  const { newlyHeld, moved, freed, exempt } = summary;
  const { who, has, before } = POPULATIONS_WIDTHS;
  return [
    faint(`    ${"".padEnd(who)}${"has".padEnd(has)}${"before".padEnd(before)}after`),
    ...rows.map(({ population, before: earlier, after }) => {
      const name = population.who.padEnd(who);
      const credentials = faint(population.has.join(" and ").padEnd(has));
      const isExpected = after === population.leaves;
      const end = isExpected ? standing(after) : red(`${after} ✗ expected ${population.leaves}`);
      return `    ${name}${credentials}${standing(earlier.padEnd(before))}${end}`;
    }),
    `    → ${newlyHeld} held, ${moved} moved, ${freed} freed, ${exempt.length} exempt${callsMade([calls])}`,
    ...(failed === undefined ? [] : [`    → pulumi up ${yellow("fails")}: ${failed}`]),
    `    → swept once more: ${changedAgain === 0 ? "nothing to write" : red(`${changedAgain} users changed ✗`)}`,
    ...(asExpected ? [] : [red(`    ✗ expected that no guard can hold: ${step.unholdable.join(", ") || "nobody"}`)]),
  ];
}

function linesOfHollowedGuard({ step, rows }: HollowedGuardResult): readonly string[] {
  return rows.flatMap((row) => [callsBy({ by: step.by, calls: [row.blow.call] }), ...linesOfBlow(row)]);
}

function linesOfBlow({ blow, told, calls, asExpected }: BlowResult): readonly string[] {
  const { level, secondsSinceCall = 0, caller, message, error } = told ?? {};
  const after = secondsSinceCall === 0 ? "" : `, ${secondsSinceCall} s later`;
  return [
    told === undefined
      ? "    → nothing is told of it"
      : `    → ${yellow(`${level}${after}`)}: ${message ?? error}${callsMade([calls])}`,
    ...(caller === undefined ? [] : [`      by ${caller}`]),
    ...(asExpected ? [] : [red(`    ✗ expected: ${blow.told}, ${blow.afterSeconds} s later, the policy attached`)]),
  ];
}

function linesOfDeadline(result: DeadlineResult): readonly string[] {
  const { step, before, callsByEvent, after, sweepCalls, asExpected } = result;
  const pending = before.due === undefined ? "" : `; pending, due ${before.due.slice(0, "YYYY-MM-DD".length)}`;
  return [
    callsBy(step),
    `    → ${where(before.standing)}: ${before.reason}${pending}${callsMade(callsByEvent)}`,
    `    ${faint(`the scheduled sweep of ${step.enforceFrom}`)}`,
    `    → ${where(after.standing)}: ${after.reason}${callsMade([sweepCalls])}`,
    ...(asExpected ? [] : [red(`    ✗ expected: pending before the day, held in ${step.leaves} on it`)]),
  ];
}

function linesOfOutage({ step, during, kept, replayed, after, asExpected }: OutageResult): readonly string[] {
  return [
    callsBy(step),
    `    → ${where(during.standing)}: the handler failed ${during.attempts} times, at last with «${during.failed}»`,
    `    → ${kept} events are kept`,
    `    ${faint("the role has its policies again, and npm run replay -- --stack rehearsal --execute says")}`,
    ...replayed.map((line) => `    ${faint("│")} ${line}`),
    `    → ${where(after)}`,
    ...(asExpected
      ? []
      : [red(`    ✗ expected: free meanwhile, ${step.kept} events kept, then held in ${step.leaves}`)]),
  ];
}

function standing(text: string): string {
  return text.trim() === "free" ? green(text) : yellow(text);
}
