import * as v from "valibot";
import type { GuardRefs } from "../core/guards";
import type { CallParameters, IamAccount, IamAction } from "../fake-aws/iam/account";
import { totpCode } from "../fake-aws/totp";
import { ACCOUNT, type Population } from "./scenario";

/** A policy that allows everything. */
export const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

/** An authenticator app shows a code for so long. */
const CODE_MS = 30_000;

/** Where people are made. */
interface Peopled {
  readonly account: IamAccount;
  readonly guards: GuardRefs;
}

/** Creates one user of a population as root, with everything that the population has. */
export function createUserOf(
  { path = "/", has, groups = 0, policies = 0, heldBy }: Population,
  name: string,
  { account, guards }: Peopled,
  phone: Phone,
): void {
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
    account.call({ type: "Root" }, "CreateGroup", { GroupName: `${name}-${index}` });
    asRoot("AddUserToGroup", { GroupName: `${name}-${index}` });
  }
  for (let index = 1; index <= policies; index++) {
    const PolicyName = `${name}-${index}`;
    account.call({ type: "Root" }, "CreatePolicy", { PolicyName, PolicyDocument: EVERYTHING });
    asRoot("AttachUserPolicy", { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}` });
  }
  if (heldBy !== undefined) asRoot("AddUserToGroup", { GroupName: guards[heldBy].group });
}

/** An authenticator app: it learns a device's seed as the device is created and shows its codes. */
export interface Phone {
  scan(answer: unknown): void;
  codes(serialNumber: string): { readonly AuthenticationCode1: string; readonly AuthenticationCode2: string };
}

const NewDevice = v.object({
  VirtualMFADevice: v.object({ SerialNumber: v.string(), Base32StringSeed: v.instance(Uint8Array) }),
});

/** A phone with nothing on it, by the account's clock. */
export function newPhone(now: () => Date): Phone {
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
      const previous = new Date(now().getTime() - CODE_MS);
      return { AuthenticationCode1: totpCode(seed, previous), AuthenticationCode2: totpCode(seed, now()) };
    },
  };
}
