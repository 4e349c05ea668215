import { expect } from "chai";
import * as v from "valibot";
import { fromEnvironment } from "../../core/instructions";
import { MODES, type Mode } from "../../core/modes";
import { type Deployment, deploy, type Place } from "../../rehearsal/deployment";
import { GUARDS } from "../support/guards";
import { newWorld, type World } from "../support/world";

const PLACE: Place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" };

const PEOPLE = ["with-password", "with-both", "with-keys", "exempt"] as const;

/** Where each mode wants people to stand, in the order of PEOPLE. */
const STANDINGS: Readonly<Record<Mode, readonly string[]>> = {
  quarantine: ["quarantine", "free", "free", "free"],
  "conditional-deny": ["conditional", "conditional", "conditional", "free"],
  strict: ["quarantine", "sealed", "sealed", "free"],
  off: ["free", "free", "free", "free"],
};

const LambdaFunction = v.object({ environment: v.object({ variables: v.record(v.string(), v.string()) }) });
const Invocation = v.object({
  input: v.string(),
  lifecycleScope: v.string(),
  triggers: v.record(v.string(), v.string()),
});
const Input = v.object({ sweep: v.object({ by: v.literal("deploy") }) });

/** The deployed function's rules, and the invocations that come with them. */
function read({ resources }: Deployment) {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
  const [functionInputs] = ofType("aws:lambda/function:Function");
  const { settings: rules } = fromEnvironment(v.parse(LambdaFunction, functionInputs).environment.variables);
  const invocations = ofType("aws:lambda/invocation:Invocation").map((inputs) => v.parse(Invocation, inputs));
  return { rules, invocations };
}

/** Users who had a guard and, write by write, came to have none at some moment, by the handler's own calls. */
function everFree(world: World): readonly string[] {
  const guardOf = new Map(
    Object.values(GUARDS).flatMap(({ group, policyArn }) => [
      [group, group],
      [policyArn, group],
    ]),
  );
  const holding = new Map<string, Set<string>>();
  const freed = new Set<string>();
  for (const { action, parameters } of world.account.log.filter(({ caller }) => caller.type === "AssumedRole")) {
    const { UserName = "", GroupName, PolicyArn } = parameters;
    const guard = guardOf.get(GroupName ?? PolicyArn ?? "");
    if (guard === undefined || !/^(Add|Attach|Remove|Detach)/.test(action)) continue;
    const held = holding.get(UserName) ?? new Set();
    holding.set(UserName, held);
    if (/^(Add|Attach)/.test(action)) held.add(guard);
    else held.delete(guard);
    if (held.size === 0) freed.add(UserName);
  }
  return [...freed];
}

describe("a change of mode", () => {
  const deployed = new Map<Mode, ReturnType<typeof read>>();
  before(async () => {
    for (const mode of MODES) {
      const config = { "require-mfa:mode": mode, "require-mfa:exemptUsers": '["exempt"]' };
      deployed.set(mode, read(await deploy(config, PLACE)));
    }
  });
  const of = (mode: Mode) => {
    const found = deployed.get(mode);
    if (found === undefined) throw new Error(`${mode} is not deployed`);
    return found;
  };

  for (const from of MODES) {
    for (const to of MODES) {
      it(`${from} → ${to} frees only whom ${to} frees`, async () => {
        const [old, young] = [of(from), of(to)];
        const world = await newWorld();
        try {
          for (const name of PEOPLE) world.root("CreateUser", { UserName: name });
          for (const name of ["with-password", "with-both", "exempt"]) {
            world.root("CreateLoginProfile", { UserName: name, Password: "correct-horse" });
          }
          world.enrol("with-both");
          await world.sweep(old.rules, { by: "deploy" });
          const stood = PEOPLE.map((name) => world.standing(name));
          expect(stood).to.deep.equal(STANDINGS[from]);

          // An invocation runs again where its triggers change, and never at the deletion of the one that it replaces.
          const [invocation, another] = young.invocations;
          if (invocation === undefined || another !== undefined) throw new Error("not exactly one invocation");
          expect(invocation.lifecycleScope).to.equal("CREATE_ONLY");
          const runs = JSON.stringify(invocation.triggers) !== JSON.stringify(old.invocations[0]?.triggers);
          expect(runs).to.equal(from !== to);
          const { sweep } = v.parse(Input, JSON.parse(invocation.input));
          if (runs) await world.sweep(young.rules, sweep);

          expect(PEOPLE.map((name) => world.standing(name))).to.deep.equal(STANDINGS[to]);
          const heldThroughout = PEOPLE.filter((_, at) => stood[at] !== "free" && STANDINGS[to][at] !== "free");
          expect(everFree(world).filter((name) => heldThroughout.some((each) => each === name))).to.deep.equal([]);
        } finally {
          await world.close();
        }
      });
    }
  }
});
