import { Sha256Node } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { CallParameters } from "../fake-aws/iam/account";
import { ACCOUNT } from "./scenario";

/** An IAM that is neither AWS's nor the one in memory, such as moto's, whose callers are all the same to it. */
export interface IamElsewhere {
  /** `http://127.0.0.1:5000` */
  readonly url: string;
  /**
   * Makes a call and returns the XML of its answer.
   *
   * @throws RefusedElsewhere where it is refused; Error where nobody answers
   */
  call(action: string, parameters?: CallParameters): Promise<string>;
}

/** The other IAM refused a call, or does not know it. */
class RefusedElsewhere extends Error {
  override readonly name = "RefusedElsewhere";

  /** @param code as its XML spells it; empty where it answered with no XML of IAM's */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Who signs the calls of the story and of the handler, for an IAM that takes any key. Some read the account off a key of
 * twelve digits. They are nobody's credentials: those of whoever rehearses are never looked for.
 */
export const CREDENTIALS_ELSEWHERE = { accessKeyId: ACCOUNT, secretAccessKey: "of-no-use-but-here" };

/** The IAM at a URL, by AWS's Query protocol. */
export function iamAt(url: string): IamElsewhere {
  const { protocol, hostname, host } = new URL(url);
  const signer = new SignatureV4({
    credentials: CREDENTIALS_ELSEWHERE,
    region: "us-east-1",
    service: "iam",
    sha256: Sha256Node,
  });
  return {
    url,
    call: async (action, parameters = {}) => {
      const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }).toString();
      const headers = { host, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
      const signed = await signer.sign({ method: "POST", protocol, hostname, path: "/", query: {}, headers, body });
      const answer = await fetch(url, { method: "POST", headers: signed.headers, body }).catch((error: unknown) => {
        throw new Error(`no IAM answers at ${url}`, { cause: error });
      });
      const xml = await answer.text();
      if (answer.ok) return xml;
      const [code = ""] = textsOf(xml, "Code");
      const [message = `an answer of status ${answer.status}`] = textsOf(xml, "Message");
      throw new RefusedElsewhere(code, `${action} is refused by the IAM at ${url}: ${code} ${message}`);
    },
  };
}

/** The texts of all elements of a name in an answer; names, ARNs and codes hold nothing that XML would escape. */
export function textsOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].flatMap(([, text]) => text ?? []);
}

/** What the other IAM has that the story asks for. */
export interface Abilities {
  /** Whether it refuses an eleventh group of one user. */
  readonly quotas: boolean;
  /** Whether it has the managed policies that AWS has. */
  readonly managedPolicies: boolean;
}

const ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess";
const PROBE = "require-mfa-rehearsal-probe";
const GROUPS_PER_USER = 10;

/**
 * Finds out what an IAM can do, by a user and groups that are gone afterwards.
 *
 * @throws Error where the account has anybody or anything in it, or is another than the story's
 */
export async function probe(iam: IamElsewhere): Promise<Abilities> {
  const there = [
    ...textsOf(await iam.call("ListUsers"), "UserName"),
    ...textsOf(await iam.call("ListGroups"), "GroupName"),
    ...textsOf(await iam.call("ListPolicies", { Scope: "Local" }), "PolicyName"),
  ];
  if (there.length > 0) {
    const some = there.slice(0, 3).join(", ");
    throw new Error(
      `the account at ${iam.url} has users, groups or policies in it (${some}${there.length > 3 ? ", …" : ""}), and the rehearsal plays in an empty one, which it leaves empty`,
    );
  }
  try {
    const [arn = ""] = textsOf(await iam.call("CreateUser", { UserName: PROBE }), "Arn");
    if (arn !== `arn:aws:iam::${ACCOUNT}:user/${PROBE}`) {
      throw new Error(`the account at ${iam.url} is that of ${arn}, and the story is written for ${ACCOUNT}`);
    }
    for (let number = 0; number < GROUPS_PER_USER; number++) await joinGroup(iam, number);
    return {
      quotas: await isRefused(joinGroup(iam, GROUPS_PER_USER), "LimitExceeded"),
      managedPolicies: !(await isRefused(iam.call("GetPolicy", { PolicyArn: ADMINISTRATOR_ACCESS }), "NoSuchEntity")),
    };
  } finally {
    await empty(iam);
  }
}

async function joinGroup(iam: IamElsewhere, number: number): Promise<void> {
  const GroupName = `${PROBE}-${number}`;
  await iam.call("CreateGroup", { GroupName });
  await iam.call("AddUserToGroup", { GroupName, UserName: PROBE });
}

async function isRefused(call: Promise<unknown>, code: string): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (error instanceof RefusedElsewhere && error.code === code) return true;
    throw error;
  }
}

/** As many as a page may hold; a rehearsal makes fewer of anything. */
const ALL = { MaxItems: "1000" };

/** Deletes everything that a rehearsal makes, in the order that IAM asks for (API Reference, DeleteUser, DeletePolicy). */
export async function empty(iam: IamElsewhere): Promise<void> {
  const list = async (action: string, element: string, parameters: CallParameters = {}) =>
    textsOf(await iam.call(action, { ...parameters, ...ALL }), element);
  for (const UserName of await list("ListUsers", "UserName")) {
    const user = { UserName };
    await isRefused(iam.call("DeleteLoginProfile", user), "NoSuchEntity");
    for (const AccessKeyId of await list("ListAccessKeys", "AccessKeyId", user)) {
      await iam.call("DeleteAccessKey", { ...user, AccessKeyId });
    }
    for (const SerialNumber of await list("ListMFADevices", "SerialNumber", user)) {
      await iam.call("DeactivateMFADevice", { ...user, SerialNumber });
    }
    for (const GroupName of await list("ListGroupsForUser", "GroupName", user)) {
      await iam.call("RemoveUserFromGroup", { ...user, GroupName });
    }
    for (const PolicyArn of await list("ListAttachedUserPolicies", "PolicyArn", user)) {
      await iam.call("DetachUserPolicy", { ...user, PolicyArn });
    }
    await iam.call("DeleteUser", user);
  }
  for (const SerialNumber of await list("ListVirtualMFADevices", "SerialNumber")) {
    await iam.call("DeleteVirtualMFADevice", { SerialNumber });
  }
  for (const GroupName of await list("ListGroups", "GroupName")) {
    for (const PolicyArn of await list("ListAttachedGroupPolicies", "PolicyArn", { GroupName })) {
      await iam.call("DetachGroupPolicy", { GroupName, PolicyArn });
    }
    await iam.call("DeleteGroup", { GroupName });
  }
  for (const PolicyArn of await list("ListPolicies", "Arn", { Scope: "Local" })) {
    const xml = await iam.call("ListPolicyVersions", { PolicyArn, ...ALL });
    const [inForce] = textsOf(await iam.call("GetPolicy", { PolicyArn }), "DefaultVersionId");
    for (const VersionId of textsOf(xml, "VersionId").filter((id) => id !== inForce)) {
      await iam.call("DeletePolicyVersion", { PolicyArn, VersionId });
    }
    await iam.call("DeletePolicy", { PolicyArn });
  }
}
