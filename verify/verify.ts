import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { GUARD_NAMES, type GuardName } from "../core/guards";
import type { Settings } from "../core/settings";
import { guardsHolding } from "../core/user";
import { type Iam, NoSuchEntityError } from "../handler/iam/iam";
import type { StaticKey } from "../impact/aws-settings";
import { type CompiledPolicies, compile } from "../policy-language/evaluator";
import { answerOf, type CallingUser, type Credentials, type Expected, expectedOf, isAsExpected } from "./answers";
import type { Deployed } from "./deployed";
import { callInWords, HARMLESS_CALLS, type HarmlessCall, harmlessPolicy, type Speaker } from "./harmless-calls";
import type { Moment } from "./moments";
import type { Seen, Try } from "./report";
import type { Device, TestUser } from "./test-user";
import { STEP_SECONDS, stepAt, totpCode } from "./totp";
import { pauseFor, type Waiting, waitFor } from "./wait";

/** What a run goes by. */
export interface Run {
  readonly moments: readonly Moment[];
  readonly settings: Settings;
  readonly deployed: Deployed;
  /** `arn:aws:iam::123456789012:` */
  readonly arnPrefix: string;
  readonly user: TestUser;
  readonly iam: Iam;
  readonly speak: (key: StaticKey) => Speaker;
  readonly waiting: Waiting;
  /** How long an event may take. */
  readonly limitSeconds: number;
  /** What to look at where an event is not acted upon in time, in words. */
  readonly hint: string;
  readonly onSeen: (seen: Seen) => void;
  readonly onTry: (tried: Try) => void;
}

/** The user did not stand where it belongs: an event was not acted upon in time, or something was that is none. */
export class MisplacedError extends Error {
  override readonly name = "MisplacedError";
}

/** The user is looked at by two calls to IAM, whose rate is the account's and so the handler's too. */
const LOOK_EVERY_SECONDS = 2;

/** How long IAM may take until a change is enforced, and a key is known: seconds as a rule (IAM User Guide, "Troubleshoot IAM"). */
const ENFORCEMENT = { everySeconds: 1, limitSeconds: 60 };

/** How long STS may take until it knows a device. */
const SESSION = { everySeconds: STEP_SECONDS, limitSeconds: 120 };

/** The least and the most that GetSessionToken gives (STS API Reference); a session is to outlast the event behind it. */
const SESSION_SECONDS = { least: 900, most: 129_600 };

/** How long a user is watched at least that is to stay where it is. */
const LEAST_WATCH_SECONDS = 15;

/** A session of the test user's. */
interface Voice {
  readonly credentials: Credentials;
  readonly speaker: Speaker;
}

/**
 * Plays all that is to be proved, from the user's making to its renaming.
 *
 * @throws MisplacedError where the user does not come where it belongs, or does not stay; what AWS refuses the deployer,
 *   and the signal's reason
 */
