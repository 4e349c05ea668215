import { expect } from "chai";
import * as v from "valibot";
import {
  conclude,
  EventSelectors,
  judgeSelectors,
  type Trail,
  type Verdict,
  whyOutOfReach,
} from "../../../handler/trail/judge-trails";

const TRAIL: Trail = {
  Name: "audit",
  TrailARN: "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit",
  HomeRegion: "us-east-1",
  IsMultiRegionTrail: false,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
};

describe("IAM's events", () => {
  /** [which trail, how it differs from one of the region's own, why they do not reach it]. */
  const trails: readonly (readonly [string, Partial<Trail>, string | undefined])[] = [
    ["of the region alone", {}, undefined],
    ["for all regions", { IsMultiRegionTrail: true }, undefined],
    ["for all regions, with its home in another", { IsMultiRegionTrail: true, HomeRegion: "eu-west-1" }, undefined],
    ["of another region alone", { HomeRegion: "eu-west-1" }, "is for eu-west-1 alone"],
    [
      "without the events of global services",
      { IncludeGlobalServiceEvents: false },
      "leaves out the events of global services, of which IAM is one",
    ],
    ["of an organization", { IsOrganizationTrail: true, IsMultiRegionTrail: true }, undefined],
  ];
  for (const [which, difference, why] of trails) {
    it(`${why === undefined ? "reach" : "do not reach"} a trail ${which}`, () => {
      expect(whyOutOfReach({ ...TRAIL, ...difference }, "us-east-1")).to.equal(why);
    });
  }

  it("arise in another region in another partition", () => {
    expect(whyOutOfReach({ ...TRAIL, HomeRegion: "us-gov-west-1" }, "us-gov-west-1")).to.equal(undefined);
    expect(whyOutOfReach(TRAIL, "us-gov-west-1")).to.equal("is for us-east-1 alone");
  });
});

const YES: Verdict = { records: "yes" };
const no = (why: string): Verdict => ({ records: "no", why });
const unknown = (why: string): Verdict => ({ records: "unknown", why });

const NO_MANAGEMENT = no("records no management events");
const READS_ALONE = no("records reads alone");
const WITHOUT_IAM = no("leaves IAM's events out");

const management = { Field: "eventCategory", Equals: ["Management"] };
const writes = { Field: "readOnly", Equals: ["false"] };
const source = (operators: object) => ({ Field: "eventSource", ...operators });
const advanced = (...selectors: readonly (readonly object[])[]) => ({
  AdvancedEventSelectors: selectors.map((FieldSelectors) => ({ Name: "", FieldSelectors })),
});
const basic = (...selectors: readonly object[]) => ({ EventSelectors: selectors });

