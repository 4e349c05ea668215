import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { denyBesideTheDoor, denyTheDoorByAccessKey } from "./denies";
import { type PolicyDocument, policyDocument } from "./document";
import { actionsOf, allowDoor, DOORS, shutToAccessKeys } from "./door";

/** The quarantine guard: denies everything but the enrolment door, whatever the session says. */
export function quarantinePolicy(settings: PolicySettings, partition: Partition): PolicyDocument {
  const door = DOORS.quarantine(settings);
  return policyDocument(
    ...allowDoor(door, partition),
    { Sid: "DenyEverythingButTheDoor", Effect: "Deny", NotAction: actionsOf(door), Resource: "*" },
    ...denyBesideTheDoor(partition, undefined),
    ...denyTheDoorByAccessKey(shutToAccessKeys("quarantine", settings), settings),
  );
}