export async function verify(run: Run): Promise<void> {
  const { moments, settings, user, waiting, speak } = run;
  const voices: Voice[] = [];
  let device: Device | undefined;
  let before: Moment | undefined;
  let slowestSeconds = 0;
  const open = (credentials: Credentials, key: StaticKey): void => {
    voices.push({ credentials, speaker: speak(key) });
  };
  try {
    for (const moment of moments) {
      waiting.signal.throwIfAborted();
      waiting.doing(`the test user: ${moment.what}`);
      let step = 0;
      switch (moment.deed) {
        case "make":
          open("access key", await user.make());
          break;
        case "givePassword":
          await user.givePassword();
          break;
        case "enrol":
          device = await user.makeDevice();
          step = await user.enrol(device);
          break;
        case "takeAway":
          if (device !== undefined) await user.takeAway(device);
          break;
        case "move":
          await user.move();
          break;
        case "rename":
          await user.rename();
          break;
      }
      const secondsToGuard = await standing(moment, before, slowestSeconds, run);
      slowestSeconds = Math.max(slowestSeconds, secondsToGuard ?? 0);
      const secondsToEnforcement = await enforced(moment, before ?? { ...moment, place: "free" }, voices, run);
      const { deed, what, place, reason } = moment;
      run.onSeen({
        deed,
        what,
        place,
        reason,
        ...(secondsToGuard !== undefined && { secondsToGuard }),
        ...(secondsToEnforcement !== undefined && { secondsToEnforcement }),
      });
      const [key] = voices;
      // In mode quarantine no guard asks for a session.
      if (deed === "enrol" && settings.mode !== "quarantine" && device !== undefined && key !== undefined) {
        open("session without MFA", await openSession(key.speaker, run));
        open("session with MFA", await openSessionWithMfa(key.speaker, device, step, run));
        await enforced(moment, moment, voices.slice(1), run);
      }
      // Whether sessions outlive their device is seen by now.
      if (deed === "takeAway") for (const { speaker } of voices.splice(1)) speaker.close();
      before = moment;
    }
  } finally {
    for (const { speaker } of voices) speaker.close();
  }
}

/**
 * Waits until the user stands where it belongs, and there alone; where a move or a new name is not to change that, watches
 * that it stays, for twice as long as the slowest event took.
 *
 * @returns the seconds since the deed; undefined where nothing was to change
 */
async function standing(
  { deed, name, place, reason }: Moment,
  before: Moment | undefined,
  slowestSeconds: number,
  { iam, deployed: { guards }, waiting, limitSeconds, hint }: Run,
): Promise<number | undefined> {
  const { clock } = waiting;
  const begun = clock.now();
  const expected = placeInWords(place === "free" ? [] : [place]);
  let found = "not to be seen";
  const look = async (): Promise<boolean> => {
    const groups = iam.listGroupsForUser(name);
    // A name that was just given may not have spread yet.
    const read = await Promise.all([groups, iam.listAttachedUserPolicies(name)]).catch(unlessUnknown);
    if (read === undefined) return false;
    const [groupsOfUser, policies] = read;
    found = placeInWords(guardsHolding({ groups: groupsOfUser.map((group) => group.name), policies }, guards));
    return found === expected;
  };
  const what = `the test user to be ${expected}`;
  const came = await waitFor(
    async () => (await look()) || undefined,
    { what, everySeconds: LOOK_EVERY_SECONDS, limitSeconds },
    waiting,
  );
  const seconds = secondsSince(begun, waiting);
  if (came === undefined) {
    throw new MisplacedError(
      `the limit of ${limitSeconds} s passed: the test user is ${found}, and ${expected} is right (${reason}). ${hint}`,
    );
  }
  if (place !== (before?.place ?? "free")) return seconds;
  if (deed !== "move" && deed !== "rename") return undefined;
  const left = await waitFor(
    async () => !(await look()) || undefined,
    {
      what: `anything that takes it out: it is ${expected}, and stays`,
      everySeconds: LOOK_EVERY_SECONDS,
      limitSeconds: Math.max(LEAST_WATCH_SECONDS, 2 * slowestSeconds),
    },
    waiting,
  );
  if (left === undefined) return undefined;
  throw new MisplacedError(
    `${secondsSince(begun, waiting)} s after it was ${deed === "move" ? "moved" : "renamed"} the test user was ${found}, ` +
      `and ${expected} is right (${reason}). ${hint}`,
  );
}

function placeInWords(guards: readonly GuardName[]): string {
  return guards.length === 0 ? "free" : `in ${guards.join(" and ")}`;
}

function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof NoSuchEntityError)) throw error;
}

/** To a tenth. */
function secondsSince(begunMs: number, { clock }: Waiting): number {
  return Math.round((clock.now() - begunMs) / 100) / 10;
}

/**
 * Tries the harmless calls by each of these until AWS answers as the evaluator does, or the limit passes, and tells of
 * the last answers.
 *
 * @returns the seconds until the access key was answered so; undefined where its answers were not to change, and where AWS
 *   answers otherwise to the end
 */
