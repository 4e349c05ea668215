import { expect } from "chai";
import { enableDevice, ROOT } from "../support/account";
import { peopleOf } from "../support/people";
import { newPreviewer, type Previewer } from "../support/previewer";
import { newWorld, type World } from "../support/world";

const USERS = 5_000;

describe("an impact report on 5,000 users", function () {
  this.timeout(180_000);

  let world: World;
  let previewer: Previewer;
  beforeEach(async () => {
    world = await newWorld();
    previewer = await newPreviewer(world);
  });
  afterEach(async () => {
    await previewer.close();
    await world.close();
  });

  const nameOf = (index: number) => `user-${String(index).padStart(4, "0")}`;

  /** The calls of a report, the polls of the credential report but one apart. */
  const callsOf = (calls: readonly string[]): number => {
    const polls = calls.filter((call) => call === "GetCredentialReport").length;
    return calls.length - polls + 1;
  };

  it("takes at most 15 calls, where a quarter has not enrolled", async () => {
    for (let index = 0; index < USERS; index++) {
      const has = index % 4 === 0 ? (["password"] as const) : (["password", "device"] as const);
      peopleOf(world).person(nameOf(index), ...has);
    }
    const impact = await previewer.impact();
    expect(impact.changes).to.deep.include({ held: 1250, none: 3750, unknown: 0 });
    expect(callsOf(previewer.calls())).to.equal(9);
  });

  it("takes at most 15 calls, where everybody has an app and a key and is to be held", async () => {
    for (let index = 0; index < USERS; index++) {
      const name = nameOf(index);
      peopleOf(world).person(name, "password");
      enableDevice(world, ROOT, name, [-30, 0], name);
      world.account.call(ROOT, "CreateAccessKey", { UserName: name });
    }
    const impact = await previewer.impact({ mode: "strict" });
    expect(impact.changes).to.deep.include({ held: USERS, unknown: 0 });
    expect(impact.findings).to.deep.equal([]);
    expect(callsOf(previewer.calls())).to.equal(14);
  });
});
