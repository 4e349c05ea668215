import { createServer, type RequestListener } from "node:http";
import { expect } from "chai";
import { restore, stub } from "sinon";
import type { Trail } from "../../../fake-aws/cloudtrail-api";
import { listenOnLoopback } from "../../../fake-aws/loopback";
import { RECORDING_TRAIL } from "../../support/trails";
import { newWorld, type Settings, type World } from "../../support/world";

const STRICT: Settings = { mode: "strict" };

describe("a sweep", () => {
  let world: World;
  afterEach(async () => {
    restore();
    await world.close();
  });
  const meet = (made: World): void => {
    world = made;
    world.root("CreateUser", { UserName: "alice" });
    world.root("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
  };
  const inAccountWith = async (trails: readonly Trail[]): Promise<void> => meet(await newWorld({ trails }));

  /** [what the account has, the trails, why they do not do]. */
  const missing: readonly (readonly [string, readonly Partial<Trail>[], string])[] = [
    ["no trail", [], "there is none"],
    [
      "a stopped trail",
      [{ IsLogging: false }],
      "management-events does not log, which `aws cloudtrail start-logging --name arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events --region us-east-1` mends",
    ],
    [
      "a trail of reads",
      [{ selectors: { EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }] } }],
      "management-events records reads alone",
    ],
    [
      "a trail of KMS's events by advanced selectors",
      [
        {
          selectors: {
            AdvancedEventSelectors: [
              {
                FieldSelectors: [
                  { Field: "eventCategory", Equals: ["Management"] },
                  { Field: "eventSource", Equals: ["kms.amazonaws.com"] },
                ],
              },
            ],
          },
        },
      ],
      "management-events leaves IAM's events out",
    ],
    [
      "a trail from which IAM is excluded",
      [{ selectors: { EventSelectors: [{ ExcludeManagementEventSources: ["iam.amazonaws.com"] }] } }],
      "management-events leaves IAM's events out",
    ],
    [
      "a trail without global service events",
      [{ IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }],
      "management-events leaves out the events of global services, of which IAM is one",
    ],
    ["a trail of another region alone", [{ IsMultiRegionTrail: false, HomeRegion: "eu-west-1" }], "there is none"],
    [
      "two that do not do",
      [
        { selectors: { EventSelectors: [{ ReadWriteType: "ReadOnly" }] } },
        { Name: "two", IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false },
      ],
      "management-events records reads alone; two leaves out the events of global services, of which IAM is one",
    ],
  ];
  for (const [what, trails, reason] of missing) {
    it(`tells, and goes on, where the account has ${what}`, async () => {
      await inAccountWith(trails.map((difference) => ({ ...RECORDING_TRAIL, ...difference })));
      const { summary } = await world.sweep(STRICT, { by: "schedule" });
      const why = `no trail brings IAM's events to us-east-1, so that only sweeps hold and free: ${reason}. \`pulumi config set createTrail true && pulumi up\` makes one that does`;
      expect(summary.trail).to.deep.equal({ state: "missing", why });
      expect(world.findings()).to.deep.equal([{ level: "ERROR", finding: "trail-missing", message: why }]);
      expect(world.metrics()).to.include({ TrailMissing: 1, NewlyHeld: 1 });
      expect(world.standing("alice")).to.equal("quarantine");
    });
  }

  /** [what the account has, the trail]. */
  const recording: readonly (readonly [string, Partial<Trail>])[] = [
    ["a trail as the console makes it", {}],
    ["one for all regions that has its home in another", { HomeRegion: "eu-west-1" }],
    ["one of the region alone", { IsMultiRegionTrail: false }],
    ["one of writes alone", { selectors: { EventSelectors: [{ ReadWriteType: "WriteOnly" }] } }],
    ["an organization's, made in this account", { IsOrganizationTrail: true }],
  ];
  for (const [what, difference] of recording) {
    it(`has nothing to tell where the account has ${what}`, async () => {
      await inAccountWith([{ ...RECORDING_TRAIL, ...difference }]);
      const { summary } = await world.sweep(STRICT, { by: "deploy" });
      expect(summary.trail).to.deep.equal({ state: "recording", why: "management-events records them" });
      expect(world.findings()).to.deep.equal([]);
      expect(world.metrics()).to.include({ TrailMissing: 0 });
    });
  }

  const ORGANIZATIONS: Trail = {
    ...RECORDING_TRAIL,
    Name: "landing-zone",
    TrailARN: "arn:aws:cloudtrail:us-east-1:210987654321:trail/landing-zone",
    IsOrganizationTrail: true,
  };

  it("does not take an organization's trail for missing of which CloudTrail tells a member nothing", async () => {
    await inAccountWith([ORGANIZATIONS]);
    const { summary } = await world.sweep(STRICT, { by: "schedule" });
    expect(summary.trail?.state).to.equal("unknown");
    const [finding] = world.findings();
    expect(finding).to.include({ level: "WARN", finding: "trail-unknown" });
    expect(finding?.["message"]).to.match(
      /^whether a trail brings IAM's events to us-east-1 can't be told: landing-zone is an organization's, and can't be looked into: CloudTrail refused GetEventSelectors: 400 /,
    );
    expect(world.metrics()).to.include({ TrailMissing: 0, NewlyHeld: 1 });
  });

  it("knows of an organization's trail for certain where it does not log", async () => {
    await inAccountWith([{ ...ORGANIZATIONS, IsLogging: false }]);
    expect((await world.sweep(STRICT, { by: "schedule" })).summary.trail?.state).to.equal("missing");
  });

  it("needs one trail that records among others that do not, or can't be looked into", async () => {
    const stopped = { TrailARN: `${RECORDING_TRAIL.TrailARN}-2`, IsLogging: false };
    await inAccountWith([ORGANIZATIONS, { ...RECORDING_TRAIL, ...stopped }, RECORDING_TRAIL]);
    expect((await world.sweep(STRICT, { by: "schedule" })).summary.trail?.state).to.equal("recording");
  });

  /** [what CloudTrail does, how it answers]. */
  const silent: readonly (readonly [string, RequestListener])[] = [
    ["refuses", (_, response) => response.writeHead(400).end('{"__type":"ThrottlingException"}')],
    ["fails", (_, response) => response.writeHead(500).end()],
    ["does not answer", () => undefined],
  ];
  for (const [does, answer] of silent) {
    it(`goes on, and says that it can't tell, where CloudTrail ${does}`, async () => {
      const { timeout } = AbortSignal;
      stub(AbortSignal, "timeout").callsFake((milliseconds) => timeout(milliseconds === 4_000 ? 20 : milliseconds));
      meet(await newWorld({ cloudTrail: await listenOnLoopback(createServer(answer)) }));
      const { summary } = await world.sweep(STRICT, { by: "deploy" });
      expect(summary.trail?.state).to.equal("unknown");
      expect(world.findings()).to.have.lengthOf(1);
      expect(world.metrics()).to.include({ TrailMissing: 0, NewlyHeld: 1 });
      expect(world.standing("alice")).to.equal("quarantine");
    });
  }

  it("does not look in mode off, in which nobody is to be held", async () => {
    await inAccountWith([]);
    const { summary } = await world.sweep({ mode: "off" }, { by: "schedule" });
    expect(summary).to.not.have.property("trail");
    expect(world.findings().map(({ finding }) => finding)).to.deep.equal(["nobody-held"]);
    expect(world.metrics()).to.include({ TrailMissing: 0 });
  });

  it("looks in its first run alone, and the metric of a further run says nothing of it", async () => {
    await inAccountWith([]);
    const { summary } = await world.sweep(STRICT, { by: "schedule", run: 2 });
    expect(summary).to.not.have.property("trail");
    expect(world.metrics()).to.not.have.property("TrailMissing");
  });
});
