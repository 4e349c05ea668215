/** The function that the messages were meant for. */
export const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4";

/** An event of EventBridge about a call that CloudTrail recorded. */
export const eventOf = (detail: object) => ({
  version: "0",
  id: "8f5c1b0e-0000-4000-8000-1d2e3f4a5b6c",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.iam",
  account: "123456789012",
  time: "2026-11-20T09:00:01Z",
  region: "us-east-1",
  resources: [],
  detail,
});

/** The attributes of a dead letter, as EventBridge's guide lists them. */
export const DEAD_LETTER_ATTRIBUTES = {
  RULE_ARN: "arn:aws:events:us-east-1:123456789012:rule/require-mfa-1a2b3c4",
  TARGET_ARN: FUNCTION_ARN,
  ERROR_CODE: "NO_PERMISSIONS",
  ERROR_MESSAGE: "Lambda function is not authorized to be invoked",
};

/** Lambda's record of an invocation that failed three times, as its guide shows one, with the function's own error. */
export const recordOfFailure = (requestPayload: unknown, more: object = {}) => ({
  version: "1.0",
  timestamp: "2026-11-20T09:03:10.568Z",
  requestContext: {
    requestId: "e4b46cbf-b738-4000-8880-a18cdf61200e",
    functionArn: `${FUNCTION_ARN}:$LATEST`,
    condition: "RetriesExhausted",
    approximateInvokeCount: 3,
  },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  responsePayload: { errorType: "AccessDenied", errorMessage: "not allowed to add alice", trace: [] },
  ...more,
});
