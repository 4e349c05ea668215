import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import { type VirtualClock, virtualClock } from "../../../fake-aws/virtual-clock";
import { virtualIam } from "../../../fake-aws/virtual-iam";
import { SupersededError } from "../../../handler/reconcile";
import { type RunContext, untilSuperseded } from "../../../handler/sweep/superseded";
import { failureOf } from "../../support/failure";
import { GUARDS, POLICY_DIGESTS } from "../../support/guards";
import { findsTheTrail } from "../../support/trails";

describe("a run of a sweep", () => {
  let clock: VirtualClock;
  let secondsLeft: number;
  let asked: number;
  let answer: () => Promise<boolean>;
  let run: RunContext;
  beforeEach(() => {
    clock = virtualClock(new Date("2026-11-20T09:00:00Z"));
    secondsLeft = 855;
    asked = 0;
    answer = async () => true;
    run = untilSuperseded({
      iam: virtualIam(clock, []),
      clock,
      guards: GUARDS,
      policyDigests: POLICY_DIGESTS,
      rules: DEFAULT_SETTINGS,
      dryRun: false,
      deadline: DEFAULT_SETTINGS,
      maxReleases: 50,
      sweepEverySeconds: 3600,
      secondsLeft: () => secondsLeft,
      isCurrent: () => {
        asked++;
        return answer();
      },
      checkTrail: findsTheTrail,
    });
  });
  const wait = (seconds: number) => clock.run(clock.pause(seconds));

  it("has time for one more user while a second is left, and none at the end", () => {
    secondsLeft = 0.001;
    expect(run.hasTime()).to.equal(true);
    secondsLeft = 0;
    expect(run.hasTime()).to.equal(false);
  });

  it("asks before a write whether it is current, at most once in ten seconds", async () => {
    const askedBy: number[] = [];
    for (const seconds of [0, 9.999, 0.001, 0, 9.999, 0.001]) {
      await wait(seconds);
      await run.beforeWriting();
      askedBy.push(asked);
    }
    expect(askedBy).to.deep.equal([0, 0, 1, 1, 1, 2]);
  });

  it("writes nothing more and has no more time once a deploy has replaced its instructions", async () => {
    answer = async () => false;
    await run.beforeWriting();
    await wait(10);
    const failure = await failureOf(run.beforeWriting());
    expect(failure).to.be.instanceOf(SupersededError);
    expect(failure.message).to.equal("a deploy has replaced this run's instructions");
    expect(run.hasTime()).to.equal(false);
    // Whatever Lambda says later: this run's instructions are no newer.
    answer = async () => true;
    await wait(10);
    expect(await failureOf(run.beforeWriting())).to.be.instanceOf(SupersededError);
    expect(run.hasTime()).to.equal(false);
  });

  it("writes on where Lambda does not tell", async () => {
    answer = () => Promise.reject(new Error("503"));
    await wait(10);
    await run.beforeWriting();
    expect(run.hasTime()).to.equal(true);
    expect(asked).to.equal(1);
  });
});
