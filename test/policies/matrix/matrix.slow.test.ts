import { expect } from "chai";
import { SETTING_NAMES, type SettingName } from "../../../audit/settings";
import { GUARD_NAMES, type GuardName } from "../../../core/guards";
import { EVERY_SETTING, guardPolicy, isSignIn, questionsFrom, type Trial, trialsOf } from "./matrix";
import { type Cell, CHANGES, cells, DOOR } from "./promises";
import { ANY_SESSION, AWAY, contextsOf, EITHER, HOME, PLACES, type Place } from "./sessions";

/*
 * The door as those who stand before it find it: every action of AWS, for each guard, kind of session and kind of user,
 * against the short lists of what is promised to be open.
 */

const ALL_CELLS = cells(GUARD_NAMES, ANY_SESSION, EITHER);

interface PlaceMatrix {
  readonly place: Place;
  readonly size: number;
  readonly differences: (
    guard: GuardName,
    cells: readonly Cell[],
    settings: readonly SettingName[],
  ) => Iterable<string>;
}

async function matrixOf(place: Place, isAsked?: (action: string) => boolean): Promise<PlaceMatrix> {
  const asked = await questionsFrom(place, isAsked);
  const tryDocument = trialsOf(asked);
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

function expectAsPromised(
  { differences }: PlaceMatrix,
  judged: readonly Cell[],
  settings: readonly SettingName[],
): void {
  for (const guard of GUARD_NAMES) expect([...differences(guard, judged, settings)]).to.deep.equal([]);
}

describe("the matrix of every action of AWS", () => {
  for (const [title, place] of [
    ["for users without a path", HOME],
    ["for users with a path, in another account and region", AWAY],
  ] as const) {
    describe(title, () => {
      let matrix: PlaceMatrix;
      before(async () => {
        matrix = await matrixOf(place);
      });
      for (const guard of GUARD_NAMES) {
        it(`leaves open in ${guard} what is promised and nothing else, whatever the setting, session and user`, () => {
          const judged = cells([guard], ANY_SESSION, EITHER);
          for (const settings of EVERY_SETTING) expectAsPromised(matrix, judged, settings);
          const contexts = judged.flatMap(({ session }) => contextsOf(session, matrix.place));
          const verdicts = matrix.size * contexts.length * EVERY_SETTING.length;
          console.log(`        ${matrix.size.toLocaleString("en")} calls, ${verdicts.toLocaleString("en")} verdicts`);
        });
      }
    });
  }
});

describe("the door", () => {
  let matrices: readonly PlaceMatrix[];
  let home: PlaceMatrix;
  before(async () => {
    matrices = await Promise.all(PLACES.map((place) => matrixOf(place, isSignIn)));
    home = await matrixOf(HOME, isSignIn);
  });

  for (const guard of GUARD_NAMES) {
    describe(`of ${guard}, every setting off`, () => {
      for (const { sessions, users, claim } of DOOR.filter((row) => row.guard === guard)) {
        it(claim, () => {
          for (const matrix of matrices) expectAsPromised(matrix, cells([guard], sessions, users), []);
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
      for (const matrix of matrices) expectAsPromised(matrix, ALL_CELLS, SETTING_NAMES);
    });
  });
});
