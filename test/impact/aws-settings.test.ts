import { expect } from "chai";
import { readAwsSettings } from "../../impact/aws-settings";

const NOTHING = {
  region: "us-east-1",
  profile: undefined,
  key: undefined,
  configFile: undefined,
  credentialsFile: undefined,
  endpoints: {},
  roles: [],
  notFollowed: [],
};

describe("where and as whom an account is read", () => {
  it("is where nothing is configured us-east-1, as whoever is found", () => {
    expect(readAwsSettings({}, {})).to.deep.equal(NOTHING);
  });

  it("is what the configuration tells the AWS provider", () => {
    const config = {
      "aws:region": "us-gov-west-1",
      "aws:profile": "readers",
      "aws:accessKey": "ASIAX",
      "aws:secretKey": "s",
      "aws:token": "t",
      "aws:sharedConfigFiles": '["/etc/aws/config","/other"]',
      "aws:sharedCredentialsFiles": '["/etc/aws/credentials"]',
      "aws:endpoints": '[{"iam":"http://127.0.0.1:1"},{"sts":"http://127.0.0.1:2","s3":"http://127.0.0.1:3"}]',
      "aws:assumeRoles": '[{"roleArn":"arn:aws:iam::123456789012:role/a","externalId":"x","duration":"1h"}]',
      "require-mfa:mode": "strict",
    };
    expect(readAwsSettings(config, { AWS_REGION: "us-east-1" })).to.deep.equal({
      region: "us-gov-west-1",
      profile: "readers",
      key: { accessKeyId: "ASIAX", secretAccessKey: "s", sessionToken: "t" },
      configFile: "/etc/aws/config",
      credentialsFile: "/etc/aws/credentials",
      endpoints: { iam: "http://127.0.0.1:1", sts: "http://127.0.0.1:2" },
      roles: [{ roleArn: "arn:aws:iam::123456789012:role/a", externalId: "x" }],
      notFollowed: [],
    });
  });

  it("goes by the environment's region where the configuration has none", () => {
    expect(readAwsSettings({}, { AWS_DEFAULT_REGION: "cn-north-1" }).region).to.equal("cn-north-1");
  });

  it("says what is not followed: another kind of role, and what can't be read", () => {
    const config = { "aws:assumeRoleWithWebIdentity": '{"roleArn":"x"}', "aws:assumeRoles": "all of them" };
    expect(readAwsSettings(config, {})).to.deep.equal({
      ...NOTHING,
      notFollowed: ["aws:assumeRoleWithWebIdentity", "aws:assumeRoles"],
    });
  });
});
