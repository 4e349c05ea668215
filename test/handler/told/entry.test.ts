import { expect } from "chai";
import { entryOf, placeOf } from "../../../handler/told/entry";
import { GUARDS } from "../../support/guards";
import { PLACE } from "../../support/quiet-bus";

const detailOf = (line: Readonly<Record<string, unknown>>, place = PLACE, happened = "It is so") =>
  JSON.parse(entryOf({ detailType: "Guard Broken", line, happened }, place).Detail);

describe("an event's entry", () => {
  it("is the line of the log, and beside it schema version, account, console link and message", () => {
    const line = { level: "ERROR", finding: "guard-broken", message: "It is", guard: "sealed" };
    const { Detail, ...head } = entryOf({ detailType: "Guard Broken", line, happened: "It is so" }, PLACE);
    expect(head).to.deep.equal({ Source: "require-mfa", DetailType: "Guard Broken" });
    expect(JSON.parse(Detail)).to.deep.equal({
      level: "ERROR",
      finding: "guard-broken",
      guard: "sealed",
      schemaVersion: 1,
      account: "123456789012",
      consoleLink:
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/require-mfa-1a2b3c4",
      message: "It is so. Run pulumi up --refresh, which undoes it, and ask CloudTrail who did it.",
    });
  });

  it("links to the user in IAM where its line is about one, in each partition's console", () => {
    const linkIn = (partition: "aws" | "aws-us-gov" | "aws-cn") =>
      detailOf({ user: "doe,john+1@example.com" }, { ...PLACE, partition }).consoleLink;
    const page = "iam/home#/users/details/doe%2Cjohn%2B1%40example.com?section=security_credentials";
    expect(linkIn("aws")).to.equal(`https://console.aws.amazon.com/${page}`);
    expect(linkIn("aws-us-gov")).to.equal(`https://console.amazonaws-us-gov.com/${page}`);
    expect(linkIn("aws-cn")).to.equal(`https://console.amazonaws.cn/${page}`);
  });

  it("links to a log group with slashes in its name as the console spells it", () => {
    const { consoleLink } = detailOf({}, { ...PLACE, logGroup: "/aws/lambda/require-mfa" });
    expect(consoleLink).to.match(/#logsV2:log-groups\/log-group\/\$252Faws\$252Flambda\$252Frequire-mfa$/);
  });

  it("has a message of one line without double quotes, which a template need not escape", () => {
    const { message } = detailOf({}, PLACE, 'onlyUsers names "alcie":\n\tnobody');
    expect(message).to.match(/^onlyUsers names 'alcie': nobody\. Run pulumi up/);
  });

  it("tells the place by a guard's policy and by what Lambda sets", () => {
    const policyArn = GUARDS.quarantine.policyArn.replace("arn:aws:", "arn:aws-us-gov:");
    const guards = { ...GUARDS, quarantine: { ...GUARDS.quarantine, policyArn } };
    const environment = { AWS_REGION: "us-gov-west-1", AWS_LAMBDA_LOG_GROUP_NAME: "require-mfa-1a2b3c4" };
    expect(placeOf(guards, environment)).to.deep.equal({
      partition: "aws-us-gov",
      accountId: "123456789012",
      region: "us-gov-west-1",
      logGroup: "require-mfa-1a2b3c4",
    });
  });
});
