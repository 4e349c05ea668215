import { IamError } from "./error";
import { operation } from "./operation";
import { PAGING, pageOf } from "./paging";
import { BOOLEAN, defaulted, POLICY_ARN, POLICY_DOCUMENT, required, VERSION_ID } from "./parameters";
import { byPolicyArn, getOwnPolicy, readManagedDocument } from "./policies";
import { encodedDocument } from "./policy-document";
import { getPolicy, keyOf, type ManagedPolicy, type PolicyVersion } from "./state";

/** IAM User Guide, "Versioning IAM policies": who is at the limit has to delete one first. */
export const VERSIONS_PER_POLICY = 5;

/** A version without its document, which only GetPolicyVersion gives (API Reference, PolicyVersion). */
function versionView({ defaultVersion }: ManagedPolicy, { id, createDate }: PolicyVersion) {
  return { IsDefaultVersion: id === defaultVersion.id, VersionId: id, CreateDate: createDate };
}

/** The versions of managed policies, one of which is in effect. */
export const POLICY_VERSION_OPERATIONS = {
  CreatePolicyVersion: operation({
    access: "write",
    parameters: {
      PolicyArn: required(POLICY_ARN),
      PolicyDocument: required(POLICY_DOCUMENT),
      SetAsDefault: defaulted(BOOLEAN, "false"),
    },
    resource: byPolicyArn,
    effect: ({ state, arns, at }, { PolicyArn, PolicyDocument, SetAsDefault }) => {
      const policy = getOwnPolicy(state, arns, PolicyArn);
      const document = readManagedDocument(PolicyDocument);
      if (policy.versions.length >= VERSIONS_PER_POLICY) {
        const rest = "Before you create a new version, you must delete an existing version.";
        throw new IamError("LimitExceeded", `A managed policy can have up to ${VERSIONS_PER_POLICY} versions. ${rest}`);
      }
      const versionsMade = policy.versionsMade + 1;
      const version: PolicyVersion = { id: `v${versionsMade}`, ...document, createDate: at };
      const changed: ManagedPolicy = {
        ...policy,
        versionsMade,
        versions: [...policy.versions, version],
        ...(SetAsDefault && { defaultVersion: version }),
      };
      state.policies.set(keyOf(policy.arn), changed);
      return { PolicyVersion: versionView(changed, version) };
    },
  }),

  SetDefaultPolicyVersion: operation({
    access: "write",
    parameters: { PolicyArn: required(POLICY_ARN), VersionId: required(VERSION_ID) },
    resource: byPolicyArn,
    effect: ({ state, arns }, { PolicyArn, VersionId }) => {
      const policy = getOwnPolicy(state, arns, PolicyArn);
      state.policies.set(keyOf(policy.arn), { ...policy, defaultVersion: versionOf(policy, VersionId) });
      return {};
    },
  }),

  DeletePolicyVersion: operation({
    access: "write",
    parameters: { PolicyArn: required(POLICY_ARN), VersionId: required(VERSION_ID) },
    resource: byPolicyArn,
    effect: ({ state, arns }, { PolicyArn, VersionId }) => {
      const policy = getOwnPolicy(state, arns, PolicyArn);
      const version = versionOf(policy, VersionId);
      if (version.id === policy.defaultVersion.id) {
        throw new IamError("DeleteConflict", "Cannot delete the default version of a policy.");
      }
      const versions = policy.versions.filter(({ id }) => id !== version.id);
      state.policies.set(keyOf(policy.arn), { ...policy, versions });
      return {};
    },
  }),

  GetPolicyVersion: operation({
    access: "read",
    parameters: { PolicyArn: required(POLICY_ARN), VersionId: required(VERSION_ID) },
    resource: byPolicyArn,
    effect: ({ state }, { PolicyArn, VersionId }) => {
      const policy = getPolicy(state, PolicyArn);
      const version = versionOf(policy, VersionId);
      return { PolicyVersion: { Document: encodedDocument(version), ...versionView(policy, version) } };
    },
  }),

  ListPolicyVersions: operation({
    access: "read",
    parameters: { PolicyArn: required(POLICY_ARN), ...PAGING },
    resource: byPolicyArn,
    effect: (call, { PolicyArn, ...page }) => {
      const policy = getPolicy(call.state, PolicyArn);
      const { items, paging } = pageOf(call, policy.versions, newestFirst, page);
      return { Versions: items.map((version) => versionView(policy, version)), ...paging };
    },
  }),
};

/** @throws IamError NoSuchEntity */
function versionOf(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version !== undefined) return version;
  throw new IamError("NoSuchEntity", `Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

/** By numbers of one length, as pages are sorted by text. IAM documents no order. */
function newestFirst({ id }: PolicyVersion): string {
  return String(1_000_000 - Number(id.slice(1)));
}
