import type { Deadline } from "../../core/due";
import { DEFAULT_SETTINGS, type Rules } from "../../core/settings";
import { virtualClock } from "../../fake-aws/virtual-clock";
import { virtualIam } from "../../fake-aws/virtual-iam";
import type { HandlerContext } from "../../handler/reconcile";
import { GUARDS } from "./guards";

/** What the handler works with, over an account without users, at a moment that stands. */
export function handlerContext(settings: Partial<Rules & Deadline> = {}, now = "2026-11-20T09:00:00Z"): HandlerContext {
  const clock = virtualClock(new Date(now));
  return {
    iam: virtualIam(clock, []),
    clock,
    guards: GUARDS,
    rules: { ...DEFAULT_SETTINGS, ...settings },
    dryRun: false,
    deadline: { ...DEFAULT_SETTINGS, ...settings },
  };
}
