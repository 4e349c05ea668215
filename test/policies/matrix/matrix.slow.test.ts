import { expect } from "chai";
import { SETTING_NAMES, type SettingName } from "../../../audit/settings";
import { GUARD_NAMES, type GuardName } from "../../../core/guards";
import { EVERY_SETTING, guardPolicy, isSignIn, type Trial, trying, universe } from "./matrix";
import { type Cell, CHANGES, cells, DOOR } from "./promises";
import { ANY_SESSION, AWAY, contextsOf, EITHER, HOME, PLACES, type Place } from "./sessions";

/*
 * The door as those who stand before it find it: every action of AWS, for each guard, kind of session and kind of user,
 * against the short lists of what is promised to be open.
 */

const ALL_CELLS = cells(GUARD_NAMES, ANY_SESSION, EITHER);

interface Court {
  readonly place: Place;
  readonly size: number;
  readonly differences: (
    guard: GuardName,
    cells: readonly Cell[],
    settings: readonly SettingName[],
  ) => Iterable<string>;
}

async function courtOf(place: Place, isAsked?: (action: string) => boolean): Promise<Court> {
  const asked = await universe(place, isAsked);
  const tryDocument = trying(asked);
  // Settings that do not matter to a guard leave its document as it is.
  const trials = new Map<string, Trial>();
  return {
    place,
    size: asked.calls.length,
    differences: (guard, judged, settings) => {
      const document = guardPolicy(guard, settings, place.partition);
      const trial = trials.get(JSON.stringify(document)) ?? tryDocument(document);
      trials.set(JSON.stringify(document), trial);
      return trial(
        judged.filter((cell) => cell.guard === guard),
        settings,
      );
    },
  };
}

function expectAsPromised({ differences }: Court, judged: readonly Cell[], settings: readonly SettingName[]): void {
  for (const guard of GUARD_NAMES) expect([...differences(guard, judged, settings)]).to.deep.equal([]);
}

describe("the matrix of every action of AWS", () => {
  for (const [title, place] of [
    ["for users without a path", HOME],
    ["for users with a path, in another account and region", AWAY],
  ] as const) {
    describe(title, () => {
      let court: Court;
      before(async () => {
        court = await courtOf(place);
      });
      for (const guard of GUARD_NAMES) {
        it(`leaves open in ${guard} what is promised and nothing else, whatever the setting, session and user`, () => {
          const judged = cells([guard], ANY_SESSION, EITHER);
          for (const settings of EVERY_SETTING) expectAsPromised(court, judged, settings);
          const contexts = judged.flatMap(({ session }) => contextsOf(session, court.place));
          const verdicts = court.size * contexts.length * EVERY_SETTING.length;
          console.log(`        ${court.size.toLocaleString("en")} calls, ${verdicts.toLocaleString("en")} verdicts`);
        });
      }
    });
  }
});

describe("the door", () => {
  let courts: readonly Court[];
  let home: Court;
  before(async () => {
    courts = await Promise.all(PLACES.map((place) => courtOf(place, isSignIn)));
    home = await courtOf(HOME, isSignIn);
  });

  for (const guard of GUARD_NAMES) {
    describe(`of ${guard}, every setting off`, () => {
      for (const { sessions, users, claim } of DOOR.filter((row) => row.guard === guard)) {
        it(claim, () => {
          for (const court of courts) expectAsPromised(court, cells([guard], sessions, users), []);
        });
      }
    });
  }

  describe("and its settings", () => {
    for (const { settings, guards, sessions, users, claim } of CHANGES) {
      it(`${settings.join(" and ")} ${claim}`, () => {
        expectAsPromised(home, cells(guards, sessions, users), settings);
      });
    }

    it("change nothing else, in any of the 32 ways to set them", () => {
      for (let bits = 0; bits < 32; bits++) {
        const settings = SETTING_NAMES.filter((_, index) => (bits & (1 << index)) !== 0);
        expectAsPromised(home, ALL_CELLS, settings);
      }
    });

    it("do the same, all of them on, in every partition and to users with a path and without", () => {
      for (const court of courts) expectAsPromised(court, ALL_CELLS, SETTING_NAMES);
    });
  });
});
