/**
 * The one of these words that was given.
 *
 * @param what they are: "mode"
 * @throws Error that says what was given and what there is
 */
export function oneOf<T extends string>(allowed: readonly T[], given: string, what: string): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) {
    throw new Error(`${JSON.stringify(given)} is no ${what}; there are ${allowed.join(", ")}`);
  }
  return found;
}
