import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { expect } from "chai";
import * as v from "valibot";
import { SETTING_NAMES, type SettingName } from "../audit/settings";
import { guardsOfRules } from "../core/decide";
import { GUARD_NAMES, type GuardName } from "../core/guards";
import { organizationPolicies } from "../policies/organization";
import { compile, inSession, type RequestContext, type Verdict } from "../policy-language/evaluator";
import { type Call, callsOf } from "../test/policies/matrix/calls";
import { differentDocuments, guardPolicy, questionsFrom } from "../test/policies/matrix/matrix";
import {
  CHANGES_NOTHING,
  DEPLOYS,
  FREE,
  HELD,
  KINDS_OF_AN_ACCOUNT,
  ORGANIZATION,
  PUTS_OTHER_EVENTS,
  THE_HANDLER,
} from "../test/policies/matrix/organization";
import { CALLERS, documentOf, KINDS } from "../test/policies/matrix/protected";
import {
  ANY_SESSION,
  AWAY,
  contextsOf,
  EITHER,
  HOME,
  type Place,
  type SessionKind,
  USERS,
  type UserKind,
} from "../test/policies/matrix/sessions";

/*
 * The matrix before a judge who is not ours: @cloud-copilot/iam-simulate, in its safe mode. Its licence is the AGPL, so
 * it is no dependency of this project: IAM_SIMULATE names the folder that .ci/run installs it in. It takes its time, so
 * SHARD=0/2 and SHARD=1/2 are two halves of the work.
 */

interface Disagreement {
  /** As "iam:GetUser on *". */
  readonly asked: RegExp;
  /** What the simulator answers, a verdict or an error of its own. */
  readonly theirs: RegExp;
  readonly reason: string;
}

const KNOWN: readonly Disagreement[] = [
  {
    asked: /^sts:GetCallerIdentity on \*$/,
    theirs: /^Allowed$/,
    reason: "AWS answers it whatever the policies say; ours judges policies alone",
  },
  {
    asked: /^kms:/,
    theirs: /^ImplicitlyDenied$/,
    reason: "KMS asks the key's own policy too; ours judges identity policies alone",
  },
  {
    asked: /^iam:ListMFADevices on \*$/,
    theirs: /^(Allowed|ImplicitlyDenied)$/,
    reason: 'the simulator takes "*" for any user that a policy names, and ours for a request that names none',
  },
  {
    asked: /^(?!iam:|sts:).+ on arn:/,
    theirs: /^no\.resource\.types$/,
    reason: "AWS's reference has a * in this ARN, which no request can have, and the simulator asks for it; no verdict",
  },
  {
    asked: /^(?!iam:|sts:|signin:).+ on arn:/,
    theirs: /^multiple\.resource\.types$/,
    reason: "the ARN could be of two types; no verdict",
  },
];

/** How many of the calls outside IAM, STS and sign-in are put to both judges. */
const OTHERS = 2_000;

/** One policy on one user in one session, and what is asked there. */
interface Hearing {
  readonly guard: GuardName;
  readonly settings: readonly SettingName[];
  readonly user: UserKind;
  readonly session: SessionKind;
  readonly place: Place;
  readonly calls: readonly Call[];
}

/**
 * IAM, STS and sign-in under every document that differs, once more for a user with a path in another account under those
 * with all settings on, and the sample of all the rest under each guard as it is by default.
 */
async function hearings(): Promise<readonly Hearing[]> {
  const isSignIn = ({ action }: Call) => /^(iam|sts|signin):/.test(action);
  const { calls } = await questionsFrom(HOME);
  const others = calls.filter((call) => !isSignIn(call));
  const sample = others.filter((_, index) => (index * OTHERS) % others.length < OTHERS);
  const callsAway = (await questionsFrom(AWAY)).calls.filter(isSignIn);
  const asked = [
    ...differentDocuments().map((document) => ({ ...document, place: HOME, calls: calls.filter(isSignIn) })),
    ...GUARD_NAMES.map((guard) => ({ guard, settings: SETTING_NAMES, place: AWAY, calls: callsAway })),
    ...GUARD_NAMES.map((guard) => ({ guard, settings: ["selfService"] as const, place: HOME, calls: sample })),
  ];
  return asked.flatMap((each) =>
    EITHER.flatMap((user) =>
      ANY_SESSION
        // Every second session for either user is enough of the rest of AWS.
        .filter((_, index) => each.calls !== sample || index % 2 === EITHER.indexOf(user))
        .map((session): Hearing => ({ ...each, user, session })),
    ),
  );
}

type Simulate = (simulation: object, options: object) => Promise<unknown>;

const Package = v.object({ runSimulation: v.custom<Simulate>((given) => typeof given === "function") });

const Result = v.variant("resultType", [
  v.object({ resultType: v.literal("single"), overallResult: v.string() }),
  v.object({ resultType: v.literal("wildcard"), overallResult: v.string() }),
  v.object({ resultType: v.literal("error"), errors: v.object({ message: v.string() }) }),
]);