describe("a trail", () => {
  /** [its selectors in words, as GetEventSelectors tells them, what it does with IAM's write events]. */
  const selections: readonly (readonly [string, object, Verdict])[] = [
    ["as it is by default", basic({ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] }), YES],
    ["of writes", basic({ ReadWriteType: "WriteOnly", IncludeManagementEvents: true }), YES],
    ["of what is default where nothing is told", basic({}), YES],
    ["of reads", basic({ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }), READS_ALONE],
    ["of data events", basic({ ReadWriteType: "All", IncludeManagementEvents: false }), NO_MANAGEMENT],
    ["of all but KMS", basic({ ExcludeManagementEventSources: ["kms.amazonaws.com"] }), YES],
    [
      "of all but IAM",
      basic({ ExcludeManagementEventSources: ["kms.amazonaws.com", "iam.amazonaws.com"] }),
      WITHOUT_IAM,
    ],
    ["of reads, and of writes", basic({ ReadWriteType: "ReadOnly" }, { ReadWriteType: "WriteOnly" }), YES],
    [
      "of reads, and of writes without management events",
      basic({ ReadWriteType: "ReadOnly" }, { ReadWriteType: "WriteOnly", IncludeManagementEvents: false }),
      READS_ALONE,
    ],
    ["of management events", advanced([management]), YES],
    ["of management events that write", advanced([management, writes]), YES],
    ["of management events that read", advanced([management, { Field: "readOnly", Equals: ["true"] }]), READS_ALONE],
    [
      "of data events",
      advanced([
        { Field: "eventCategory", Equals: ["Data"] },
        { Field: "resources.type", Equals: ["AWS::S3::Object"] },
      ]),
      NO_MANAGEMENT,
    ],
    [
      "of data events and of management events",
      advanced([{ Field: "eventCategory", Equals: ["Data"] }], [management]),
      YES,
    ],
    [
      "of all but KMS and RDS",
      advanced([management, source({ NotEquals: ["kms.amazonaws.com", "rdsdata.amazonaws.com"] })]),
      YES,
    ],
    ["of all but IAM", advanced([management, source({ NotEquals: ["iam.amazonaws.com"] })]), WITHOUT_IAM],
    ["of all that does not begin with iam", advanced([management, source({ NotStartsWith: ["iam."] })]), WITHOUT_IAM],
    [
      "of all that does not end as IAM does",
      advanced([management, source({ NotEndsWith: ["amazonaws.com"] })]),
      WITHOUT_IAM,
    ],
    ["of IAM alone", advanced([management, source({ Equals: ["iam.amazonaws.com"] })]), YES],
    ["of KMS alone", advanced([management, source({ Equals: ["kms.amazonaws.com"] })]), WITHOUT_IAM],
    ["of what begins with iam", advanced([management, source({ StartsWith: ["kms", "iam"] })]), YES],
    ["of what begins otherwise", advanced([management, source({ StartsWith: ["kms"] })]), WITHOUT_IAM],
    [
      "of what ends so or otherwise",
      advanced([management, source({ EndsWith: [".example.com", ".amazonaws.com"] })]),
      YES,
    ],
    [
      "by two fields more",
      advanced([
        management,
        { Field: "eventName", Equals: ["CreateUser"] },
        { Field: "eventType", Equals: ["AwsApiCall"] },
      ]),
      unknown("selects by eventName, eventType"),
    ],
    ["of what ends otherwise", advanced([management, source({ EndsWith: [".example.com"] })]), WITHOUT_IAM],
    [
      "of KMS, or what begins with iam, any of the two",
      advanced([management, source({ Equals: ["kms.amazonaws.com"], StartsWith: ["iam"] })]),
      YES,
    ],
    [
      "of what begins with i and is not IAM",
      advanced([management, source({ StartsWith: ["i"], NotEquals: ["iam.amazonaws.com"] })]),
      WITHOUT_IAM,
    ],
    [
      "of two conditions on one field, one of which leaves IAM out",
      advanced([management, source({ StartsWith: ["iam"] }), source({ NotEquals: ["iam.amazonaws.com"] })]),
      WITHOUT_IAM,
    ],
    [
      "of some events by a field that is not known",
      advanced([management, writes, { Field: "eventName", NotEquals: ["CreateUser"] }]),
      unknown("selects by eventName"),
    ],
    [
      "of reads by a field that is not known",
      advanced([management, { Field: "readOnly", Equals: ["true"] }, { Field: "eventName", Equals: ["GetUser"] }]),
      READS_ALONE,
    ],
    [
      "of some events by a field that is not known, and of all by another selector",
      advanced([management, { Field: "eventName", NotEquals: ["CreateUser"] }], [management]),
      YES,
    ],
    ["of which CloudTrail tells no selectors", {}, unknown("has no event selectors")],
  ];
  for (const [words, told, verdict] of selections) {
    const kind = "EventSelectors" in told ? "" : ", by advanced selectors";
    const does = { yes: "records IAM's writes", no: "does not do", unknown: "is not known to do" }[verdict.records];
    it(`${does}: one ${words}${kind}`, () => {
      expect(judgeSelectors(v.parse(EventSelectors, told))).to.deep.equal(verdict);
    });
  }
});

describe("several trails", () => {
  const judged = (...verdicts: readonly Verdict[]) =>
    verdicts.map((verdict, index) => ({ name: `trail-${index + 1}`, verdict }));

  it("bring IAM's events where one does, whatever is wrong with the others", () => {
    expect(conclude(judged(READS_ALONE, unknown("is not told of"), YES), "us-east-1")).to.deep.equal({
      state: "recording",
      why: "trail-3 records them",
    });
  });

  it("bring none where none does: each is named with why, and the first step", () => {
    expect(conclude(judged(READS_ALONE, no("is for eu-west-1 alone")), "us-east-1")).to.deep.equal({
      state: "missing",
      why: "no trail brings IAM's events to us-east-1, so that only sweeps hold and free: trail-1 records reads alone; trail-2 is for eu-west-1 alone. `pulumi config set createTrail true && pulumi up` makes one that does",
    });
  });

  it("bring none where there are none", () => {
    expect(conclude([], "us-gov-west-1")).to.deep.equal({
      state: "missing",
      why: "no trail brings IAM's events to us-gov-west-1, so that only sweeps hold and free: there is none. `pulumi config set createTrail true && pulumi up` makes one that does",
    });
  });

  it("are not known to bring none where one can't be looked into", () => {
    expect(conclude(judged(READS_ALONE, unknown("can't be looked into: no")), "us-east-1")).to.deep.equal({
      state: "unknown",
      why: "whether a trail brings IAM's events to us-east-1 can't be told: trail-1 records reads alone; trail-2 can't be looked into: no",
    });
  });
});
