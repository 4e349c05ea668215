import { CERTIFICATES_PER_USER } from "./certificates";
import { ACCESS_KEYS_PER_USER } from "./credentials";
import { GROUPS_PER_USER } from "./groups";
import { INLINE_POLICY_CHARACTERS } from "./inline-policies";
import { anyResource, operation } from "./operation";
import { isOfAccount, MANAGED_POLICY_CHARACTERS, POLICIES_PER_HOLDER } from "./policies";
import { VERSIONS_PER_POLICY } from "./policy-versions";

/** Of the whole account, by default ("IAM and AWS STS quotas"); nobody is refused by these here. */
const IN_ACCOUNT = { UsersQuota: 5000, GroupsQuota: 300, PoliciesQuota: 1500 };

/** How much there is in the account, and how much there may be. */
export const SUMMARY_OPERATIONS = {
  // Of roles, certificates of servers and identity providers nothing is told: there are none here.
  GetAccountSummary: operation({
    access: "read",
    parameters: {},
    resource: anyResource,
    effect: ({ state, arns }) => {
      const inUse = [...state.users.values()].flatMap(({ devices }) => devices.map(({ serialNumber }) => serialNumber));
      const own = [...state.policies.values()].filter((policy) => isOfAccount(policy, arns.accountId));
      return {
        SummaryMap: new Map(
          Object.entries({
            Users: state.users.size,
            Groups: state.groups.size,
            Policies: own.length,
            PolicyVersionsInUse: own.reduce((sum, { versions }) => sum + versions.length, 0),
            MFADevices: new Set([...state.virtualDevices.keys(), ...inUse]).size,
            MFADevicesInUse: inUse.length,
            ...IN_ACCOUNT,
            GroupsPerUserQuota: GROUPS_PER_USER,
            AccessKeysPerUserQuota: ACCESS_KEYS_PER_USER,
            SigningCertificatesPerUserQuota: CERTIFICATES_PER_USER,
            AttachedPoliciesPerUserQuota: POLICIES_PER_HOLDER,
            AttachedPoliciesPerGroupQuota: POLICIES_PER_HOLDER,
            PolicySizeQuota: MANAGED_POLICY_CHARACTERS,
            VersionsPerPolicyQuota: VERSIONS_PER_POLICY,
            UserPolicySizeQuota: INLINE_POLICY_CHARACTERS.user,
            GroupPolicySizeQuota: INLINE_POLICY_CHARACTERS.group,
          }),
        ),
      };
    },
  }),
};
