/** The value in the middle. NaN where there is none. */
export function median(values: readonly number[]): number {
  return medianBy(values, (value) => value) ?? Number.NaN;
}

/** What is in the middle by such a figure. Undefined where there is nothing. */
export function medianBy<T>(values: readonly T[], figureOf: (value: T) => number): T | undefined {
  return values.toSorted((one, other) => figureOf(one) - figureOf(other))[Math.floor(values.length / 2)];
}
