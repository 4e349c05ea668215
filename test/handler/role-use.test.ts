import { expect } from "chai";
import * as v from "valibot";
import { serveOwnFunction } from "../../fake-aws/lambda-api";
import { ownFunction } from "../../handler/own-function";
import { handlerLogPolicy, handlerRolePolicy } from "../../policies/handler-role";
import { compile, evaluate } from "../../policy-language/evaluator";
import { HANDLER, type TestAccountOptions } from "../support/account";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { HANDLER_REACH, newWorld, type Settings } from "../support/world";

/** What Lambda does with the role itself, which no call of the handler shows. */
const BY_LAMBDA = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];

const Policy = v.object({
  Statement: v.array(v.object({ Action: v.union([v.string(), v.array(v.string())]) })),
});

const actionsOf = (document: unknown): readonly string[] =>
  v.parse(Policy, document).Statement.flatMap(({ Action }) => Action);

describe("the handler's role", () => {
  it("allows nothing that the handler never does, and all that it does", async () => {
    const used = new Set<string>();
    const refused = new Set<string>();
    const authorize: NonNullable<TestAccountOptions["authorize"]> = (request, policiesOf) => {
      const { principal, action, resource, context } = request;
      if (principal.type !== "AssumedRole") return true;
      const { allowed } = evaluate(compile(policiesOf(principal)), { action, resource, context });
      (allowed ? used : refused).add(action);
      return allowed;
    };
    const world = await newWorld({ authorize });
    const principals = new Map([["ASIAHANDLER", { ...HANDLER, sourceFunctionArn: HANDLER_REACH.functionArn }]]);
    const runs: unknown[] = [];
    const lambda = await serveOwnFunction({
      functionArn: HANDLER_REACH.functionArn,
      variables: {},
      principals,
      allows: (...request) => world.account.allows(...request),
      onInvoke: (event) => void runs.push(event),
    });
    const own = ownFunction(
      {
        AWS_REGION: "us-east-1",
        AWS_LAMBDA_FUNCTION_NAME: "require-mfa-1a2b3c4",
        AWS_ACCESS_KEY_ID: "ASIAHANDLER",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      },
      async () => undefined,
    );
    try {
      const people = peopleOf(world);
      const settings: Settings = { mode: "quarantine", exemptGroups: ["robots"], exemptPaths: ["/machines/"] };
      people.groups("robots");
      // One is held by the group, and one in ten groups by the policy; both are freed again.
      people.person("alice", "password");
      people.person("bob", "password");
      const groups = Array.from({ length: 10 }, (_, index) => `team-${index}`);
      people.groups(...groups);
      for (const group of groups) people.join("bob", group);
      await world.sweep(settings, {});
      expect([world.standing("alice"), world.standing("bob")]).to.deep.equal(["quarantine", "quarantine by policy"]);
      await world.handle(settings, world.enrol("alice"), world.enrol("bob"));
      expect([world.standing("alice"), world.standing("bob")]).to.deep.equal(["free", "free"]);
      const { group, policyArn } = GUARDS.quarantine;
      const detached = world.recordOf("DetachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
      await world.handle(settings, detached);
      await own.startNextRun({ by: "schedule", run: 2 });
      await own.isCurrent();
    } finally {
      await lambda.close();
      await world.close();
    }
    expect(runs).to.deep.equal([{ sweep: { by: "schedule", run: 2 } }]);
    const allowed = new Set(
      [
        handlerRolePolicy(HANDLER_REACH),
        handlerLogPolicy({
          logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:x",
          failedQueueArn: "arn:aws:sqs:us-east-1:123456789012:x",
        }),
      ].flatMap(actionsOf),
    );
    expect([...used, ...BY_LAMBDA].sort()).to.deep.equal([...allowed].sort());
    expect([...refused]).to.deep.equal([]);
  });
});
