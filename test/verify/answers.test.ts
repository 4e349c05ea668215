import { expect } from "chai";
import { compile } from "../../policy-language/evaluator";
import { answerOf, type Credentials, expectedOf, isAsExpected } from "../../verify/answers";
import { callInWords, HARMLESS_CALLS, harmlessPolicy } from "../../verify/harmless-calls";
import { failureOf } from "../support/failure";

const failing = (name: string, message = "") => Promise.reject(Object.assign(new Error(message), { name }));

const USER = { name: "tess", path: "/require-mfa/dev/verify/", arnPrefix: "arn:aws:iam::123456789012:" };

/** What is to be answered, by call. */
function expectedBy(credentials: Credentials, ...documents: readonly unknown[]) {
  const policies = compile([JSON.parse(harmlessPolicy()), ...documents]);
  return Object.fromEntries(
    HARMLESS_CALLS.map((call) => [callInWords(call), expectedOf(call, credentials, USER, policies).answer]),
  );
}

describe("an answer of AWS", () => {
  it("is told by its code, however the service writes it", async () => {
    const coral = 'CloudTrail refused: 400 {"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}';
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [Promise.resolve({}), "allowed"],
      [failing("NoSuchEntityException"), "allowed"],
      [failing("AccessDenied"), "refused"],
      [failing("AccessDeniedException"), "refused"],
      [failing("AwsError", coral), "refused"],
      [failing("AwsError", 'CloudTrail refused: 400 {"__type":"AccessDeniedException"}'), "refused"],
      [failing("AwsError", 'CloudTrail refused: 400 {"__type":"UnrecognizedClientException"}'), "unknown key"],
      [failing("InvalidClientTokenId"), "unknown key"],
      [failing("ExpiredToken"), "unknown key"],
    ];
    for (const [call, answer] of cases) expect(await answerOf(call)).to.equal(answer);
  });

  it("tells nothing of policies where AWS is out of order, too busy, too far or says what nobody knows", async () => {
    for (const name of ["Throttling", "ServiceFailure", "TimeoutError", "SignatureDoesNotMatch", "TypeError"]) {
      expect((await failureOf(answerOf(failing(name, "AccessDenied, it says")))).message).to.equal(
        `${name}: AccessDenied, it says`,
      );
    }
    expect((await failureOf(answerOf(Promise.reject("a text")))).message).to.equal("Error: a text");
  });
});

describe("what AWS is to answer", () => {
  const ALL = { Effect: "Deny", Action: "*", Resource: "*" };
  const deny = (statement: object) => ({ Version: "2012-10-17", Statement: [{ ...ALL, ...statement }] });

  it("is what the evaluator says, but for GetCallerIdentity and for IAM without MFA", () => {
    const allowed = Object.fromEntries(HARMLESS_CALLS.map((call) => [callInWords(call), "allowed"]));
    const refused = { ...Object.fromEntries(HARMLESS_CALLS.map((call) => [callInWords(call), "refused"])) };
    const identity = { "sts:GetCallerIdentity": "allowed" };
    const trails = { "cloudtrail:DescribeTrails": "allowed" };
    expect(expectedBy("access key")).to.deep.equal(allowed);
    expect(expectedBy("session with MFA")).to.deep.equal(allowed);
    expect(expectedBy("session without MFA")).to.deep.equal({ ...refused, ...identity, ...trails });
    expect(expectedBy("access key", deny({}))).to.deep.equal({ ...refused, ...identity });
  });

  it("depends on MFA: absent for a key, and false and true in sessions", () => {
    const trails = (credentials: Credentials, condition: object) =>
      expectedBy(credentials, deny({ Condition: condition }))["cloudtrail:DescribeTrails"];
    const all = ["access key", "session without MFA", "session with MFA"] as const;
    const key = "aws:MultiFactorAuthPresent";
    expect(all.map((each) => trails(each, { Null: { [key]: "true" } }))).to.deep.equal([
      "refused",
      "allowed",
      "allowed",
    ]);
    expect(all.map((each) => trails(each, { Bool: { [key]: "false" } }))).to.deep.equal([
      "allowed",
      "refused",
      "allowed",
    ]);
    expect(all.map((each) => trails(each, { BoolIfExists: { [key]: "false" } }))).to.deep.equal([
      "refused",
      "refused",
      "allowed",
    ]);
  });

  it("tells a user with a path from another", () => {
    const own = ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:user/*/${aws:username}"];
    const { Resource: _, ...statement } = { ...ALL, NotResource: own, Action: "iam:GetUser" };
    const expected = expectedBy("access key", { Version: "2012-10-17", Statement: [statement] });
    expect([expected["iam:GetUser on itself"], expected["iam:GetUser on another user"]]).to.deep.equal([
      "allowed",
      "refused",
    ]);
  });

  it("is met by a key that is not known only where a session may call nothing", () => {
    const refused = { answer: "refused", by: "" } as const;
    const met = (["access key", "session without MFA", "session with MFA"] as const).map((credentials) =>
      isAsExpected("unknown key", refused, credentials),
    );
    expect(met).to.deep.equal([false, true, false]);
    expect(isAsExpected("unknown key", { answer: "allowed", by: "" }, "session without MFA")).to.equal(false);
    expect(isAsExpected("allowed", refused, "access key")).to.equal(false);
  });
});
