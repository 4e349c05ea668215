/** What a promise comes to, if it does so within so many seconds; Error where it takes longer. */
export async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const tooLong = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`it took longer than ${seconds} seconds`)), seconds * 1000);
    waiting.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    waiting.abort();
  }
}
