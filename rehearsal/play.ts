import * as v from "valibot";
import type { Mode } from "../handler/decide";
import type { Place } from "./deployment";
import type { CallParameters, IamAction, Principal } from "./iam/account";
import { type Delivery, type Stage, setStage } from "./stage";
import {
  ACCOUNT,
  type Actor,
  type Cast,
  type FirstSweep,
  type Row,
  SETTINGS,
  type Session,
  STORIES,
  type Story,
  type Table,
  type Turn,
} from "./story";
import { totpCode } from "./totp";

/** How a turn came out. */
export interface TurnResult {
  readonly kind: "turn";
  readonly beat: Turn;
  /** Where alice is by the account's record. */
  readonly left: string;
  /** The last decision's reason, in the handler's words. */
  readonly reason: string;
  /** How many calls to IAM the handler made for each event, in order. */
  readonly commands: readonly number[];
  readonly asExpected: boolean;
}

/** How a table came out, each cell in the order of the table's sessions. */
export interface TableResult {
  readonly kind: "table";
  readonly beat: Table;
  readonly rows: readonly { readonly row: Row; readonly allowed: readonly boolean[] }[];
  readonly asExpected: boolean;
}

/** How a first sweep came out. */
export interface FirstSweepResult {
  readonly kind: "sweep";
  readonly beat: FirstSweep;
  readonly rows: readonly { readonly cast: Cast; readonly before: string; readonly after: string }[];
  /** What the handler says of it, and how many calls to IAM it took. */
  readonly summary: Summary;
  readonly calls: number;
  /** How many writes a second sweep made. */
  readonly writesAgain: number;
  readonly asExpected: boolean;
}

export type Result = TurnResult | TableResult | FirstSweepResult;

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
const CURTAIN = new Date("2026-11-20T09:00:00Z");
const HALF_A_MINUTE_BEFORE = new Date("2026-11-20T08:59:30Z");

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

/** Plays a story in an account in memory into which the program is deployed in that mode, beat by beat. */
export async function* play(mode: Mode, story: Story = STORIES[mode]): AsyncGenerator<Result> {
  const stage = await setStage(
    {
      "require-mfa:mode": mode,
      "require-mfa:exemptUsers": SETTINGS.exemptUsers,
      "require-mfa:exemptPaths": SETTINGS.exemptPaths,
    },
    PLACE,
    () => CURTAIN,
  );
  try {
    stage.account.putRole(ADMINISTRATORS, [EVERYTHING]);
    stage.account.call({ type: "Root" }, "CreateUser", { UserName: "bob" });
    await stage.deliver();
    const phone = newPhone();
    for (const beat of story) {
      yield await playBeat(beat, stage, phone);
    }
  } finally {
    await stage.close();
  }
}

async function playBeat(beat: Story[number], stage: Stage, phone: Phone): Promise<Result> {
  switch (beat.kind) {
    case "turn":
      return playTurn(beat, stage, phone);
    case "table":
      return playTable(beat, stage);
    case "sweep":
      return playFirstSweep(beat, stage, phone);
  }
}

async function playTurn(beat: Turn, stage: Stage, phone: Phone): Promise<TurnResult> {
  for (const call of beat.calls) {
    const parameters = { ...call.parameters, ...(call.codesOf && phone.codes(call.codesOf)) };
    phone.scan(stage.account.call(PRINCIPALS[beat.by], call.action, parameters));
  }
  const deliveries = await stage.deliver();
  const failure = deliveries.map(({ outcome }) => outcome).find((outcome) => "failed" in outcome);
  const left = standingOf("alice", stage);
  return {
    kind: "turn",
    beat,
    left,
    reason: failure?.failed ?? reasonOf(deliveries),
    commands: deliveries.map(({ calls }) => calls.length),
    asExpected: failure === undefined && left === beat.leaves,
  };
}

const Answer = v.object({ reason: v.string() });

function reasonOf(deliveries: readonly Delivery[]): string {
  const last = deliveries.at(-1)?.outcome;
  return last !== undefined && "returned" in last
    ? v.parse(Answer, last.returned).reason
    : "no event reached the handler";
}

function playTable(beat: Table, { account }: Stage): TableResult {
  const rows = beat.rows.map((row) => ({
    row,
    allowed: beat.sessions.map((session) => account.allows(SESSIONS[session], row.action, row.resource)),
  }));
  return {
    kind: "table",
    beat,
    rows,
    asExpected: rows.every(({ row, allowed }) => allowed.every((each, index) => each === row.allowed[index])),
  };
}

async function playFirstSweep(beat: FirstSweep, stage: Stage, phone: Phone): Promise<FirstSweepResult> {
  for (const cast of beat.cast) for (const name of cast.names) makeMember(name, cast, stage, phone);
  stage.forget();
  const before = beat.cast.map((cast) => standingsOf(cast, stage));
  const { returned, calls } = await stage.sweep();
  const summary = v.parse(Summary, returned);
  const after = beat.cast.map((cast) => standingsOf(cast, stage));
  const again = v.parse(Summary, (await stage.sweep()).returned);
  const writesAgain = again.newlyHeld + again.moved + again.freed;
  const rows = beat.cast.map((cast, index) => ({ cast, before: before[index] ?? "", after: after[index] ?? "" }));
  return {
    kind: "sweep",
    beat,
    rows,
    summary,
    calls,
    writesAgain,
    asExpected:
      rows.every((row) => row.after === row.cast.leaves) && summary.failures.length === 0 && writesAgain === 0,
  };
}

function standingOf(name: string, stage: Stage): string {
  return stage.standing(name).join(" and ") || "free";
}

/** Where the members of a cast stand: in one place, or where they differ in several. */
function standingsOf({ names }: Cast, stage: Stage): string {
  return [...new Set(names.map((name) => standingOf(name, stage)))].join(", ");
}

/** Makes a member of a cast as root, long before there was a rule. */
function makeMember(name: string, { path = "/", has, groups = 0, heldBy }: Cast, stage: Stage, phone: Phone): void {
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
      return { AuthenticationCode1: code(HALF_A_MINUTE_BEFORE), AuthenticationCode2: code(CURTAIN) };
    },
  };
}
