import { expect } from "chai";
import { serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import type { Principal } from "../../fake-aws/iam/account";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { RECORDING_TRAIL } from "../support/trails";

const HANDLER: Principal = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/handler",
  sessionName: "run",
};

const ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/";
const HERE: Trail = { ...RECORDING_TRAIL, Name: "here", TrailARN: `${ARN}here`, IsMultiRegionTrail: false };
const ELSEWHERE: Trail = { ...HERE, Name: "elsewhere", TrailARN: `${ARN}elsewhere`, HomeRegion: "eu-west-1" };
const SHADOW: Trail = { ...ELSEWHERE, Name: "shadow", TrailARN: `${ARN}shadow`, IsMultiRegionTrail: true };
const ORGANIZATIONS: Trail = {
  ...RECORDING_TRAIL,
  Name: "org",
  TrailARN: "arn:aws:cloudtrail:us-east-1:210987654321:trail/org",
  IsOrganizationTrail: true,
};

describe("the stand-in for CloudTrail's API", () => {
  let server: LoopbackServer;
  let asked: unknown[];
  let isAllowed: boolean;
  beforeEach(async () => {
    asked = [];
    isAllowed = true;
    server = await serveCloudTrail({
      accountId: "123456789012",
      region: "us-east-1",
      trails: [HERE, ELSEWHERE, SHADOW, ORGANIZATIONS],
      principals: new Map([["ASIAHANDLER", HANDLER]]),
      allows: (...request) => {
        asked.push(request);
        return isAllowed;
      },
    });
  });
  afterEach(() => server.close());

  const call = async (action: string, parameters: object, accessKeyId = "ASIAHANDLER") => {
    const response = await fetch(server.url, {
      method: "POST",
      headers: {
        "x-amz-target": `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261120/us-east-1/cloudtrail/aws4_request`,
      },
      body: JSON.stringify(parameters),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const namesOf = ({ body }: Awaited<ReturnType<typeof call>>) =>
    body.trailList.map(({ Name }: { Name: string }) => Name);
  const unknownTrail = (name: string) => ({
    status: 400,
    body: { __type: "TrailNotFoundException", message: `Unknown trail: ${name}` },
  });

  it("tells of the trails that reach the region, shadow trails where they are asked for or nothing is said", async () => {
    expect(namesOf(await call("DescribeTrails", {}))).to.deep.equal(["here", "shadow", "org"]);
    expect(namesOf(await call("DescribeTrails", { includeShadowTrails: true }))).to.deep.equal([
      "here",
      "shadow",
      "org",
    ]);
    expect(namesOf(await call("DescribeTrails", { includeShadowTrails: false }))).to.deep.equal(["here"]);
  });

  it("tells a trail's settings where it describes it, and whether it logs and what it selects where that is asked", async () => {
    const { body } = await call("DescribeTrails", { includeShadowTrails: false });
    expect(body.trailList).to.deep.equal([
      {
        Name: "here",
        TrailARN: `${ARN}here`,
        HomeRegion: "us-east-1",
        IsMultiRegionTrail: false,
        IncludeGlobalServiceEvents: true,
        IsOrganizationTrail: false,
      },
    ]);
    expect((await call("GetTrailStatus", { Name: `${ARN}here` })).body).to.deep.equal({ IsLogging: true });
    expect((await call("GetEventSelectors", { TrailName: `${ARN}here` })).body).to.deep.equal({
      TrailARN: `${ARN}here`,
      EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] }],
    });
  });

  it("knows a trail by its ARN, and none that does not reach the region", async () => {
    expect(await call("GetTrailStatus", { Name: "here" })).to.deep.equal(unknownTrail("here"));
    expect(await call("GetTrailStatus", { Name: `${ARN}elsewhere` })).to.deep.equal(unknownTrail(`${ARN}elsewhere`));
  });

  it("tells a member whether the organization's trail logs, and not what it selects", async () => {
    const { TrailARN } = ORGANIZATIONS;
    expect((await call("GetTrailStatus", { Name: TrailARN })).body).to.deep.equal({ IsLogging: true });
    expect(await call("GetEventSelectors", { TrailName: TrailARN })).to.deep.equal(unknownTrail(TrailARN));
  });

  it("asks whether the caller may, on the trail or on everything, and refuses who may not", async () => {
    await call("DescribeTrails", {});
    await call("GetTrailStatus", { Name: `${ARN}here` });
    await call("GetEventSelectors", { TrailName: `${ARN}here` });
    expect(asked).to.deep.equal([
      [HANDLER, "cloudtrail:DescribeTrails", "*"],
      [HANDLER, "cloudtrail:GetTrailStatus", `${ARN}here`],
      [HANDLER, "cloudtrail:GetEventSelectors", `${ARN}here`],
    ]);
    isAllowed = false;
    expect(await call("DescribeTrails", {})).to.deep.equal({
      status: 400,
      body: {
        __type: "AccessDeniedException",
        message: "not authorized to perform: cloudtrail:DescribeTrails on resource: *",
      },
    });
  });

  it("refuses credentials that it does not know, and calls that are not played", async () => {
    expect((await call("DescribeTrails", {}, "AKIASOMEBODY")).body.__type).to.equal("UnrecognizedClientException");
    expect((await call("StopLogging", { Name: `${ARN}here` })).body.__type).to.equal("UnknownOperationException");
  });
});
