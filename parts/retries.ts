/** As long as EventBridge tries at most, and its default. */
const DAY_SECONDS = 24 * 60 * 60;

/** As often as EventBridge tries at most within that time, and its default: less and less often, not all at once. */
const ATTEMPTS = 185;

/**
 * How a rule's target is tried again: for as long as EventBridge does it, for the account's state decides and not the
 * event, so that a late one does no harm, and a lost one does.
 *
 * @param forSeconds how long it is tried at most, where it is of no use any longer: 60 to 86,400
 */
export function ruleRetries(forSeconds = DAY_SECONDS) {
  return { maximumEventAgeInSeconds: forSeconds, maximumRetryAttempts: ATTEMPTS };
}

/** How often and how long Lambda tries again to bring the handler an event, at AWS's defaults on purpose. */
export const HANDLER_RETRIES = {
  /** After one minute and after two more. */
  maximumRetryAttempts: 2,
  /** As long as an event is kept for a function that Lambda can't start, which is the most there is. */
  maximumEventAgeInSeconds: 6 * 60 * 60,
} as const;

/** How long a queue keeps what failed. The most there is: two weeks for somebody to come, see and feed it back. */
export const QUEUE_RETENTION_SECONDS = 14 * 24 * 60 * 60;
