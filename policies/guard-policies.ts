import { conditionalPolicy, sealedPolicy } from "./conditional";
import type { PolicyDocument } from "./document";
import type { DoorSettings } from "./door";
import type { Partition } from "./partitions";
import { quarantinePolicy } from "./quarantine";

/** What makes the document of each guard. */
export const GUARD_POLICIES = {
  quarantine: quarantinePolicy,
  conditional: conditionalPolicy,
  sealed: sealedPolicy,
} as const satisfies Readonly<Record<string, (settings: DoorSettings, partition: Partition) => PolicyDocument>>;
