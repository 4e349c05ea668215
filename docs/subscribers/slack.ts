import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const account = aws.getCallerIdentityOutput().accountId;
const pattern = pulumi.jsonStringify({ source: ["require-mfa"], account: [account] });
const rule = new aws.cloudwatch.EventRule("mfa-slack", { eventPattern: pattern });
const connection = new aws.cloudwatch.EventConnection("mfa-slack", {
  authorizationType: "API_KEY",
  authParameters: { apiKey: { key: "X-Not-Asked-For", value: "none" } },
});
const destination = new aws.cloudwatch.EventApiDestination("mfa-slack", {
  connectionArn: connection.arn,
  httpMethod: "POST",
  invocationEndpoint: config.requireSecret("slackWebhook"),
  invocationRateLimitPerSecond: 1,
});
const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "events.amazonaws.com" });
const role = new aws.iam.Role("mfa-slack", { assumeRolePolicy });
const invoke = { Effect: "Allow", Action: "events:InvokeApiDestination", Resource: destination.arn };
const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [invoke] });
const rolePolicy = new aws.iam.RolePolicy("mfa-slack", { role: role.name, policy });
new aws.cloudwatch.EventTarget(
  "mfa-slack",
  {
    rule: rule.name,
    arn: destination.arn,
    roleArn: role.arn,
    inputTransformer: { inputPaths: { message: "$.detail.message" }, inputTemplate: '{"text":<message>}' },
  },
  { dependsOn: rolePolicy },
);
