import { Mode } from "../../core/modes";
import { EVENT_REGIONS, type Partition } from "../../core/partitions";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { type MemberStack, memberTemplate } from "../../member-stack/member-template";
import { type ResolvedResource, resolveTemplate, type StackPlace } from "./resolve-template";

/** Lists as long as settings may have them: 2,500 bytes of them all, of groups with 700 characters. */
export const FULL_SETTINGS: Partial<Settings> = {
  mode: Mode.ConditionalDeny,
  onlyGroups: [1, 2, 3, 4].map((number) => `${number}`.repeat(128)),
  exemptGroups: ["g".repeat(63)],
  exemptUsers: Array.from({ length: 27 }, (_, index) => `${index}`.padStart(64, "u")),
  sweepEvery: "rate(15 minutes)",
  maxReleases: 5000,
};

/** What a member account's stack is made of in tests. */
export function memberStack(settings: Partial<Settings> = {}, partition: Partition = "aws"): MemberStack {
  const region = EVENT_REGIONS[partition];
  return {
    partition,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    code: { bucket: "require-mfa-code-1a2b3c4", key: "handler-5d6e7f.zip" },
    hub: {
      busArn: `arn:${partition}:events:${region}:111122223333:event-bus/require-mfa`,
      topicArn: `arn:${partition}:sns:${region}:111122223333:require-mfa`,
    },
  };
}

/** Where it is made. */
export function memberPlace(partition: Partition = "aws"): StackPlace {
  return {
    accountId: "123456789012",
    partition,
    region: EVENT_REGIONS[partition],
    uuid: "01234567-89ab-cdef-0123-456789abcdef",
  };
}

/** The resources of such a stack, by their logical IDs. */
export function memberResources(
  settings: Partial<Settings> = {},
  partition: Partition = "aws",
): Readonly<Record<string, ResolvedResource>> {
  return resolveTemplate(JSON.stringify(memberTemplate(memberStack(settings, partition))), memberPlace(partition));
}
