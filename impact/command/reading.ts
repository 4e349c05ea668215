import type { Progress } from "../../command-line/progress";

/** What is being done while IAM is asked, by the SDK's name of the call that was answered last. */
const NEXT: Readonly<Record<string, string>> = {
  GenerateCredentialReportCommand: "reading users and groups",
  GetAccountAuthorizationDetailsCommand: "reading users and groups",
  GetCredentialReportCommand: "reading the credential report",
  ListVirtualMFADevicesCommand: "reading who has an authenticator app",
};

const BAR_CHARACTERS = 24;

/**
 * Shows how far reading has come, a bar and what is being done.
 *
 * @param expected how many calls it takes, about
 * @returns what is to be told each call that was answered
 */
export function showReading(progress: Progress, expected: number): (call: string) => void {
  let done = 0;
  const show = (what: string): void => {
    progress.doing(`${bar(Math.min(done / expected, 1))} ${what}`);
  };
  show("asking for the credential report");
  return (call) => {
    done++;
    show(NEXT[call] ?? "reading");
  };
}

/** A bar that is filled up to a share from 0 to 1. */
export function bar(share: number): string {
  const filled = Math.round(share * BAR_CHARACTERS);
  return `[${"#".repeat(filled)}${"-".repeat(BAR_CHARACTERS - filled)}]`;
}
