import { expect } from "chai";
import { type VirtualClock, virtualClock } from "../../fake-aws/virtual-clock";

describe("the virtual clock", () => {
  let clock: VirtualClock;
  beforeEach(() => {
    clock = virtualClock(new Date("2026-11-20T09:00:00Z"));
  });
  const time = () => new Date(clock.now()).toISOString();

  it("lets hours pass in no time", async () => {
    await clock.run(clock.pause(3 * 3600));
    expect(time()).to.equal("2026-11-20T12:00:00.000Z");
  });

  it("ends pauses in the order of their ends, and those of one moment in the order of their beginnings", async () => {
    const ended: string[] = [];
    const pause = async (name: string, seconds: number) => {
      await clock.pause(seconds);
      ended.push(`${name} ${time().slice(17, 23)}`);
    };
    const chained = async () => {
      await pause("first", 0.5);
      await pause("then", 0.5);
    };
    await clock.run(Promise.all([pause("late", 2), pause("one", 1), chained(), pause("other", 1), pause("none", 0)]));
    expect(ended).to.deep.equal([
      "none 00.000",
      "first 00.500",
      "one 01.000",
      "other 01.000",
      "then 01.000",
      "late 02.000",
    ]);
  });

  it("stands still where nobody runs it, and goes no further than the work needs", async () => {
    const longer = clock.pause(60);
    expect(await clock.run(clock.pause(1).then(() => "done"))).to.equal("done");
    expect(time()).to.equal("2026-11-20T09:00:01.000Z");
    await clock.run(longer);
    expect(time()).to.equal("2026-11-20T09:01:00.000Z");
  });

  it("passes on what the work throws, and refuses to wait for what is not on it", async () => {
    const messages: string[] = [];
    const failing = clock.pause(1).then(() => {
      throw new Error("the work failed");
    });
    for (const work of [failing, new Promise<never>(() => undefined)]) {
      await clock.run(work).catch((error: unknown) => messages.push(String(error)));
    }
    expect(messages).to.deep.equal([
      "Error: the work failed",
      "Error: nothing is to come on this clock, and the work is not done",
    ]);
  });
});
