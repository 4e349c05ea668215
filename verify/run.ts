import type { Progress } from "../command-line/progress";
import { COMPONENT_NAME } from "../config/component-name";
import { foreignKeysWarning } from "../config/foreign-keys";
import { readSettings } from "../config/read-settings";
import type { StackConfiguration } from "../config/stack-configuration";
import { guardsOfRules } from "../core/decide";
import { PARTITIONS } from "../core/partitions";
import { policyDigest } from "../core/policy-digest";
import type { Settings } from "../core/settings";
import { wordsOf } from "../core/words-of";
import type { Clock } from "../handler/clock";
import type { AwsSettings } from "../impact/aws-settings";
import { awsOfStack } from "../impact/command/aws-of-stack";
import { type Connection, connect } from "../impact/connect";
import { findCredentials } from "../impact/credentials";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { type Deployed, readDeployed } from "./deployed";
import { callInWords, HARMLESS_CALLS, speakerOf } from "./harmless-calls";
import { type Moment, momentsOf, sparing } from "./moments";
import type { Options } from "./options";
import { findLeftovers, remove, removeRun } from "./remove";
import type { Report, Seen, Try } from "./report";
import { type Leftovers, newNames, type TestNames, testUserOf, verifyPath } from "./test-user";
import { leftInWords, seenInWords, table } from "./told";
import { MisplacedError, verify } from "./verify";
import { InterruptedError } from "./wait";

/** Exit codes of a run that came to its end. */
const AS_IT_SHOULD_BE = 0;
const NOT_TOLD = 1;
const NOT_AS_IT_SHOULD_BE = 3;
const SOMETHING_LEFT = 4;
/** Of a process that a signal ends (POSIX shells: 128 and the signal's number). */
export const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Who runs the command, and how they are asked and told. */
export interface Operator {
  /** What is told while it goes on. */
  readonly progress: Progress;
  /** Prints the result. */
  readonly print: (text: string) => void;
  /** Asks whether to go on. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Is aborted where the operator wants it to end. */
  readonly signal: AbortSignal;
  /** The machine's time, if left out. */
  readonly clock?: Clock;
  /** Is told what has to be deleted in the end. */
  readonly onMade: (made: () => Leftovers) => void;
}

type Task = Exclude<Options, { print: "usage" }>;

/** An account, and the stack in it. */
interface Place {
  readonly configuration: StackConfiguration;
  readonly aws: AwsSettings;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly operator: Operator;
}

/**
 * Verifies what is deployed, or deletes what an earlier run has left.
 *
 * @returns the exit code
 * @throws SettingsError where a setting is wrong; Error where nothing can be proved, and where the account can't be read
 */
export async function run(task: Task, configuration: StackConfiguration, operator: Operator): Promise<number> {
  const settings = readSettings(configuration);
  const { progress } = operator;
  const { aws, warnings } = awsOfStack(configuration);
  const foreign = foreignKeysWarning(configuration);
  for (const each of [...warnings, ...(foreign === undefined ? [] : [foreign])]) progress.say(`warning: ${each}`);
  const connection = await connect(aws, await findCredentials(aws));
  const place = { configuration, aws, connection, clock: operator.clock ?? connection.clock, operator };
  try {
    return await (task.does === "clean up" ? cleanUp(task, place) : prove(task, settings, place));
  } finally {
    connection.close();
  }
}

async function cleanUp({ yes }: Task, { configuration, connection, clock, operator }: Place): Promise<number> {
  const { progress, print, ask, onMade } = operator;
  const found = await findLeftovers(connection.client, verifyPath(configuration.stack));
  const names = [...found.users.map((user) => `user ${user}`), ...found.devices.map((device) => `device ${device}`)];
  if (names.length === 0) {
    print("nothing is left of an earlier run");
    return AS_IT_SHOULD_BE;
  }
  progress.say(`left on account ${connection.caller.accountId}:`, ...names.map((name) => `  ${name}`));
  if (!yes && !(await ask("Delete all of it? A run that goes on now would lose its user. [y/N] "))) return NOT_TOLD;
  onMade(() => found);
  const failures = await remove(connection.client, found, clock);
  print(failures.length === 0 ? "all of it is deleted" : leftInWords(failures).join("\n"));
  return failures.length === 0 ? AS_IT_SHOULD_BE : SOMETHING_LEFT;
}

