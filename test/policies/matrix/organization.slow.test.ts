import { expect } from "chai";
import { SETTING_NAMES, type SettingName, settingsWith } from "../../../audit/settings";
import { guardsOfRules } from "../../../core/decide";
import type { PolicyDocument } from "../../../policies/document";
import { organizationPolicies } from "../../../policies/organization";
import { compile } from "../../../policy-language/evaluator";
import { EQUIVALENTS, isOf } from "./equivalents";
import { EVERY_SETTING, guardPolicy, isSignIn, questionsFrom, trialsOf } from "./matrix";
import { type Mutant, mutantsOf } from "./mutants";
import { FREE, HELD, HOLDING_MODES, holdingOf, leftOpen, ORGANIZATION, PROBE_NAMES, probing } from "./organization";
import { cells } from "./promises";
import { ANY_SESSION, AWAY, contextsOf, EITHER, HOME, PLACES, PROXIES_WITHOUT_MFA, USERS } from "./sessions";
import { asking } from "./verdicts";

/*
 * The SCP that holds, beside an account's full Allow and the guards: what it refuses to IAM users is what the widest guard
 * of the mode refuses in sessions without MFA, and so it is held against the same short lists.
 */

/** The settings by which the lists tell of conditional what the SCP of a mode does: strict takes in quarantine's door. */
function toldAs(mode: (typeof HOLDING_MODES)[number], settings: readonly SettingName[]): readonly SettingName[] {
  return mode === "strict" ? [...new Set<SettingName>([...settings, "passwordChangeWithoutMfa"])] : settings;
}

/** As at home, where an SCP finds more than a guard looks at. */
const UNBOUND = { exemptUsers: [], exemptPaths: [], exemptAccounts: [], enforceFrom: "none" } as const;

const ADMINISTRATOR = cells(["conditional"], ANY_SESSION, ["administrator"]);

