import { wordsOf } from "../../core/words-of";
import type { OrganizationAccount } from "./list-accounts";
import type { AccountImpact, AccountReport, Outcome } from "./organization-impact";

/** How accounts are read. */
export interface ReadingOfAccounts {
  /** Reads one; throws {@link NotReadError}, or what keeps it from being read. */
  readonly read: (account: OrganizationAccount) => Promise<AccountImpact>;
  /** What mends it that one could not be read for another reason than a {@link NotReadError} tells. */
  readonly remedy: string;
  /** How many are read at once, at the most. */
  readonly atOnce: number;
  /** Told of each account as it is begun. */
  readonly onBegin: (account: OrganizationAccount) => void;
  /** Told of each account as soon as it is done with; what it throws ends the reading. */
  readonly onEnd: (account: OrganizationAccount, report: AccountReport) => void;
}

/** An account can't be read. */
export class NotReadError extends Error {
  override readonly name = "NotReadError";

  /** @param remedy what mends it, in words */
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Reads accounts, a few at once, and tells of each; what keeps one from being read is told of it, and keeps no other.
 *
 * @throws what being told of an account throws, for then nothing more is begun
 */
export async function readAccounts(
  accounts: readonly OrganizationAccount[],
  reading: ReadingOfAccounts,
): Promise<void> {
  const left = [...accounts];
  const goOn = async (): Promise<void> => {
    for (let account = left.shift(); account !== undefined; account = left.shift()) {
      reading.onBegin(account);
      const outcome = await outcomeOf(account, reading);
      try {
        reading.onEnd(account, { ...account, outcome });
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: reading.atOnce }, goOn));
}

async function outcomeOf(account: OrganizationAccount, { read, remedy }: ReadingOfAccounts): Promise<Outcome> {
  try {
    return { state: "read", impact: await read(account) };
  } catch (error) {
    return {
      state: "not read",
      why: wordsOf(error),
      remedy: error instanceof NotReadError ? error.remedy : remedy,
    };
  }
}
