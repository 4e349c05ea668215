import * as v from "valibot";

/** A request for a sweep, as the schedule, a deploy and a sweep's own next run put it to the handler. */
export const SweepEvent = v.strictObject({
  sweep: v.strictObject({
    /** Who asks: the schedule, or a deploy, which waits for the first run and is told where that falls short. */
    by: v.picklist(["schedule", "deploy"]),
    /** 1 for the first run; a sweep that runs out of time goes on by itself in the next. */
    run: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
    /** When the first run began, milliseconds since 1970; the first run itself has not been told. */
    firstRunAt: v.optional(v.number()),
  }),
});

/** What is written into a rule's target, a deploy's invocation and the call for the next run. */
export type SweepEvent = v.InferInput<typeof SweepEvent>;

/** The request as the handler reads it. */
export type SweepRequest = v.InferOutput<typeof SweepEvent>["sweep"];
