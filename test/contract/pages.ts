import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { ALLOW_ALL, api, type Case, DENY_ALL, newPolicy, refusalOf } from "./case";
import { enabledDevice } from "./devices";

interface Position {
  readonly MaxItems: number;
  readonly Marker: string | undefined;
}

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** A list of two, asked for one by one. */
interface List<P extends Page = Page> {
  readonly action: string;
  readonly ask: (iam: IAM, position: Position) => Promise<P>;
  readonly items: (page: P) => readonly (string | undefined)[];
  /** In order of the alphabet. */
  readonly all: readonly RegExp[];
}

const UserName = "alice";
const GroupName = "web";

/** Lets each list have its own kind of page. */
function list<P extends Page>(whole: List<P>): Case {
  const { action, ask, items, all } = whole;
  return {
    title: `${action} gives pages of one item, with a marker to the next`,
    page: api(action),
    holds: async ({ iam }) => {
      await fill(iam);
      const found: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const page = await ask(iam, { MaxItems: 1, Marker });
        const [first, ...others] = items(page);
        expect(others, "items beyond MaxItems").to.deep.equal([]);
        if (first !== undefined) found.push(first);
        // A Marker comes where IsTruncated is true, and then alone.
        expect(page.Marker !== undefined, "a marker").to.equal(page.IsTruncated === true);
        Marker = page.Marker;
      } while (Marker !== undefined);
      const sorted = found.sort();
      expect(sorted.map((item, index) => all[index]?.test(item ?? ""))).to.deep.equal(all.map(() => true));
    },
  };
}

/** Two users in two groups with two devices, keys, policies and versions. */
async function fill(iam: IAM): Promise<void> {
  for (const name of ["alice", "bob"]) await iam.createUser({ UserName: name });
  for (const name of ["ops", "web"]) await iam.createGroup({ GroupName: name });
  for (const name of ["alice", "bob"]) await iam.addUserToGroup({ UserName: name, GroupName });
  await iam.addUserToGroup({ UserName, GroupName: "ops" });
  for (const name of ["one", "two"]) {
    const PolicyArn = await newPolicy(iam, name);
    await iam.attachUserPolicy({ UserName, PolicyArn });
    await iam.attachGroupPolicy({ GroupName, PolicyArn });
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
    await iam.putGroupPolicy({ GroupName, PolicyName: name, PolicyDocument: ALLOW_ALL });
    await iam.createAccessKey({ UserName });
    await enabledDevice(iam, UserName, name);
  }
}

export const PAGE_CASES: readonly Case[] = [
  list({
    action: "ListUsers",
    ask: (iam, position) => iam.listUsers(position),
    items: ({ Users = [] }) => Users.map((user) => user.UserName),
    all: [/^alice$/, /^bob$/],
  }),
  list({
    action: "ListGroups",
    ask: (iam, position) => iam.listGroups(position),
    items: ({ Groups = [] }) => Groups.map((group) => group.GroupName),
    all: [/^ops$/, /^web$/],
  }),
  list({
    action: "GetGroup",
    ask: (iam, position) => iam.getGroup({ GroupName, ...position }),
    items: ({ Users = [] }) => Users.map((user) => user.UserName),
    all: [/^alice$/, /^bob$/],
  }),
  list({
    action: "ListGroupsForUser",
    ask: (iam, position) => iam.listGroupsForUser({ UserName, ...position }),
    items: ({ Groups = [] }) => Groups.map((group) => group.GroupName),
    all: [/^ops$/, /^web$/],
  }),
  list({
    action: "ListAttachedUserPolicies",
    ask: (iam, position) => iam.listAttachedUserPolicies({ UserName, ...position }),
    items: ({ AttachedPolicies = [] }) => AttachedPolicies.map(({ PolicyName }) => PolicyName),
    all: [/^one$/, /^two$/],
  }),
  list({
    action: "ListAttachedGroupPolicies",
    ask: (iam, position) => iam.listAttachedGroupPolicies({ GroupName, ...position }),
    items: ({ AttachedPolicies = [] }) => AttachedPolicies.map(({ PolicyName }) => PolicyName),
    all: [/^one$/, /^two$/],
  }),
  list({
    action: "ListGroupPolicies",
    ask: (iam, position) => iam.listGroupPolicies({ GroupName, ...position }),
    items: ({ PolicyNames = [] }) => PolicyNames,
    all: [/^one$/, /^two$/],
  }),
  list({
    action: "ListPolicies",
    ask: (iam, position) => iam.listPolicies({ Scope: "Local", ...position }),
    items: ({ Policies = [] }) => Policies.map(({ PolicyName }) => PolicyName),
    all: [/^one$/, /^two$/],
  }),
  list({
    action: "ListPolicyVersions",
    ask: async (iam, position) => {
      const { User } = await iam.getUser({ UserName });
      const PolicyArn = User?.Arn?.replace("user/alice", "policy/one");
      return iam.listPolicyVersions({ PolicyArn, ...position });
    },
    items: ({ Versions = [] }) => Versions.map(({ VersionId }) => VersionId),
    all: [/^v1$/, /^v2$/],
  }),
  list({
    action: "ListMFADevices",
    ask: (iam, position) => iam.listMFADevices({ UserName, ...position }),
    items: ({ MFADevices = [] }) => MFADevices.map(({ SerialNumber }) => SerialNumber),
    all: [/mfa\/one$/, /mfa\/two$/],
  }),
  list({
    action: "ListVirtualMFADevices",
    ask: (iam, position) => iam.listVirtualMFADevices({ AssignmentStatus: "Assigned", ...position }),
    items: ({ VirtualMFADevices = [] }) => VirtualMFADevices.map(({ SerialNumber }) => SerialNumber),
    all: [/mfa\/one$/, /mfa\/two$/],
  }),
  list({
    action: "ListAccessKeys",
    ask: (iam, position) => iam.listAccessKeys({ UserName, ...position }),
    items: ({ AccessKeyMetadata = [] }) =>
      AccessKeyMetadata.map(({ Status, AccessKeyId }) => `${Status} ${AccessKeyId}`),
    all: [/^Active AKIA/, /^Active AKIA/],
  }),
  list({
    action: "GetAccountAuthorizationDetails",
    ask: (iam, position) => iam.getAccountAuthorizationDetails({ Filter: ["User", "Group"], ...position }),
    items: ({ UserDetailList = [], GroupDetailList = [] }) => [
      ...UserDetailList.map((user) => user.UserName),
      ...GroupDetailList.map((group) => group.GroupName),
    ],
    all: [/^alice$/, /^bob$/, /^ops$/, /^web$/],
  }),
  ...[0, 1001].map(
    (MaxItems): Case => ({
      title: `a page of ${MaxItems} items is refused`,
      page: api("ListUsers"),
      holds: async ({ iam }) => {
        expect(await refusalOf(iam.listUsers({ MaxItems }))).to.equal("ValidationError 400");
      },
    }),
  ),
];
