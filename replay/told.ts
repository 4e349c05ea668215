import type { Job } from "./jobs";
import type { ReadMessage } from "./read-message";

/** So much of what others wrote is shown of one thing. */
const MOST_CHARACTERS = 300;

/** What others wrote, fit for a terminal: one line without control characters, and no longer than it need be. */
export function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}

/** A job in one line, with its number. */
export function headingOf({ title, at }: Job, number: number): string {
  return `${String(number).padStart(3)}  ${plain(`${at}  ${title}`)}`;
}

/** A job with why it failed before, message by message. */
export function linesOf(job: Job, number: number): readonly string[] {
  const failures = job.settles.map(
    ({ message: { receivedBefore }, failure }) => `     ${plain(failure)}; ${received(receivedBefore)}`,
  );
  return [headingOf(job, number), ...failures];
}

/** The messages that can't be replayed, with why. */
export function unusableLines(messages: readonly ReadMessage[]): readonly string[] {
  return messages.flatMap((each) => {
    if (!("unusable" in each)) return [];
    const { message, unusable } = each;
    return [
      `  ?  ${message.sentAt}  message ${message.id} in ${message.queue.name} can't be replayed`,
      `     ${plain(unusable)}; ${received(message.receivedBefore)}`,
    ];
  });
}

/** «3 messages» */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function received(times: number): string {
  if (times === 0) return "not received before";
  return times === 1 ? "received once before" : `received ${times} times before`;
}
