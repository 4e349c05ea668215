import type { Clock } from "../clock";
import { type Iam, ThrottledError } from "./iam";

/** An {@link Iam} that keeps below a rate, and counts. */
export interface ThrottledIam {
  readonly iam: Iam;
  /** How many calls have been made. */
  readonly calls: () => number;
}

/** How calls of one kind are spaced. */
interface Rate {
  /** Calls a second, in the long run. */
  readonly perSecond: number;
  /** Calls at once, after a while without any. */
  readonly burst: number;
}

/** The slowest that throttling makes calls go, as a share of their rate. */
const SLOWEST = 1 / 16;

/** How much slower calls go for each that is throttled. */
const SLOWING = 1.5;

/** How much of their rate they get back for each that IAM takes: from the slowest to the whole in some 35 seconds. */
const RECOVERY = 1 / 100;

/** A call may begin so long after the time for new users is over, to bring those to an end who were begun. */
const GRACE_SECONDS = 15;

/**
 * Keeps the calls of each kind below a rate, after a burst. IAM throttles each API by itself, at rates that are not
 * published, and the rest of the account calls it too; so where it throttles, calls of that kind go slower, and faster
 * again by and by. A throttled call is made again for as long as there is time.
 *
 * A method throws {@link ThrottledError} as well where the slower rate leaves it no time.
 *
 * @param secondsLeft for how long something new may still be begun
 */
export function throttled(iam: Iam, rate: Rate, clock: Clock, secondsLeft: () => number): ThrottledIam {
  let calls = 0;
  const spaced = <Arguments extends readonly unknown[], Result>(
    call: (...given: Arguments) => Promise<Result>,
  ): ((...given: Arguments) => Promise<Result>) => {
    let perSecond = rate.perSecond;
    // A bucket of calls, which fills by so many a second. At a rate that IAM does not bear there is no burst.
    let available = rate.burst;
    let filledAt = clock.now();
    let slowedAt = Number.NEGATIVE_INFINITY;
    const fill = (): void => {
      const now = clock.now();
      const most = perSecond < rate.perSecond ? 1 : rate.burst;
      available = Math.min(most, available + ((now - filledAt) / 1000) * perSecond);
      filledAt = now;
    };
    const take = async (): Promise<void> => {
      fill();
      const seconds = (1 - available) / perSecond;
      if (perSecond < rate.perSecond && seconds > secondsLeft() + GRACE_SECONDS) {
        throw new ThrottledError("IAM throttles, and at a rate that it takes there is no time for this call");
      }
      if (seconds > 0) {
        await clock.pause(seconds);
        fill();
      }
      available--;
    };
    // Who waits for a turn waits behind all others, so that each goes by the rate as it is by then.
    let turns: Promise<unknown> = Promise.resolve();
    const turn = (): Promise<void> => {
      const next = turns.then(take);
      turns = next.catch(() => undefined);
      return next;
    };
    const slowDown = (): void => {
      fill();
      available = 0;
      slowedAt = clock.now();
      perSecond = Math.max(perSecond / SLOWING, rate.perSecond * SLOWEST);
    };
    return async (...given) => {
      for (;;) {
        await turn();
        calls++;
        const began = clock.now();
        try {
          const result = await call(...given);
          perSecond = Math.min(perSecond + rate.perSecond * RECOVERY, rate.perSecond);
          return result;
        } catch (error) {
          if (!(error instanceof ThrottledError)) throw error;
          // Of many calls that were under way together the first to fail has slowed down the rest.
          if (began > slowedAt) slowDown();
          if (secondsLeft() <= 0) throw error;
        }
      }
    };
  };
  return {
    calls: () => calls,
    iam: {
      listMfaDevices: spaced(iam.listMfaDevices),
      getLoginProfile: spaced(iam.getLoginProfile),
      listGroupsForUser: spaced(iam.listGroupsForUser),
      listAttachedUserPolicies: spaced(iam.listAttachedUserPolicies),
      getUser: spaced(iam.getUser),
      getGroupArn: spaced(iam.getGroupArn),
      listAttachedGroupPolicies: spaced(iam.listAttachedGroupPolicies),
      listGroupPolicies: spaced(iam.listGroupPolicies),
      getDefaultPolicyVersion: spaced(iam.getDefaultPolicyVersion),
      getPolicyDocument: spaced(iam.getPolicyDocument),
      addUserToGroup: spaced(iam.addUserToGroup),
      removeUserFromGroup: spaced(iam.removeUserFromGroup),
      attachUserPolicy: spaced(iam.attachUserPolicy),
      detachUserPolicy: spaced(iam.detachUserPolicy),
      attachGroupPolicy: spaced(iam.attachGroupPolicy),
      getAccountAuthorizationDetails: spaced(iam.getAccountAuthorizationDetails),
      generateCredentialReport: spaced(iam.generateCredentialReport),
      getCredentialReport: spaced(iam.getCredentialReport),
    },
  };
}
