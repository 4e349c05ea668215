/** A value in an answer; a Uint8Array is a blob, which XML carries in base64. */
export type IamValue =
  | string
  | number
  | boolean
  | Date
  | Uint8Array
  | ReadonlyMap<string, number>
  | readonly IamValue[]
  | IamResult;

/** The answer to a call, its members named as in the API Reference. */
export interface IamResult {
  readonly [member: string]: IamValue | undefined;
}

/** Array.isArray does not tell a readonly list from the rest of a union. */
export function isList(value: IamValue): value is readonly IamValue[] {
  return Array.isArray(value);
}

/** Likewise of a map. */
export function isMap(value: IamValue): value is ReadonlyMap<string, number> {
  return value instanceof Map;
}

/** A moment as IAM's XML and CloudTrail's records write it: ISO 8601 in UTC, to the second. */
export function isoSeconds(at: Date): string {
  return `${at.toISOString().slice(0, -".000Z".length)}Z`;
}

/** The name of a member as CloudTrail's records and IAM's messages spell it: `userName`, `virtualMFADeviceName`. */
export function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
