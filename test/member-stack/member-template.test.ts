import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { type MemberStack, memberTemplate } from "../../member-stack/member-template";
import type { Template } from "../../member-stack/template";

const STACK: MemberStack = {
  partition: "aws",
  settings: DEFAULT_SETTINGS,
  code: { bucket: "require-mfa-code-1a2b3c4", key: "handler-5d6e7f.zip" },
  hub: {
    busArn: "arn:aws:events:us-east-1:111122223333:event-bus/require-mfa",
    topicArn: "arn:aws:sns:us-east-1:111122223333:require-mfa",
  },
};

describe("a member's template", () => {
  it("is one of CloudFormation's", () => {
    const template: Template = memberTemplate(STACK);
    expect(template.AWSTemplateFormatVersion).to.equal("2010-09-09");
  });
});
