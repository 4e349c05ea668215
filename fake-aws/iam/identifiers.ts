import { createHash } from "node:crypto";
import { base32 } from "../totp";

/** What an IAM identifier is of, by its first four letters (IAM User Guide, "Unique identifiers"). */
type Prefix = "ACCA" | "AGPA" | "AIDA" | "AKIA" | "ANPA" | "AROA" | "ASIA";

/** Access key ids have 20 characters, the other ids 21. */
const LENGTH: Readonly<Record<Prefix, number>> = {
  ACCA: 21,
  AGPA: 21,
  AIDA: 21,
  AKIA: 20,
  ANPA: 21,
  AROA: 21,
  ASIA: 20,
};

/** An id that is always the same for the same text; of its digest, the bytes that make its letters and no more. */
export function identifierOf(prefix: Prefix, text: string): string {
  return remembered(`${prefix}/${text}`, (named) =>
    (prefix + base32(digest(named).subarray(0, 16))).slice(0, LENGTH[prefix]),
  );
}

/**
 * Where an account's new identifiers and secrets come from. They look like AWS's and are counted, not drawn, so that
 * what is rehearsed twice reads the same twice. Each kind has its own counter: one more read changes no user's id.
 */
export class Identifiers {
  readonly #accountId: string;
  readonly #counters = new Map<string, number>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** A unique id, or the id of an access key. */
  identifier(prefix: Prefix): string {
    return identifierOf(prefix, this.#next(prefix));
  }

  /** A UUID: the id of a request or of an event. */
  uuid(of: "request" | "event"): string {
    return remembered(this.#next(of), (counted) =>
      digest(counted)
        .toString("hex")
        .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5"),
    );
  }

  /** The seed of a virtual MFA device: 64 characters of base32, as IAM's. */
  seed(): string {
    return base32(digest(this.#next("seed")).subarray(0, 40));
  }

  /** What ends the serial number of a passkey: 26 letters and digits. */
  deviceId(): string {
    return base32(digest(this.#next("passkey")).subarray(0, 20)).slice(0, 26);
  }

  /** A secret access key: 40 characters. */
  secretAccessKey(): string {
    return digest(this.#next("secret")).toString("base64").slice(0, 40);
  }

  #next(kind: string): string {
    const count = (this.#counters.get(kind) ?? 0) + 1;
    this.#counters.set(kind, count);
    return `${this.#accountId}/${kind}/${count}`;
  }
}

/** Identifiers are counted, so that one account asks for the same ones as the one before; by what they are made of. */
const made = new Map<string, string>();
const MOST_REMEMBERED = 50_000;

function remembered(text: string, make: (text: string) => string): string {
  const known = made.get(text);
  if (known !== undefined) return known;
  const identifier = make(text);
  if (made.size < MOST_REMEMBERED) made.set(text, identifier);
  return identifier;
}

function digest(text: string): Buffer {
  return createHash("sha512").update(text).digest();
}
