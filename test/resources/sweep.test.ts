import { expect } from "chai";
import { ofWhichDeploy } from "../../resources/sweep";

describe("the result of a deploy's sweep", () => {
  const summary = '{"by":"deploy","startedAt":"2026-11-20T09:00:07.250Z","left":0}';

  it("is the summary as it came where the function was not changed since", () => {
    expect(ofWhichDeploy([summary, "2026-11-20T09:00:00.000+0000"])).to.equal(summary);
  });

  it("says that it is of an earlier deploy where the function was", () => {
    expect(JSON.parse(ofWhichDeploy([summary, "2026-11-20T09:00:08.000+0000"]))).to.deep.equal({
      of: "an earlier deploy",
      by: "deploy",
      startedAt: "2026-11-20T09:00:07.250Z",
      left: 0,
    });
  });

  it("is what came where that is no summary", () => {
    expect(ofWhichDeploy(["Task timed out", "2026-11-20T09:00:08.000+0000"])).to.equal("Task timed out");
  });
});
