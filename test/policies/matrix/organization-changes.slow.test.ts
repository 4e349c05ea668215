import { expect } from "chai";
import { organizationPolicies } from "../../../policies/organization";
import type { RequestContext } from "../../../policy-language/evaluator";
import { callsOf, on } from "./calls";
import { mutantsOf } from "./mutants";
import {
  CHANGES_NOTHING,
  DEPLOYS,
  KINDS_OF_AN_ACCOUNT,
  OF_AN_EXEMPT_ACCOUNT,
  ORGANIZATION,
  PUTS_OTHER_EVENTS,
  SENDS_ON,
  THE_HANDLER,
} from "./organization";
import {
  ALLOW_ALL,
  REFUSED_EVENTS,
  REFUSED_OF_THE_GUARDS,
  REFUSED_OF_THE_STACK,
  ROLE_CHANGES,
  refusing,
  sorted,
} from "./protected";
import { HOME } from "./sessions";

/*
 * What the other SCPs of an organization refuse, of every action of AWS, beside an account's full Allow.
 */

const OF_STACKSETS = on("a role of StackSets", ...ROLE_CHANGES);
const OF_EXEMPT_USERS = on(
  "an exempt user",
  "iam:CreateUser",
  "iam:UpdateUser",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:CreateAccessKey",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "iam:UploadSSHPublicKey",
  "iam:UploadSigningCertificate",
);
const OF_STACKS = on(
  "a stack of a StackSet",
  "cloudformation:UpdateStack",
  "cloudformation:DeleteStack",
  "cloudformation:CreateChangeSet",
  "cloudformation:ExecuteChangeSet",
  "cloudformation:CreateStackRefactor",
  "cloudformation:ExecuteStackRefactor",
  "cloudformation:RollbackStack",
  "cloudformation:ContinueUpdateRollback",
  "cloudformation:CancelUpdateStack",
  "cloudformation:SetStackPolicy",
);

interface Promises {
  readonly toOthers: readonly string[];
  readonly toTheHandler: readonly string[];
  readonly toWhoDeploys: readonly string[];
}

const PROMISES: Readonly<Record<"tampering" | "exemptions", Promises>> = {
  tampering: {
    toOthers: [...REFUSED_OF_THE_STACK, ...REFUSED_OF_THE_GUARDS, ...REFUSED_EVENTS, ...OF_STACKSETS],
    toTheHandler: [...REFUSED_OF_THE_STACK, ...OF_STACKSETS],
    toWhoDeploys: [],
  },
  exemptions: {
    toOthers: [...OF_STACKSETS, ...OF_STACKS, ...OF_EXEMPT_USERS],
    toTheHandler: [...OF_STACKSETS, ...OF_STACKS, ...OF_EXEMPT_USERS],
    toWhoDeploys: OF_STACKSETS,
  },
};

/** Who calls, and what is refused. */
function promisedBy({ toOthers, toTheHandler, toWhoDeploys }: Promises) {
  const all = (callers: Readonly<Record<string, RequestContext>>, refused: readonly string[]) =>
    Object.entries(callers).map(([who, context]) => ({ who, context, refused: sorted(refused) }));
  return [
    ...all(CHANGES_NOTHING, toOthers),
    ...all(DEPLOYS, toWhoDeploys),
    ...all(
      { "an administrator who puts other events": PUTS_OTHER_EVENTS, "what sends on": SENDS_ON },
      toOthers.filter((call) => !REFUSED_EVENTS.includes(call)),
    ),
    ...all({ "the handler": THE_HANDLER }, toTheHandler),
    ...all({ "an administrator of an exempt account": OF_AN_EXEMPT_ACCOUNT }, []),
  ];
}

const NAMES = ["tampering", "exemptions"] as const;
const DOCUMENTS = organizationPolicies(ORGANIZATION);

