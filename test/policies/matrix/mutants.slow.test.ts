import { expect } from "chai";
import { EQUIVALENTS, isOf } from "./equivalents";
import { differentDocuments, guardPolicy, isSignIn, questionsFrom, trialsOf } from "./matrix";
import { mutantsOf } from "./mutants";
import { cells } from "./promises";
import { ANY_SESSION, AWAY, EITHER, HOME } from "./sessions";

describe("mutants of the guards' documents", () => {
  it("are killed by the matrix, all but those that change nothing for anybody", async function () {
    this.timeout(180_000);
    const tries = await Promise.all([HOME, AWAY].map(async (place) => trialsOf(await questionsFrom(place, isSignIn))));
    const mutants = differentDocuments().flatMap((document) => {
      const { guard, settings } = document;
      const judged = cells([guard], ANY_SESSION, EITHER);
      return mutantsOf(guardPolicy(guard, settings, "aws")).map((mutant) => ({
        name: `${guard} with [${settings.join()}], ${mutant.sid}: ${mutant.change}`,
        isKilled: tries.some((tryDocument) => !tryDocument(mutant.document)(judged, settings).next().done),
        listed: EQUIVALENTS.filter((equivalents) => isOf(mutant, document, equivalents)),
      }));
    });

    const killed = mutants.filter(({ isKilled }) => isKilled);
    const equivalent = mutants.filter(({ isKilled, listed }) => !isKilled && listed.length > 0);
    const others = mutants.length - equivalent.length;
    console.log(
      `        ${killed.length} of ${others} mutants killed, ${Math.floor((100 * killed.length) / others)} %; ` +
        `${equivalent.length} more are equivalent, for ${new Set(EQUIVALENTS.map(({ reason }) => reason)).size} reasons`,
    );
    const named = (chosen: typeof mutants) => chosen.map(({ name }) => name);
    const isListed = (mutant: (typeof mutants)[number]) => mutant.listed.length > 0;
    const met = new Set(equivalent.flatMap(({ listed }) => listed));
    expect(named(mutants.filter((mutant) => !mutant.isKilled && !isListed(mutant)))).to.deep.equal([]);
    expect(named(killed.filter(isListed)), "listed as equivalent, and killed").to.deep.equal([]);
    expect(EQUIVALENTS.filter((equivalents) => !met.has(equivalents))).to.deep.equal([]);
    expect(killed).to.have.lengthOf.above(3000);
  });
});
