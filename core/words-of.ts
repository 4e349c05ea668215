/** What was thrown, in words fit for a log: an error's message, and anything else as text. */
export function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
