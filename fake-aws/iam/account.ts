import type { Partition } from "../../core/partitions";
import { type Arns, arnsOf } from "./arns";
import { type CloudTrailRecord, cloudTrailRecord, type Outcome, type RecordedCall } from "./cloudtrail";
import { PASSKEY_ENROLMENT } from "./devices";
import { IamError, type IamErrorCode } from "./error";
import { Identifiers } from "./identifiers";
import type { Call, Operation } from "./operation";
import { findOperation, type IamAction, type ResultOf } from "./operations";
import type { CallParameters } from "./parameters";
import { type IamPolicyDocument, parsePolicyDocument, sizeOf } from "./policy-document";
import { type Identity, identify, type Principal, requestContext, unknownCredentials } from "./principal";
import { credentialReportCsv } from "./report-csv";
import { ReportStore } from "./report-store";
import { Sessions, type SessionToken, type TokenRequest } from "./sessions";
import {
  getPolicy,
  getUser,
  groupsOf,
  type IamState,
  newState,
  policiesAttachedTo,
  putUser,
  snapshotOf,
} from "./state";
import type { IamResult } from "./values";

export type { CloudTrailRecord } from "./cloudtrail";
export { IamError, type IamErrorCode } from "./error";
export type { IamAction } from "./operations";
export type { CallParameters } from "./parameters";
export type { IamPolicyDocument } from "./policy-document";
export type { Identity, Principal } from "./principal";
export type { SessionToken, TokenRequest } from "./sessions";
export type { IamResult } from "./values";

/** What a call needs permission for. */
export interface Authorization {
  readonly principal: Principal;
  /** With the service: `iam:EnableMFADevice`. */
  readonly action: string;
  /** A concrete ARN, or `*` for actions without resource types. */
  readonly resource: string;
  /** Condition keys that are present, by their names as AWS writes them. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** The policies by which a principal is to be judged. */
type PoliciesOf = (principal: Principal) => readonly IamPolicyDocument[];

/** What an account is made with. */
export interface IamAccountOptions {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: Partition;
  readonly now: () => Date;
  /**
   * Whether policies allow a request; everything is allowed, if left out. Root is never asked about. Of a user with a
   * permissions boundary it is asked twice, by the identity-based policies and by the boundary alone, and both must allow
   * it (IAM User Guide, "Permissions boundaries for IAM entities").
   */
  readonly authorize?: (request: Authorization, policiesOf: PoliciesOf) => boolean;
  /** Is told of every mutating call, after the call, in order. */
  readonly onRecord?: (record: CloudTrailRecord) => void;
  /** Cuts pages shorter than MaxItems allows, as IAM may. */
  readonly pageSize?: number;
  /** How many GetCredentialReport calls are told that a new report is in progress; 1 if left out. */
  readonly reportPolls?: number;
  /** Whether the credential report quotes fields that hold commas; it does not if left out. */
  readonly quoteReport?: boolean;
  /** Whether the root user has an MFA device, and signs in with it; it does if left out. */
  readonly rootHasDevice?: boolean;
  /** The account's alias, which records of root carry where an IAM user's name stands. */
  readonly accountAlias?: string;
  /** Whether a call fails before anything happens, beside {@link IamAccount.failNext}; asked once a call. */
  readonly refuse?: (call: Attempted) => IamErrorCode | undefined;
  /** How old the state is that a read shows, in milliseconds, at most {@link OLDEST_READ_MS}; asked once a read. */
  readonly ageOfRead?: (call: Attempted) => number;
}

/** A call that is about to be made. */
export interface Attempted {
  readonly principal: Principal;
  readonly action: string;
  /** As sent. */
  readonly parameters: CallParameters;
}

/** No read shows a state that is older. */
const OLDEST_READ_MS = 10_000;

const INLINE_POLICY_CHARACTERS_PER_ROLE = 10_240;

/** A call as the account remembers it. */
export interface LogEntry {
  readonly caller: Principal;
  readonly action: string;
  /** As sent, secrets included. */
  readonly parameters: CallParameters;
  /** Why it failed, if it did. */
  readonly errorCode?: IamErrorCode;
}

interface Request extends Attempted {
  readonly operation: Operation | undefined;
}

/** A call's answer; the id of the request is also in its CloudTrail record. */
export type Answer = Outcome & { readonly requestId: string };

/**
 * An AWS account's IAM in memory: it keeps state, is as strict as IAM, asks for permission, tells CloudTrail, logs every
 * call, and lets tests inject faults, lag and changes by others. Nothing in it is random: what is done twice reads the
 * same.
 */
export class IamAccount {
  readonly #options: IamAccountOptions;
  readonly #arns: Arns;
  readonly #state: IamState;
  readonly #identifiers: Identifiers;
  readonly #reports: ReportStore;
  readonly #sessions = new Sessions();
  readonly #rolePolicies = new Map<string, readonly IamPolicyDocument[]>();
  readonly #faults = new Map<string, IamErrorCode[]>();
  readonly #lags = new Map<string, { readonly state: IamState; reads: number }>();
  readonly #hooks = new Map<string, (() => void)[]>();
  /** The states that a read may still show, the oldest first, and since when they were. */
  #past: { readonly since: number; readonly state: IamState }[] = [];
  #log: LogEntry[] = [];

