import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const account = aws.getCallerIdentityOutput().accountId;
const pattern = pulumi.jsonStringify({ source: ["require-mfa"], account: [account] });
const rule = new aws.cloudwatch.EventRule("mfa-chat", { eventPattern: pattern });
const topic = new aws.sns.Topic("mfa-chat");
const principal = { Service: "events.amazonaws.com" };
const publish = { Effect: "Allow", Principal: principal, Action: "sns:Publish", Resource: topic.arn };
const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [publish] });
const topicPolicy = new aws.sns.TopicPolicy("mfa-chat", { arn: topic.arn, policy });
const content = `{"textType":"client-markdown","title":<type>,"description":<message>,"nextSteps":[<link>]}`;
const inputTransformer = {
  inputPaths: {
    type: "$.detail-type",
    message: "$.detail.message",
    link: "$.detail.consoleLink",
    user: "$.detail.user",
  },
  inputTemplate: `{"version":"1.0","source":"custom","content":${content},"metadata":{"threadId":"mfa-<user>"}}`,
};
new aws.cloudwatch.EventTarget(
  "mfa-chat",
  { rule: rule.name, arn: topic.arn, inputTransformer },
  { dependsOn: topicPolicy },
);
new aws.chatbot.SlackChannelConfiguration("mfa-chat", {
  configurationName: "mfa-chat",
  iamRoleArn: config.require("chatRoleArn"),
  slackTeamId: config.require("slackTeamId"),
  slackChannelId: config.require("slackChannelId"),
  snsTopicArns: [topic.arn],
});
