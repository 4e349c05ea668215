import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { type LoopbackServer, listenOnLoopback } from "../../../fake-aws/loopback";
import { trailCheck } from "../../../handler/trail/check-trail";
import type { TrailCheck } from "../../../handler/trail/judge-trails";

const HOME = "arn:aws:cloudtrail:us-east-1:123456789012:trail/";

interface Received {
  readonly action: string;
  readonly parameters: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** A status and a body; undefined where the call is never answered. */
type Answer = readonly [number, object] | undefined;

const trail = (Name: string, difference: object = {}) => ({
  Name,
  TrailARN: `${HOME}${Name}`,
  HomeRegion: "us-east-1",
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
  ...difference,
});
const told = (...trailList: readonly object[]): Answer => [200, { trailList }];
const LOGGING: Answer = [200, { IsLogging: true }];
const ALL: Answer = [200, { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] }];
const READS: Answer = [200, { EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }] }];
const DENIED: Answer = [400, { __type: "AccessDeniedException", Message: "not so" }];

describe("looking for a trail", () => {
  let received: Received[];
  let pauses: number[];
  beforeEach(() => {
    received = [];
    pauses = [];
  });
  afterEach(() => restore());

  /** What is found where CloudTrail answers each call as `answerTo` says. */
  async function check(answerTo: (action: string, parameters: string, call: number) => Answer): Promise<TrailCheck> {
    const server: LoopbackServer = await listenOnLoopback(
      createServer(async (request, response) => {
        const [, action = ""] = /\.(\w+)$/.exec(String(request.headers["x-amz-target"])) ?? [];
        const body = await text(request);
        received.push({ action, parameters: JSON.parse(body), headers: request.headers });
        const answer = answerTo(action, body, received.length);
        if (answer !== undefined) response.writeHead(answer[0]).end(JSON.stringify(answer[1]));
      }),
    );
    const environment = {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIAHANDLER",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_ENDPOINT_URL_CLOUDTRAIL: server.url,
    };
    try {
      return await trailCheck(environment, async (seconds) => void pauses.push(seconds))();
    } finally {
      await server.close();
    }
  }
  const calls = () => received.map(({ action }) => action);

  it("takes three calls where the account has one that records, signed with the function's own credentials", async () => {
    const found = await check(
      (action) => ({ DescribeTrails: told(trail("audit")), GetTrailStatus: LOGGING, GetEventSelectors: ALL })[action],
    );
    expect(found).to.deep.equal({ state: "recording", why: "audit records them" });
    expect(received.map(({ action, parameters }) => [action, parameters])).to.deep.equal([
      ["DescribeTrails", { includeShadowTrails: true }],
      ["GetTrailStatus", { Name: `${HOME}audit` }],
      ["GetEventSelectors", { TrailName: `${HOME}audit` }],
    ]);
    for (const { action, headers } of received) {
      expect(headers).to.include({
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${action}`,
        "x-amz-security-token": "token",
      });
      expect(headers.authorization).to.match(
        /^AWS4-HMAC-SHA256 Credential=ASIAHANDLER\/\d{8}\/us-east-1\/cloudtrail\/aws4_request, SignedHeaders=/,
      );
    }
    expect(pauses).to.deep.equal([]);
  });

  it("asks nothing more of a trail that IAM's events do not reach, nor what one selects that does not log", async () => {
    const found = await check(
      (action) =>
        ({
          DescribeTrails: told(
            trail("elsewhere", { IsMultiRegionTrail: false, HomeRegion: "eu-west-1" }),
            trail("stopped", { HomeRegion: "eu-west-1" }),
          ),
          GetTrailStatus: [200, { IsLogging: false }] as const,
        })[action],
    );
    expect(found.state).to.equal("missing");
    expect(found.why).to.include(
      "elsewhere is for eu-west-1 alone; stopped does not log, which `aws cloudtrail start-logging --name arn:aws:cloudtrail:us-east-1:123456789012:trail/stopped --region eu-west-1` mends. ",
    );
    expect(calls()).to.deep.equal(["DescribeTrails", "GetTrailStatus", "DescribeTrails", "GetTrailStatus"]);
  });

  it("looks once more, three seconds later, where it finds none: a trail that is new may be told of late", async () => {
    const found = await check((action, _, call) =>
      call === 1
        ? told()
        : { DescribeTrails: told(trail("new")), GetTrailStatus: LOGGING, GetEventSelectors: ALL }[action],
    );
    expect(found).to.deep.equal({ state: "recording", why: "new records them" });
    expect(pauses).to.deep.equal([3]);
  });

  it("looks into five trails at the most, the account's own before an organization's, and does not guess at the rest", async () => {
    const names = ["org-1", "org-2", "own-1", "own-2", "own-3", "own-4"];
    const found = await check(
      (action) =>
        ({
          DescribeTrails: told(...names.map((name) => trail(name, { IsOrganizationTrail: name.startsWith("org") }))),
          GetTrailStatus: LOGGING,
          GetEventSelectors: READS,
        })[action],
    );
    expect(found.state).to.equal("unknown");
    expect(found.why).to.include("org-1 records reads alone; org-2 was not looked into, for 5 others were; own-1 ");
    const asked = received.filter(({ action }) => action === "GetTrailStatus").map(({ parameters }) => parameters);
    expect(asked.slice(0, 5)).to.have.deep.members(
      ["own-1", "own-2", "own-3", "own-4", "org-1"].map((name) => ({ Name: `${HOME}${name}` })),
    );
    expect(asked).to.have.lengthOf(10);
  });

  it("looks into none that is out of reach, so that it takes no place of the five", async () => {
    const elsewhere = { IsMultiRegionTrail: false, HomeRegion: "eu-west-1" };
    const found = await check(
      (action) =>
        ({
          DescribeTrails: told(
            trail("far", elsewhere),
            ...["own-1", "own-2", "own-3", "own-4", "own-5"].map((name) => trail(name)),
          ),
          GetTrailStatus: LOGGING,
          GetEventSelectors: READS,
        })[action],
    );
    expect(found.state).to.equal("missing");
    expect(found.why).to.include("far is for eu-west-1 alone; own-1 records reads alone; own-2 ");
  });

  describe("can't tell", () => {
    const organizations = trail("landing-zone", { IsOrganizationTrail: true });

    it("of an organization's trail whose selectors CloudTrail refuses to tell", async () => {
      const found = await check(
        (action) =>
          ({
            DescribeTrails: told(organizations, trail("reads")),
            GetTrailStatus: LOGGING,
            GetEventSelectors: DENIED,
          })[action],
      );
      expect(found).to.deep.equal({
        state: "unknown",
        why: 'whether a trail brings IAM\'s events to us-east-1 can\'t be told: landing-zone is an organization\'s, and can\'t be looked into: CloudTrail refused GetEventSelectors: 400 {"__type":"AccessDeniedException","Message":"not so"}; reads can\'t be looked into: CloudTrail refused GetEventSelectors: 400 {"__type":"AccessDeniedException","Message":"not so"}',
      });
    });

    it("of a trail whose status is refused", async () => {
      const found = await check((action) => (action === "DescribeTrails" ? told(organizations) : DENIED));
      expect(found.state).to.equal("unknown");
      expect(calls()).to.not.include("GetEventSelectors");
    });

    it("where CloudTrail refuses to list the trails", async () => {
      expect(await check(() => DENIED)).to.deep.equal({
        state: "unknown",
        why: 'whether a trail brings IAM\'s events to us-east-1 can\'t be told: the account\'s trails can\'t be listed: CloudTrail refused DescribeTrails: 400 {"__type":"AccessDeniedException","Message":"not so"}',
      });
    });

    it("where CloudTrail answers with something else", async () => {
      expect((await check(() => [200, { trails: [] }])).state).to.equal("unknown");
    });

    it("where CloudTrail does not answer, for longer than four seconds each time", async () => {
      const { timeout } = AbortSignal;
      const limits = stub(AbortSignal, "timeout").callsFake(() => timeout(20));
      expect(await check(() => undefined)).to.deep.equal({
        state: "unknown",
        why: "whether a trail brings IAM's events to us-east-1 can't be told: the account's trails can't be listed: The operation was aborted due to timeout",
      });
      expect(limits.args).to.deep.equal([[4000], [4000]]);
      expect(calls()).to.deep.equal(["DescribeTrails", "DescribeTrails"]);
    });

    it("where nothing listens", async () => {
      const environment = { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL_CLOUDTRAIL: "http://127.0.0.1:1" };
      expect((await trailCheck(environment, async () => undefined)()).state).to.equal("unknown");
    });
  });
});