async function prove(task: Task, settings: Settings, place: Place): Promise<number> {
  const { configuration, aws, connection, clock, operator } = place;
  const { progress, print, ask, signal } = operator;
  const { stack } = configuration;
  const { client, iam, caller } = connection;
  const names = newNames(stack);
  const moments = momentsOf(names, settings);
  const spared = sparing(moments, settings, clock.now());
  if (spared.length > 0) {
    const reasons = spared.map((reason) => `\n  ${reason}`).join("");
    throw new Error(`by Pulumi.${stack}.yaml nobody would hold the test user, so nothing can be proved:${reasons}`);
  }
  const deployed = await readDeployed(client, iam, { stack, name: COMPONENT_NAME });
  refuseMissing(deployed, settings, stack);
  const changed = changedIn(deployed, settings, caller.arn);
  const trail = await connection.checkTrail();
  progress.say(...plan(names, moments, task, place, settings));
  for (const guard of changed) {
    progress.say(
      `warning: the policy of ${guard} is not what Pulumi.${stack}.yaml makes; what is deployed counts here`,
    );
  }
  if (trail.state === "missing") progress.say(`warning: no event will come: ${trail.why}`);
  if (!task.yes && !(await ask("Go on? [y/N] "))) return NOT_TOLD;

  const startedAt = new Date(clock.now()).toISOString();
  const arnPrefix = `${caller.arn.split(":").slice(0, 2).join(":")}:iam::${caller.accountId}:`;
  const user = testUserOf(names, arnPrefix, client, clock);
  const seen: Seen[] = [];
  const tries: Try[] = [];
  operator.onMade(user.made);
  const ended = await verify({
    moments,
    settings,
    deployed,
    arnPrefix,
    user,
    iam,
    limitSeconds: task.limitSeconds,
    speak: (key) => speakerOf(aws, key),
    waiting: { clock, signal, doing: progress.doing },
    hint: hintOf(stack, settings, trail.why),
    onSeen: (each) => {
      seen.push(each);
      progress.say(seenInWords(each));
    },
    onTry: (each) => tries.push(each),
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  progress.doing("deleting the test user");
  const left = await removeRun(client, user.made(), names.path, ended !== undefined, clock);
  operator.onMade(() => ({ users: [], devices: [] }));
  progress.say();
  const report: Report = {
    otherwise: tries.filter(({ asExpected }) => !asExpected),
    account: caller.accountId,
    stack,
    mode: settings.mode,
    user: names.name,
    startedAt,
    seen,
    tries,
    left,
    ...(ended instanceof MisplacedError && { misplaced: ended.message }),
    ...(ended !== undefined && !(ended instanceof MisplacedError) && { failure: wordsOf(ended) }),
  };
  print(task.print === "json" ? JSON.stringify(report, undefined, 2) : table(report));
  return exitCodeOf(report, ended);
}

function exitCodeOf({ otherwise, misplaced, failure, left }: Report, ended: unknown): number {
  if (left.length > 0) return SOMETHING_LEFT;
  if (ended instanceof InterruptedError) return SIGNAL_CODES[ended.by] ?? NOT_TOLD;
  if (otherwise.length > 0 || misplaced !== undefined) return NOT_AS_IT_SHOULD_BE;
  return failure === undefined ? AS_IT_SHOULD_BE : NOT_TOLD;
}

/** @throws Error where a guard that the settings use does not stand */
function refuseMissing({ documents }: Deployed, settings: Settings, stack: string): void {
  const missing = guardsOfRules(settings).filter((guard) => documents[guard] === undefined);
  if (missing.length === 0) return;
  throw new Error(
    `${missing.join(" and ")}, which mode ${settings.mode} uses, is not deployed or has lost its policy; ` +
      `\`pulumi up --stack ${stack}\` puts that right`,
  );
}

/** The guards whose policies say something else than the settings make. */
function changedIn({ documents }: Deployed, settings: Settings, arn: string): readonly string[] {
  const partition = PARTITIONS.find((each) => arn.startsWith(`arn:${each}:`)) ?? "aws";
  return guardsOfRules(settings).filter((guard) => {
    const made = JSON.stringify(GUARD_POLICIES[guard](settings, partition));
    return policyDigest(documents[guard] ?? "{}") !== policyDigest(made);
  });
}

function plan(
  { name, path, newName, newPath }: TestNames,
  moments: readonly Moment[],
  { limitSeconds }: Task,
  { configuration, connection }: Place,
  { mode }: Settings,
): readonly string[] {
  const { accountId, arn } = connection.caller;
  return [
    `verify on account ${accountId}, stack ${configuration.stack}, mode ${mode}, as ${arn}`,
    "It makes, and deletes in every end:",
    `  the user ${name} under ${path}, later ${newName} under ${newPath}, with`,
    "    a random password, which is told nobody, and an access key",
    `    an inline policy that allows ${HARMLESS_CALLS.map(callInWords).join(", ")}, and nothing else`,
    `  a virtual MFA device ${name} under ${path}`,
    "The handler holds and frees it as it does everybody, and tells of it: whoever gets its mails gets some.",
    "What is looked for:",
    ...moments.map(({ what, place, reason }) => `  ${what}: ${place === "free" ? "free" : `in ${place}`} (${reason})`),
    `Each event may take ${limitSeconds} s.`,
  ];
}

function hintOf(stack: string, { sweepEvery }: Settings, trail: string): string {
  return (
    `Look at the trail (${trail}), at what waits (npm run replay -- --stack ${stack}), at the function's log, and whether ` +
    `Pulumi.${stack}.yaml is what was deployed last; a sweep, which needs no event, comes at ${sweepEvery}.`
  );
}
