import { expect } from "chai";
import * as v from "valibot";
import { compilePattern } from "../../fake-aws/event-pattern";
import { createEnvironment, type RehearsalEnvironment } from "../../rehearsal/environment";
import { eventProblems } from "../support/event-schema";

const ROOT = { type: "Root" } as const;
const PLACE = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" } as const;
const Rule = v.object({ eventPattern: v.string() });
const OfTheHandler = v.object({ source: v.tuple([v.literal("require-mfa")]) });
const Outputs = v.object({ handlerRoleArn: v.string() });

describe("the bundle, by the role that is deployed with it", () => {
  let environment: RehearsalEnvironment;
  before(async () => {
    environment = await createEnvironment({ "require-mfa:mode": "strict" }, PLACE, new Date("2026-01-20T09:00:00Z"));
    environment.account.call(ROOT, "CreateUser", { UserName: "alice" });
  });
  after(() => environment.close());

  const password = (name: string) => {
    environment.account.call(ROOT, "CreateUser", { UserName: name });
    environment.account.call(ROOT, "CreateLoginProfile", { UserName: name, Password: "correct-horse" });
  };

  it("puts its events on the bus that AWS's variable names, one call a run", async () => {
    environment.account.call(ROOT, "CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
    const runs = await environment.deliver();
    expect(runs.map(({ failed }) => failed)).to.deep.equal([undefined, undefined]);
    expect(environment.told.map((event) => event["detail-type"])).to.deep.equal(["User Held"]);
    expect(environment.told.flatMap(eventProblems)).to.deep.equal([]);
    const [{ detail } = { detail: {} }] = environment.told;
    expect(detail).to.deep.include({ user: "alice", account: "123456789012", guard: "quarantine" });
  });

  it("tells of a sweep with a link to its log group", async () => {
    environment.forget();
    for (let index = 0; index < 11; index++) password(`user-${index}`);
    environment.forget();
    await environment.sweep("deploy");
    const last = environment.told.at(-1);
    expect(last?.["detail-type"]).to.equal("Users Changed");
    expect(last?.detail["consoleLink"]).to.match(
      /^https:\/\/console\.aws\.amazon\.com\/cloudwatch\/home\?region=us-east-1#logsV2:log-groups\/log-group\/require-mfa-\w+$/,
    );
  });

  it("brings what wants a human to the rule for mails, and nothing else", () => {
    const rules = environment.deployment.resources.flatMap(({ type, inputs }) => {
      const rule = v.safeParse(Rule, inputs);
      const pattern: unknown = rule.success ? JSON.parse(rule.output.eventPattern) : undefined;
      return type === "aws:cloudwatch/eventRule:EventRule" && v.is(OfTheHandler, pattern)
        ? [compilePattern(pattern)]
        : [];
    });
    expect(rules).to.have.lengthOf(1);
    const through = environment.told.filter((event) => rules.some((matches) => matches(event)));
    expect(new Set(environment.told.map((event) => event["detail-type"]))).to.include("User Held");
    expect(new Set(through.map((event) => event["detail-type"]))).to.deep.equal(new Set(["Users Changed"]));
  });

  it("holds people also where the role may put no events, and logs that it could not tell", async () => {
    const { handlerRoleArn } = v.parse(Outputs, environment.deployment.outputs);
    const role = { type: "AssumedRole", roleArn: handlerRoleArn, sessionName: "test" } as const;
    const policies = environment.account.identityPoliciesOf(role).map((document) => ({
      ...document,
      Statement: document.Statement.filter(({ Action }) => Action !== "events:PutEvents"),
    }));
    environment.account.putRole(
      handlerRoleArn,
      policies.map((document) => JSON.stringify(document)),
    );
    const before = environment.told.length;
    password("bob");
    const runs = await environment.deliver();
    expect(runs.map(({ failed }) => failed)).to.deep.equal([undefined, undefined]);
    expect(await environment.standing("bob")).to.deep.equal(["quarantine"]);
    expect(environment.told).to.have.lengthOf(before);
    expect(runs.flatMap(({ lines }) => lines)).to.containSubset([
      { level: "ERROR", finding: "not-told" },
      { NotTold: 1 },
    ]);
  });
});
