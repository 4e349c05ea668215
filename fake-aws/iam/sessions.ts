import { stepOfCode } from "../totp";
import { IamError } from "./error";
import type { Identifiers } from "./identifiers";
import { invalid } from "./parameters";
import type { Principal } from "./principal";
import { getUser, type IamState } from "./state";

/** What GetSessionToken is asked for. */
export interface TokenRequest {
  readonly serialNumber?: string;
  readonly tokenCode?: string;
  /** 12 hours if left out. */
  readonly durationSeconds?: number;
}

/** The credentials of a session. */
export interface SessionToken {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

interface Session {
  /** By id, so that renaming a user ends no session. */
  readonly userId: string;
  readonly mfa: boolean;
  readonly expiration: Date;
}

/** In seconds, for IAM users (STS API Reference, GetSessionToken). */
const DURATION = { least: 900, most: 129_600, preset: 43_200 };

/** How many 30-second steps a code may be old. */
const DRIFT_STEPS = 1;

/** The sessions that GetSessionToken has given, and which of devices' codes are used up. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #lastSteps = new Map<string, number>();

  /** Who calls with a key, a user's own or a session's. Undefined where nobody has it any more. */
  principalOf(accessKeyId: string, { users }: IamState, at: Date): Principal | undefined {
    const session = this.#sessions.get(accessKeyId);
    for (const { id, name: userName, accessKeys } of users.values()) {
      // An inactive key signs nothing (API Reference, UpdateAccessKey).
      if (accessKeys.some(({ id, status }) => id === accessKeyId && status === "Active"))
        return { type: "IAMUser", userName, accessKeyId };
      if (session?.userId === id && at < session.expiration) {
        return { type: "IAMUser", userName, accessKeyId, mfa: session.mfa, byToken: true };
      }
    }
    return undefined;
  }

  /** @throws IamError AccessDenied, ValidationError */
  open(caller: Principal, request: TokenRequest, state: IamState, identifiers: Identifiers, at: Date): SessionToken {
    const { serialNumber, tokenCode, durationSeconds = DURATION.preset } = request;
    if (caller.type !== "IAMUser" || caller.mfa !== undefined) {
      throw new IamError("AccessDenied", "Cannot call GetSessionToken with session credentials");
    }
    if (durationSeconds < DURATION.least || durationSeconds > DURATION.most) {
      throw invalid(`durationSeconds must be from ${DURATION.least} to ${DURATION.most}`);
    }
    const { id, devices } = getUser(state, caller.userName);
    if (serialNumber !== undefined) {
      const isEnabled = devices.some((device) => device.serialNumber === serialNumber);
      this.#takeCode(isEnabled ? state.virtualDevices.get(serialNumber)?.seed : undefined, serialNumber, tokenCode, at);
    }
    const accessKeyId = identifiers.identifier("ASIA");
    const expiration = new Date(at.getTime() + durationSeconds * 1000);
    this.#sessions.set(accessKeyId, { userId: id, mfa: serialNumber !== undefined, expiration });
    return { accessKeyId, secretAccessKey: identifiers.secretAccessKey(), sessionToken: "token", expiration };
  }

  /** "The verifier MUST NOT accept the second attempt of the OTP" (RFC 6238, section 5.2). */
  #takeCode(seed: string | undefined, serialNumber: string, code: string | undefined, at: Date): void {
    const refused = "MultiFactorAuthentication failed";
    if (seed === undefined) throw new IamError("AccessDenied", `${refused}, unable to validate MFA code.`);
    if (code === undefined)
      throw new IamError("AccessDenied", `${refused}, must provide both MFA serial number and code.`);
    const step = stepOfCode(code, seed, at, DRIFT_STEPS);
    if (step === undefined || step <= (this.#lastSteps.get(serialNumber) ?? -1)) {
      throw new IamError("AccessDenied", `${refused} with invalid MFA one time pass code.`);
    }
    this.#lastSteps.set(serialNumber, step);
  }
}
