import { expect } from "chai";
import { type Deadline, dueDate } from "../../core/due";

describe("a hold is due", () => {
  const made = "2026-11-20T09:30:15Z";
  const cases: readonly (readonly [string, string | undefined, Deadline, string | undefined])[] = [
    ["at once where nothing is set", made, { enforceFrom: "none", graceDays: 0 }, undefined],
    ["from 00:00 UTC of enforceFrom on", made, { enforceFrom: "2027-01-01", graceDays: 0 }, "2027-01-01T00:00:00.000Z"],
    [
      "from enforceFrom on for whoever was made after it: the days of the past tell no grace",
      made,
      { enforceFrom: "2026-01-01", graceDays: 0 },
      "2026-01-01T00:00:00.000Z",
    ],
    [
      "so many days after the user was made, to the second",
      made,
      { enforceFrom: "none", graceDays: 14 },
      "2026-12-04T09:30:15.000Z",
    ],
    ["after 35 days at most", made, { enforceFrom: "none", graceDays: 35 }, "2026-12-25T09:30:15.000Z"],
    [
      "at the later of both: enforceFrom",
      made,
      { enforceFrom: "2027-01-01", graceDays: 14 },
      "2027-01-01T00:00:00.000Z",
    ],
    [
      "at the later of both: the end of the grace",
      made,
      { enforceFrom: "2026-12-01", graceDays: 14 },
      "2026-12-04T09:30:15.000Z",
    ],
    [
      "on enforceFrom without a CreateDate",
      undefined,
      { enforceFrom: "2028-02-29", graceDays: 0 },
      "2028-02-29T00:00:00.000Z",
    ],
    [
      "at once where a grace has no CreateDate to begin at",
      undefined,
      { enforceFrom: "none", graceDays: 14 },
      undefined,
    ],
    ["so even before enforceFrom", undefined, { enforceFrom: "2027-01-01", graceDays: 1 }, undefined],
  ];
  for (const [title, createdAt, deadline, expected] of cases) {
    it(title, () => {
      const due = dueDate(createdAt === undefined ? undefined : new Date(createdAt), deadline);
      expect(due?.toISOString()).to.equal(expected);
    });
  }
});
