/** IAM's error codes as its XML spells them, with their HTTP status (API Reference, "Common errors" and each action's). */
const STATUS = {
  AccessDenied: 403,
  ConcurrentModification: 409,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  EntityTemporarilyUnmodifiable: 409,
  InvalidAction: 400,
  InvalidAuthenticationCode: 403,
  InvalidClientTokenId: 403,
  InvalidUserType: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  ReportExpired: 410,
  ReportInProgress: 404,
  ReportNotPresent: 410,
  ServiceFailure: 500,
  Throttling: 400,
  ValidationError: 400,
} as const;

/** An error code, without the suffix that SDKs and CloudTrail give it: `NoSuchEntity`. */
export type IamErrorCode = keyof typeof STATUS;

/** A call that IAM refused. */
export class IamError extends Error {
  override readonly name = "IamError";
  /** The HTTP status that goes with the code. */
  readonly status: number;

  constructor(
    readonly code: IamErrorCode,
    message: string,
  ) {
    super(message);
    this.status = STATUS[code];
  }
}

/** The refusal of a quota, in IAM's words: `quota("GroupsPerUser", 10)`. */
export function quota(name: string, limit: number): IamError {
  return new IamError("LimitExceeded", `Cannot exceed quota for ${name}: ${limit}`);
}
