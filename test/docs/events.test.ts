import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DETAIL_TYPES, EVENT_SOURCE, TOLD } from "../../core/told";
import type { BusEvent } from "../../fake-aws/event-bus";
import { EVENT_SCHEMA, eventProblems } from "../support/event-schema";

const page = readFileSync("docs/operations.md", "utf8");

describe("docs/events.json", () => {
  it("has each detail-type, in the order in which they are told everywhere", () => {
    const types = EVENT_SCHEMA.oneOf.map(({ $ref }) => decodeURIComponent($ref.replace("#/$defs/", "")));
    expect(types).to.deep.equal(DETAIL_TYPES);
    expect(EVENT_SCHEMA.properties.source.const).to.equal(EVENT_SOURCE);
    for (const type of types) {
      expect(EVENT_SCHEMA.$defs[type]?.properties).to.have.nested.property("detail-type.const", type);
    }
  });

  const event = (detailType: string, detail: object): BusEvent => ({
    version: "0",
    id: "1",
    "detail-type": detailType,
    source: "require-mfa",
    account: "123456789012",
    time: "2026-03-05T00:30:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      level: "WARN",
      sweep: { by: "schedule", run: 1 },
      schemaVersion: 1,
      account: "123456789012",
      consoleLink: "https://console.aws.amazon.com/",
      message: "It is so.",
      ...detail,
    },
  });
  const ROOT = { finding: "root-without-mfa" };

  it("takes an event as it is, and refuses one of another source or type, or with something amiss", () => {
    expect(eventProblems(event("Root Without MFA", ROOT))).to.deep.equal([]);
    const amiss: readonly BusEvent[] = [
      { ...event("Root Without MFA", ROOT), source: "com.example" },
      event("Root without MFA", ROOT),
      event("Report Missing", ROOT),
      event("Root Without MFA", {}),
      event("Root Without MFA", { ...ROOT, sweep: undefined }),
      event("Root Without MFA", { ...ROOT, message: 'a "quoted" word' }),
      event("Root Without MFA", { ...ROOT, schemaVersion: 2 }),
    ];
    for (const each of amiss) expect(eventProblems(each), JSON.stringify(each)).to.have.lengthOf(1);
  });

  it("is held by the tests to every field that is put, and lets subscribers' events have more", () => {
    expect(eventProblems(event("Root Without MFA", { ...ROOT, more: { users: 1 } }))).to.deep.equal([]);
    expect(eventProblems(event("Root Without MFA", { ...ROOT, password: "secret" }))).to.have.lengthOf(1);
    expect(JSON.stringify(EVENT_SCHEMA)).to.not.match(/unevaluatedProperties|additionalProperties":false/);
  });
});

describe("docs/operations.md", () => {
  it("has a row for each event: what it means, as the schema says, and the first step, as its message does", () => {
    const [, section = ""] = /\n## Events\n([\s\S]*?)\n## /.exec(page) ?? [];
    const [, ...rows] = section.split("\n").filter((line) => line.startsWith("| `"));
    const expected = DETAIL_TYPES.map((type) => {
      const { wantsHuman, lasts, firstStep } = TOLD[type];
      const tells = [wantsHuman ? "wants a human" : [], lasts ? "lasts" : []].flat().join(", ");
      return ["", `\`${type}\``, tells, EVENT_SCHEMA.$defs[type]?.description, firstStep, ""];
    });
    expect(rows.map((row) => row.split("|").map((cell) => cell.trim()))).to.deep.equal(expected);
  });
});
