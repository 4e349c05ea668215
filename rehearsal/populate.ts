import * as v from "valibot";
import type { GuardRefs } from "../core/guards";
import type { CallParameters, IamAccount, IamAction } from "../fake-aws/iam/account";
import { totpCode } from "../fake-aws/totp";
import { ACCOUNT, type Call, type Population } from "./scenario";

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
export function createUserOf(population: Population, name: string, { account, guards }: Peopled, phone: Phone): void {
  for (const call of callsThatMake(population, name, guards)) {
    if (call === "enrols a passkey") account.enrolPasskey(name);
    else phone.scan(account.call({ type: "Root" }, call.action, withCodes(call, phone)));
  }
}

/** The calls that make one user of a population, and what a browser does between them. */
export function* callsThatMake(
  { path = "/", has, groups = 0, policies = 0, heldBy }: Population,
  name: string,
  guards: GuardRefs,
): Generator<Call | "enrols a passkey"> {
  const ofUser = (action: IamAction, parameters: CallParameters): Call => {
    return { action, parameters: { UserName: name, ...parameters } };
  };
  yield ofUser("CreateUser", { Path: path });
  for (const each of has) {
    switch (each) {
      case "a password":
        yield ofUser("CreateLoginProfile", { Password: "correct-horse-battery" });
        break;
      case "an access key":
        yield ofUser("CreateAccessKey", {});
        break;
      case "a passkey":
        // Who enrols one must be allowed to; AWS has no call by which root could do it for them.
        yield ofUser("AttachUserPolicy", { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
        yield "enrols a passkey";
        break;
      case "an app": {
        const device = `arn:aws:iam::${ACCOUNT}:mfa/${name}`;
        yield { action: "CreateVirtualMFADevice", parameters: { VirtualMFADeviceName: name } };
        yield { ...ofUser("EnableMFADevice", { SerialNumber: device }), codesOf: device };
        break;
      }
    }
  }
  for (let index = 1; index <= groups; index++) {
    yield { action: "CreateGroup", parameters: { GroupName: `${name}-${index}` } };
    yield ofUser("AddUserToGroup", { GroupName: `${name}-${index}` });
  }
  for (let index = 1; index <= policies; index++) {
    const PolicyName = `${name}-${index}`;
    yield { action: "CreatePolicy", parameters: { PolicyName, PolicyDocument: EVERYTHING } };
    yield ofUser("AttachUserPolicy", { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}` });
  }
  if (heldBy !== undefined) yield ofUser("AddUserToGroup", { GroupName: guards[heldBy].group });
}

/** A call's parameters, with the codes that it needs. */
export function withCodes({ parameters, codesOf }: Call, phone: Phone): CallParameters {
  return codesOf === undefined ? parameters : { ...parameters, ...phone.codes(codesOf) };
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
