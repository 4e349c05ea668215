import type { Place } from "../../handler/told/entry";
import type { EventBus } from "../../handler/told/event-bus";

/** Where the tests' function is. */
export const PLACE: Place = {
  partition: "aws",
  accountId: "123456789012",
  region: "us-east-1",
  logGroup: "require-mfa-1a2b3c4",
};

/** A bus that takes every event and tells nobody, for tests of something else. */
export const QUIET_BUS: EventBus & { readonly place: Place } = { place: PLACE, putEvents: async () => [] };
