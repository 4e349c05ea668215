import { setTimeout } from "node:timers/promises";
import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { api, type Case, guide, had, refusalOf } from "./case";
import { enabledDevice } from "./devices";

const REPORTS = guide("id_credentials_getting-report");

const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation," +
  "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region," +
  "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date," +
  "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active," +
  "cert_2_last_rotated,additional_credentials_info";

/** How often, and after how many milliseconds each, a report is asked for that IAM is still making. */
const TRIES = 100;
const PAUSE_MS = 20;

/** Has a report made, waits for it, and gives its lines and the moment of which it tells. */
async function report(
  iam: IAM,
): Promise<{ readonly lines: readonly string[]; readonly generatedAt: Date | undefined }> {
  for (let left = TRIES; left > 0; left--) {
    if ((await iam.generateCredentialReport({})).State === "COMPLETE") break;
    await setTimeout(PAUSE_MS);
  }
  const { Content, GeneratedTime, ReportFormat } = await iam.getCredentialReport({});
  expect(ReportFormat).to.equal("text/csv");
  return {
    lines: new TextDecoder()
      .decode(Content)
      .split("\n")
      .filter((line) => line !== ""),
    generatedAt: GeneratedTime,
  };
}

/** One user's row, by column. */
function rowOf(user: string, lines: readonly string[]): Readonly<Record<string, string>> {
  const [header = "", ...rows] = lines;
  const fields = had(
    rows.map((row) => row.split(",")).find(([name]) => name === user),
    `row of ${user}`,
  );
  return Object.fromEntries(header.split(",").map((column, index) => [column, fields[index]?.toLowerCase() ?? ""]));
}

export const REPORT_CASES: readonly Case[] = [
  {
    title: "there is none before one has been asked for",
    page: api("GetCredentialReport"),
    holds: async ({ iam }) => {
      expect(await refusalOf(iam.getCredentialReport({}))).to.equal("CredentialReportNotPresentException 410");
    },
  },
  {
    title: "the first one is started, and is complete in the end",
    page: api("GenerateCredentialReport"),
    holds: async ({ iam }) => {
      expect((await iam.generateCredentialReport({})).State).to.equal("STARTED");
      const { generatedAt } = await report(iam);
      expect(had(generatedAt, "GeneratedTime").getTime(), "GeneratedTime").to.be.closeTo(Date.now(), 3_600_000);
      expect((await iam.generateCredentialReport({})).State).to.equal("COMPLETE");
    },
  },
  {
    title: "its columns are those of the guide, in their order",
    page: REPORTS,
    holds: async ({ iam }) => {
      const header = (await report(iam)).lines[0] ?? "";
      const missing = HEADER.split(",").filter((column) => !header.split(",").includes(column));
      expect(missing, "columns that are missing").to.deep.equal([]);
      expect(header).to.equal(HEADER);
    },
  },
  {
    title: "it has a row of the root user",
    page: REPORTS,
    holds: async ({ iam }) => {
      const row = rowOf("<root_account>", (await report(iam)).lines);
      expect(row["arn"]).to.match(/^arn:aws[\w-]*:iam::\d{12}:root$/);
      expect(row["password_enabled"]).to.equal("not_supported");
    },
  },
  {
    title: "it tells of password, device and keys",
    page: REPORTS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "ci" });
      await iam.createAccessKey({ UserName: "ci" });
      await iam.createUser({ UserName: "alice", Path: "/eng/" });
      await iam.createLoginProfile({ UserName: "alice", Password: "correct-Horse-7-battery" });
      await enabledDevice(iam, "alice", "phone");
      const { lines } = await report(iam);
      const alice = rowOf("alice", lines);
      expect(alice["arn"]).to.match(/^arn:aws[\w-]*:iam::\d{12}:user\/eng\/alice$/);
      expect(alice["user_creation_time"]).to.match(/^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\+00:00|z)$/);
      expect(alice).to.include({ password_enabled: "true", mfa_active: "true", access_key_1_active: "false" });
      expect(rowOf("ci", lines)).to.include({
        password_enabled: "false",
        mfa_active: "false",
        access_key_1_active: "true",
        access_key_2_active: "false",
      });
    },
  },
  {
    title: "a key that is inactive is told to be",
    page: REPORTS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "ci" });
      const { AccessKey } = await iam.createAccessKey({ UserName: "ci" });
      await iam.updateAccessKey({ UserName: "ci", AccessKeyId: AccessKey?.AccessKeyId, Status: "Inactive" });
      const row = rowOf("ci", (await report(iam)).lines);
      expect(row["access_key_1_active"]).to.equal("false");
      expect(row["access_key_1_last_rotated"]).to.match(/^\d{4}-/);
    },
  },
  {
    title: "within four hours the same one is given out, whatever has changed",
    page: REPORTS,
    holds: async ({ iam }) => {
      const first = await report(iam);
      await iam.createUser({ UserName: "alice" });
      const second = await report(iam);
      expect(second.generatedAt).to.deep.equal(first.generatedAt);
      const told = second.lines.map((line) => line.split(",")[0]);
      expect(told, "who is told of").not.to.include("alice");
    },
  },
];
