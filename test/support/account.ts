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
export const HANDLER = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/require-mfa/handler",
  sessionName: "run",
} as const;

/** A session in the console. */
export const signedIn = (userName: string, mfa = false) => ({ type: "IAMUser", userName, mfa }) as const;

/** When an account is made, if nothing else is said. */
export const START_TIME = "2026-03-05T01:02:38Z";

/** An IAM account in memory, what CloudTrail recorded of it, and its clock, which only the test moves. */
export interface TestAccount {
  readonly account: IamAccount;
  /** Everything that CloudTrail has recorded, in order. */
  readonly records: CloudTrailRecord[];
  /** Makes a call as root and returns its result. */
  readonly root: (action: string, parameters?: CallParameters) => unknown;
  /** Makes a call as root and returns what CloudTrail recorded of it. Throws where it recorded nothing. */
  readonly recordOf: (action: string, parameters?: CallParameters) => CloudTrailRecord;
  readonly now: () => Date;
  readonly waitSeconds: (seconds: number) => void;
}

export interface TestAccountOptions extends Partial<Omit<IamAccountOptions, "accountId" | "now">> {
  /** What the clock says at first, ISO 8601; {@link START_TIME} if left out. */
  readonly startTime?: string;
}

/** A new account with nobody in it. */
export function newAccount(options: TestAccountOptions = {}): TestAccount {
  const { startTime = START_TIME, onRecord, ...others } = options;
  let now = new Date(startTime);
  const records: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: "123456789012",
    partition: "aws",
    now: () => now,
    onRecord: (record) => {
      records.push(record);
      onRecord?.(record);
    },
    ...others,
  });
  return {
    account,
    records,
    root: (action, parameters) => account.call(ROOT, action, parameters),
    recordOf: (action, parameters) => {
      const before = records.length;
      account.call(ROOT, action, parameters);
      return lastOf(records.slice(before));
    },
    now: () => now,
    waitSeconds: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}

/** A new account with one user in it. */
export function newAccountWithUser(options: TestAccountOptions = {}, userName = "alice"): TestAccount {
  const aws = newAccount(options);
  aws.root("CreateUser", { UserName: userName });
  return aws;
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

/** Creates a virtual device, which nobody has enabled yet. */
export function createDevice({ account }: TestAccount, name: string) {
  const { VirtualMFADevice } = account.call(ROOT, "CreateVirtualMFADevice", { VirtualMFADeviceName: name });
  return { serial: VirtualMFADevice.SerialNumber, seed: Buffer.from(VirtualMFADevice.Base32StringSeed).toString() };
}

/** Enables a new virtual device by the codes that it shows `early` and `late` seconds from now; returns its serial. */
export function enableDevice(
  aws: TestAccount,
  caller: Principal,
  name: string,
  [early, late]: readonly [number, number] = [-30, 0],
  userName = "alice",
) {
  const { serial, seed } = createDevice(aws, name);
  const codeIn = (seconds: number) => totpCode(seed, new Date(aws.now().getTime() + seconds * 1000));
  aws.account.call(caller, "EnableMFADevice", {
    UserName: userName,
    SerialNumber: serial,
    AuthenticationCode1: codeIn(early),
    AuthenticationCode2: codeIn(late),
  });
  return serial;
}

/** The first item of a list. Throws where there is none. */
export function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("the list is empty");
  return first;
}

/** The last item of a list. Throws where there is none. */
export function lastOf<T>(list: readonly T[]): T {
  return firstOf(list.slice(-1));
}

/** A policy document that will do where it does not matter. */
export const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