function loadSimulator(): Simulate {
  const folder = process.env["IAM_SIMULATE"];
  if (folder === undefined) throw new Error("IAM_SIMULATE must name the folder in which the simulator is installed");
  const load = createRequire(resolve(join(folder, "package.json")));
  return v.parse(Package, load("@cloud-copilot/iam-simulate")).runSimulation;
}

function simulationOf(
  policies: readonly unknown[],
  action: string,
  resource: string,
  context: RequestContext,
  accountId: string,
): object {
  return {
    request: {
      principal: context["aws:PrincipalArn"],
      action,
      resource: { resource, accountId },
      contextVariables: context,
    },
    identityPolicies: policies.map((policy, index) => ({ name: `policy ${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

function told(verdict: Verdict): string {
  if (verdict.allowed) return "Allowed";
  return verdict.explicit ? "ExplicitlyDenied" : "ImplicitlyDenied";
}

describe("the evaluator and @cloud-copilot/iam-simulate", () => {
  it("agree on what IAM would answer", async function () {
    this.timeout(600_000);
    const simulate = loadSimulator();
    const [shard = 0, shards = 1] = (process.env["SHARD"] ?? "0/1").split("/").map(Number);
    let comparisons = 0;
    const known = new Map(KNOWN.map(({ reason }) => [reason, 0]));
    const disagreements: string[] = [];

    for (const [index, hearing] of (await hearings()).entries()) {
      if (index % shards !== shard) continue;
      const { guard, settings, user, session, place, calls } = hearing;
      const policies = [guardPolicy(guard, settings, place.partition), ...USERS[user]];
      // By turns, where a kind of session comes in several contexts, as below where several ARNs stand for a kind.
      const contexts = contextsOf(session, place);
      const context = contexts[index % contexts.length] ?? {};
      const ask = inSession(compile(policies), context);
      for (const { action, resources } of calls) {
        const resource = resources[index % resources.length] ?? "*";
        const theirs = v.parse(
          Result,
          await simulate(simulationOf(policies, action, resource, context, place.account), {}),
        );
        const theirAnswer = theirs.resultType === "error" ? theirs.errors.message : theirs.overallResult;
        const ourAnswer = told(ask({ action, resource }));
        comparisons++;
        if (theirAnswer === ourAnswer) continue;
        const asked = `${action} on ${resource}`;
        const listed = KNOWN.find((each) => each.asked.test(asked) && each.theirs.test(theirAnswer));
        if (listed !== undefined) known.set(listed.reason, (known.get(listed.reason) ?? 0) + 1);
        else {
          disagreements.push(
            `${asked}, ${user} in ${guard} with [${settings.join()}], ${session}: ${ourAnswer} here, ${theirAnswer} there`,
          );
        }
      }
    }

    console.log(`        ${comparisons} comparisons, ${disagreements.length} disagreements that are not listed`);
    for (const [reason, count] of known) console.log(`        ${count} listed: ${reason}`);
    expect(disagreements).to.deep.equal([]);
    expect(
      KNOWN.filter(({ reason }) => known.get(reason) === 0).map(({ reason }) => reason),
      "listed, and not met",
    ).to.deep.equal([]);
  });
});

const FULL = {
  name: "full",
  policy: {
    Version: "2012-10-17",
    Statement: [{ Sid: "Full", Effect: "Allow", Action: "*", Resource: "*" }],
  },
};

/** The services with something of a stack's. */
const OF_A_STACK = /^(events|lambda|logs|sqs|sns|cloudwatch|cloudtrail|iam):/;

/** What a caller is, beside whoever is allowed everything: bound by an SCP, or by a boundary. */
const BOUND = {
  scp: { serviceControlPolicies: [{ orgIdentifier: "r-root", policies: [FULL, named("scp")] }] },
  boundary: { permissionBoundaryPolicies: [named("boundary")] },
} as const;

function named(name: "scp" | "boundary") {
  return { name, policy: documentOf(name) };
}

describe("the same two", () => {
  it("agree on what protects a stack, as an SCP and as a permissions boundary", async function () {
    this.timeout(600_000);
    const simulate = loadSimulator();
    const [shard = 0, shards = 1] = (process.env["SHARD"] ?? "0/1").split("/").map(Number);
    const calls = await callsOf(HOME, KINDS, (action) => OF_A_STACK.test(action));
    let comparisons = 0;
    let withoutVerdict = 0;
    const disagreements: string[] = [];
    for (const [index, [caller, context]] of Object.entries(CALLERS).entries()) {
      // Of another account's principals the simulator asks for a resource policy too, and of root for none.
      if (index % shards !== shard || caller === "root" || !String(context["aws:PrincipalArn"]).includes(HOME.account))
        continue;
      for (const name of ["scp", "boundary"] as const) {
        const documents = name === "scp" ? [FULL.policy, documentOf(name)] : [documentOf(name)];
        const ask = inSession(compile(documents), context);
        for (const { action, resources } of calls) {
          const resource = resources[index % resources.length] ?? "*";
          const simulation = simulationOf([FULL.policy], action, resource, context, HOME.account);
          const theirs = v.parse(Result, await simulate({ ...simulation, ...BOUND[name] }, {}));
          if (theirs.resultType === "error") {
            withoutVerdict++;
            continue;
          }
          comparisons++;
          const ours = ask({ action, resource }).allowed;
          if ((theirs.overallResult === "Allowed") === ours) continue;
          disagreements.push(
            `${action} on ${resource}, ${caller} under the ${name}: ${ours ? "open" : "shut"} here, ${theirs.overallResult} there`,
          );
        }
      }
    }
    console.log(`        ${comparisons} comparisons, ${withoutVerdict} without a verdict of the simulator's`);
    expect(disagreements).to.deep.equal([]);
    expect(comparisons).to.be.above(withoutVerdict);
  });
});

/** The SCPs of an organization, as one account finds them. */
const OF_AN_ORGANIZATION = [
  {
    orgIdentifier: "r-root",
    policies: [FULL, ...Object.entries(organizationPolicies(ORGANIZATION)).map(([name, policy]) => ({ name, policy }))],
  },
];

/** Who calls, and what is asked: of whom the SCPs hold or not, sign-in; of who changes something, all that is of a stack. */
const CALLERS_OF_AN_ACCOUNT: readonly (readonly [who: string, context: RequestContext, asked: RegExp])[] = [
  ...Object.entries({ ...HELD, ...FREE }).flatMap(([who, context]) =>
    Object.entries({
      "in the console": { "aws:MultiFactorAuthPresent": "false" },
      "by a bare key": {},
      "through a service with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "true" },
    }).map(([how, session]) => [`${who}, ${how}`, { ...context, ...session }, /^(iam|sts|signin):/] as const),
  ),
  ...Object.entries({
    ...CHANGES_NOTHING,
    ...DEPLOYS,
    "the handler": THE_HANDLER,
    "an administrator who puts other events": PUTS_OTHER_EVENTS,
  }).map(
    ([who, context]) =>
      [who, context, /^(cloudformation|events|lambda|logs|sqs|sns|cloudwatch|cloudtrail|iam):/] as const,
  ),
];

describe("once more the same two", () => {
  it("agree on the SCPs of an organization, beside the guards and without", async function () {
    this.timeout(600_000);
    const simulate = loadSimulator();
    const [shard = 0, shards = 1] = (process.env["SHARD"] ?? "0/1").split("/").map(Number);
    const calls = await callsOf(HOME, KINDS_OF_AN_ACCOUNT, (action) =>
      CALLERS_OF_AN_ACCOUNT.some(([, , asked]) => asked.test(action)),
    );
    const scps = OF_AN_ORGANIZATION.flatMap(({ policies }) => policies.map(({ policy }) => policy));
    const guards = [[], ...guardsOfRules({ mode: "strict", enrolmentByAccessKey: false }).map((guard) => [guard])];
    let comparisons = 0;
    let withoutVerdict = 0;
    const disagreements: string[] = [];
    for (const [index, [caller, context, asked]] of CALLERS_OF_AN_ACCOUNT.entries()) {
      // As above; and a federated user's own policies are not among those that it asks for.
      const principal = String(context["aws:PrincipalArn"]);
      if (index % shards !== shard || !principal.includes(HOME.account) || /:root$|:federated-user\//.test(principal))
        continue;
      for (const [turn, under] of guards.entries()) {
        // A guard by turns, on users.
        if (turn > 0 && (context["aws:username"] === undefined || turn !== 1 + (index % (guards.length - 1)))) continue;
        const identity = [FULL.policy, ...under.map((guard) => guardPolicy(guard, [], "aws"))];
        const ask = inSession(compile([...identity, ...scps]), context);
        // A third of the calls by turns: the simulator takes its time.
        const third = calls.filter((call, number) => asked.test(call.action) && number % 3 === index % 3);
        for (const { action, resources } of third) {
          const resource = resources[index % resources.length] ?? "*";
          const simulation = simulationOf(identity, action, resource, context, HOME.account);
          const theirs = v.parse(
            Result,
            await simulate({ ...simulation, serviceControlPolicies: OF_AN_ORGANIZATION }, {}),
          );
          if (theirs.resultType === "error") {
            withoutVerdict++;
            continue;
          }
          comparisons++;
          const ours = ask({ action, resource }).allowed;
          if ((theirs.overallResult === "Allowed") === ours) continue;
          const isKnown = (each: Disagreement) =>
            each.asked.test(`${action} on ${resource}`) && each.theirs.test(theirs.overallResult);
          if (KNOWN.some(isKnown)) continue;
          disagreements.push(
            `${action} on ${resource}, ${caller} in ${under.join() || "no guard"}: ${ours ? "open" : "shut"} here, ${theirs.overallResult} there`,
          );
        }
      }
    }
    console.log(`        ${comparisons} comparisons, ${withoutVerdict} without a verdict of the simulator's`);
    expect(disagreements).to.deep.equal([]);
    expect(comparisons).to.be.above(withoutVerdict);
  });
});
