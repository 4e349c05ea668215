import { guardsOfRules } from "../core/decide";
import type { GuardRequest } from "../core/guard-events";
import { brokenInWords, type GuardFault } from "../core/guard-state";
import { withShortLists } from "../core/lists";
import { metricsLine } from "./metrics-line";
import { causeInWords, logOf } from "./origin-log";
import type { Service } from "./service";
import type { News } from "./told/news";
import { tellAndCount } from "./told/tell";
import { confirm, findFaults, mendGuards, readGuard } from "./verify-guards";

/**
 * Looks at the guard that a call may have broken, by four calls, and again a minute later where something is wrong. A
 * guard under which nobody belongs is left to the sweep, which knows whether somebody is left in it.
 */
export async function respondToGuardEvent(request: GuardRequest, service: Service): Promise<void> {
  const { guard, call, origin, foreignGroup } = request;
  const { iam, rules, log, clock, functionName } = service;
  const told = logOf(call, origin, service);
  if (!guardsOfRules(rules).includes(guard)) {
    told({ level: "INFO", action: "ignored", guard, reason: `mode ${rules.mode} holds nobody in ${guard}` });
    return;
  }
  // The function may not look at other groups; that a deploy made this one shows by the function's instructions.
  const elsewhere: readonly GuardFault[] =
    foreignGroup === undefined ? [] : [{ guard, fault: "policy-elsewhere", what: foreignGroup }];
  const find = async () => [...(await findFaults([guard], (ref) => readGuard(iam, ref), service)), ...elsewhere];
  const look = await mendGuards(await find(), service);
  const broken = await confirm(look, find, service);
  if (broken.length + look.reattached.length === 0) {
    const isWell = look.suspected.length === 0;
    const reason = isWell ? "the guard is what was deployed" : "what seemed wrong was not so a minute later";
    told({ level: "INFO", action: "verified", guard, reason });
    return;
  }
  const cause = causeInWords(call, origin);
  const news: News[] = [];
  if (broken.length > 0) {
    const error = brokenInWords(broken);
    const faults = broken.map(({ fault, what }) => ({ fault, what }));
    const about = { action: "verified", finding: "guard-broken", guard, ...withShortLists({ faults }), error };
    const line = told({ level: "ERROR", ...about });
    news.push({ detailType: "Guard Broken", line, happened: `${error}. ${cause}` });
  }
  if (look.reattached.length > 0) {
    const message = `the policy of ${guard} was taken off its group, so that the group held nobody; it is attached again`;
    const line = told({ level: "WARN", action: "verified", finding: "guard-reattached", guard, message });
    news.push({ detailType: "Guard Reattached", line, happened: `${message}. ${cause}` });
  }
  const counts = { GuardBroken: broken.length, GuardReattached: look.reattached.length };
  log(metricsLine(counts, functionName, clock.now()));
  await tellAndCount(news, service);
}
