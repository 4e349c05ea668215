import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const account = aws.getCallerIdentityOutput().accountId;
const pattern = pulumi.jsonStringify({ source: ["require-mfa"], account: [account] });
const rule = new aws.cloudwatch.EventRule("mfa-teams", { eventPattern: pattern });
const connection = new aws.cloudwatch.EventConnection("mfa-teams", {
  authorizationType: "API_KEY",
  authParameters: { apiKey: { key: "X-Not-Asked-For", value: "none" } },
});
const destination = new aws.cloudwatch.EventApiDestination("mfa-teams", {
  connectionArn: connection.arn,
  httpMethod: "POST",
  invocationEndpoint: config.requireSecret("teamsWebhook"),
  invocationRateLimitPerSecond: 1,
});
const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "events.amazonaws.com" });
const role = new aws.iam.Role("mfa-teams", { assumeRolePolicy });
const invoke = { Effect: "Allow", Action: "events:InvokeApiDestination", Resource: destination.arn };
const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [invoke] });
const rolePolicy = new aws.iam.RolePolicy("mfa-teams", { role: role.name, policy });
const contentType = "application/vnd.microsoft.card.adaptive";
const title = '{"type":"TextBlock","weight":"bolder","text":<type>}';
const text = '{"type":"TextBlock","wrap":true,"text":<message>}';
const card = `{"type":"AdaptiveCard","version":"1.4","body":[${title},${text}]}`;
new aws.cloudwatch.EventTarget(
  "mfa-teams",
  {
    rule: rule.name,
    arn: destination.arn,
    roleArn: role.arn,
    inputTransformer: {
      inputPaths: { type: "$.detail-type", message: "$.detail.message" },
      inputTemplate: `{"type":"message","attachments":[{"contentType":"${contentType}","content":${card}}]}`,
    },
  },
  { dependsOn: rolePolicy },
);
