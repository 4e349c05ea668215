import type { Mode } from "../core/modes";
import { DEFAULT_SETTINGS } from "../core/settings";
import type { UsersPage } from "../fake-aws/virtual-iam";
import type { Clock } from "../handler/clock";
import type { Iam } from "../handler/iam/iam";
import { reconcileAfterEvent } from "../handler/reconcile";
import { sweep } from "../handler/sweep/sweep";
import { GUARDS, POLICY_DIGESTS } from "./people";

/** What a run of the function has for users. */
const RUN_SECONDS = 855;

/** What a way to find people takes. */
export interface Cost {
  readonly calls: number;
  readonly seconds: number;
}

/** What the brute-force loop calls. */
export interface BruteForceIam extends Pick<Iam, "getLoginProfile" | "listMfaDevices"> {
  listUsers(marker?: string): Promise<UsersPage>;
}

/**
 * The program's own way: a scheduled sweep.
 *
 * @throws Error where it did not mend exactly so many, for then its cost says nothing
 */
export async function sweepOnce(iam: Iam, clock: Clock, mode: Mode, outOfPlace: number): Promise<void> {
  const { summary } = await sweep(
    { by: "schedule", run: 1 },
    {
      iam,
      clock,
      guards: GUARDS,
      policyDigests: POLICY_DIGESTS,
      rules: { ...DEFAULT_SETTINGS, mode },
      dryRun: false,
      deadline: DEFAULT_SETTINGS,
      maxReleases: 50,
      sweepEverySeconds: 3600,
      secondsLeft: () => RUN_SECONDS,
      isCurrent: async () => true,
      checkTrail: async () => ({ state: "recording", why: "the trail is no matter of IAM's calls" }),
    },
    () => undefined,
  );
  const { newlyHeld, moved, freed, left } = summary;
  expectCount("mended by the sweep", newlyHeld + moved + freed, outOfPlace);
  expectCount("left by the sweep", left, 0);
}

/**
 * The program's other way: an event that says that a user got a password, of whom no guard knows yet.
 *
 * @throws Error where the user was not held
 */
export async function eventOnce(iam: Iam, clock: Clock, mode: Mode, user: string): Promise<void> {
  const context = {
    iam,
    clock,
    guards: GUARDS,
    rules: { ...DEFAULT_SETTINGS, mode },
    dryRun: false,
    deadline: DEFAULT_SETTINGS,
    isCurrent: async () => true,
  };
  const { outcome } = await reconcileAfterEvent(user, (state) => state?.password === true, context);
  expectCount("held after an event", outcome.action === "held" ? 1 : 0, 1);
}

/**
 * The obvious way: every user by name, and of each the password and the devices, one user after the other. It tells who
 * has a password and no device; where these people stand it does not even ask, and it mends nobody.
 *
 * @throws Error where it did not find exactly so many
 */
export async function bruteForce(iam: BruteForceIam, unprotected: number): Promise<void> {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await iam.listUsers(marker);
    for (const name of page.names) {
      const [password, devices] = await Promise.all([iam.getLoginProfile(name), iam.listMfaDevices(name)]);
      if (password !== undefined && devices.length === 0) found.push(name);
    }
    marker = page.marker;
  } while (marker !== undefined);
  expectCount("found by brute force", found.length, unprotected);
}

function expectCount(what: string, count: number, expected: number): void {
  if (count !== expected) throw new Error(`${count} users were ${what}, not ${expected}`);
}
