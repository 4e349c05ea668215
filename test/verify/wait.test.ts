import { getEventListeners } from "node:events";
import { expect } from "chai";
import { virtualClock } from "../../fake-aws/virtual-clock";
import { InterruptedError, pauseFor, waitFor } from "../../verify/wait";
import { failureOf } from "../support/failure";

const START = new Date("2026-11-20T09:00:00Z");
const AWAITED = { what: "it", everySeconds: 2, limitSeconds: 5 };

describe("waiting", () => {
  const newWaiting = () => {
    const clock = virtualClock(START);
    const interruption = new AbortController();
    const told: string[] = [];
    return {
      clock,
      interruption,
      told,
      waiting: { clock, signal: interruption.signal, doing: (text: string) => void told.push(text) },
    };
  };

  it("ends with what is found, and says meanwhile what it waits for", async () => {
    const { clock, waiting, told } = newWaiting();
    let looks = 0;
    const found = await clock.run(waitFor(async () => (++looks === 3 ? "found" : undefined), AWAITED, waiting));
    expect([found, clock.now() - START.getTime()]).to.deep.equal(["found", 4000]);
    expect(told).to.deep.equal(["waiting for it: 0 s of 5 s", "waiting for it: 2 s of 5 s"]);
  });

  it("looks a last time when the limit passes, and not later", async () => {
    const { clock, waiting } = newWaiting();
    const looks: number[] = [];
    const look = async (): Promise<undefined> => void looks.push(clock.now() - START.getTime());
    expect(await clock.run(waitFor(look, AWAITED, waiting))).to.equal(undefined);
    expect(looks).to.deep.equal([0, 2000, 4000, 5000]);
  });

  it("looks once where there is no time", async () => {
    const { clock, waiting } = newWaiting();
    let looks = 0;
    await clock.run(waitFor(async () => void looks++, { ...AWAITED, limitSeconds: 0 }, waiting));
    expect(looks).to.equal(1);
  });

  it("ends in the midst of a pause where it is interrupted, before a look where it was, and leaves no listener", async () => {
    const { interruption, waiting } = newWaiting();
    const pausing = failureOf(pauseFor(60, waiting));
    interruption.abort(new InterruptedError("SIGINT"));
    expect((await pausing).message).to.equal("interrupted by SIGINT");
    const looking = waitFor(async () => expect.fail("looked"), AWAITED, waiting);
    expect(await failureOf(looking)).to.be.instanceOf(InterruptedError);
    expect(getEventListeners(interruption.signal, "abort")).to.have.lengthOf(0);
  });
});
