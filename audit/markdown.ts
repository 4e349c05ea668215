import { grouped } from "../command-line/grouped";
import { GUARD_NAMES, type GuardName } from "../core/guards";
import { PARTITIONS, type Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { EVENT_SOURCE } from "../core/told";
import type { Statement } from "../policies/document";
import { DOORS } from "../policies/door";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { defaultBusBeside } from "../policies/handler-role";
import { MANAGED_POLICY_QUOTA } from "../policies/quotas";
import { REASONS, type Sid } from "../policies/reasons";
import { charactersOf } from "../policy-language/lint";
import { type ExampleReach, exampleReach, HANDLER_POLICIES, handlerDocuments } from "./documents";
import { openedBy } from "./opened-by";
import { ALL_SETTINGS, DEFAULT_SETTINGS } from "./settings";
import { listed, testsOf, whenOf } from "./when";

/**
 * The tables of docs/policies.md, worked out from the documents in every way to set what changes them: the door, the
 * guards' statements, the handler's, and the sizes.
 *
 * @throws Error on what there are no words for: a condition, a resource, or a statement that comes and goes otherwise
 *   than by some settings that need to be on and some that need to be off
 */
export function tables(): readonly string[] {
  return [doorTable(), guardTable(), handlerTable(), sizeTable()];
}

function doorTable(): string {
  const doors = ALL_SETTINGS.flatMap((settings) => GUARD_NAMES.map((guard) => DOORS[guard](settings)));
  // The widest first, so that its order is the table's.
  const entries = doors.toSorted((one, other) => other.length - one.length).flat();
  return table(
    ["action", "on", ...GUARD_NAMES, "by access key", "why"],
    [...new Map(entries.map((entry) => [entry.action, entry])).values()].map(({ action, on, byAccessKey, why }) => [
      action,
      on,
      ...GUARD_NAMES.map((guard) =>
        openedBy((settings) => DOORS[guard](settings).some((entry) => entry.action === action)),
      ),
      byAccessKey,
      why,
    ]),
  );
}

function guardTable(): string {
  const all = ALL_SETTINGS.flatMap((settings) => GUARD_NAMES.flatMap((guard) => statementsOf(guard, settings)));
  return table(
    ["statement", "effect", ...GUARD_NAMES, "when", "why"],
    inOrder(new Map(all.map((statement) => [statement.Sid, statement])).values()).map(({ Sid, Effect }) => [
      Sid,
      Effect,
      ...GUARD_NAMES.map((guard) => openedBy((settings) => find(Sid, guard, settings) !== undefined)),
      applies(Sid),
      REASONS[Sid],
    ]),
  );
}

/** When a statement applies, for each guard if they differ. */
function applies(sid: Sid): string {
  const guards = GUARD_NAMES.filter((guard) => ALL_SETTINGS.some((settings) => find(sid, guard, settings)));
  const conditions = new Set(guards.map((guard) => appliesIn(guard, sid)));
  if (conditions.size === 1) return [...conditions].join();
  return [...conditions]
    .map((when) => `${when} in ${guards.filter((guard) => appliesIn(guard, sid) === when).join(" and ")}`)
    .join(", ");
}

/** When a statement applies in one guard: what holds by default first, then what settings make of it. */
function appliesIn(guard: GuardName, sid: Sid): string {
  const conditionBy = (settings: PolicySettings) => {
    const statement = find(sid, guard, settings);
    return statement && whenOf(statement.Condition);
  };
  const conditions = new Set([DEFAULT_SETTINGS, ...ALL_SETTINGS].map(conditionBy).filter((when) => when !== undefined));
  const [first = "never", ...others] = conditions;
  return [
    first,
    ...others.map((when) => {
      const settings = openedBy((each) => conditionBy(each) === when);
      return `${settings.startsWith("unless") ? "" : "with "}${settings}: ${when}`;
    }),
  ].join("; ");
}

/** The condition key that says which function's code calls. */
const CALLER = "lambda:SourceFunctionArn";

/** The condition key that says in whose name events are put; that it is there at all goes without saying. */
const SOURCE = "events:source";

function handlerTable(): string {
  const reach = exampleReach("aws");
  const nameOf = namesIn(reach);
  const namesOf = (arns: string | readonly string[]) => [...new Set(listed(arns).map(nameOf))].join(", ");
  const documents = handlerDocuments(reach);
  const rows = HANDLER_POLICIES.flatMap((policy) => documents[policy].Statement).map((statement) => {
    if (!("Action" in statement && "Resource" in statement)) throw unnamed(statement);
    const tests = testsOf(statement.Condition);
    const callers = tests.filter(({ key }) => key === CALLER).map(({ values }) => namesOf(values));
    const others = tests
      .filter(({ key, operator }) => key !== CALLER && !(key === SOURCE && operator === "Null"))
      .map(({ key, values }) => `where \`${key}\` is ${key === SOURCE ? "" : "one of "}${namesOf(values)}`);
    return [
      statement.Sid,
      listed(statement.Action).join(", "),
      [namesOf(statement.Resource), ...others].join(", "),
      callers.join() || "whoever has the role",
      REASONS[statement.Sid],
    ];
  });
  return table(["statement", "actions", "on", "by", "why"], rows);
}

/** What the handler may touch, in words. The function that it returns throws on any other ARN. */
function namesIn({ partition, groupArns, policyArns, logGroupArn, failedQueueArn, functionArn }: ExampleReach) {
  const names = new Map([
    ["*", "everything"],
    [`arn:${partition}:iam::*:user/*`, "any user"],
    [`arn:${partition}:iam::*:group/*`, "any group"],
    [`arn:${partition}:cloudtrail:*:*:trail/*`, "any trail"],
    ...groupArns.map((arn) => [arn, "the guards' groups"] as const),
    ...policyArns.map((arn) => [arn, "the guards' policies"] as const),
    [`${logGroupArn}:*`, "its own log group"],
    [failedQueueArn, "the queue for what it failed at"],
    [functionArn, "its own function"],
    [defaultBusBeside(functionArn), "the default bus"],
    [EVENT_SOURCE, `\`${EVENT_SOURCE}\``],
  ]);
  return (arn: string): string => {
    const name = names.get(arn);
    if (name === undefined) throw unnamed(arn);
    return name;
  };
}

function sizeTable(): string {
  return table(
    ["guard", "by default", "at most", `to spare of ${grouped(MANAGED_POLICY_QUOTA)}`],
    GUARD_NAMES.map((guard) => {
      const size = (settings: PolicySettings, partition: Partition) =>
        charactersOf(GUARD_POLICIES[guard](settings, partition));
      const most = Math.max(
        ...ALL_SETTINGS.flatMap((settings) => PARTITIONS.map((partition) => size(settings, partition))),
      );
      return [guard, size(DEFAULT_SETTINGS, "aws"), most, MANAGED_POLICY_QUOTA - most].map((cell) =>
        typeof cell === "number" ? grouped(cell) : cell,
      );
    }),
  );
}

function statementsOf(guard: GuardName, settings: PolicySettings): readonly Statement[] {
  return GUARD_POLICIES[guard](settings, "aws").Statement;
}

function find(sid: Sid, guard: GuardName, settings: PolicySettings): Statement | undefined {
  return statementsOf(guard, settings).find(({ Sid }) => Sid === sid);
}

/** In the order of their reasons, for a guard has not all statements, and so no order for all. */
function inOrder(statements: Iterable<Statement>): readonly Statement[] {
  const order: readonly string[] = Object.keys(REASONS);
  return [...statements].sort((one, other) => order.indexOf(one.Sid) - order.indexOf(other.Sid));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(header), `|${"---|".repeat(header.length)}`, ...rows.map(row)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function unnamed(given: unknown): Error {
  return new Error(`${JSON.stringify(given)} has no words in audit/markdown.ts`);
}
