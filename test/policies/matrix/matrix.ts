import { SETTING_NAMES, type SettingName, settingsWith } from "../../../audit/settings";
import { GUARD_NAMES, type GuardName } from "../../../core/guards";
import type { Partition } from "../../../core/partitions";
import type { PolicyDocument } from "../../../policies/document";
import { GUARD_POLICIES } from "../../../policies/guard-policies";
import { compile } from "../../../policy-language/evaluator";
import { type Call, callsOf } from "./calls";
import { type Cell, promisedIn } from "./promises";
import { contextsOf, kindsFor, type Place, type SessionKind, USERS, type UserKind } from "./sessions";
import { asking } from "./verdicts";

/** Nothing, each setting by itself, and all of them. */
export const EVERY_SETTING: readonly (readonly SettingName[])[] = [
  [],
  ...SETTING_NAMES.map((setting) => [setting]),
  SETTING_NAMES,
];

export function guardPolicy(guard: GuardName, settings: readonly SettingName[], partition: Partition): PolicyDocument {
  return GUARD_POLICIES[guard](settingsWith(settings), partition);
}

export interface GuardDocument {
  readonly guard: GuardName;
  readonly settings: readonly SettingName[];
}

/** One of each of the documents that differ, of every guard with the settings of {@link EVERY_SETTING}. */
export function differentDocuments(): readonly GuardDocument[] {
  const documents = new Map<string, GuardDocument>();
  for (const guard of GUARD_NAMES) {
    for (const settings of EVERY_SETTING) {
      const text = JSON.stringify(guardPolicy(guard, settings, "aws"));
      if (!documents.has(text)) documents.set(text, { guard, settings });
    }
  }
  return [...documents.values()];
}

/** Whether the action settles who may sign in and enrol; the last two stand for the rest of AWS. */
export function isSignIn(action: string): boolean {
  return /^((iam|sts|signin):.+|s3:GetObject|ec2:RunInstances)$/.test(action);
}

/** What is asked, and from where. */
export interface Questions {
  readonly place: Place;
  readonly calls: readonly Call[];
  /** The index of each call by its name. */
  readonly names: ReadonlyMap<string, number>;
}

/** Every call of AWS, or those of the actions that `isAsked` lets through. */
export async function questionsFrom(place: Place, isAsked?: (action: string) => boolean): Promise<Questions> {
  const calls = await callsOf(place, kindsFor(place), isAsked);
  return { place, calls, names: new Map(calls.map(({ name }, index) => [name, index])) };
}

/** Says in which cells, and by which calls, a document does not keep the promises; finds them as it is asked for them. */
export type Trial = (cells: readonly Cell[], settings: readonly SettingName[]) => Generator<string, void, void>;

/** Tries documents, each of which may stand in the place of a guard's policy. */
export function trialsOf({ place, calls, names }: Questions): (document: unknown) => Trial {
  const promised = memoized((cell: Cell, settings: readonly SettingName[]) => promisedIn(cell, settings, names));
  return (document) => {
    const ask = memoized((user: UserKind) => asking(compile([document, ...USERS[user]]), calls));
    const open = memoized((user: UserKind, session: SessionKind) => contextsOf(session, place).map(ask(user)));
    return function* (cells, settings) {
      for (const cell of cells) {
        const expected = promised(cell, settings);
        for (const actual of open(cell.user, cell.session)) {
          for (let index = 0; index < calls.length; index++) {
            if (actual[index] !== expected[index]) {
              const state = ["shut", "open", "open on some of its resources"][actual[index] ?? 0];
              yield `${cell.user} in ${cell.guard}, ${cell.session}, path "${place.path}", ${place.partition}, ` +
                `with [${settings.join()}]: ${calls[index]?.name} is ${state}`;
            }
          }
        }
      }
    };
  };
}

/** Calls the function once for each list of arguments, and gives its result again after that. */
function memoized<Arguments extends readonly unknown[], Answer extends object>(
  answer: (...given: Arguments) => Answer,
): (...given: Arguments) => Answer {
  const answers = new Map<string, Answer>();
  return (...given) => {
    const key = JSON.stringify(given);
    const known = answers.get(key) ?? answer(...given);
    answers.set(key, known);
    return known;
  };
}