describe("the SCPs that leave an organization's stacks to their deploy roles", () => {
  for (const name of NAMES) {
    it(`refuse by ${name} what is promised and nothing else, of every action of AWS, whoever calls`, async () => {
      const refusedTo = refusing([ALLOW_ALL, DOCUMENTS[name]], await callsOf(HOME, KINDS_OF_AN_ACCOUNT));
      for (const { who, context, refused } of promisedBy(PROMISES[name]))
        expect(refusedTo(context), who).to.deep.equal(refused);
    });
  }

  it("leave open what deleting a user needs, and what anybody may do with users who are not exempt", async () => {
    const open = [
      "iam:RemoveUserFromGroup on a guard's group",
      "iam:AddUserToGroup on a guard's group",
      ...["an exempt user", "another user"].flatMap((kind) =>
        on(kind, "iam:DetachUserPolicy", "iam:DeleteUser", "iam:DeleteAccessKey", "iam:DeleteLoginProfile"),
      ),
      ...on("another user", "iam:CreateUser", "iam:UpdateUser", "iam:CreateLoginProfile", "iam:CreateAccessKey"),
      ...on("another role", "iam:CreateRole", "iam:PassRole"),
    ];
    const calls = await callsOf(HOME, KINDS_OF_AN_ACCOUNT, (action) => action.startsWith("iam:"));
    expect(calls.map(({ name }) => name)).to.include.members(open);
    const refusedTo = refusing([ALLOW_ALL, DOCUMENTS.tampering, DOCUMENTS.exemptions], calls);
    const [administrator = {}] = Object.values(CHANGES_NOTHING);
    expect(refusedTo(administrator).filter((call) => open.includes(call))).to.deep.equal([]);
  });

  it("name no user where nobody is exempt, and ask for no account where none is", () => {
    const { tampering, exemptions } = organizationPolicies({
      ...ORGANIZATION,
      exemptUsers: [],
      exemptPaths: [],
      exemptAccounts: [],
    });
    expect(exemptions.Statement.map(({ Sid }) => Sid)).to.deep.equal([
      "LeaveTheRolesOfStackSetsToAWS",
      "LeaveTheStacksOfStackSetsToThem",
    ]);
    expect(exemptions.Statement[0]).to.not.have.property("Condition");
    expect(JSON.stringify([tampering, exemptions])).to.not.include("aws:PrincipalAccount");
  });

  it("refuse more or less by every document with one element changed", async () => {
    const services =
      /^(iam|signin|events|lambda|logs|sqs|sns|cloudwatch|cloudtrail|cloudformation|sts):|^s3:GetObject$/;
    const calls = await callsOf(HOME, KINDS_OF_AN_ACCOUNT, (action) => services.test(action));
    const isAlive = (name: (typeof NAMES)[number], document: unknown) => {
      const refusedTo = refusing([ALLOW_ALL, document], calls);
      return promisedBy(PROMISES[name]).every(({ context, refused }) => refusedTo(context).join() === refused.join());
    };
    const mutants = NAMES.flatMap((name) =>
      mutantsOf(DOCUMENTS[name])
        // The evaluator guesses nothing in the place of a name that roles have not.
        .filter(({ change }) => !change.includes("${aws:username}"))
        .map(({ sid, change, document }) => ({ name: `${name}, ${sid}: ${change}`, isAlive: isAlive(name, document) })),
    );
    const alive = mutants.filter(({ isAlive }) => isAlive).map(({ name }) => name);
    const isListed = (mutant: string) => EQUIVALENTS.some(([, listed]) => listed.test(mutant));
    console.log(
      `        ${mutants.length - alive.length} of ${mutants.length} mutants killed, ` +
        `${alive.filter(isListed).length} are equivalent`,
    );
    expect(
      alive.filter((mutant) => !isListed(mutant)),
      "alive, not listed",
    ).to.deep.equal([]);
    expect(mutants.map(({ name }) => name).filter((name) => isListed(name) && !alive.includes(name))).to.deep.equal([]);
  });
});

/** Changes that change nothing, and why. */
const EQUIVALENTS: readonly (readonly [reason: string, mutant: RegExp])[] = [
  ["two wildcards in a row are one", /\*\* for /],
  ["CloudTrail asks for these actions on nothing but trails", /, LeaveTrails\w+: Resource \* for /],
];
