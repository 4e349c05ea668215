import { IAM, IAMServiceException } from "@aws-sdk/client-iam";
import { AssertionError } from "chai";
import { awsIam } from "../../handler/iam/aws-iam";
import { moreOfIam } from "../../impact/more-of-iam";
import { DETAILS_CASES } from "./authorization-details";
import { type Case, Missing, type Subject } from "./case";
import { ACCESS_KEY_CASES, LOGIN_PROFILE_CASES, SERVICE_CREDENTIAL_CASES } from "./credentials";
import { DEVICE_CASES } from "./devices";
import { GROUP_CASES } from "./groups";
import { INLINE_POLICY_CASES } from "./inline-policies";
import { PAGE_CASES } from "./pages";
import { POLICY_CASES, POLICY_VERSION_CASES } from "./policies";
import { PORT_CASES } from "./port";
import { REPORT_CASES } from "./report";
import { SUMMARY_CASES } from "./summary";
import { USER_CASES } from "./users";

/** Who signs the calls, as whoever may make them all. */
export const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** Where IAMs come from, one at a time. */
export interface Iams {
  /** The URL of an IAM of an account with nobody in it. The one before is gone. */
  fresh(): Promise<string>;
  close(): Promise<void>;
}

/** What an IAM is known not to do: the case's group and title, and what its failure says instead, or a part of it. */
export type KnownFaults = Readonly<Record<string, string>>;

const CASES: Readonly<Record<string, readonly Case[]>> = {
  users: USER_CASES,
  passwords: LOGIN_PROFILE_CASES,
  "access keys": ACCESS_KEY_CASES,
  "credentials for one service": SERVICE_CREDENTIAL_CASES,
  "MFA devices": DEVICE_CASES,
  groups: GROUP_CASES,
  "managed policies": POLICY_CASES,
  "versions of policies": POLICY_VERSION_CASES,
  "inline policies": INLINE_POLICY_CASES,
  pages: PAGE_CASES,
  "the account's details": DETAILS_CASES,
  "the account's summary": SUMMARY_CASES,
  "the credential report": REPORT_CASES,
  "the program's ports": PORT_CASES,
};

/**
 * Registers a test for each thing that IAM does by AWS's documentation and this program relies on, as far as calls can
 * tell. A fault that is known must be there, and as it is told, so that the list of them shrinks with the faults.
 */
export function keepsTheContract(iams: Iams, known: KnownFaults = {}): void {
  let subject: Subject;

  beforeEach(async () => {
    subject = subjectAt(await iams.fresh());
  });
  after(() => iams.close());

  for (const [group, cases] of Object.entries(CASES)) {
    describe(group, () => {
      for (const each of cases) {
        const instead = known[`${group}: ${each.title}`];
        if (instead === undefined) it(each.title, () => each.holds(subject));
        else it(`known not to: ${each.title} («${instead}»; ${each.page})`, () => isStillSo(each, instead, subject));
      }
    });
  }

  it("lists no fault of a case that does not exist", () => {
    const titles = new Set(
      Object.entries(CASES).flatMap(([group, cases]) => cases.map(({ title }) => `${group}: ${title}`)),
    );
    const strays = Object.keys(known).filter((title) => !titles.has(title));
    if (strays.length > 0) throw new Error(`there is no case ${strays.join("; ")}`);
  });
}

/** Throws where a known fault has gone, or is another one now. */
async function isStillSo({ holds, page }: Case, instead: string, subject: Subject): Promise<void> {
  const said = await holds(subject).then(() => undefined, faultIn);
  if (said === undefined) throw new Error("it does so now: take the case out of the list of known faults");
  if (!said.includes(instead)) throw new Error(`known is «${instead}», and now it is «${said}». AWS's page: ${page}`);
}

/** What a failure says of the IAM. Throws the failure where it says nothing of it, such as that nobody listens. */
function faultIn(failure: unknown): string {
  if (failure instanceof IAMServiceException) return `${failure.name} ${failure.$metadata.httpStatusCode}`;
  if (failure instanceof AssertionError || failure instanceof Missing) return failure.message;
  // It answered, and not as IAM does: the SDK keeps what it could not read.
  if (failure instanceof Error && "$response" in failure) return "no answer of IAM's";
  throw failure;
}

function subjectAt(url: string): Subject {
  const iam = clientOf(url);
  // The port has quotas told by its own errors, by whatever call of its client.
  return { iam, port: awsIam(clientOf(url), async () => undefined), more: moreOfIam(iam) };
}

function clientOf(url: string): IAM {
  return new IAM({
    endpoint: url,
    region: "us-east-1",
    // The SDK takes LimitExceeded for throttling, and would ask three times.
    maxAttempts: 1,
    credentials: CREDENTIALS,
  });
}
