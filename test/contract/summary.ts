import { expect } from "chai";
import { api, type Case, newPolicy, QUOTAS } from "./case";
import { enabledDevice } from "./devices";

export const SUMMARY_CASES: readonly Case[] = [
  {
    title: "GetAccountSummary counts users, groups, policies and devices",
    page: api("GetAccountSummary"),
    holds: async ({ iam }) => {
      for (const UserName of ["alice", "bob"]) await iam.createUser({ UserName });
      await iam.createGroup({ GroupName: "web" });
      await newPolicy(iam, "all");
      await enabledDevice(iam, "alice", "phone");
      await iam.createVirtualMFADevice({ VirtualMFADeviceName: "loose" });
      const { SummaryMap } = await iam.getAccountSummary({});
      expect(SummaryMap).to.include({ Users: 2, Groups: 1, Policies: 1, MFADevices: 2, MFADevicesInUse: 1 });
    },
  },
  {
    title: "GetAccountSummary tells the quotas that this program reckons with",
    page: QUOTAS,
    holds: async ({ iam }) => {
      const { SummaryMap } = await iam.getAccountSummary({});
      expect(SummaryMap).to.include({
        UsersQuota: 5000,
        GroupsPerUserQuota: 10,
        AttachedPoliciesPerUserQuota: 10,
        AttachedPoliciesPerGroupQuota: 10,
        AccessKeysPerUserQuota: 2,
        PolicySizeQuota: 6144,
        VersionsPerPolicyQuota: 5,
      });
    },
  },
];
