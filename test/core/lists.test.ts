import { expect } from "chai";
import { listInWords, withShortLists } from "../../core/lists";

const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

describe("a list that is told", () => {
  it("is whole up to 100 items, in words and as it is", () => {
    expect(listInWords(names(2))).to.equal("user-0, user-1");
    expect(listInWords(names(100))).to.match(/^user-0, .*, user-99$/);
    expect(withShortLists({ users: names(100), left: 3 })).to.deep.equal({ users: names(100), left: 3 });
  });

  it("ends at 100 items beyond that, and tells how many more there are", () => {
    expect(listInWords(names(103), "; ")).to.match(/; user-99; and 3 more$/);
    expect(withShortLists({ users: names(103), groups: names(5000), left: 3 })).to.deep.equal({
      users: names(100),
      groups: names(100),
      left: 3,
      more: { users: 3, groups: 4900 },
    });
  });

  it("ends there also within an object", () => {
    expect(withShortLists({ guards: { broken: names(101), reattached: [] }, held: { sealed: 1 } })).to.deep.equal({
      guards: { broken: names(100), reattached: [], more: { broken: 1 } },
      held: { sealed: 1 },
    });
  });

  it("leaves alone what is no list", () => {
    expect(withShortLists({ user: null, why: undefined, at: "now" })).to.deep.equal({
      user: null,
      why: undefined,
      at: "now",
    });
  });
});
