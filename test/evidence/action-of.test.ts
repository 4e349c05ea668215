import { expect } from "chai";
import { actionOf } from "../../evidence/action-of";

describe("actionOf", () => {
  for (const [eventSource, eventName, service, action] of [
    ["iam.amazonaws.com", "EnableMFADevice", "iam", "iam:EnableMFADevice"],
    ["ec2.amazonaws.com.cn", "RunInstances", "ec2", "ec2:RunInstances"],
    ["lambda.amazonaws.com", "ListFunctions20150331", "lambda", "lambda:ListFunctions"],
    ["lambda.amazonaws.com", "GetFunction20150331v2", "lambda", "lambda:GetFunction"],
    ["cloudfront.amazonaws.com", "CreateDistribution2020_05_31", "cloudfront", "cloudfront:CreateDistribution"],
    ["s3.amazonaws.com", "ListBuckets", "s3", "s3:ListAllMyBuckets"],
    ["s3.amazonaws.com", "GetBucketAcl", "s3", "s3:GetBucketAcl"],
    ["s3.amazonaws.com", "constructor", "s3", "s3:constructor"],
    ["monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch", "cloudwatch:PutMetricAlarm"],
    ["constructor", "constructor", "constructor", "constructor:constructor"],
    ["models.lex.amazonaws.com", "GetBots", "modelslex", "modelslex:GetBots"],
    ["\u0000", "a b\n|", "unknown", "unknown:ab"],
    ["s3.amazonaws.com", "?", "s3", "s3:Unknown"],
  ] as const) {
    it(`takes ${JSON.stringify(eventName)} of ${JSON.stringify(eventSource)} for ${action}`, () => {
      expect(actionOf(eventSource, eventName)).to.deep.equal({ service, action });
    });
  }
});
