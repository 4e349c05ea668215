import { WANTING_A_HUMAN } from "../../core/told";

/** What the dashboard of an organization is about. */
export interface HubDashboardOf {
  readonly stack: string;
  readonly region: string;
  /** The name of the log group in which all events of all accounts are. */
  readonly logGroup: string;
}

interface Table {
  readonly title: string;
  /** After its source, in CloudWatch Logs Insights' language. */
  readonly query: readonly string[];
}

const wantsAHuman = `\`detail-type\` in [${WANTING_A_HUMAN.map((type) => JSON.stringify(type)).join(", ")}]`;

/** The tables, in their order. */
const TABLES: readonly Table[] = [
  {
    title: "What wants a human, by account",
    query: [
      `filter ${wantsAHuman}`,
      "stats count(*) as events, latest(@timestamp) as last by account, `detail-type`",
      "sort events desc",
    ],
  },
  {
    title: "All events, by account and type",
    query: ["stats count(*) as events by account, `detail-type`", "sort account, `detail-type`"],
  },
  {
    title: "Accounts, by when they last told something",
    query: ["stats latest(@timestamp) as last, latest(`detail-type`) as what by account", "sort last asc"],
  },
  {
    title: "Who was held, moved or freed",
    query: [
      'filter `detail-type` in ["User Held", "User Moved", "User Freed", "Users Changed"]',
      "display @timestamp, account, `detail-type`, detail.user, detail.guard, detail.reason",
      "sort @timestamp desc",
    ],
  },
  {
    title: "Leaving: accounts in which a sweep of mode off left nobody held",
    query: ['filter `detail-type` = "Nobody Held"', "stats latest(@timestamp) as last by account", "sort last asc"],
  },
];

/** The grid is 24 wide. */
const WIDTH = 24;
const TEXT_HEIGHT = 2;
const TABLE_HEIGHT = 8;

/**
 * The body of the dashboard of all accounts, to be written as JSON: a week of what they told (CloudWatch User Guide,
 * "Dashboard Body Structure and Syntax"; CloudWatch Logs User Guide, "CloudWatch Logs Insights query syntax").
 */
export function hubDashboardBody({ stack, region, logGroup }: HubDashboardOf) {
  const text = `**require-mfa**, the organization of stack ${stack}. Made by \`pulumi up\`, which undoes what is changed here. Each account's handler puts its figures, and its log, into the account itself.`;
  return {
    start: "-PT168H",
    widgets: [
      { type: "text", x: 0, y: 0, width: WIDTH, height: TEXT_HEIGHT, properties: { markdown: text } },
      ...TABLES.map(({ title, query }, index) => ({
        type: "log",
        x: 0,
        y: TEXT_HEIGHT + index * TABLE_HEIGHT,
        width: WIDTH,
        height: TABLE_HEIGHT,
        properties: { title, region, view: "table", query: [`SOURCE '${logGroup}'`, ...query].join(" | ") },
      })),
    ],
  };
}
