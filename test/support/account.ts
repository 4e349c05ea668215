import {
  type CallParameters,
  type CloudTrailRecord,
  IamAccount,
  type IamAccountOptions,
  IamError,
  type Principal,
} from "../../fake-aws/iam/account";
import { totpCode } from "../../fake-aws/totp";

/** The account's root user. */
export const ROOT = { type: "Root" } as const;
/** A session of the handler's role. */
export const ROLE = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::111122223333:role/require-mfa/handler",
  sessionName: "run",
} as const;
/** What the clock of a scene says at first. */
export const START = "2026-03-05T01:02:38Z";

/** A session in the console. */
export const signedIn = (userName: string, mfa = false) => ({ type: "IAMUser", userName, mfa }) as const;

/** An account, what it told CloudTrail, and a hand on its clock. */
export interface Scene {
  readonly account: IamAccount;
  readonly records: CloudTrailRecord[];
  readonly root: (action: string, parameters?: CallParameters) => unknown;
  readonly wait: (seconds: number) => void;
  readonly now: () => Date;
}

/** A new account. */
export function scene(options: Partial<IamAccountOptions> = {}): Scene {
  const clock = { now: new Date(START) };
  const records: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: "111122223333",
    partition: "aws",
    now: () => clock.now,
    onRecord: (record) => records.push(record),
    ...options,
  });
  return {
    account,
    records,
    root: (action, parameters) => account.call(ROOT, action, parameters),
    wait: (seconds) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    now: () => clock.now,
  };
}

/** A new account with one user in it. */
export function withUser(options: Partial<IamAccountOptions> = {}, userName = "alice"): Scene {
  const made = scene(options);
  made.root("CreateUser", { UserName: userName });
  return made;
}

/** Why a call fails, as code and message. */
export function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof IamError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no refusal";
}

/** Makes a virtual device, which nobody has enabled yet. */
export function makeDevice({ account }: Scene, name: string) {
  const { VirtualMFADevice } = account.call(ROOT, "CreateVirtualMFADevice", { VirtualMFADeviceName: name });
  return { serial: VirtualMFADevice.SerialNumber, seed: Buffer.from(VirtualMFADevice.Base32StringSeed).toString() };
}

/** Enables a new device of a user by its codes, `early` and `late` seconds from now. */
export function enable(
  on: Scene,
  caller: Principal,
  name: string,
  [early, late]: readonly [number, number] = [-30, 0],
  userName = "alice",
) {
  const { serial, seed } = makeDevice(on, name);
  const codeIn = (seconds: number) => totpCode(seed, new Date(on.now().getTime() + seconds * 1000));
  on.account.call(caller, "EnableMFADevice", {
    UserName: userName,
    SerialNumber: serial,
    AuthenticationCode1: codeIn(early),
    AuthenticationCode2: codeIn(late),
  });
  return serial;
}

/** The first of a list that has one. */
export function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("the list is empty");
  return first;
}

/** A policy document that will do where it does not matter. */
export const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
