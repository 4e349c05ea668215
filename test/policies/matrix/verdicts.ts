import { type CompiledPolicies, inForce, inSession, type RequestContext } from "../../../policy-language/evaluator";
import type { Statement } from "../../../policy-language/grammar";
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
 * Puts every call to the policies. An answer hangs on the action only through the statements that concern it, and on the
 * session only through those that are in force and the user's name. So actions that the same statements concern are asked
 * on a resource once, for all of them, and sessions with the same statements in force are.
 */
export function asking(policies: CompiledPolicies, calls: readonly Call[]): Ask {
  const places = new Map(policies.statements.map((statement, index) => [statement, index]));
  const numbers = (statements: readonly Statement[]) => statements.map((statement) => places.get(statement)).join();
  const questions = questionsOf(policies, numbers, calls);
  const several = [...calls.entries()].filter(([, { resources }]) => resources.length > 1);
  const answers = new Map<string, Uint8Array>();

  const answer = (context: RequestContext): Uint8Array => {
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
  return (context) => {
    const key = `${context["aws:username"]} ${numbers(inForce(policies, context))}`;
    const known = answers.get(key) ?? answer(context);
    answers.set(key, known);
    return known;
  };
}

function questionsOf(
  policies: CompiledPolicies,
  numbers: (statements: readonly Statement[]) => string,
  calls: readonly Call[],
): readonly Question[] {
  const byStatements = new Map<string, Map<string, Question>>();
  calls.forEach(({ action, resources }, index) => {
    const key = numbers(policies.concerning(action));
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