describe("the SCP that holds", () => {
  for (const [title, place] of [
    ["", HOME],
    [" with a path, in another account and region", AWAY],
  ] as const) {
    it(`leaves open to an administrator${title} what is promised and nothing else, of every action of AWS`, async () => {
      const tryDocument = trialsOf(await questionsFrom(place));
      for (const mode of HOLDING_MODES) {
        for (const settings of EVERY_SETTING) {
          const scp = holdingOf({ ...UNBOUND, mode, settings: settingsWith(settings), partition: place.partition });
          expect([...tryDocument(scp)(ADMINISTRATOR, toldAs(mode, settings))], mode).to.deep.equal([]);
        }
      }
    });
  }

  it("does the same in every partition", async () => {
    for (const place of PLACES) {
      const tryDocument = trialsOf(await questionsFrom(place, isSignIn));
      for (const mode of HOLDING_MODES) {
        const scp = holdingOf({ ...UNBOUND, mode, partition: place.partition });
        expect([...tryDocument(scp)(ADMINISTRATOR, toldAs(mode, []))], mode).to.deep.equal([]);
      }
    }
  });

  it("refuses nothing that a guard of the mode leaves open, whatever the setting, session and user", async () => {
    const { calls } = await questionsFrom(HOME);
    for (const mode of HOLDING_MODES) {
      for (const settings of EVERY_SETTING) {
        const scp = holdingOf({ ...UNBOUND, mode, settings: settingsWith(settings) });
        const enrolmentByAccessKey = settings.includes("enrolmentByAccessKey");
        for (const guard of guardsOfRules({ mode, enrolmentByAccessKey })) {
          const document = guardPolicy(guard, settings, "aws");
          for (const user of EITHER) {
            const alone = asking(compile([document, ...USERS[user]]), calls);
            const beside = asking(compile([document, scp, ...USERS[user]]), calls);
            // With spareServiceCalls an SCP, which does not know who is in quarantine, shuts that door to proxies too.
            const proxies = guard === "quarantine" && settings.includes("spareServiceCalls") ? PROXIES_WITHOUT_MFA : [];
            const sessions = ANY_SESSION.filter((session) => !proxies.some((proxy) => proxy === session));
            for (const context of sessions.flatMap((session) => contextsOf(session, HOME)))
              expect(Buffer.compare(alone(context), beside(context)), `${mode}, ${guard}, ${user}`).to.equal(0);
          }
        }
      }
    }
  });

  it("allows nothing, so that an account's own policies and an SCP that allows must", () => {
    const documents: readonly PolicyDocument[] = Object.values(organizationPolicies(ORGANIZATION));
    for (const document of documents) expect(document.Statement.map(({ Effect }) => Effect)).to.not.include("Allow");
  });

  for (const [who, context] of Object.entries(HELD)) {
    it(`holds ${who}`, () => expect(probing(holdingOf())(context)).to.deep.equal(["a proxy"]));
  }
  for (const [who, context] of Object.entries(FREE)) {
    it(`leaves alone ${who}`, () => expect(probing(holdingOf())(context)).to.deep.equal(PROBE_NAMES));
  }

  it("refuses more or less by every document with one element changed", async function () {
    this.timeout(300_000);
    const tries = await Promise.all([HOME, AWAY].map(async (place) => trialsOf(await questionsFrom(place, isSignIn))));
    const ways: readonly (readonly [(typeof HOLDING_MODES)[number], readonly SettingName[]])[] = [
      ["strict", []],
      ["conditional-deny", SETTING_NAMES],
    ];
    const mutants = ways.flatMap(([mode, settings]) => {
      const isRight = (document: unknown) =>
        isHoldingAsPromised(document, settings) &&
        tries.every((tryDocument) => tryDocument(document)(ADMINISTRATOR, toldAs(mode, settings)).next().done);
      const scp = holdingOf({ mode, settings: settingsWith(settings) });
      expect(isRight(scp), `${mode} with [${settings.join()}]`).to.equal(true);
      const as = { guard: "conditional", settings: toldAs(mode, settings) } as const;
      return mutantsOf(scp).map((mutant) => ({
        name: `${mode} with [${settings.join()}], ${nameOf(mutant)}`,
        isAlive: isRight(mutant.document),
        isListed:
          EQUIVALENTS.some((listed) => isOf(mutant, as, listed)) ||
          EQUIVALENTS_OF_THE_SCP.some(([, listed]) => listed.test(nameOf(mutant))),
      }));
    });
    const named = (chosen: typeof mutants) => chosen.map(({ name }) => name);
    const killed = mutants.filter(({ isAlive }) => !isAlive);
    const equivalent = mutants.filter(({ isAlive, isListed }) => isAlive && isListed);
    console.log(`        ${killed.length} of ${mutants.length} mutants killed, ${equivalent.length} are equivalent`);
    expect(named(mutants.filter(({ isAlive, isListed }) => isAlive && !isListed))).to.deep.equal([]);
    expect(named(killed.filter(({ isListed }) => isListed)), "listed as equivalent, and killed").to.deep.equal([]);
  });
});

/** Where AWS documents no answer, as of a variable without a value, nothing is promised. */
function isHoldingAsPromised(scp: unknown, settings: readonly SettingName[]): boolean {
  try {
    const open = probing(scp);
    return (
      Object.values(HELD).every((context) => open(context).join() === leftOpen(settings).join()) &&
      Object.values(FREE).every((context) => open(context).length === PROBE_NAMES.length)
    );
  } catch {
    return false;
  }
}

const nameOf = ({ sid, change }: Mutant) => `${sid}: ${change}`;

/** Changes that change nothing, and why, beside those that change nothing in conditional. */
const EQUIVALENTS_OF_THE_SCP: readonly (readonly [reason: string, mutant: RegExp])[] = [
  ["two wildcards in a row are one, and one for one is none", /: aws:PrincipalArn (\S+)\*\*? for \1\*$/],
];
