import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import type { Mode } from "../core/modes";
import type { CallParameters, IamAction, Principal } from "../fake-aws/iam/account";
import { totpCode } from "../fake-aws/totp";
import type { Place } from "./deployment";
import { createEnvironment, type Delivery, type RehearsalEnvironment } from "./environment";
import {
  ACCOUNT,
  type Caller,
  type CallsStep,
  type FirstSweepStep,
  type PermissionsStep,
  type Population,
  type Row,
  SCENARIOS,
  type Scenario,
  SETTINGS,
  type Session,
} from "./scenario";

/** How a step of calls came out. */
export interface CallsResult {
  readonly kind: "calls";
  readonly step: CallsStep;
  /** Where alice stands by the account's record. */
  readonly standing: string;
  /** The last decision's reason, in the handler's words. */
  readonly reason: string;
  /** How many calls to IAM the handler made for each event, in order. */
  readonly callsByEvent: readonly number[];
  readonly asExpected: boolean;
}

/** How a step of permissions came out; `allowed` is in the order of the step's sessions. */
export interface PermissionsResult {
  readonly kind: "permissions";
  readonly step: PermissionsStep;
  readonly rows: readonly { readonly row: Row; readonly allowed: readonly boolean[] }[];
  readonly asExpected: boolean;
}

/** How a first sweep came out. */
export interface FirstSweepResult {
  readonly kind: "first sweep";
  readonly step: FirstSweepStep;
  readonly rows: readonly { readonly population: Population; readonly before: string; readonly after: string }[];
  /** What the handler says of it, and how many calls to IAM it took. */
  readonly summary: Summary;
  readonly calls: number;
  /** How many users a second sweep held, moved or freed. */
  readonly changedAgain: number;
  readonly asExpected: boolean;
}

export type Result = CallsResult | PermissionsResult | FirstSweepResult;

const Summary = v.object({
  newlyHeld: v.number(),
  moved: v.number(),
  freed: v.number(),
  exempt: v.array(v.string()),
  failures: v.array(v.string()),
});
type Summary = v.InferOutput<typeof Summary>;

/** How long a line of the log may take to come: a second. */
const LOG_ATTEMPTS = 100;
const LOG_PAUSE_MS = 10;

const PLACE: Place = { accountId: ACCOUNT, partition: "aws", region: "us-east-1", stack: "rehearsal" };

/** The clock of every rehearsal stands at this moment, so that two transcripts compare. */
const START_TIME = new Date("2026-11-20T09:00:00Z");
const PREVIOUS_CODE_TIME = new Date("2026-11-20T08:59:30Z");

const ADMINISTRATORS = `arn:aws:iam::${ACCOUNT}:role/administrators`;
const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

const PRINCIPALS: Readonly<Record<Caller, Principal>> = {
  "the administrator": { type: "AssumedRole", roleArn: ADMINISTRATORS, sessionName: "morning-shift" },
  alice: { type: "IAMUser", userName: "alice", mfa: false },
};

const SESSIONS: Readonly<Record<Session, Principal>> = {
  console: { type: "IAMUser", userName: "alice", mfa: false },
  "console, MFA": { type: "IAMUser", userName: "alice", mfa: true },
  "access key": { type: "IAMUser", userName: "alice" },
};

/** Runs a scenario step by step, in an account in memory to which the program is deployed in that mode. */
export async function* runScenario(mode: Mode, scenario: Scenario = SCENARIOS[mode]): AsyncGenerator<Result> {
  const environment = await createEnvironment(
    {
      "require-mfa:mode": mode,
      "require-mfa:exemptUsers": SETTINGS.exemptUsers,
      "require-mfa:exemptPaths": SETTINGS.exemptPaths,
    },
    PLACE,
    () => START_TIME,
  );
  try {
    environment.account.putRole(ADMINISTRATORS, [EVERYTHING]);
    environment.account.call({ type: "Root" }, "CreateUser", { UserName: "bob" });
    await environment.deliver();
    const phone = newPhone();
    for (const step of scenario) {
      yield await runStep(step, environment, phone);
    }
  } finally {
    await environment.close();
  }
}

async function runStep(step: Scenario[number], environment: RehearsalEnvironment, phone: Phone): Promise<Result> {
  switch (step.kind) {
    case "calls":
      return runCalls(step, environment, phone);
    case "permissions":
      return runPermissions(step, environment);
    case "first sweep":
      return runFirstSweep(step, environment, phone);
  }
}

async function runCalls(step: CallsStep, environment: RehearsalEnvironment, phone: Phone): Promise<CallsResult> {
  for (const call of step.calls) {
    const parameters = { ...call.parameters, ...(call.codesOf && phone.codes(call.codesOf)) };
    phone.scan(environment.account.call(PRINCIPALS[step.by], call.action, parameters));
  }
  const deliveries = await environment.deliver();
  const failure = deliveries.map(({ outcome }) => outcome).find((outcome) => "failed" in outcome);
  const standing = standingOf("alice", environment);
  return {
    kind: "calls",
    step,
    standing,
    reason: failure?.failed ?? (await reasonOf(deliveries, environment)),
    callsByEvent: deliveries.map(({ calls }) => calls.length),
    asExpected: failure === undefined && standing === step.leaves,
  };
}