async function enforced(
  moment: Moment,
  before: Moment,
  voices: readonly Voice[],
  run: Run,
): Promise<number | undefined> {
  const { waiting, onTry } = run;
  let seconds: number | undefined;
  for (const { credentials, speaker } of voices) {
    const begun = waiting.clock.now();
    const expected = expectations(moment, credentials, run);
    const earlier = expectations(before, credentials, run);
    const pending = new Map(expected);
    const tried = new Map<HarmlessCall, Try>();
    const settled = await waitFor(
      async () => {
        for (const [call, expectation] of pending) {
          const answer = await answerOf(call.make(speaker, moment.name));
          const asExpected = isAsExpected(answer, expectation, credentials);
          const told = { after: moment.deed, credentials, call: callInWords(call), expected: expectation };
          tried.set(call, { ...told, answer, asExpected });
          if (asExpected) pending.delete(call);
        }
        return pending.size === 0 || undefined;
      },
      { what: `AWS to answer the ${credentials} as the evaluator does`, ...ENFORCEMENT },
      waiting,
    );
    const changes = HARMLESS_CALLS.some((call) => earlier.get(call)?.answer !== expected.get(call)?.answer);
    if (credentials === "access key" && changes && settled) seconds = secondsSince(begun, waiting);
    for (const call of HARMLESS_CALLS) {
      const last = tried.get(call);
      if (last !== undefined) onTry(last);
    }
  }
  return seconds;
}

function expectations(
  { name, path, place }: Moment,
  credentials: Credentials,
  { deployed, arnPrefix }: Run,
): ReadonlyMap<HarmlessCall, Expected> {
  const user: CallingUser = { name, path, arnPrefix };
  const policies = policiesIn(place, deployed);
  return new Map(HARMLESS_CALLS.map((call) => [call, expectedOf(call, credentials, user, policies)]));
}

/** What applies to the user in a place: its own policy and the guard's. */
function policiesIn(place: Moment["place"], { documents }: Deployed): CompiledPolicies {
  const guard = GUARD_NAMES.filter((name) => name === place).map((name) => documents[name] ?? "null");
  return compile([harmlessPolicy(), ...guard].map((text): unknown => JSON.parse(text)));
}

async function openSession(
  { sts }: Speaker,
  { limitSeconds }: Run,
  mfa?: { readonly SerialNumber: string; readonly TokenCode: string },
): Promise<StaticKey> {
  const { least, most } = SESSION_SECONDS;
  const DurationSeconds = Math.min(most, Math.max(least, 2 * limitSeconds));
  const { Credentials: given } = await sts.send(new GetSessionTokenCommand({ DurationSeconds, ...mfa }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = given ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Opens a session by a code that was not used yet, for AWS takes each once. */
async function openSessionWithMfa(
  speaker: Speaker,
  { serialNumber, seed }: Device,
  usedStep: number,
  run: Run,
): Promise<StaticKey> {
  const { waiting } = run;
  const { clock } = waiting;
  const beginsAt = (usedStep + 1) * STEP_SECONDS * 1000;
  const seconds = Math.max(0, (beginsAt - clock.now()) / 1000);
  waiting.doing(`waiting for the next code: ${Math.ceil(seconds)} s`);
  await pauseFor(seconds, waiting);
  let refusal: unknown;
  const key = await waitFor(
    async () => {
      const TokenCode = totpCode(seed, stepAt(clock.now()));
      try {
        return await openSession(speaker, run, { SerialNumber: serialNumber, TokenCode });
      } catch (error) {
        if (!(error instanceof Error) || !/^AccessDenied/.test(error.name)) throw error;
        refusal = error;
        return undefined;
      }
    },
    { what: "STS to know the device", ...SESSION },
    waiting,
  );
  if (key !== undefined) return key;
  throw refusal;
}
