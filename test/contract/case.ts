import { type IAM, IAMServiceException } from "@aws-sdk/client-iam";
import type { Iam } from "../../handler/iam/iam";
import type { MoreOfIam } from "../../impact/more-of-iam";

/** One thing that IAM does, and AWS's page that says so. */
export interface Case {
  readonly title: string;
  readonly page: string;
  /** Is run in an account with nobody in it. Throws where it is not so. */
  readonly holds: (subject: Subject) => Promise<void>;
}

/** An IAM as a case meets it: by the SDK's calls, and by the program's ports over the same client. */
export interface Subject {
  readonly iam: IAM;
  readonly port: Iam;
  readonly more: MoreOfIam;
}

/** The page of an action in the IAM API Reference. */
export const api = (action: string) => `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${action}.html`;

/** A page of the IAM User Guide. */
export const guide = (page: string) => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;

export const QUOTAS = guide("reference_iam-quotas");

/** A policy that allows everything, and one that denies it. */
export const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
export const DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** How a call is refused, as the SDK tells it: `NoSuchEntityException 404`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof IAMServiceException) return `${error.name} ${error.$metadata.httpStatusCode}`;
    throw error;
  }
  return "nothing is refused";
}

/** An answer lacks what it must have. */
export class Missing extends Error {
  override readonly name = "Missing";
}

/** What an answer must have. Throws {@link Missing} where it has it not. */
export function had<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Missing(`the answer has no ${what}`);
  return value;
}

/** Makes a managed policy that allows everything; returns its ARN. */
export async function newPolicy(iam: IAM, PolicyName: string): Promise<string> {
  const { Policy } = await iam.createPolicy({ PolicyName, PolicyDocument: ALLOW_ALL });
  return had(Policy?.Arn, "Arn");
}
