import * as v from "valibot";
import type { Mode } from "../handler/decide";
import type { Place } from "./deployment";
import type { Principal } from "./iam/account";
import { type Delivery, type Stage, setStage } from "./stage";
import { ACCOUNT, type Actor, type Row, type Session, STORIES, type Story, type Table, type Turn } from "./story";
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

export type Result = TurnResult | TableResult;

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
  const stage = await setStage({ "require-mfa:mode": mode }, PLACE, () => CURTAIN);
  try {
    stage.account.putRole(ADMINISTRATORS, [EVERYTHING]);
    stage.account.call({ type: "Root" }, "CreateUser", { UserName: "bob" });
    await stage.deliver();
    const phone = newPhone();
    for (const beat of story) {
      yield beat.kind === "turn" ? await playTurn(beat, stage, phone) : playTable(beat, stage);
    }
  } finally {
    await stage.close();
  }
}

async function playTurn(beat: Turn, stage: Stage, phone: Phone): Promise<TurnResult> {
  for (const call of beat.calls) {
    const parameters = { ...call.parameters, ...(call.codesOf && phone.codes(call.codesOf)) };
    phone.scan(stage.account.call(PRINCIPALS[beat.by], call.action, parameters));
  }
  const deliveries = await stage.deliver();
  const failure = deliveries.map(({ outcome }) => outcome).find((outcome) => "failed" in outcome);
  const left = stage.standing("alice").join(" and ") || "free";
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
