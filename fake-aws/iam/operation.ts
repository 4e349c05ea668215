import type { Arns } from "./arns";
import type { Identifiers } from "./identifiers";
import { type CallParameters, invalid, type Parameters, type Recorded, type ValuesOf } from "./parameters";
import type { Identity } from "./principal";
import type { ReportStore } from "./report-store";
import { findGroup, findUser, type IamState } from "./state";
import { type IamResult, memberName } from "./values";

/** What an operation works with. */
export interface Call {
  readonly action: string;
  readonly caller: Identity;
  readonly state: IamState;
  readonly at: Date;
  readonly arns: Arns;
  readonly identifiers: Identifiers;
  /** Where the account's credential report is kept. */
  readonly reports: ReportStore;
  /** The most items that a page holds, whatever MaxItems allows. */
  readonly pageSize: number;
}

/** An operation whose parameters have been read. */
interface BoundOperation<R extends IamResult> {
  /** What the caller must be allowed to act on: concrete ARNs, or `*` for actions without resource types. */
  resources(call: Call): readonly string[];
  /** Condition keys of this request beside the global ones. */
  context(call: Call): Readonly<Record<string, string>>;
  /** Changes nothing where it throws an IamError. */
  run(call: Call): R;
}

/** One action of IAM. */
export interface Operation<R extends IamResult = IamResult> {
  /** CloudTrail is told of writes. */
  readonly access: "read" | "write";
  /** @throws IamError ValidationError for parameters that are missing, unknown or malformed. */
  bind(parameters: CallParameters): BoundOperation<R>;
  /** The requestParameters of a CloudTrail record: null where there is nothing to record. */
  recorded(parameters: CallParameters): Readonly<Record<string, Recorded>> | null;
}

interface Definition<P extends Parameters, R extends IamResult> {
  readonly access: "read" | "write";
  readonly parameters: P;
  /** More than one where each is asked for: renaming acts on the old name and on the new. */
  readonly resource: (call: Call, values: ValuesOf<P>) => string | readonly string[];
  readonly context?: (call: Call, values: ValuesOf<P>) => Readonly<Record<string, string>>;
  readonly effect: (call: Call, values: ValuesOf<P>) => R;
}

/** Makes an operation of its parameters, its resource and its effect. */
export function operation<P extends Parameters, R extends IamResult>(definition: Definition<P, R>): Operation<R> {
  const { access, parameters, resource, context, effect } = definition;
  return {
    access,
    bind: (sent) => {
      const values = readAll(parameters, sent);
      return {
        resources: (call) => [resource(call, values)].flat(),
        context: (call) => context?.(call, values) ?? {},
        run: (call) => effect(call, values),
      };
    },
    recorded: (sent) => {
      const entries = Object.entries(parameters).map(
        ([name, parameter]) => [memberName(name), parameter.recorded(sent, name)] as const,
      );
      const known = entries.filter(([, value]) => value !== undefined);
      return known.length === 0 ? null : Object.fromEntries(known);
    },
  };
}

function readAll<P extends Parameters>(parameters: P, sent: CallParameters): ValuesOf<P> {
  const table = Object.entries(parameters);
  for (const key of Object.keys(sent)) {
    if (!table.some(([name, parameter]) => parameter.owns(key, name))) throw invalid(`Unknown parameter: ${key}`);
  }
  const values = table.map(([name, parameter]) => [name, parameter.read(sent, name)]);
  // The keys are those of the table and each value is what its parameter reads to, which fromEntries can't tell.
  return Object.fromEntries(values) as ValuesOf<P>;
}

/** The resource of actions that have no resource types. */
export const anyResource = (): string => "*";

/** The ARN of a user, with the path if there is such a user. */
export function userResource({ state, arns }: Call, name: string): string {
  const user = findUser(state, name);
  return arns.user(user?.path ?? "/", user?.name ?? name);
}

/** The ARN of a group, with the path if there is such a group. */
export function groupResource({ state, arns }: Call, name: string): string {
  const group = findGroup(state, name);
  return arns.group(group?.path ?? "/", group?.name ?? name);
}

/**
 * The user whom a call is about: the caller, where the call may leave the user out and does.
 *
 * @throws IamError ValidationError where the caller is no IAM user.
 */
export function targetName({ caller }: Call, userName: string | undefined): string {
  const name = userName ?? caller.userName;
  if (name === undefined) throw invalid("Must specify userName when calling with non-User credentials");
  return name;
}