  constructor(options: IamAccountOptions) {
    this.#options = options;
    this.#arns = arnsOf(options.partition, options.accountId);
    this.#state = newState(this.#arns);
    this.#identifiers = new Identifiers(options.accountId);
    const { quoteReport = false, rootHasDevice = true } = options;
    const format = { accountCreated: options.now(), quote: quoteReport, rootHasDevice };
    this.#reports = new ReportStore(
      (state) => credentialReportCsv(state, this.#arns, format),
      options.reportPolls ?? 1,
    );
  }

  /** Every call in order of its answer. */
  get log(): readonly LogEntry[] {
    return this.#log;
  }

  /** Forgets the calls so far. */
  clearLog(): void {
    this.#log = [];
  }

  /**
   * Makes a call.
   *
   * @throws IamError where IAM refuses it.
   */
  call<A extends IamAction>(principal: Principal, action: A, parameters?: CallParameters): ResultOf<A>;
  call(principal: Principal, action: string, parameters?: CallParameters): IamResult;
  call(principal: Principal, action: string, parameters: CallParameters = {}): IamResult {
    return resultOf(this.answer(principal, action, parameters));
  }

  /** Makes a call and answers, be it with a refusal: what a server sends back. */
  answer(principal: Principal, action: string, parameters: CallParameters): Answer {
    return this.#answer({ principal, action, parameters, operation: findOperation(action) });
  }