const Decision = v.object({ eventID: v.string(), reason: v.string() });

/** What the log says of the last event; its lines come by another way than the answer, and may come after it. */
async function reasonOf(deliveries: readonly Delivery[], { log }: RehearsalEnvironment): Promise<string> {
  const last = deliveries.at(-1)?.record.eventID;
  if (last === undefined) return "no event reached the handler";
  for (let attempts = 0; attempts < LOG_ATTEMPTS; attempts++) {
    for (const line of log) {
      const decision = v.safeParse(Decision, JSON.parse(line));
      if (decision.success && decision.output.eventID === last) return decision.output.reason;
    }
    await setTimeout(LOG_PAUSE_MS);
  }
  return "the handler logged nothing of the event";
}

function runPermissions(step: PermissionsStep, { account }: RehearsalEnvironment): PermissionsResult {
  const rows = step.rows.map((row) => ({
    row,
    allowed: step.sessions.map((session) => account.allows(SESSIONS[session], row.action, row.resource)),
  }));
  return {
    kind: "permissions",
    step,
    rows,
    asExpected: rows.every(({ row, allowed }) => allowed.every((each, index) => each === row.allowed[index])),
  };
}

async function runFirstSweep(
  step: FirstSweepStep,
  environment: RehearsalEnvironment,
  phone: Phone,
): Promise<FirstSweepResult> {
  for (const population of step.populations) {
    for (const name of population.names) createUserOf(population, name, environment, phone);
  }
  environment.forget();
  const before = step.populations.map((population) => standingsOf(population, environment));
  const { returned, calls } = await environment.sweep();
  const summary = v.parse(Summary, returned);
  const after = step.populations.map((population) => standingsOf(population, environment));
  const again = v.parse(Summary, (await environment.sweep()).returned);
  const changedAgain = again.newlyHeld + again.moved + again.freed;
  const rows = step.populations.map((population, index) => ({
    population,
    before: before[index] ?? "",
    after: after[index] ?? "",
  }));
  return {
    kind: "first sweep",
    step,
    rows,
    summary,
    calls,
    changedAgain,
    asExpected:
      rows.every((row) => row.after === row.population.leaves) && summary.failures.length === 0 && changedAgain === 0,
  };
}

function standingOf(name: string, environment: RehearsalEnvironment): string {
  return environment.standing(name).join(" and ") || "free";
}

/** Where the users of a population stand: one place, or several where they differ. */
function standingsOf({ names }: Population, environment: RehearsalEnvironment): string {
  return [...new Set(names.map((name) => standingOf(name, environment)))].join(", ");
}

/** Creates one user of a population as root, with everything that the population has. */
function createUserOf(
  { path = "/", has, groups = 0, heldBy }: Population,
  name: string,
  environment: RehearsalEnvironment,
  phone: Phone,
): void {
  const { account, guards } = environment;
  const asRoot = <A extends IamAction>(action: A, parameters: CallParameters) =>
    account.call({ type: "Root" }, action, { UserName: name, ...parameters });
  asRoot("CreateUser", { Path: path });
  for (const each of has) {
    switch (each) {
      case "a password":
        asRoot("CreateLoginProfile", { Password: "correct-horse-battery" });
        break;
      case "an access key":
        asRoot("CreateAccessKey", {});
        break;
      case "a passkey":
        // Who enrols one must be allowed to; AWS has no call by which root could do it for them.
        asRoot("AttachUserPolicy", { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
        account.enrolPasskey(name);
        break;
      case "an app": {
        const device = `arn:aws:iam::${ACCOUNT}:mfa/${name}`;
        phone.scan(account.call({ type: "Root" }, "CreateVirtualMFADevice", { VirtualMFADeviceName: name }));
        asRoot("EnableMFADevice", { SerialNumber: device, ...phone.codes(device) });
        break;
      }
    }
  }
  for (let index = 1; index <= groups; index++) {
    account.call({ type: "Root" }, "CreateGroup", { GroupName: `team-${index}` });
    asRoot("AddUserToGroup", { GroupName: `team-${index}` });
  }
  if (heldBy !== undefined) asRoot("AddUserToGroup", { GroupName: guards[heldBy].group });
}

/** An authenticator app: it learns a device's seed as the device is created and shows its codes. */
interface Phone {
  scan(answer: unknown): void;
  codes(serialNumber: string): { readonly AuthenticationCode1: string; readonly AuthenticationCode2: string };
}

const NewDevice = v.object({
  VirtualMFADevice: v.object({ SerialNumber: v.string(), Base32StringSeed: v.instance(Uint8Array) }),
});

function newPhone(): Phone {
  const seeds = new Map<string, string>();
  return {
    scan: (answer) => {
      const parsed = v.safeParse(NewDevice, answer);
      if (!parsed.success) return;
      const { SerialNumber, Base32StringSeed } = parsed.output.VirtualMFADevice;
      seeds.set(SerialNumber, new TextDecoder().decode(Base32StringSeed));
    },
    codes: (serialNumber) => {
      const seed = seeds.get(serialNumber) ?? "";
      const code = (at: Date) => totpCode(seed, at);
      return { AuthenticationCode1: code(PREVIOUS_CODE_TIME), AuthenticationCode2: code(START_TIME) };
    },
  };
}
