import { denyBesideTheDoor } from "./denies";
import { type PolicyDocument, policyDocument } from "./document";
import { actionsOf, allowDoor, DOORS, type DoorSettings } from "./door";
import type { Partition } from "./partitions";

/** The quarantine guard: denies everything but the enrolment door, whatever the session says. */
export function quarantinePolicy(settings: DoorSettings, partition: Partition): PolicyDocument {
  const door = DOORS.quarantine(settings);
  return policyDocument(
    ...allowDoor(door, partition),
    { Sid: "DenyEverythingButTheDoor", Effect: "Deny", NotAction: actionsOf(door), Resource: "*" },
    ...denyBesideTheDoor(settings, partition, undefined),
  );
}
