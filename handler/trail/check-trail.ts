import * as v from "valibot";
import { wordsOf } from "../../core/words-of";
import { awsCall, type Environment } from "../aws-call";
import {
  conclude,
  EventSelectors,
  judgeSelectors,
  Trail,
  type TrailCheck,
  type Verdict,
  whyOutOfReach,
} from "./judge-trails";

/** As many trails as a region of an account may have (CloudTrail User Guide, "Quotas"). */
const MOST_TRAILS = 5;

/** Seconds that one look at all trails may take. */
const LOOK_TIMEOUT_SECONDS = 4;

/** CloudTrail tells of a new trail some moments late, and lets a role in late that is new. */
const SECOND_LOOK_SECONDS = 3;

const NOT_LOOKED_INTO: Verdict = {
  records: "unknown",
  why: `was not looked into, for ${MOST_TRAILS} others were`,
};

const Trails = v.object({ trailList: v.array(Trail) });
const TrailStatus = v.object({ IsLogging: v.boolean() });

/**
 * Finds out whether a trail records IAM's write events in the function's region, by three calls where the account has one
 * trail. What is not found to be so is looked at once more. It takes some ten seconds at the most and throws nothing.
 *
 * @param environment what Lambda sets, and AWS_ENDPOINT_URL_CLOUDTRAIL where a test stands in for CloudTrail
 * @param pause waits so many seconds
 */
export function trailCheck(
  environment: Environment,
  pause: (seconds: number) => Promise<void>,
): () => Promise<TrailCheck> {
  return async () => {
    const first = await lookAtTrails(environment);
    if (first.state === "recording") return first;
    await pause(SECOND_LOOK_SECONDS);
    return lookAtTrails(environment);
  };
}

/** One look at the account's trails, as {@link trailCheck} makes one or two. It takes some seconds at the most and throws nothing. */
export async function lookAtTrails(environment: Environment): Promise<TrailCheck> {
  const region = environment["AWS_REGION"] ?? "";
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_SECONDS * 1000);
  const ask = async <T>(action: string, parameters: object, schema: v.GenericSchema<unknown, T>): Promise<T> => {
    const answer = await awsCall(environment, {
      service: "cloudtrail",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${action}`,
      },
      body: JSON.stringify(parameters),
      refusal: `CloudTrail refused ${action}`,
      signal,
    });
    return v.parse(schema, JSON.parse(answer));
  };
  const judge = async (trail: Trail): Promise<Verdict> => {
    const { TrailARN, HomeRegion, IsOrganizationTrail } = trail;
    try {
      const { IsLogging } = await ask("GetTrailStatus", { Name: TrailARN }, TrailStatus);
      if (IsLogging) return judgeSelectors(await ask("GetEventSelectors", { TrailName: TrailARN }, EventSelectors));
      const start = `aws cloudtrail start-logging --name ${TrailARN} --region ${HomeRegion}`;
      return { records: "no", why: `does not log, which \`${start}\` mends` };
    } catch (error) {
      const whose = IsOrganizationTrail ? "is an organization's, and " : "";
      return { records: "unknown", why: `${whose}can't be looked into: ${wordsOf(error)}` };
    }
  };
  try {
    const { trailList } = await ask("DescribeTrails", { includeShadowTrails: true }, Trails);
    const likeliest = trailList
      .filter((trail) => whyOutOfReach(trail, region) === undefined)
      // Of an organization's trail CloudTrail tells a member less.
      .toSorted((one, other) => Number(one.IsOrganizationTrail) - Number(other.IsOrganizationTrail))
      .slice(0, MOST_TRAILS);
    const judged = trailList.map(async (trail) => {
      const outOfReach = whyOutOfReach(trail, region);
      if (outOfReach !== undefined) return { name: trail.Name, verdict: { records: "no", why: outOfReach } as const };
      const isLookedInto = likeliest.includes(trail);
      return { name: trail.Name, verdict: isLookedInto ? await judge(trail) : NOT_LOOKED_INTO };
    });
    return conclude(await Promise.all(judged), region);
  } catch (error) {
    const verdict: Verdict = { records: "unknown", why: `can't be listed: ${wordsOf(error)}` };
    return conclude([{ name: "the account's trails", verdict }], region);
  }
}
