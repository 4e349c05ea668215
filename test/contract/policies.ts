import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { ALLOW_ALL, api, type Case, DENY_ALL, guide, had, newPolicy, QUOTAS, refusalOf } from "./case";

const VERSIONING = guide("access_policies_managed-versioning");
const NOBODYS = "arn:aws:iam::123456789012:policy/nobodys";

/** A policy of so many characters, white space not counted. */
function documentOf(characters: number): string {
  const empty = ALLOW_ALL.replace('"Effect"', '"Sid":"","Effect"');
  return empty.replace('"Sid":""', `"Sid":"${"a".repeat(characters - empty.length)}"`);
}

interface Holder {
  readonly kind: string;
  readonly make: (iam: IAM) => Promise<unknown>;
  readonly attach: (iam: IAM, PolicyArn: string) => Promise<unknown>;
  readonly detach: (iam: IAM, PolicyArn: string) => Promise<unknown>;
  readonly attached: (iam: IAM) => Promise<readonly (string | undefined)[]>;
}

const HOLDERS: readonly Holder[] = [
  {
    kind: "User",
    make: (iam) => iam.createUser({ UserName: "alice" }),
    attach: (iam, PolicyArn) => iam.attachUserPolicy({ UserName: "alice", PolicyArn }),
    detach: (iam, PolicyArn) => iam.detachUserPolicy({ UserName: "alice", PolicyArn }),
    attached: async (iam) =>
      ((await iam.listAttachedUserPolicies({ UserName: "alice" })).AttachedPolicies ?? []).map(
        ({ PolicyArn }) => PolicyArn,
      ),
  },
  {
    kind: "Group",
    make: (iam) => iam.createGroup({ GroupName: "web" }),
    attach: (iam, PolicyArn) => iam.attachGroupPolicy({ GroupName: "web", PolicyArn }),
    detach: (iam, PolicyArn) => iam.detachGroupPolicy({ GroupName: "web", PolicyArn }),
    attached: async (iam) =>
      ((await iam.listAttachedGroupPolicies({ GroupName: "web" })).AttachedPolicies ?? []).map(
        ({ PolicyArn }) => PolicyArn,
      ),
  },
];

