/** Time, as far as this program depends on it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits so many seconds. */
  pause(seconds: number): Promise<void>;
}
