import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { ALLOW_ALL, api, type Case, DENY_ALL, had, QUOTAS, refusalOf } from "./case";

interface Holder {
  readonly kind: string;
  /** How many characters all inline policies of one may have together. */
  readonly quota: number;
  readonly make: (iam: IAM) => Promise<unknown>;
  readonly put: (iam: IAM, PolicyName: string, PolicyDocument: string) => Promise<unknown>;
  readonly get: (iam: IAM, PolicyName: string) => Promise<{ readonly PolicyDocument: string | undefined }>;
  readonly names: (iam: IAM) => Promise<{ readonly PolicyNames: string[] | undefined }>;
  readonly remove: (iam: IAM, PolicyName: string) => Promise<unknown>;
}

const UserName = "alice";
const GroupName = "web";

const HOLDERS: readonly Holder[] = [
  {
    kind: "User",
    quota: 2048,
    make: (iam) => iam.createUser({ UserName }),
    put: (iam, PolicyName, PolicyDocument) => iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
    get: (iam, PolicyName) => iam.getUserPolicy({ UserName, PolicyName }),
    names: (iam) => iam.listUserPolicies({ UserName }),
    remove: (iam, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
  },
  {
    kind: "Group",
    quota: 5120,
    make: (iam) => iam.createGroup({ GroupName }),
    put: (iam, PolicyName, PolicyDocument) => iam.putGroupPolicy({ GroupName, PolicyName, PolicyDocument }),
    get: (iam, PolicyName) => iam.getGroupPolicy({ GroupName, PolicyName }),
    names: (iam) => iam.listGroupPolicies({ GroupName }),
    remove: (iam, PolicyName) => iam.deleteGroupPolicy({ GroupName, PolicyName }),
  },
];

export const INLINE_POLICY_CASES: readonly Case[] = HOLDERS.flatMap(
  ({ kind, quota, make, put, get, names, remove }): readonly Case[] => [
    {
      title: `Put${kind}Policy embeds a policy, puts another in its place, and Delete${kind}Policy takes it away`,
      page: api(`Put${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        await put(iam, "all", ALLOW_ALL);
        await put(iam, "all", DENY_ALL);
        expect((await names(iam)).PolicyNames).to.deep.equal(["all"]);
        expect(decodeURIComponent(had((await get(iam, "all")).PolicyDocument, "PolicyDocument"))).to.equal(DENY_ALL);
        await remove(iam, "all");
        expect((await names(iam)).PolicyNames).to.deep.equal([]);
      },
    },
    {
      title: `Get${kind}Policy and Delete${kind}Policy of a policy that does not exist are refused`,
      page: api(`Delete${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        expect(await refusalOf(get(iam, "all"))).to.equal("NoSuchEntityException 404");
        expect(await refusalOf(remove(iam, "all"))).to.equal("NoSuchEntityException 404");
      },
    },
    {
      title: `Put${kind}Policy for a ${kind.toLowerCase()} that does not exist is refused`,
      page: api(`Put${kind}Policy`),
      holds: async ({ iam }) => {
        expect(await refusalOf(put(iam, "all", ALLOW_ALL))).to.equal("NoSuchEntityException 404");
      },
    },
    {
      title: `Put${kind}Policy of a document that is none is refused`,
      page: api(`Put${kind}Policy`),
      holds: async ({ iam }) => {
        await make(iam);
        expect(await refusalOf(put(iam, "all", '{"Statement":1}'))).to.equal("MalformedPolicyDocumentException 400");
      },
    },
    {
      title: `all inline policies of one ${kind.toLowerCase()} together may have ${quota} characters and no more`,
      page: QUOTAS,
      holds: async ({ iam }) => {
        await make(iam);
        const padded = (length: number) => {
          const empty = ALLOW_ALL.replace('"Effect"', '"Sid":"","Effect"');
          return empty.replace('"Sid":""', `"Sid":"${"a".repeat(length - empty.length)}"`);
        };
        await put(iam, "one", padded(quota / 2));
        await put(iam, "other", padded(quota / 2));
        expect(await refusalOf(put(iam, "other", padded(quota / 2 + 1)))).to.equal("LimitExceededException 409");
      },
    },
  ],
);
