/**
 * What the bundle puts in the place of `@smithy/core/event-streams`, which the SDK loads for calls that answer by a stream
 * of events: the first of its exports that the SDK calls. IAM has no such call, and it would take 19 kB of the bundle.
 *
 * @throws Error, for there is nothing here
 */
export function eventStreamSerdeProvider(): never {
  throw new Error("the handler makes no calls that answer by event streams");
}
