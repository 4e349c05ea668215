import { type PolicyDocument, policyDocument } from "./document";
import { trustPolicy } from "./trust";

/** What EventBridge may do as the role by which it sends on what the handler tells: put events on the hub's bus. */
export function toldRolePolicy(busArn: string): PolicyDocument {
  return policyDocument({
    Sid: "SendOnWhatTheHandlerTells",
    Effect: "Allow",
    Action: "events:PutEvents",
    Resource: busArn,
  });
}

/**
 * Lets EventBridge take that role for the rule alone that brings what the handler tells (EventBridge User Guide,
 * "Cross-service confused deputy prevention in Amazon EventBridge").
 */
export function toldRoleTrust(ruleArn: string, accountId: string) {
  return trustPolicy("events.amazonaws.com", {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnEquals: { "aws:SourceArn": ruleArn },
  });
}
