import { createServer } from "node:http";
import { expect } from "chai";
import { listenOnLoopback } from "../../fake-aws/loopback";
import { speakerOf } from "../../verify/harmless-calls";

const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/** Asks for the trails where CloudTrail gives these answers, one after the other. */
async function describeTrails(answers: readonly (readonly [number, string])[]): Promise<readonly [unknown, number]> {
  let asked = 0;
  const cloudTrail = await listenOnLoopback(
    createServer((_, response) => {
      const [status, body] = answers[asked] ?? [500, "asked once too often"];
      asked++;
      response.writeHead(status).end(body);
    }),
  );
  const aws = { region: "us-east-1", endpoints: { cloudtrail: cloudTrail.url }, roles: [], notFollowed: [] };
  const speaker = speakerOf(aws, KEY);
  try {
    return [await speaker.describeTrails().catch((error: unknown) => error), asked];
  } finally {
    speaker.close();
    await cloudTrail.close();
  }
}

describe("the list of trails, which goes without the SDK", () => {
  it("is asked for again where CloudTrail is out of order or too busy, as the SDK does", async () => {
    const throttled = '{"__type":"ThrottlingException"}';
    expect(
      await describeTrails([
        [503, "later"],
        [400, throttled],
        [200, "{}"],
      ]),
    ).to.deep.equal(["{}", 3]);
  });

  it("is asked for three times at the most", async () => {
    const [failure, asked] = await describeTrails(Array(4).fill([503, "later"]));
    expect(failure).to.be.an.instanceOf(Error).with.property("message", "CloudTrail refused DescribeTrails: 503 later");
    expect(asked).to.equal(3);
  });

  it("is asked for once where it is refused, for that is an answer", async () => {
    const refusal = '{"__type":"AccessDeniedException","Message":"no"}';
    const [failure, asked] = await describeTrails([[400, refusal]]);
    expect(failure)
      .to.be.an.instanceOf(Error)
      .with.property("message", `CloudTrail refused DescribeTrails: 400 ${refusal}`);
    expect(asked).to.equal(1);
  });
});
