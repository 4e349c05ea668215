import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { expect } from "chai";

/** Reads a folder of logs in a process of its own, and prints what it found and the most memory that it took. */
const READ = `
  const { gatherEvidence } = require("./evidence/gather-evidence.ts");
  const { DEFAULT_SETTINGS } = require("./core/settings.ts");
  const paths = process.argv.slice(1);
  gatherEvidence({ paths, settings: DEFAULT_SETTINGS, guardOf: () => "conditional" }).then((evidence) => {
    const { records, users, problems } = evidence;
    const refused = users.map((user) => user.refused);
    const maxRssMb = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ records, refused, problems: problems.map(({ problem }) => problem), maxRssMb }));
  });
`;

/** Megabytes of small records, on each side of a record of a hundred. */
const SIDE_MB = 40;

function* log(): Generator<string> {
  const side = function* (from: number, to: number): Generator<string> {
    for (let index = from; index < to; index++) {
      const userIdentity = { type: "IAMUser", accountId: "123456789012", userName: `robot-${index % 2}` };
      const call = { eventTime: "2026-11-20T12:00:00Z", eventSource: "s3.amazonaws.com", eventName: "GetBucketAcl" };
      yield `${JSON.stringify({ ...call, userIdentity, userAgent: "x".repeat(800), eventID: index })},`;
    }
  };
  const count = SIDE_MB * 1000;
  yield '{"Records":[';
  yield* side(0, count);
  yield '{"requestParameters":"';
  for (let mb = 0; mb < 100; mb++) yield "x".repeat(1e6);
  yield '"},';
  yield* side(count, 2 * count);
  yield '{"userIdentity":null}]}';
}

describe("reading logs", () => {
  it("takes a heap that is smaller than they are, by far, and no more than 200 MB in all", async () => {
    const folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    try {
      await pipeline(Readable.from(log()), createGzip({ level: 1 }), createWriteStream(join(folder, "log.json.gz")));
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ["--max-old-space-size=64", "--import", "tsx", "-e", READ, folder],
        { encoding: "utf8" },
      );
      expect(stderr).to.equal("");
      const { maxRssMb, ...found } = JSON.parse(stdout);
      expect(found).to.deep.equal({
        records: 80_001,
        refused: [40_000, 40_000],
        problems: ["a record: larger than any of CloudTrail's"],
      });
      expect(maxRssMb).to.be.lessThan(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
