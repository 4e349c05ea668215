import type { Clock } from "../clock";
import type { Iam } from "./iam";

/** An {@link Iam} that keeps below a rate, and counts. */
export interface ThrottledIam {
  readonly iam: Iam;
  /** How many calls have been made. */
  readonly calls: () => number;
}

/**
 * Keeps the calls of each kind below a rate, after a burst. IAM throttles each API by itself, at rates that are not
 * published, and the rest of the account calls it too.
 *
 * @param perSecond calls of one kind a second, in the long run
 * @param burst calls of one kind at once, after a while without any
 */
export function throttled(iam: Iam, perSecond: number, burst: number, clock: Clock): ThrottledIam {
  let calls = 0;
  const interval = 1000 / perSecond;
  const spaced = <Arguments extends readonly unknown[], Result>(
    call: (...given: Arguments) => Promise<Result>,
  ): ((...given: Arguments) => Promise<Result>) => {
    // When the bucket will be full again: a call waits for as long as that is more than a whole bucket away.
    let full = 0;
    return async (...given) => {
      const now = clock.now();
      full = Math.max(now, full) + interval;
      calls++;
      const wait = full - now - burst * interval;
      if (wait > 0) await clock.pause(wait / 1000);
      return call(...given);
    };
  };
  return {
    calls: () => calls,
    iam: {
      listMfaDevices: spaced(iam.listMfaDevices),
      getLoginProfile: spaced(iam.getLoginProfile),
      listGroupsForUser: spaced(iam.listGroupsForUser),
      listAttachedUserPolicies: spaced(iam.listAttachedUserPolicies),
      getUserPath: spaced(iam.getUserPath),
      getGroup: spaced(iam.getGroup),
      addUserToGroup: spaced(iam.addUserToGroup),
      removeUserFromGroup: spaced(iam.removeUserFromGroup),
      attachUserPolicy: spaced(iam.attachUserPolicy),
      detachUserPolicy: spaced(iam.detachUserPolicy),
      getAccountAuthorizationDetails: spaced(iam.getAccountAuthorizationDetails),
      generateCredentialReport: spaced(iam.generateCredentialReport),
      getCredentialReport: spaced(iam.getCredentialReport),
    },
  };
}
