import { randomBytes } from "node:crypto";
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  PutUserPolicyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { stackPath } from "../core/stack-path";
import type { Clock } from "../handler/clock";
import { retrying } from "../handler/iam/retry";
import type { StaticKey } from "../impact/aws-settings";
import { harmlessPolicy } from "./harmless-calls";
import { stepAt, totpCode } from "./totp";

/** What a run makes that stays until it is deleted. */
export interface Leftovers {
  /** Names. */
  readonly users: readonly string[];
  /** Serial numbers of virtual MFA devices. */
  readonly devices: readonly string[];
}

/** What test users' names begin with, and their devices'. */
export const NAME_PREFIX = "require-mfa-verify-";

/** The name of a test user's inline policy. */
export const POLICY_NAME = "harmless-calls";

/** What passes by itself: an entity that is just being made or has not spread yet, and two changes at once. */
const PASSING =
  /^(EntityTemporarilyUnmodifiable|ConcurrentModification|NoSuchEntity|InvalidAuthenticationCode)(Exception)?$/;
const RETRY_PAUSES_SECONDS = [1, 2, 4, 8, 16];

/** Names of a user that is to be made and to be renamed, and of its device. */
export interface TestNames {
  readonly name: string;
  readonly newName: string;
  readonly path: string;
  readonly newPath: string;
}

/** A virtual MFA device that was made: what shows codes. */
export interface Device {
  readonly serialNumber: string;
  /** base32, a secret. */
  readonly seed: string;
}

/** The IAM path under which a stack's test users live, and their devices. */
export function verifyPath(stack: string): string {
  return `${stackPath(stack)}verify/`;
}

/** Names that nobody has. */
export function newNames(stack: string): TestNames {
  const name = `${NAME_PREFIX}${randomBytes(4).toString("hex")}`;
  const path = verifyPath(stack);
  return { name, newName: `${name}-renamed`, path, newPath: `${path}moved/` };
}

/** What is done to the test user, by the deployer's credentials. Each throws what IAM refuses. */
export interface TestUser {
  /** Makes the user, allows it the harmless calls, and gives it a key, which is returned. */
  make(): Promise<StaticKey>;
  /** Gives it a password that nobody knows. */
  givePassword(): Promise<void>;
  makeDevice(): Promise<Device>;
  /** Enrols the device by the codes of this step and the one before; returns the later of the steps. */
  enrol(device: Device): Promise<number>;
  takeAway(device: Device): Promise<void>;
  move(): Promise<void>;
  rename(): Promise<void>;
  /** What there may be of it now: of a call that is not answered nobody knows what it did. */
  made(): Leftovers;
}

/**
 * The test user of these names.
 *
 * @param arnPrefix `arn:aws:iam::123456789012:`
 */
export function testUserOf(
  { name, newName, path, newPath }: TestNames,
  arnPrefix: string,
  client: IAMClient,
  clock: Clock,
): TestUser {
  let users: readonly string[] = [];
  let devices: readonly string[] = [];
  const patiently = <T>(send: () => Promise<T>): Promise<T> =>
    retrying(send, (error) => error instanceof Error && PASSING.test(error.name), RETRY_PAUSES_SECONDS, clock.pause);
  return {
    make: async () => {
      users = [name];
      await client.send(new CreateUserCommand({ UserName: name, Path: path }));
      const policy = { PolicyName: POLICY_NAME, PolicyDocument: harmlessPolicy() };
      await patiently(() => client.send(new PutUserPolicyCommand({ UserName: name, ...policy })));
      const { AccessKey } = await patiently(() => client.send(new CreateAccessKeyCommand({ UserName: name })));
      return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
    },
    givePassword: async () => {
      const command = new CreateLoginProfileCommand({ UserName: name, Password: newPassword() });
      await patiently(() => client.send(command));
    },
    makeDevice: async () => {
      devices = [`${arnPrefix}mfa${path}${name}`];
      const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name, Path: path });
      const { VirtualMFADevice: device } = await client.send(command);
      const seed = new TextDecoder().decode(device?.Base32StringSeed);
      return { serialNumber: device?.SerialNumber ?? "", seed };
    },
    enrol: async ({ serialNumber, seed }) => {
      const attempt = async (): Promise<number> => {
        const step = stepAt(clock.now());
        const codes = {
          AuthenticationCode1: totpCode(seed, step - 1),
          AuthenticationCode2: totpCode(seed, step),
        };
        await client.send(new EnableMFADeviceCommand({ UserName: name, SerialNumber: serialNumber, ...codes }));
        return step;
      };
      try {
        return await patiently(attempt);
      } catch (error) {
        if (!(error instanceof Error) || !/^InvalidAuthenticationCode/.test(error.name)) throw error;
        throw new Error(`${error.message} Codes go by the clock: is this machine's right?`, { cause: error });
      }
    },
    takeAway: async ({ serialNumber }) => {
      const command = new DeactivateMFADeviceCommand({ UserName: name, SerialNumber: serialNumber });
      await patiently(() => client.send(command));
    },
    move: async () => {
      await patiently(() => client.send(new UpdateUserCommand({ UserName: name, NewPath: newPath })));
    },
    rename: async () => {
      users = [name, newName];
      await patiently(() => client.send(new UpdateUserCommand({ UserName: name, NewUserName: newName })));
      users = [newName];
    },
    made: () => ({ users, devices }),
  };
}

/** 70 characters of all the kinds that an account's password policy may ask for. */
function newPassword(): string {
  return `${randomBytes(48).toString("base64url")}aA1!-x`;
}
