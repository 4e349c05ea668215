import { expect } from "chai";
import { type VirtualClock, virtualClock } from "../../../fake-aws/virtual-clock";
import { type VirtualIam, virtualIam } from "../../../fake-aws/virtual-iam";
import { ThrottledError } from "../../../handler/iam/iam";
import { throttled } from "../../../handler/iam/throttle";

const START = new Date("2026-11-20T09:00:00Z");
const ALICE = { name: "alice", path: "/", createdAt: START, devices: [], groups: [], policies: [] };

describe("a throttle", () => {
  let clock: VirtualClock;
  beforeEach(() => {
    clock = virtualClock(START);
  });
  const elapsed = () => (clock.now() - START.getTime()) / 1000;
  const forAnHour = () => 3600;

  /** Makes so many calls of one kind at once; returns how many were taken. */
  const callAtOnce = async (iam: Pick<VirtualIam, "listMfaDevices">, times: number): Promise<number> => {
    const calls = Array.from({ length: times }, () => iam.listMfaDevices("alice"));
    const results = await clock.run(Promise.allSettled(calls));
    return results.filter(({ status }) => status === "fulfilled").length;
  };

  it("lets a burst pass at once and keeps what follows to its rate", async () => {
    const fast = virtualIam(clock, [ALICE], { callsPerSecond: 1_000_000 });
    const { iam, calls } = throttled(fast, { perSecond: 8, burst: 40 }, clock, forAnHour);
    expect(await callAtOnce(iam, 40)).to.equal(40);
    expect(elapsed()).to.be.below(1);
    expect(await callAtOnce(iam, 80)).to.equal(80);
    expect(elapsed()).to.be.within(9, 11);
    expect(calls()).to.equal(120);
  });

  for (const callsPerSecond of [5, 0.5]) {
    it(`loses no call, and little time, where IAM takes ${callsPerSecond} a second and refuses the rest`, async () => {
      const slow = virtualIam(clock, [ALICE], { callsPerSecond, refuses: true });
      const { iam } = throttled(slow, { perSecond: 8, burst: 40 }, clock, forAnHour);
      expect(await callAtOnce(iam, 200)).to.equal(200);
      // IAM alone would need 40 s at five a second, and 400 s at one in two.
      expect(elapsed()).to.be.within(200 / callsPerSecond - 1, 400 / callsPerSecond);
    });
  }

  it("gets its rate back soon after a minute in which nothing was taken", async () => {
    const fast = virtualIam(clock, [ALICE], { callsPerSecond: 1_000_000 });
    const outageEnds = clock.now() + 60_000;
    const listMfaDevices: VirtualIam["listMfaDevices"] = async (user) => {
      const devices = await fast.listMfaDevices(user);
      if (clock.now() < outageEnds) throw new ThrottledError("Rate exceeded");
      return devices;
    };
    const { iam } = throttled({ ...fast, listMfaDevices }, { perSecond: 8, burst: 40 }, clock, forAnHour);
    expect(await callAtOnce(iam, 1000)).to.equal(1000);
    // At the full rate they would need 120 s after the outage.
    expect(elapsed()).to.be.within(180, 230);
  });

  it("gives a call up where it would begin long after the time is over", async () => {
    const slow = virtualIam(clock, [ALICE], { callsPerSecond: 0.5, refuses: true });
    const end = clock.now() + 30_000;
    const secondsLeft = () => (end - clock.now()) / 1000;
    const { iam } = throttled(slow, { perSecond: 8, burst: 40 }, clock, secondsLeft);
    const calls = Array.from({ length: 100 }, () => iam.listMfaDevices("alice"));
    const results = await clock.run(Promise.allSettled(calls));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(failures.length).to.be.within(70, 95);
    expect(failures.every((failure) => failure instanceof ThrottledError)).to.equal(true);
    expect(elapsed()).to.be.at.most(50);
  });

  /** An IAM whose answer to the nth call, from one on, takes a second of its own where it is refused. */
  const answering = (refusalOf: (call: number) => Error | undefined, seconds = 0) => {
    let call = 0;
    const listMfaDevices: VirtualIam["listMfaDevices"] = async () => {
      const refusal = refusalOf(++call);
      if (seconds > 0) await clock.pause(seconds);
      if (refusal !== undefined) throw refusal;
      return [];
    };
    return { ...virtualIam(clock, [ALICE]), listMfaDevices };
  };
  const REFUSED = new ThrottledError("Rate exceeded");
  const failureOfOne = (iam: Pick<VirtualIam, "listMfaDevices">): Promise<unknown> =>
    clock.run(
      iam.listMfaDevices("alice").then(
        () => undefined,
        (error: unknown) => error,
      ),
    );

  it("makes no call again that is refused for another reason", async () => {
    const denied = new Error("not so");
    const { iam, calls } = throttled(
      answering(() => denied),
      { perSecond: 8, burst: 40 },
      clock,
      forAnHour,
    );
    expect(await failureOfOne(iam)).to.equal(denied);
    expect(calls()).to.equal(1);
  });

  it("makes no call again once the time is over", async () => {
    const { iam, calls } = throttled(
      answering(() => REFUSED),
      { perSecond: 8, burst: 40 },
      clock,
      () => 0,
    );
    expect(await failureOfOne(iam)).to.equal(REFUSED);
    expect(calls()).to.equal(1);
  });

  it("gives up no call at its full rate, however long that takes", async () => {
    const { iam } = throttled(
      answering(() => undefined),
      { perSecond: 1 / 20, burst: 1 },
      clock,
      () => 0,
    );
    expect(await callAtOnce(iam, 3)).to.equal(3);
    expect(elapsed()).to.equal(40);
  });

  for (const [left, failure] of [
    [-14.5, undefined],
    [-14.6, "IAM throttles, and at a rate that it takes there is no time for this call"],
  ] as const) {
    it(`${failure === undefined ? "begins" : "does not begin"} a call half a second on, the time being over for ${-left} s`, async () => {
      // From three calls a second to two.
      const slowed = answering((call) => (call === 1 ? REFUSED : undefined));
      let secondsLeft = 0;
      const { iam } = throttled(slowed, { perSecond: 3, burst: 1 }, clock, () => secondsLeft);
      expect(await failureOfOne(iam)).to.equal(REFUSED);
      secondsLeft = left;
      const given = await failureOfOne(iam);
      expect(given instanceof Error ? given.message : given).to.equal(failure);
    });
  }

  it("slows down once for many calls that were under way together", async () => {
    const slowed = answering((call) => (call <= 10 ? REFUSED : undefined), 1);
    const { iam } = throttled(slowed, { perSecond: 8, burst: 10 }, clock, forAnHour);
    expect(await callAtOnce(iam, 10)).to.equal(10);
    // A second for the first ten, two for the same again at some 5.3 a second, one for the last; at 0.5 it would be 20.
    expect(elapsed()).to.be.within(3.5, 4.5);
  });

  it("gets its rate back by and by, and its burst with it", async () => {
    const slowed = answering((call) => (call === 1 ? REFUSED : undefined));
    const { iam } = throttled(slowed, { perSecond: 8, burst: 40 }, clock, forAnHour);
    expect(await callAtOnce(iam, 11)).to.equal(11);
    // At 5.3 a second to begin with; at eight it would be 1.4 s.
    expect(elapsed()).to.be.within(1.7, 2.1);
    await clock.run(clock.pause(60));
    const before = elapsed();
    await callAtOnce(iam, 3);
    // One at once, and none of the forty that the minute without a call would let pass.
    expect(elapsed() - before).to.be.within(0.25, 0.4);
  });

  it("keeps the rate of other kinds of calls", async () => {
    const slow = virtualIam(clock, [ALICE], { callsPerSecond: 0.5, refuses: true });
    const fast = virtualIam(clock, [ALICE], { callsPerSecond: 1_000_000 });
    const mixed = { ...fast, listMfaDevices: slow.listMfaDevices };
    const { iam } = throttled(mixed, { perSecond: 8, burst: 40 }, clock, forAnHour);
    await callAtOnce(iam, 20);
    const before = elapsed();
    await clock.run(Promise.all(Array.from({ length: 40 }, () => iam.listGroupsForUser("alice"))));
    expect(elapsed() - before).to.be.below(1);
  });
});
