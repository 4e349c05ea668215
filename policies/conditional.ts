import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { denyBesideTheDoor, denyTheDoorByAccessKey } from "./denies";
import { type PolicyDocument, policyDocument, type Statement } from "./document";
import { actionsOf, allowDoor, DOORS } from "./door";
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
    {
      Sid: "BlockMostAccessUnlessSignedInWithMFA",
      Effect: "Deny",
      NotAction: actionsOf(door),
      Resource: "*",
      Condition: settings.spareServiceCalls
        ? { BoolIfExists: { ...WITHOUT_MFA.BoolIfExists, "aws:ViaAWSService": "false" } }
        : WITHOUT_MFA,
    },
    ...denyBesideTheDoor(partition, WITHOUT_MFA),
    ...denyTheDoorByAccessKey(guard, settings),
    ...(settings.selfService ? allowSelfService(guard, partition) : []),
    ...(settings.spareServiceCalls ? [DENY_PROXIES] : []),
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
