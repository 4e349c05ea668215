import type { Trail } from "../../fake-aws/cloudtrail-api";
import type { TrailCheck } from "../../handler/trail/judge-trails";

/** A trail as the console makes it: for all regions, with all management events. */
export const RECORDING_TRAIL: Trail = {
  Name: "management-events",
  TrailARN: "arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events",
  HomeRegion: "us-east-1",
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
  IsLogging: true,
  selectors: { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] }] },
};

/** What a check finds where that trail is there, for tests of something else. */
export const findsTheTrail = async (): Promise<TrailCheck> => ({
  state: "recording",
  why: "management-events records them",
});
