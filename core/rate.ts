const SECONDS = { minute: 60, hour: 3_600, day: 86_400 } as const;

/**
 * The seconds of a rate as EventBridge writes it, `rate(1 hour)` or `rate(15 minutes)`, the unit in the singular for 1
 * only; NaN for any other text (EventBridge User Guide, "Rate expressions").
 */
export function secondsOfRate(rate: string): number {
  const [, count, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(rate) ?? [];
  if (unit !== "minute" && unit !== "hour" && unit !== "day") return Number.NaN;
  return (count === "1") === (plural === "") ? Number(count) * SECONDS[unit] : Number.NaN;
}
