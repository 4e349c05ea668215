import { closest, distance } from "fastest-levenshtein";

/** The candidate that the text was probably meant to be, if it is within so many slips (a third of it, two at least). */
export function resembling(
  text: string,
  candidates: readonly string[],
  slips = Math.max(2, Math.floor(text.length / 3)),
): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const nearest = closest(bare(text), candidates.map(bare));
  return distance(bare(text), nearest) > slips ? undefined : candidates.find((each) => bare(each) === nearest);
}
