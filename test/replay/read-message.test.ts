import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type QueuedMessage, queueOf } from "../../replay/queue";
import { readMessage } from "../../replay/read-message";
import { DEAD_LETTER_ATTRIBUTES, eventOf, FUNCTION_ARN, recordOfFailure } from "./letters";

const FUNCTION = "require-mfa-1a2b3c4";

const message = (body: unknown, attributes: Readonly<Record<string, string>> = {}): QueuedMessage => ({
  queue: queueOf("https://sqs.us-east-1.amazonaws.com/123456789012/failures"),
  id: "5fea7756-0ea4-451a-a703-a558b933e274",
  receiptHandle: "handle",
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes,
  sentAt: "2026-11-20T09:10:00.000Z",
  receivedBefore: 0,
});

/** What is read, without the message itself. */
const read = (body: unknown, attributes?: Readonly<Record<string, string>>, name = FUNCTION) => {
  const { message: _, ...rest } = readMessage(message(body, attributes), name);
  return rest;
};

const CREATE_LOGIN_PROFILE = eventOf({
  eventName: "CreateLoginProfile",
  eventTime: "2026-11-20T09:00:00Z",
  requestParameters: { userName: "alice", passwordResetRequired: true },
});

const ASKED = {
  kind: "event",
  event: CREATE_LOGIN_PROFILE,
  call: "CreateLoginProfile",
  about: "alice",
  at: "2026-11-20T09:00:00Z",
};

describe("a message", () => {
  it("is a dead letter of EventBridge: the event, and why it was not delivered", () => {
    expect(read(CREATE_LOGIN_PROFILE, DEAD_LETTER_ATTRIBUTES)).to.deep.equal({
      asked: ASKED,
      failure: "not delivered: NO_PERMISSIONS: Lambda function is not authorized to be invoked",
    });
  });

  it("says how often a delivery was tried again", () => {
    const { failure } = {
      failure: "",
      ...read(CREATE_LOGIN_PROFILE, {
        ...DEAD_LETTER_ATTRIBUTES,
        ERROR_CODE: "THROTTLING",
        ERROR_MESSAGE: "Rate exceeded",
        EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
        RETRY_ATTEMPTS: "41",
      }),
    };
    expect(failure).to.equal("not delivered: THROTTLING: Rate exceeded (MaximumEventAgeInSeconds, 41 retries)");
  });

  it("is Lambda's record of an invocation: the event in it, and how it failed", () => {
    expect(read(recordOfFailure(CREATE_LOGIN_PROFILE))).to.deep.equal({
      asked: ASKED,
      failure: "failed: AccessDenied: not allowed to add alice (RetriesExhausted, 3 attempts)",
    });
  });

  it("is Lambda's record of an event that was never tried", () => {
    const { responseContext: _, responsePayload: __, ...neverTried } = recordOfFailure(CREATE_LOGIN_PROFILE);
    const requestContext = { functionArn: FUNCTION_ARN, condition: "EventAgeExceeded", approximateInvokeCount: 0 };
    expect(read({ ...neverTried, requestContext })).to.deep.equal({
      asked: ASKED,
      failure: "failed: the function was not run (EventAgeExceeded, 0 attempts)",
    });
  });

  it("names the group or the policy where the call was about a guard", () => {
    const about = (detail: object) => {
      const result = readMessage(message(eventOf({ eventTime: "2026-11-20T09:00:00Z", ...detail })), FUNCTION);
      return "asked" in result && result.asked.kind === "event" ? `${result.asked.call} ${result.asked.about}` : result;
    };
    const groupName = "require-mfa-sealed-1a2b3c4";
    const policyArn = "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4";
    expect([
      about({ eventName: "DetachGroupPolicy", requestParameters: { groupName, policyArn } }),
      about({ eventName: "CreatePolicyVersion", requestParameters: { policyArn } }),
      about({ eventName: "UpdateGroup", requestParameters: { groupName: "other", newGroupName: groupName } }),
      about({ eventName: "AttachUserPolicy", requestParameters: { userName: "bob", policyArn } }),
      about({ eventName: "CreateUser", requestParameters: {} }),
    ]).to.deep.equal([
      "DetachGroupPolicy require-mfa-sealed-1a2b3c4",
      "CreatePolicyVersion require-mfa-sealed-1a2b3c4",
      "UpdateGroup require-mfa-sealed-1a2b3c4",
      "AttachUserPolicy bob",
      "CreateUser nobody",
    ]);
  });

  it("is read of a real record", () => {
    const detail = JSON.parse(readFileSync("test/fixtures/cloudtrail/ct-stratus2024-CreateLoginProfile.json", "utf8"));
    const result = readMessage(message(recordOfFailure(eventOf(detail))), FUNCTION);
    expect("asked" in result && result.asked.kind === "event" && result.asked.event).to.deep.equal(eventOf(detail));
  });

  for (const [what, body] of [
    ["the schedule's input", { sweep: { by: "schedule" } }],
    ["the schedule's own event", { ...eventOf({}), source: "aws.events", "detail-type": "Scheduled Event" }],
    ["a sweep's later run", { sweep: { by: "deploy", run: 4, firstRunAt: 1795165200000 } }],
  ] as const) {
    it(`asks for a sweep by ${what}, in both formats`, () => {
      const asked = { kind: "sweep", at: "2026-11-20T09:10:00.000Z" };
      expect(read(body, DEAD_LETTER_ATTRIBUTES)).to.deep.include({ asked });
      expect(read(recordOfFailure(body))).to.deep.include({ asked });
    });
  }

  it("can't be replayed where it is nothing that the function would understand", () => {
    const { requestPayload: _, ...withoutPayload } = recordOfFailure(undefined);
    expect([
      read("poison"),
      read({ hello: "world" }),
      read({ sweep: { by: "hand" } }),
      read(withoutPayload),
      read(recordOfFailure({ Records: [] })),
    ]).to.deep.equal([
      { unusable: "it is no JSON" },
      {
        unusable: 'not an event of AWS API Call via CloudTrail: detail: expected "detail"',
      },
      {
        unusable: 'not an event of AWS API Call via CloudTrail: detail: expected "detail"',
      },
      { unusable: "Lambda left the event out" },
      {
        unusable: 'not an event of AWS API Call via CloudTrail: detail: expected "detail"',
      },
    ]);
  });

  it("can't be replayed where it was meant for another target", () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4";
    const others = "arn:aws:lambda:us-east-1:123456789012:function:others";
    expect([
      read(CREATE_LOGIN_PROFILE, { ...DEAD_LETTER_ATTRIBUTES, TARGET_ARN: topic }),
      read(
        recordOfFailure(CREATE_LOGIN_PROFILE, {
          requestContext: { functionArn: others, condition: "RetriesExhausted" },
        }),
      ),
    ]).to.deep.equal([
      { unusable: `it was meant for ${topic}, which is not the function` },
      { unusable: `it was meant for ${others}, which is not the function` },
    ]);
    expect(read(CREATE_LOGIN_PROFILE, DEAD_LETTER_ATTRIBUTES, FUNCTION_ARN)).to.have.property("asked");
  });
});
