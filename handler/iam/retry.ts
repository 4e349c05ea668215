/**
 * Tries something again, after one pause after the other, for as long as it fails in a way that passes.
 *
 * @param pauses seconds before each further attempt
 * @throws what the last attempt threw, or the first failure that does not pass
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  passes: (error: unknown) => boolean,
  pauses: readonly number[],
  pause: (seconds: number) => Promise<void>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const [seconds, ...later] = pauses;
    if (seconds === undefined || !passes(error)) throw error;
    await pause(seconds);
    return retrying(attempt, passes, later, pause);
  }
}
