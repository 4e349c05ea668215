import { expect } from "chai";
import { hubDashboardBody } from "../../../resources/organization/hub-dashboard-body";

const { widgets } = hubDashboardBody({ stack: "prod", region: "us-east-1", logGroup: "require-mfa-hub-1a2b3c4" });

describe("the dashboard of an organization", () => {
  it("fills its grid from above without a gap", () => {
    expect(widgets.map(({ type, x, y, width, height }) => [type, x, y, width, height])).to.deep.equal([
      ["text", 0, 0, 24, 2],
      ["log", 0, 2, 24, 8],
      ["log", 0, 10, 24, 8],
      ["log", 0, 18, 24, 8],
      ["log", 0, 26, 24, 8],
      ["log", 0, 34, 24, 8],
    ]);
  });

  const queryOf = (title: string) => {
    const found = widgets.map(({ properties }) => properties).find((each) => "title" in each && each.title === title);
    if (found === undefined || !("query" in found)) throw new Error(`no table ${title}`);
    expect(found).to.include({ region: "us-east-1", view: "table" });
    return found.query;
  };

  it("tells by account what wants a human, and what was told at all", () => {
    expect(queryOf("What wants a human, by account")).to.match(
      /^SOURCE 'require-mfa-hub-1a2b3c4' \| filter `detail-type` in \["Users Changed", "Suspicious Enrolment", .*"Trail Unknown"\] \| stats count\(\*\) as events, latest\(@timestamp\) as last by account, `detail-type` \| sort events desc$/,
    );
    expect(queryOf("All events, by account and type")).to.equal(
      "SOURCE 'require-mfa-hub-1a2b3c4' | stats count(*) as events by account, `detail-type` | sort account, `detail-type`",
    );
    expect(queryOf("Accounts, by when they last told something")).to.equal(
      "SOURCE 'require-mfa-hub-1a2b3c4' | stats latest(@timestamp) as last, latest(`detail-type`) as what by account | sort last asc",
    );
  });

  it("tells who was held, and in leaving where nobody is", () => {
    expect(queryOf("Who was held, moved or freed")).to.equal(
      'SOURCE \'require-mfa-hub-1a2b3c4\' | filter `detail-type` in ["User Held", "User Moved", "User Freed", "Users Changed"] | display @timestamp, account, `detail-type`, detail.user, detail.guard, detail.reason | sort @timestamp desc',
    );
    expect(queryOf("Leaving: accounts in which a sweep of mode off left nobody held")).to.equal(
      "SOURCE 'require-mfa-hub-1a2b3c4' | filter `detail-type` = \"Nobody Held\" | stats latest(@timestamp) as last by account | sort last asc",
    );
  });
});
