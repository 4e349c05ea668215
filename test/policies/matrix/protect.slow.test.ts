import { expect } from "chai";
import type { ProtectionName } from "../../../policies/protect";
import { callsOf, on } from "./calls";
import { type Mutant, mutantsOf } from "./mutants";
import {
  ALLOW_ALL,
  CALLERS,
  type Caller,
  documentOf,
  KINDS,
  REFUSED_EVENTS,
  REFUSED_OF_THE_GUARDS,
  REFUSED_OF_THE_STACK,
  refusing,
  sorted,
} from "./protected";
import { HOME } from "./sessions";

/*
 * What the protection refuses, of every action of AWS, to somebody whom all else allows everything.
 */

const ALL = [...REFUSED_OF_THE_STACK, ...REFUSED_OF_THE_GUARDS, ...REFUSED_EVENTS];

/** What both documents refuse. */
function refusedByBoth(caller: Caller): readonly string[] {
  switch (caller) {
    case "a deploy role":
    case "a deploy role that is the same in several accounts":
      return [];
    case "the handler":
      return REFUSED_OF_THE_STACK;
    case "an administrator who puts other events":
    case "an administrator who puts no events":
      return [...REFUSED_OF_THE_STACK, ...REFUSED_OF_THE_GUARDS];
    default:
      return ALL;
  }
}

const ANY_ROLE = ["the handler's role", "a deploy role", "another role"];
const TAKING_BOUNDARIES = [
  "iam:DeleteUserPermissionsBoundary on user",
  ...ANY_ROLE.flatMap((kind) => on(kind, "iam:DeleteRolePermissionsBoundary")),
];
const WITHOUT_THE_BOUNDARY = [
  ...on("user", "iam:CreateUser", "iam:PutUserPermissionsBoundary"),
  ...ANY_ROLE.flatMap((kind) => on(kind, "iam:CreateRole", "iam:PutRolePermissionsBoundary")),
];

/** What the boundary refuses beside what the SCP does too. */
function refusedByTheBoundary(caller: Caller): readonly string[] {
  switch (caller) {
    case "a deploy role":
    case "a deploy role that is the same in several accounts":
      return [];
    case "an administrator who names the boundary":
      return TAKING_BOUNDARIES;
    default:
      return [...TAKING_BOUNDARIES, ...WITHOUT_THE_BOUNDARY];
  }
}

const PROMISES: Readonly<Record<ProtectionName, (caller: Caller) => readonly string[]>> = {
  scp: (caller) => refusedByBoth(caller),
  boundary: (caller) => [...refusedByBoth(caller), ...refusedByTheBoundary(caller)],
};

const CALLER_NAMES = Object.keys(CALLERS) as readonly Caller[];
const NAMES = ["scp", "boundary"] as const satisfies readonly ProtectionName[];

/** The SCP beside an administrator's own Allow; the boundary by itself, for what it lets through it has to allow. */
const beside = (name: ProtectionName, document: unknown) => (name === "scp" ? [ALLOW_ALL, document] : [document]);

describe("what protects a stack", () => {
  for (const name of NAMES) {
    it(`refuses by the ${name} what is promised and nothing else, of every action of AWS, whoever calls`, async () => {
      const refusedTo = refusing(beside(name, documentOf(name)), await callsOf(HOME, KINDS));
      for (const caller of CALLER_NAMES)
        expect(refusedTo(CALLERS[caller]), caller).to.deep.equal(sorted(PROMISES[name](caller)));
    });
  }

  it("leaves open what deleting a user, reading, invoking and feeding back the queues need", async () => {
    const open = [
      "iam:RemoveUserFromGroup on a guard's group",
      "iam:AddUserToGroup on a guard's group",
      "iam:DetachUserPolicy on user",
      "iam:DeleteUser on user",
      "lambda:InvokeFunction on our function",
      "sqs:ReceiveMessage on our queue",
      "sqs:DeleteMessage on our queue",
      "sns:Subscribe on our topic",
      "logs:PutLogEvents on our log",
      "logs:CreateLogStream on our log",
      "logs:FilterLogEvents on our log group",
    ];
    const calls = await callsOf(HOME, KINDS);
    expect(calls.map(({ name }) => name)).to.include.members(open);
    for (const name of NAMES) {
      const refused = refusing(beside(name, documentOf(name)), calls)(CALLERS["an administrator's role"]);
      expect(refused.filter((call) => open.includes(call))).to.deep.equal([]);
    }
  });

  it("refuses more or less by every document with one element changed", async () => {
    const services = /^(iam|signin|events|lambda|logs|sqs|sns|cloudwatch|cloudtrail|sts):|^s3:GetObject$/;
    const calls = await callsOf(HOME, KINDS, (action) => services.test(action));
    const isAlive = (name: ProtectionName, document: unknown) => {
      const refusedTo = refusing(beside(name, document), calls);
      return CALLER_NAMES.every(
        (caller) => refusedTo(CALLERS[caller]).join() === sorted(PROMISES[name](caller)).join(),
      );
    };
    const mutants = NAMES.flatMap((name) =>
      mutantsOf(documentOf(name))
        // The evaluator guesses nothing in the place of a name that roles have not.
        .filter(({ change }) => !change.includes("${aws:username}"))
        .map((mutant) => ({ ...mutant, name })),
    );
    const alive = mutants.filter(({ name, document }) => isAlive(name, document)).map(nameOf);
    const isListed = (mutant: string) => EQUIVALENTS.some(([, listed]) => listed.test(mutant));
    console.log(
      `        ${mutants.length - alive.length} of ${mutants.length} mutants killed, ` +
        `${alive.filter(isListed).length} are equivalent`,
    );
    expect(
      alive.filter((mutant) => !isListed(mutant)),
      "alive, not listed",
    ).to.deep.equal([]);
    expect(mutants.map(nameOf).filter((mutant) => isListed(mutant) && !alive.includes(mutant))).to.deep.equal([]);
  });
});

const nameOf = ({ name, sid, change }: Mutant & { readonly name: ProtectionName }) => `${name}, ${sid}: ${change}`;

/** Changes that change nothing, and why. */
const EQUIVALENTS: readonly (readonly [reason: string, mutant: RegExp])[] = [
  ["two wildcards in a row are one", /require-mfa-\*\* for /],
  ["CloudTrail asks for these actions on nothing but trails", /, LeaveTrails\w+: Resource \* for /],
  [
    "IAM asks for these actions on nothing but users and roles",
    /, (LeaveBoundaries|GiveTheBoundary)\w+: Resource \* for /,
  ],
  [
    "the boundary's LeaveBoundariesWhereTheyAre refuses the same, of every role",
    /^boundary, LeaveTheStack\w+: Action without iam:DeleteRolePermissionsBoundary$/,
  ],
];
