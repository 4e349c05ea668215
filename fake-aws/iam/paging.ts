import type { Call } from "./operation";
import { defaulted, invalid, MARKER, MAX_ITEMS, optional } from "./parameters";

/** The parameters of every operation that lists. */
export const PAGING = { Marker: optional(MARKER), MaxItems: defaulted(MAX_ITEMS, "100") };

/** One page of a list; there is a Marker if there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * The page that a call asks for, sorted by key. A marker names the last item seen, not a number of items, so that
 * nothing is skipped where items go while somebody pages. It is bound to its operation.
 *
 * @throws IamError ValidationError for a marker that is none of ours.
 */
export function pageOf<T>(
  { action, pageSize }: Call,
  all: readonly T[],
  keyOf: (item: T) => string,
  { Marker, MaxItems }: { readonly Marker: string | undefined; readonly MaxItems: number },
): Page<T> {
  const after = Marker === undefined ? undefined : readMarker(action, Marker);
  const rest = all
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const page = rest.slice(0, Math.min(MaxItems, pageSize));
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    paging:
      last === undefined || page.length === rest.length
        ? { IsTruncated: false }
        : { IsTruncated: true, Marker: Buffer.from(`${action}/${last.key}`).toString("base64url") },
  };
}

function readMarker(action: string, marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  const isOurs = text.startsWith(`${action}/`) && Buffer.from(text).toString("base64url") === marker;
  if (!isOurs) throw invalid("Invalid Marker.");
  return text.slice(action.length + 1);
}
