import * as v from "valibot";
import type { Mode } from "../core/modes";
import type { CallParameters, IamAction, Principal } from "../fake-aws/iam/account";
import { totpCode } from "../fake-aws/totp";
import type { Place } from "./deployment";
import { createEnvironment, type Delivery, type RehearsalEnvironment } from "./environment";
import {
  ACCOUNT,
  type Actor,
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

/** How a turn came out. */
export interface CallsResult {
  readonly kind: "turn";
  readonly step: CallsStep;
  /** Where alice is by the account's record. */
  readonly left: string;
  /** The last decision's reason, in the handler's words. */
  readonly reason: string;
  /** How many calls to IAM the handler made for each event, in order. */
  readonly commands: readonly number[];
  readonly asExpected: boolean;
}

/** How a table came out, each cell in the order of the table's sessions. */
export interface PermissionsResult {
  readonly kind: "table";
  readonly step: PermissionsStep;
  readonly rows: readonly { readonly row: Row; readonly allowed: readonly boolean[] }[];
  readonly asExpected: boolean;
}

/** How a first sweep came out. */
export interface FirstSweepResult {
  readonly kind: "sweep";
  readonly step: FirstSweepStep;
  readonly rows: readonly { readonly cast: Population; readonly before: string; readonly after: string }[];
  /** What the handler says of it, and how many calls to IAM it took. */
  readonly summary: Summary;
  readonly calls: number;
  /** How many writes a second sweep made. */
  readonly writesAgain: number;
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

const PLACE: Place = { accountId: ACCOUNT, partition: "aws", region: "us-east-1", stack: "rehearsal" };

/** Every rehearsal takes place at the same time, so that its transcripts compare. */
const START_TIME = new Date("2026-11-20T09:00:00Z");
const PREVIOUS_CODE_TIME = new Date("2026-11-20T08:59:30Z");

const ADMINISTRATORS = `arn:aws:iam::${ACCOUNT}:role/administrators`;
const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

const PRINCIPALS: Readonly<Record<Actor, Principal>> = {
  "the administrator": { type: "AssumedRole", roleArn: ADMINISTRATORS, sessionName: "morning-shift" },
  alice: { type: "IAMUser", userName: "alice", mfa: false },
};

const SESSIONS: Readonly<Record<Session, Principal>> = {
  console: { type: "IAMUser", userName: "alice", mfa: false },
  "console, MFA": { type: "IAMUser", userName: "alice", mfa: true },
  "access key": { type: "IAMUser", userName: "alice" },
};

/** Plays a story in an account in memory into which the program is deployed in that mode, step by step. */
export async function* runScenario(mode: Mode, story: Scenario = SCENARIOS[mode]): AsyncGenerator<Result> {
  const stage = await createEnvironment(
    {
      "require-mfa:mode": mode,
      "require-mfa:exemptUsers": SETTINGS.exemptUsers,
      "require-mfa:exemptPaths": SETTINGS.exemptPaths,
    },
    PLACE,
    () => START_TIME,
  );
  try {
    stage.account.putRole(ADMINISTRATORS, [EVERYTHING]);
    stage.account.call({ type: "Root" }, "CreateUser", { UserName: "bob" });
    await stage.deliver();
    const phone = newPhone();
    for (const step of story) {
      yield await runStep(step, stage, phone);
    }
  } finally {
    await stage.close();
  }
}

async function runStep(step: Scenario[number], stage: RehearsalEnvironment, phone: Phone): Promise<Result> {
  switch (step.kind) {
    case "turn":
      return runCalls(step, stage, phone);
    case "table":
      return runPermissions(step, stage);
    case "sweep":
      return runFirstSweep(step, stage, phone);
  }
}

async function runCalls(step: CallsStep, stage: RehearsalEnvironment, phone: Phone): Promise<CallsResult> {
  for (const call of step.calls) {
    const parameters = { ...call.parameters, ...(call.codesOf && phone.codes(call.codesOf)) };
    phone.scan(stage.account.call(PRINCIPALS[step.by], call.action, parameters));
  }
  const deliveries = await stage.deliver();
  const failure = deliveries.map(({ outcome }) => outcome).find((outcome) => "failed" in outcome);
  const left = standingOf("alice", stage);
  return {
    kind: "turn",
    step,
    left,
    reason: failure?.failed ?? reasonOf(deliveries),
    commands: deliveries.map(({ calls }) => calls.length),
    asExpected: failure === undefined && left === step.leaves,
  };
}

const Answer = v.object({ reason: v.string() });

function reasonOf(deliveries: readonly Delivery[]): string {
  const last = deliveries.at(-1)?.outcome;
  return last !== undefined && "returned" in last
    ? v.parse(Answer, last.returned).reason
    : "no event reached the handler";
}

function runPermissions(step: PermissionsStep, { account }: RehearsalEnvironment): PermissionsResult {
  const rows = step.rows.map((row) => ({
    row,
    allowed: step.sessions.map((session) => account.allows(SESSIONS[session], row.action, row.resource)),
  }));
  return {
    kind: "table",
    step,
    rows,
    asExpected: rows.every(({ row, allowed }) => allowed.every((each, index) => each === row.allowed[index])),
  };
}

async function runFirstSweep(
  step: FirstSweepStep,
  stage: RehearsalEnvironment,
  phone: Phone,
): Promise<FirstSweepResult> {
  for (const cast of step.cast) for (const name of cast.names) createUserOf(name, cast, stage, phone);
  stage.forget();
  const before = step.cast.map((cast) => standingsOf(cast, stage));
  const { returned, calls } = await stage.sweep();
  const summary = v.parse(Summary, returned);
  const after = step.cast.map((cast) => standingsOf(cast, stage));
  const again = v.parse(Summary, (await stage.sweep()).returned);
  const writesAgain = again.newlyHeld + again.moved + again.freed;
  const rows = step.cast.map((cast, index) => ({ cast, before: before[index] ?? "", after: after[index] ?? "" }));
  return {
    kind: "sweep",
    step,
    rows,
    summary,
    calls,
    writesAgain,
    asExpected:
      rows.every((row) => row.after === row.cast.leaves) && summary.failures.length === 0 && writesAgain === 0,
  };
}

function standingOf(name: string, stage: RehearsalEnvironment): string {
  return stage.standing(name).join(" and ") || "free";
}

/** Where the members of a cast stand: in one place, or where they differ in several. */
function standingsOf({ names }: Population, stage: RehearsalEnvironment): string {
  return [...new Set(names.map((name) => standingOf(name, stage)))].join(", ");
}

/** Makes a member of a cast as root, long before there was a rule. */
function createUserOf(
  name: string,
  { path = "/", has, groups = 0, heldBy }: Population,
  stage: RehearsalEnvironment,
  phone: Phone,
): void {
  const { account, guards } = stage;
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
