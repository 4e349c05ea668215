import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const { accountId: account } = aws.getCallerIdentityOutput();
const { partition } = aws.getPartitionOutput();
const { region } = aws.getRegionOutput();
const detailType = ["Guard Broken", "Suspicious Enrolment", "User Unholdable", "Exempt User Unprotected"];
const pattern = pulumi.jsonStringify({ source: ["require-mfa"], account: [account], "detail-type": detailType });
const rule = new aws.cloudwatch.EventRule("mfa-hub", { eventPattern: pattern });
const finding = {
  SchemaVersion: "2018-10-08",
  Id: "{% $states.input.id %}",
  ProductArn: pulumi.interpolate`arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
  GeneratorId: "require-mfa",
  AwsAccountId: "{% $states.input.account %}",
  Types: ["Software and Configuration Checks/AWS Security Best Practices"],
  CreatedAt: "{% $states.input.time %}",
  UpdatedAt: "{% $states.input.time %}",
  Severity: { Label: "HIGH" },
  Title: "{% $states.input.`detail-type` %}",
  Description: "{% $substring($states.input.detail.message, 0, 1024) %}",
  Resources: [{ Type: "AwsAccount", Id: "{% 'AWS::::Account:' & $states.input.account %}" }],
};
const role = (name: string, service: string, action: string, resource: pulumi.Input<string>) => {
  const made = new aws.iam.Role(name, { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: service }) });
  const allow = { Effect: "Allow", Action: action, Resource: resource };
  const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [allow] });
  return new aws.iam.RolePolicy(name, { role: made.name, policy }).role.apply(() => made.arn);
};
const machine = new aws.sfn.StateMachine("mfa-hub", {
  roleArn: role("mfa-hub-import", "states.amazonaws.com", "securityhub:BatchImportFindings", "*"),
  definition: pulumi.jsonStringify({
    QueryLanguage: "JSONata",
    StartAt: "Import",
    States: {
      Import: {
        Type: "Task",
        Resource: pulumi.interpolate`arn:${partition}:states:::aws-sdk:securityhub:batchImportFindings`,
        Arguments: { Findings: [finding] },
        Next: "See",
      },
      See: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.FailedCount > 0 %}", Next: "Refused" }],
        Default: "Imported",
      },
      Refused: { Type: "Fail", Error: "{% $states.input.FailedFindings[0].ErrorMessage %}" },
      Imported: { Type: "Succeed" },
    },
  }),
});
new aws.cloudwatch.EventTarget("mfa-hub", {
  rule: rule.name,
  arn: machine.arn,
  roleArn: role("mfa-hub-start", "events.amazonaws.com", "states:StartExecution", machine.arn),
});
