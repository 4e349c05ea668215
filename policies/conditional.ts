import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { denyBesideTheDoor } from "./denies";
import { type PolicyDocument, policyDocument, type Statement } from "./document";
import { actionsOf, allowDoor, DOORS, type DoorAction } from "./door";
import { allowSelfService } from "./self-service";
import { WITHOUT_MFA } from "./without-mfa";

/** The conditional guard: denies everything but the door, unless the session was opened with MFA. */
export function conditionalPolicy(settings: PolicySettings, partition: Partition): PolicyDocument {
  return behindMfa(DOORS.conditional(settings), settings, partition);
}

/** The sealed guard: as conditional, but a second device needs MFA. The door opens once. */
export function sealedPolicy(settings: PolicySettings, partition: Partition): PolicyDocument {
  return behindMfa(DOORS.sealed(settings), settings, partition);
}

function behindMfa(door: readonly DoorAction[], settings: PolicySettings, partition: Partition): PolicyDocument {
  return policyDocument(
    ...allowDoor(door, partition),
    ...(settings.selfService ? allowSelfService(door, partition) : []),
    {
      Sid: "BlockMostAccessUnlessSignedInWithMFA",
      Effect: "Deny",
      NotAction: actionsOf(door),
      Resource: "*",
      Condition: settings.spareServiceCalls
        ? { BoolIfExists: { ...WITHOUT_MFA.BoolIfExists, "aws:ViaAWSService": "false" } }
        : WITHOUT_MFA,
    },
    ...(settings.spareServiceCalls ? [DENY_PROXIES] : []),
    ...denyBesideTheDoor(settings, partition, WITHOUT_MFA),
  );
}

/** AWS's managed MCP server signs as the user, whoever asks it to: no service call of the kind that is spared. */
const DENY_PROXIES: Statement = {
  Sid: "DenyProxiesUnlessSignedInWithMFA",
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { Bool: { "aws:ViaAWSMCPService": "true" }, ...WITHOUT_MFA },
};
