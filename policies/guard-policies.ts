import type { GuardsOf } from "../core/guards";
import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { conditionalPolicy, sealedPolicy } from "./conditional";
import type { PolicyDocument } from "./document";
import { quarantinePolicy } from "./quarantine";

/** What makes the document of each guard. */
export const GUARD_POLICIES = {
  quarantine: quarantinePolicy,
  conditional: conditionalPolicy,
  sealed: sealedPolicy,
} satisfies GuardsOf<(settings: PolicySettings, partition: Partition) => PolicyDocument>;
