import { createHmac } from "node:crypto";

/** How long a code is shown, in seconds (RFC 6238, section 5.2). */
export const STEP_SECONDS = 30;

const DIGITS = 6;

/** RFC 4648, section 6. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The step that a moment is in. */
export function stepAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000 / STEP_SECONDS);
}

/**
 * The code that an authenticator app shows during a step: RFC 6238 with SHA-1 and 6 digits, as IAM's virtual devices use
 * it. The stand-in for AWS, which judges codes, has its own.
 *
 * @param seed base32, as CreateVirtualMFADevice gives it
 * @throws RangeError for a character that base32 does not have
 */
export function totpCode(seed: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", bytesOf(seed)).update(counter).digest();
  // RFC 4226, section 5.3: the last half byte says where the four bytes begin, of which the first bit does not count.
  const number = digest.readUInt32BE(digest.readUInt8(digest.length - 1) & 0xf) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

function bytesOf(seed: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of seed.replace(/=+$/, "").toUpperCase()) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new RangeError(`${JSON.stringify(character)} is no character of base32`);
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}
