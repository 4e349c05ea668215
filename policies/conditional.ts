import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { denyBesideTheDoor, denyProxies, denyTheDoorByAccessKey, denyUnlessSignedInWithMfa } from "./denies";
import { type PolicyDocument, policyDocument } from "./document";
import { allowDoor, DOORS, shutToAccessKeys } from "./door";
import { allowSelfService } from "./self-service";
import { WITHOUT_MFA } from "./without-mfa";

/** The conditional guard: denies everything but the door, unless the session was opened with MFA. */
export function conditionalPolicy(settings: PolicySettings, partition: Partition): PolicyDocument {
  return behindMfa("conditional", settings, partition);
}

/** The sealed guard: as conditional, but a second device needs MFA. The door opens once. */
export function sealedPolicy(settings: PolicySettings, partition: Partition): PolicyDocument {
  return behindMfa("sealed", settings, partition);
}

/** The statements that come and go with settings stand last, so that a preview's diff shows no other as changed. */
function behindMfa(guard: "conditional" | "sealed", settings: PolicySettings, partition: Partition): PolicyDocument {
  const door = DOORS[guard](settings);
  return policyDocument(
    ...allowDoor(door, partition),
    denyUnlessSignedInWithMfa(door, settings),
    ...denyBesideTheDoor(partition, WITHOUT_MFA),
    ...denyTheDoorByAccessKey(shutToAccessKeys(guard, settings), settings),
    ...(settings.selfService ? allowSelfService(guard, partition) : []),
    ...denyProxies(settings),
  );
}