  /**
   * Who calls with a key: a user's own access key, for as long as it is there, or a session that GetSessionToken gave, for
   * as long as its user is there and it has not expired. Undefined for any other key.
   */
  identityOfKey(accessKeyId: string): Identity | undefined {
    const at = this.#options.now();
    const principal = this.#sessions.principalOf(accessKeyId, this.#state, at);
    return principal === undefined ? undefined : identify(principal, this.#state, this.#arns);
  }

  /**
   * STS's GetSessionToken, for which nobody needs a permission (STS API Reference).
   *
   * @throws IamError AccessDenied where the caller has no long-term key, or the code is wrong or used; ValidationError
   */
  getSessionToken(caller: Principal, request: TokenRequest): SessionToken {
    return this.#sessions.open(caller, request, this.#state, this.#identifiers, this.#options.now());
  }

  /**
   * Whether a principal may do what is no call of IAM's here, by the same policies and in the same context.
   *
   * @param action of any service: `s3:ListAllMyBuckets`
   * @param resource a concrete ARN, or `*` for actions without resource types
   * @param context condition keys of the service's own, beside the global ones
   * @throws IamError InvalidClientTokenId for a user who does not exist.
   */
  allows(principal: Principal, action: string, resource: string, context?: Authorization["context"]): boolean {
    return this.#isAllowed(identify(principal, this.#state, this.#arns), action, resource, context);
  }

  /**
   * The documents that apply to a principal: of a user the managed policies attached to it and to its groups, each by its
   * default version, and its own and its groups' inline policies; of a role those that it was given by {@link putRole}. Root has none and needs none.
   */
  identityPoliciesOf(principal: Principal): readonly IamPolicyDocument[] {
    switch (principal.type) {
      case "Root":
        return [];
      case "AssumedRole":
        return this.#rolePolicies.get(principal.roleArn) ?? [];
      case "IAMUser": {
        const user = getUser(this.#state, principal.userName);
        const holders = [user, ...groupsOf(this.#state, user)];
        const managed = holders.flatMap((holder) => policiesAttachedTo(this.#state, holder));
        const inline = holders.flatMap((holder) => [...holder.inlinePolicies.values()]);
        return [...managed.map(({ defaultVersion }) => defaultVersion), ...inline].map(({ document }) => document);
      }
    }
  }

  /**
   * Gives a role its inline policies, in the place of those that it had: documents as JSON, as PutRolePolicy takes them.
   *
   * @throws IamError MalformedPolicyDocument, or LimitExceeded beyond 10,240 characters in all.
   */
  putRole(roleArn: string, inlinePolicies: readonly string[]): void {
    const documents = inlinePolicies.map(parsePolicyDocument);
    if (sizeOf(inlinePolicies.join("")) > INLINE_POLICY_CHARACTERS_PER_ROLE) {
      const limit = INLINE_POLICY_CHARACTERS_PER_ROLE;
      throw new IamError("LimitExceeded", `Maximum policy size of ${limit} bytes exceeded for role ${roleArn}`);
    }
    this.#rolePolicies.set(roleArn, documents);
  }

  /**
   * Lets a user enrol a passkey in the console, which no API call does: two records of EnableMFADevice, the first of
   * them before the device is there. Who has a device is taken to have signed in with it. Returns the serial number.
   *
   * @throws IamError as EnableMFADevice does.
   */
  enrolPasskey(userName: string, deviceName = "passkey"): string {
    const { name, devices } = getUser(this.#state, userName);
    const principal: Principal = { type: "IAMUser", userName: name, mfa: devices.length > 0 };
    const serialNumber = this.#arns.passkey(name, deviceName, this.#identifiers.deviceId());
    const parameters = { UserName: name, SerialNumber: serialNumber };
    for (const operation of PASSKEY_ENROLMENT) {
      resultOf(this.#answer({ principal, action: "EnableMFADevice", parameters, operation }));
    }
    return serialNumber;
  }

  /**
   * Lets a user's first access key sign a call to a service, of which the next credential report tells.
   *
   * @throws IamError NoSuchEntity where there is no such user, or no key.
   */
  useAccessKey(userName: string, service: string, region = "us-east-1"): void {
    const user = getUser(this.#state, userName);
    const [key, ...others] = user.accessKeys;
    if (key === undefined) throw new IamError("NoSuchEntity", `${userName} has no access key.`);
    const lastUsed = { at: this.#options.now(), service, region };
    putUser(this.#state, { ...user, accessKeys: [{ ...key, lastUsed }, ...others] });
  }

  /** Makes the next calls of an action fail before anything happens. */
  failNext(action: IamAction, code: IamErrorCode, times = 1): void {
    const faults = this.#faults.get(action) ?? [];
    this.#faults.set(action, [...faults, ...Array<IamErrorCode>(times).fill(code)]);
  }

  /** Makes the next `reads` calls of a reading action answer from the state as it is now, whatever happens until then. */
  lag(action: IamAction, reads: number): void {
    if (findOperation(action)?.access !== "read") throw new TypeError(`${action} does not read`);
    this.#lags.set(action, { state: snapshotOf(this.#state), reads });
  }

  /** Calls back once, just before the next call of an action, so that somebody else changes something during a run. */
  before(action: IamAction, callback: () => void): void {
    this.#hooks.set(action, [...(this.#hooks.get(action) ?? []), callback]);
  }

  #answer(request: Request): Answer {
    const { principal, action, parameters, operation } = request;
    this.#runHooks(action);
    const at = this.#options.now();
    const requestId = this.#identifiers.uuid("request");
    const caller = attempt(() => {
      // Sessions without MFA call no API of IAM (STS API Reference, GetSessionToken), which takes them for unknown keys
      // (99designs/aws-vault#15).
      if (principal.type === "IAMUser" && principal.byToken && principal.mfa !== true) throw unknownCredentials();
      return identify(principal, this.#state, this.#arns);
    });
    const outcome = "error" in caller ? caller : attempt(() => this.#perform(request, caller.result, at));
    const errorCode = "error" in outcome ? outcome.error.code : undefined;
    if (errorCode === undefined && operation?.access === "write") this.#keepForReads(at);
    this.#log.push({ caller: principal, action, parameters, ...(errorCode !== undefined && { errorCode }) });
    if ("result" in caller && operation?.access === "write") {
      const requestParameters = operation.recorded(parameters);
      this.#tell({ action, caller: caller.result, at, requestParameters, outcome, requestId });
    }
    return { requestId, ...outcome };
  }

  #perform(request: Request, caller: Identity, at: Date): IamResult {
    const { action, parameters, operation } = request;
    const fault = this.#faults.get(action)?.shift() ?? this.#options.refuse?.(request);
    if (fault !== undefined) throw new IamError(fault, `Injected fault: ${fault}`);
    if (operation === undefined) {
      throw new IamError("InvalidAction", `Could not find operation ${action} for version 2010-05-08`);
    }
    const bound = operation.bind(parameters);
    const call: Call = {
      action,
      caller,
      state: this.#stateFor(request, at),
      at,
      arns: this.#arns,
      identifiers: this.#identifiers,
      reports: this.#reports,
      pageSize: this.#options.pageSize ?? Number.POSITIVE_INFINITY,
    };
    const context = bound.context(call);
    for (const resource of bound.resources(call)) {
      if (!this.#isAllowed(caller, `iam:${action}`, resource, context)) throw denial(caller, action, resource);
    }
    return bound.run(call);
  }

  #isAllowed(caller: Identity, action: string, resource: string, context: Authorization["context"] = {}): boolean {
    const { authorize, accountId } = this.#options;
    const { principal } = caller;
    if (authorize === undefined || principal.type === "Root") return true;
    const request = { principal, action, resource, context: { ...requestContext(caller, accountId), ...context } };
    if (!authorize(request, (other) => this.identityPoliciesOf(other))) return false;
    const boundary = this.#boundaryOf(caller);
    return boundary === undefined || authorize(request, () => [boundary]);
  }

  /** The document that limits what a user may do. */
  #boundaryOf({ userName }: Identity): IamPolicyDocument | undefined {
    const { boundary } = userName === undefined ? {} : getUser(this.#state, userName);
    return boundary === undefined ? undefined : getPolicy(this.#state, boundary).defaultVersion.document;
  }

  #stateFor(request: Request, at: Date): IamState {
    const lag = this.#lags.get(request.action);
    if (lag === undefined || lag.reads === 0) return this.#stateOfAge(request, at);
    lag.reads--;
    return lag.state;
  }

  #stateOfAge(request: Request, at: Date): IamState {
    if (request.operation?.access !== "read") return this.#state;
    const age = this.#options.ageOfRead?.(request) ?? 0;
    if (age === 0) return this.#state;
    const moment = at.getTime() - age;
    return (this.#past.findLast(({ since }) => since <= moment) ?? this.#past[0])?.state ?? this.#state;
  }

  /** Keeps the state as a call leaves it, where reads may be old, and forgets those that no read may show any more. */
  #keepForReads(at: Date): void {
    if (this.#options.ageOfRead === undefined) return;
    const oldest = at.getTime() - OLDEST_READ_MS;
    const first = this.#past.findLastIndex(({ since }) => since <= oldest);
    this.#past = [...this.#past.slice(Math.max(first, 0)), { since: at.getTime(), state: snapshotOf(this.#state) }];
  }

  #runHooks(action: string): void {
    const hooks = this.#hooks.get(action) ?? [];
    this.#hooks.delete(action);
    for (const hook of hooks) hook();
  }

  #tell(call: Omit<RecordedCall, "eventId" | "arns" | "accountAlias" | "rootHasDevice">): void {
    const eventId = this.#identifiers.uuid("event");
    const { onRecord, accountAlias, rootHasDevice = true } = this.#options;
    onRecord?.(cloudTrailRecord({ ...call, eventId, arns: this.#arns, accountAlias, rootHasDevice }));
  }
}

function denial({ arn }: Identity, action: string, resource: string): IamError {
  const message = `User: ${arn} is not authorized to perform: iam:${action} on resource: ${resource}`;
  return new IamError("AccessDenied", message);
}

function resultOf(outcome: Outcome): IamResult {
  if ("error" in outcome) throw outcome.error;
  return outcome.result;
}

/** What a part of a call comes to; what is no refusal of IAM's is a fault of ours, and passes. */
function attempt<R>(part: () => R): { readonly result: R } | { readonly error: IamError } {
  try {
    return { result: part() };
  } catch (error) {
    if (error instanceof IamError) return { error };
    throw error;
  }
}
