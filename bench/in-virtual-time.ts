import { GUARD_NAMES } from "../core/guards";
import type { Mode } from "../core/modes";
import { type VirtualClock, virtualClock } from "../fake-aws/virtual-clock";
import { type VirtualIam, type VirtualUser, virtualIam } from "../fake-aws/virtual-iam";
import { countAstray, DOCUMENT, GUARD_GROUPS, GUARDS, type Person, people } from "./people";
import { bruteForce, type Cost, eventOnce, sweepOnce } from "./ways";

/** One account, swept and gone through by brute force. */
export interface VirtualCosts {
  /** The sweep of an account where all are enrolled and in place: what it takes to find that out, or who is not. */
  readonly finding: Cost;
  /** The same where a quarter is in quarantine, each of whom is read live. */
  readonly looking: Cost;
  /** The sweep, with mending. */
  readonly inAll: Cost;
  /** What an event takes after which somebody is held. */
  readonly event: Cost;
  readonly bruteForce: Cost;
}

const START_TIME = new Date("2026-11-20T09:00:00Z");
const CREATED_AT = new Date("2026-01-05T08:00:00Z");

/** Measures an account of so many users. Nothing in it is random or real time. */
export async function measureVirtually(count: number, mode: Mode): Promise<VirtualCosts> {
  const astray = people(count, mode, "some astray");
  const unprotected = astray.filter(({ password, device }) => password && !device).length;
  return {
    finding: await costOf(people(count, mode, "all enrolled"), (iam, clock) => sweepOnce(iam, clock, mode, 0)),
    looking: await costOf(people(count, mode, "a quarter not enrolled"), (iam, clock) =>
      sweepOnce(iam, clock, mode, 0),
    ),
    inAll: await costOf(astray, (iam, clock) => sweepOnce(iam, clock, mode, countAstray(count))),
    event: await costOf(astray, (iam, clock) => eventOnce(iam, clock, mode, unheld(astray))),
    bruteForce: await costOf(astray, (iam) => bruteForce(iam, unprotected)),
  };
}

/** Somebody who has a password and no device, and is under no guard. */
function unheld(everybody: readonly Person[]): string {
  const person = everybody.find(({ password, device, guard }) => password && !device && guard === undefined);
  if (person === undefined) throw new Error("nobody is out of place");
  return person.name;
}

async function costOf(
  everybody: readonly Person[],
  work: (iam: VirtualIam, clock: VirtualClock) => Promise<void>,
): Promise<Cost> {
  const clock = virtualClock(START_TIME);
  const policies = new Map(GUARD_NAMES.map((name) => [GUARDS[name].policyArn, DOCUMENT]));
  const iam = virtualIam(clock, everybody.map(userOf), { groups: GUARD_GROUPS, policies });
  await clock.run(work(iam, clock));
  const calls = [...iam.counts().values()].reduce((sum, each) => sum + each, 0);
  return { calls, seconds: (clock.now() - START_TIME.getTime()) / 1000 };
}

function userOf({ name, password, device, guard }: Person): VirtualUser {
  return {
    name,
    path: "/",
    createdAt: CREATED_AT,
    ...(password && { passwordMadeAt: CREATED_AT }),
    devices: device ? [{ serialNumber: `arn:aws:iam::123456789012:mfa/${name}`, enabledAt: CREATED_AT }] : [],
    groups: guard === undefined ? [] : [GUARDS[guard].group],
    policies: [],
  };
}
