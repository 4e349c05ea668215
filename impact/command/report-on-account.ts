import { progressOn } from "../../command-line/progress";
import { COMPONENT_NAME } from "../../config/component-name";
import { type Evidence, gatherEvidence } from "../../evidence/gather-evidence";
import { evidenceMarkdown, evidenceText } from "../../evidence/tell-evidence";
import { connect } from "../connect";
import { findCredentials } from "../credentials";
import type { Impact } from "../impact";
import { readImpact } from "../read-impact";
import { awsOfStack } from "./aws-of-stack";
import { markdown } from "./markdown";
import { page } from "./page";
import { showReading } from "./reading";
import type { Asked, Report } from "./report";
import { table } from "./table";
import { warn } from "./warn";

/** Seconds that the credential report is waited for at the most. */
const MOST_SECONDS = 120;

/** How many calls are expected where IAM does not say how many users there are. */
const FEW_CALLS = 5;

/** Reads one account, and the logs that are given. Throws where the account can't be read. */
export async function reportOnAccount(asked: Asked): Promise<Report> {
  const impact = await read(asked);
  const evidence = asked.logs.length === 0 ? undefined : await gather(asked.logs, impact);
  return {
    page: () => page(impact, asked.whatIf),
    text: printed(asked, impact, evidence),
    isSomebodyNew: impact.changes.held > 0,
  };
}

async function read({ configuration, settings }: Asked): Promise<Impact> {
  const { aws, warnings } = awsOfStack({ ...configuration, environment: process.env });
  for (const each of warnings) warn(each);
  const progress = progressOn(process.stderr);
  let onCall: (call: string) => void = () => undefined;
  const connection = await connect(aws, await findCredentials(aws), (call) => onCall(call));
  try {
    if (process.stderr.isTTY) {
      const expected = await connection.more.countCalls().catch(() => FEW_CALLS);
      onCall = showReading(progress, expected);
    }
    const until = connection.clock.now() + MOST_SECONDS * 1000;
    const question = { stack: configuration.stack, name: COMPONENT_NAME, settings };
    return await readImpact(question, connection, () => connection.clock.now() < until);
  } finally {
    progress.say();
    connection.close();
  }
}

/** Reads logs and judges each user's calls by the guard that the impact finds for the user, now or once it is due. */
async function gather(logs: readonly string[], { account, people, settings }: Impact): Promise<Evidence> {
  const guards = new Map(people.map(({ user, guard }) => [user.toLowerCase(), guard]));
  const progress = progressOn(process.stderr);
  try {
    return await gatherEvidence({
      paths: logs,
      settings,
      guardOf: (caller) => (caller.account === account ? guards.get(caller.user.toLowerCase()) : undefined),
      onProgress: ({ files, records }) => progress.doing(`reading logs: ${files} files, ${records} records`),
    });
  } finally {
    progress.say();
  }
}

function printed({ print, all, whatIf }: Asked, impact: Impact, evidence: Evidence | undefined): string {
  const told = (text: string, more: (evidence: Evidence, all: boolean) => string) =>
    evidence === undefined ? text : `${text}\n\n${more(evidence, all)}`;
  switch (print) {
    case "json":
      return JSON.stringify(evidence === undefined ? impact : { ...impact, evidence }, undefined, 2);
    case "markdown":
      return told(markdown(impact, all, whatIf), evidenceMarkdown);
    case "table":
      return told(table(impact, all, whatIf), evidenceText);
  }
}
