import type { CallParameters, CloudTrailRecord, Principal } from "../fake-aws/iam/account";
import { type Arns, arnsOf } from "../fake-aws/iam/arns";
import { cloudTrailRecord } from "../fake-aws/iam/cloudtrail";
import { Identifiers, identifierOf } from "../fake-aws/iam/identifiers";
import { findOperation } from "../fake-aws/iam/operations";
import { type Identity, identify } from "../fake-aws/iam/principal";
import { newState } from "../fake-aws/iam/state";
import type { Place } from "./deployment";
import { textsOf } from "./iam-elsewhere";

/** Makes the record that CloudTrail would of a call that has succeeded elsewhere, where there is no CloudTrail. */
type Recorder = (principal: Principal, action: string, parameters: CallParameters) => CloudTrailRecord;

/** Records by the account's clock, as the IAM in memory does but for what an answer tells. */
export function recorderOf({ partition, accountId }: Place, now: () => Date): Recorder {
  const arns = arnsOf(partition, accountId);
  const identifiers = new Identifiers(accountId);
  return (principal, action, parameters) =>
    cloudTrailRecord({
      action,
      caller: identityOf(principal, arns),
      at: now(),
      requestParameters: findOperation(action)?.recorded(parameters) ?? null,
      outcome: { result: {} },
      requestId: identifiers.uuid("request"),
      eventId: identifiers.uuid("event"),
      arns,
      accountAlias: undefined,
      rootHasDevice: true,
    });
}

/** Who calls, of a user without asking whether there is one: the other IAM has let the call through. */
function identityOf(principal: Principal, arns: Arns): Identity {
  if (principal.type !== "IAMUser") return identify(principal, newState(arns), arns);
  const { userName } = principal;
  const arn = arns.user("/", userName);
  return { principal, arn, principalArn: arn, principalId: identifierOf("AIDA", arn), userName };
}

/** What an answer tells of a new virtual device, in the form that the IAM in memory tells it in. */
export function newDeviceIn(xml: string): unknown {
  const [SerialNumber] = textsOf(xml, "SerialNumber");
  const [seed] = textsOf(xml, "Base32StringSeed");
  if (SerialNumber === undefined || seed === undefined) return {};
  return { VirtualMFADevice: { SerialNumber, Base32StringSeed: new Uint8Array(Buffer.from(seed, "base64")) } };
}