export const POLICY_CASES: readonly Case[] = [
  {
    title: "a new policy has one version, which is in force, and is attached to nobody",
    page: api("CreatePolicy"),
    holds: async ({ iam }) => {
      const { Policy } = await iam.createPolicy({
        PolicyName: "all",
        Path: "/guards/",
        Description: "everything",
        PolicyDocument: ALLOW_ALL,
      });
      expect(Policy).to.include({ PolicyName: "all", Path: "/guards/", DefaultVersionId: "v1", AttachmentCount: 0 });
      expect(Policy?.Arn).to.match(/^arn:aws[\w-]*:iam::\d{12}:policy\/guards\/all$/);
      const { Policy: read } = await iam.getPolicy({ PolicyArn: Policy?.Arn });
      expect(read).to.include({
        PolicyName: "all",
        Path: "/guards/",
        DefaultVersionId: "v1",
        Description: "everything",
      });
    },
  },
  {
    title: "a policy's name is taken, whatever its path",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await newPolicy(iam, "all");
      const again = iam.createPolicy({ PolicyName: "all", Path: "/other/", PolicyDocument: ALLOW_ALL });
      expect(await refusalOf(again)).to.equal("EntityAlreadyExistsException 409");
    },
  },
  ...(
    [
      ["that is no JSON", "{"],
      ["without a statement", '{"Version":"2012-10-17"}'],
      ["of another version", ALLOW_ALL.replace("2012-10-17", "2012-10-18")],
      ["that names a principal", ALLOW_ALL.replace('"Action"', '"Principal":"*","Action"')],
      ["with an effect that is none", ALLOW_ALL.replace("Allow", "Permit")],
      ["without a resource", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}'],
      ["with an action without its service", ALLOW_ALL.replace('"Action":"*"', '"Action":"GetUser"')],
    ] as const
  ).map(
    ([what, PolicyDocument]): Case => ({
      title: `a document ${what} is refused`,
      page: guide("reference_policies_grammar"),
      holds: async ({ iam }) => {
        expect(await refusalOf(iam.createPolicy({ PolicyName: "p", PolicyDocument }))).to.equal(
          "MalformedPolicyDocumentException 400",
        );
      },
    }),
  ),
  {
    title: "a document may have 6,144 characters and no more, white space not counted",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createPolicy({ PolicyName: "whole", PolicyDocument: documentOf(6144).replaceAll(",", " ,\n") });
      expect(await refusalOf(iam.createPolicy({ PolicyName: "more", PolicyDocument: documentOf(6145) }))).to.equal(
        "LimitExceededException 409",
      );
    },
  },
  ...HOLDERS.flatMap(({ kind, make, attach, detach, attached }): readonly Case[] => [
    {
      title: `Attach${kind}Policy attaches, once however often, and Detach${kind}Policy detaches`,
      page: api(`Attach${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        const PolicyArn = await newPolicy(iam, "all");
        await attach(iam, PolicyArn);
        await attach(iam, PolicyArn);
        expect(await attached(iam)).to.deep.equal([PolicyArn]);
        expect((await iam.getPolicy({ PolicyArn })).Policy?.AttachmentCount, "AttachmentCount").to.equal(1);
        await detach(iam, PolicyArn);
        expect(await attached(iam)).to.deep.equal([]);
        expect((await iam.getPolicy({ PolicyArn })).Policy?.AttachmentCount).to.equal(0);
      },
    },
    {
      title: `Attach${kind}Policy of a policy that does not exist is refused`,
      page: api(`Attach${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        expect(await refusalOf(attach(iam, NOBODYS))).to.equal("NoSuchEntityException 404");
      },
    },
    {
      title: `Attach${kind}Policy and Detach${kind}Policy are refused where the ${kind.toLowerCase()} does not exist`,
      page: api(`Detach${kind}Policy`),
      holds: async ({ iam }) => {
        const PolicyArn = await newPolicy(iam, "all");
        expect(await refusalOf(attach(iam, PolicyArn))).to.equal("NoSuchEntityException 404");
        expect(await refusalOf(detach(iam, PolicyArn))).to.equal("NoSuchEntityException 404");
      },
    },
    {
      title: `Detach${kind}Policy of a policy that is not attached is refused`,
      page: api(`Detach${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        expect(await refusalOf(detach(iam, await newPolicy(iam, "all")))).to.equal("NoSuchEntityException 404");
      },
    },
    {
      title: `an eleventh policy of one ${kind.toLowerCase()} is refused`,
      page: QUOTAS,
      holds: async ({ iam }) => {
        await make(iam);
        for (let number = 1; number <= 10; number++) await attach(iam, await newPolicy(iam, `policy-${number}`));
        expect(await refusalOf(attach(iam, await newPolicy(iam, "policy-11")))).to.equal("LimitExceededException 409");
      },
    },
  ]),
  {
    title: "ListPolicies lists the account's own apart from AWS's, and those that are attached",
    page: api("ListPolicies"),
    holds: async ({ iam }) => {
      const one = await newPolicy(iam, "one");
      const two = await newPolicy(iam, "two");
      await iam.createGroup({ GroupName: "web" });
      await iam.attachGroupPolicy({ GroupName: "web", PolicyArn: two });
      const listed = async (OnlyAttached: boolean) =>
        (await iam.listPolicies({ Scope: "Local", OnlyAttached })).Policies?.map(({ Arn }) => Arn).sort();
      expect(await listed(false)).to.deep.equal([one, two]);
      expect(await listed(true)).to.deep.equal([two]);
    },
  },
  {
    title: "a policy that is attached is not deleted",
    page: api("DeletePolicy"),
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      await iam.createGroup({ GroupName: "web" });
      await iam.attachGroupPolicy({ GroupName: "web", PolicyArn });
      expect(await refusalOf(iam.deletePolicy({ PolicyArn }))).to.equal("DeleteConflictException 409");
      await iam.detachGroupPolicy({ GroupName: "web", PolicyArn });
      await iam.deletePolicy({ PolicyArn });
      expect(await refusalOf(iam.getPolicy({ PolicyArn }))).to.equal("NoSuchEntityException 404");
    },
  },
];

export const POLICY_VERSION_CASES: readonly Case[] = [
  {
    title: "a new version is in force only if it is to be, or is made so",
    page: api("CreatePolicyVersion"),
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      const inForce = async () => (await iam.getPolicy({ PolicyArn })).Policy?.DefaultVersionId;
      const second = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
      expect(second.PolicyVersion).to.include({ VersionId: "v2", IsDefaultVersion: false });
      expect(await inForce()).to.equal("v1");
      await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL, SetAsDefault: true });
      expect(await inForce()).to.equal("v3");
      await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v2" });
      expect(await inForce()).to.equal("v2");
      const { Versions } = await iam.listPolicyVersions({ PolicyArn });
      const defaults = Versions?.filter(({ IsDefaultVersion }) => IsDefaultVersion).map(({ VersionId }) => VersionId);
      expect(defaults).to.deep.equal(["v2"]);
    },
  },
  {
    title: "a document comes back to the letter, URL-encoded",
    page: api("PolicyVersion"),
    holds: async ({ iam }) => {
      const sent =
        '{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "iam:Get*", "Resource": "*" } }';
      const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: sent });
      const version = await iam.getPolicyVersion({ PolicyArn: Policy?.Arn, VersionId: "v1" });
      const document = had(version.PolicyVersion?.Document, "Document");
      expect(document).not.to.include("{");
      expect(decodeURIComponent(document)).to.equal(sent);
    },
  },
  {
    title: "a sixth version is refused",
    page: VERSIONING,
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      for (let number = 2; number <= 5; number++)
        await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
      expect(await refusalOf(iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL }))).to.equal(
        "LimitExceededException 409",
      );
    },
  },
  {
    // The page's own example.
    title: "ids are not given twice: after v2 and v4 are gone the next are v6 and v7",
    page: VERSIONING,
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      for (let number = 2; number <= 5; number++)
        await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
      for (const VersionId of ["v2", "v4"]) await iam.deletePolicyVersion({ PolicyArn, VersionId });
      for (let number = 6; number <= 7; number++)
        await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
      const { Versions } = await iam.listPolicyVersions({ PolicyArn });
      expect(Versions?.map(({ VersionId }) => VersionId)).to.have.members(["v1", "v3", "v5", "v6", "v7"]);
    },
  },
  {
    title: "the version in force is not deleted",
    page: api("DeletePolicyVersion"),
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL, SetAsDefault: true });
      expect(await refusalOf(iam.deletePolicyVersion({ PolicyArn, VersionId: "v2" }))).to.equal(
        "DeleteConflictException 409",
      );
    },
  },
  {
    title: "a policy that has other versions is not deleted",
    page: api("DeletePolicy"),
    holds: async ({ iam }) => {
      const PolicyArn = await newPolicy(iam, "all");
      await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY_ALL });
      expect(await refusalOf(iam.deletePolicy({ PolicyArn }))).to.equal("DeleteConflictException 409");
      await iam.deletePolicyVersion({ PolicyArn, VersionId: "v2" });
      await iam.deletePolicy({ PolicyArn });
    },
  },
  ...(
    [
      ["GetPolicyVersion", (iam: IAM, PolicyArn: string) => iam.getPolicyVersion({ PolicyArn, VersionId: "v7" })],
      [
        "SetDefaultPolicyVersion",
        (iam: IAM, PolicyArn: string) => iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v7" }),
      ],
      ["DeletePolicyVersion", (iam: IAM, PolicyArn: string) => iam.deletePolicyVersion({ PolicyArn, VersionId: "v7" })],
    ] as const
  ).map(
    ([action, call]): Case => ({
      title: `${action} is refused of a version, and of a policy, that does not exist`,
      page: api(action),
      holds: async ({ iam }) => {
        expect(await refusalOf(call(iam, await newPolicy(iam, "all")))).to.equal("NoSuchEntityException 404");
        expect(await refusalOf(call(iam, NOBODYS))).to.equal("NoSuchEntityException 404");
      },
    }),
  ),
];
