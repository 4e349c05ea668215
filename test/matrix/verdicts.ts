import { type CompiledPolicies, inSession, type RequestContext } from "../../policy-language/evaluator";
import type { Call } from "./calls";

/** A request, and the calls of which it is a part. */
interface Question {
  readonly action: string;
  readonly resource: string;
  readonly calls: number[];
}

export const SHUT = 0;
export const OPEN = 1;
/** Open on some of the ARNs that stand for one kind of resource, and shut on others. */
const PARTLY = 2;

/** Says of each call whether it is {@link OPEN}, {@link SHUT} or {@link PARTLY} open in a session. */
export type Ask = (context: RequestContext) => Uint8Array;

/**
 * Puts every call to the policies. An answer hangs on the action only through the statements that concern it, which no
 * session changes; so actions that the same statements concern are asked on a resource once, for all of them.
 */
export function asking(policies: CompiledPolicies, calls: readonly Call[]): Ask {
  const questions = questionsOf(policies, calls);
  const several = [...calls.entries()].filter(([, { resources }]) => resources.length > 1);
  return (context) => {
    const ask = inSession(policies, context);
    const open = new Uint8Array(calls.length);
    for (const { action, resource, calls: answered } of questions) {
      if (!ask({ action, resource }).allowed) continue;
      for (const index of answered) open[index] = (open[index] ?? 0) + 1;
    }
    for (const [index, { resources }] of several) {
      if (open[index] !== SHUT) open[index] = open[index] === resources.length ? OPEN : PARTLY;
    }
    return open;
  };
}

function questionsOf(policies: CompiledPolicies, calls: readonly Call[]): readonly Question[] {
  const places = new Map(policies.statements.map((statement, index) => [statement, index]));
  const byStatements = new Map<string, Map<string, Question>>();
  calls.forEach(({ action, resources }, index) => {
    const concerning = policies.concerning(action).map((statement) => places.get(statement));
    const key = concerning.join();
    const byResource = byStatements.get(key) ?? new Map<string, Question>();
    byStatements.set(key, byResource);
    for (const resource of resources) {
      const question = byResource.get(resource);
      if (question === undefined) byResource.set(resource, { action, resource, calls: [index] });
      else question.calls.push(index);
    }
  });
  return [...byStatements.values()].flatMap((byResource) => [...byResource.values()]);
}
