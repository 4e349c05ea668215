import { createHmac } from "node:crypto";

const STEP_SECONDS = 30;
const DIGITS = 6;

/** RFC 4648, section 6. */
const BASE32_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The code that an authenticator app shows at a moment: RFC 6238 with 30 s, 6 digits and SHA-1, as IAM's virtual
 * devices use it.
 *
 * @param base32Seed the device's Base32StringSeed as text; case and padding do not matter.
 * @throws RangeError for a character that base32 does not have.
 */
export function totpCode(base32Seed: string, at: Date): string {
  return codeOfStep(bytesOfBase32(base32Seed), stepAt(at));
}

/**
 * Whether two codes are a device's codes of two steps in a row, the later step at most `driftSteps` steps away from `at`:
 * clocks differ, and people are slow to type.
 */
export function areConsecutiveCodes(
  codes: readonly [string, string],
  base32Seed: string,
  at: Date,
  driftSteps: number,
): boolean {
  const key = bytesOfBase32(base32Seed);
  const now = stepAt(at);
  for (let later = Math.max(1, now - driftSteps); later <= now + driftSteps; later++) {
    if (codeOfStep(key, later - 1) === codes[0] && codeOfStep(key, later) === codes[1]) return true;
  }
  return false;
}

/**
 * The step of which a code is a device's code, at most `driftSteps` steps away from `at`; undefined where it is of none.
 */
export function stepOfCode(code: string, base32Seed: string, at: Date, driftSteps: number): number | undefined {
  const key = bytesOfBase32(base32Seed);
  const now = stepAt(at);
  for (let step = Math.max(0, now - driftSteps); step <= now + driftSteps; step++) {
    if (codeOfStep(key, step) === code) return step;
  }
  return undefined;
}

/** Bytes in base32, without padding. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32_ALPHABET.charAt(Number.parseInt(group.padEnd(5, "0"), 2))).join("");
}

function bytesOfBase32(text: string): Uint8Array {
  const bits = Array.from(text.toUpperCase().replace(/=+$/, ""), (character) => {
    const value = BASE32_ALPHABET.indexOf(character);
    if (value < 0) throw new RangeError(`${JSON.stringify(character)} is not a character of base32`);
    return value.toString(2).padStart(5, "0");
  }).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

function stepAt(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS);
}

/** RFC 4226, section 5.3: four bytes of the HMAC, from where its last half byte points to. */
function codeOfStep(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const truncated = digest.readUInt32BE(digest.readUInt8(19) & 0x0f) & 0x7fffffff;
  return String(truncated % 10 ** DIGITS).padStart(DIGITS, "0");
}
