import { expect } from "chai";
import { restore, stub } from "sinon";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { lookAtDeploy } from "../../impact/at-deploy";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { newPreviewer, type Previewer } from "../support/previewer";
import { newWorld, type World } from "../support/world";

const ROLE = { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/preview/pull-request" };
const NOBODY = { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/somebody/else" };
const user = (name: string) => ({ accountId: "123456789012", arn: `arn:aws:iam::123456789012:user/staff/${name}` });

/** What a deploy heard of the account. */
interface Heard {
  readonly info: readonly string[];
  readonly warnings: readonly string[];
  readonly lockout: string | undefined;
  readonly impact: string | undefined;
}

describe("a deploy's look at the account", () => {
  let world: World;
  let previewer: Previewer;
  beforeEach(async () => {
    world = await newWorld({ reportPolls: 0 });
    previewer = await newPreviewer(world);
  });
  afterEach(async () => {
    restore();
    await previewer.close();
    await world.close();
  });

  const look = async (
    given: {
      readonly settings?: Partial<Settings>;
      readonly isPreview?: boolean;
      readonly config?: Readonly<Record<string, string>>;
      readonly provider?: typeof ROLE | Error;
    } = {},
  ): Promise<Heard> => {
    const { settings = {}, isPreview = true, config = previewer.configuration(), provider = ROLE } = given;
    const info: string[] = [];
    const warnings: string[] = [];
    const { lockout, impact } = lookAtDeploy({
      question: { stack: "dev", name: "require-mfa", settings: { ...DEFAULT_SETTINGS, ...settings } },
      isPreview,
      config,
      environment: {},
      provider: provider instanceof Error ? Promise.reject(provider) : Promise.resolve(provider),
      info: (message) => info.push(message),
      warn: (message) => warnings.push(message),
    });
    return { lockout: await lockout, impact: await impact, info, warnings };
  };
  const people = (count: number, ...has: readonly ("password" | "device")[]) => {
    for (let index = 0; index < count; index++) {
      peopleOf(world).person(`user-${String(index).padStart(2, "0")}`, ...has);
    }
  };

  describe("in a preview", () => {
    it("tells whom the settings would hold, move and free, the first twenty by name", async () => {
      people(23, "password");
      const { person, join } = peopleOf(world);
      person("late", "password", "device");
      join("late", GUARDS.quarantine.group);
      const { info, warnings, impact } = await look();
      const names = Array.from({ length: 20 }, (_, index) => `user-${String(index).padStart(2, "0")}`).join(", ");
      expect(info).to.deep.equal([
        [
          "impact on account 123456789012, mode quarantine: of 24 users 23 would be newly held, 0 moved, 1 freed (by the credential report of 2026-03-05T01:02Z)",
          `  newly held in quarantine: a password, no MFA device: ${names} and 3 more`,
          "  freed from quarantine: a password, an MFA device: late",
        ].join("\n"),
      ]);
      expect({ warnings, impact }).to.deep.equal({ warnings: [], impact: undefined });
    });

    it("tells on which day whose hold is due", async () => {
      people(1, "password");
      const { info } = await look({ settings: { enforceFrom: "2999-01-01" } });
      expect(info[0]).to.match(
        /: of 1 user 0 would be newly held, 0 moved, 0 freed, 1 pending .*\n {2}pending, to be held in quarantine: .*: user-00 \(from 2999-01-01\)$/,
      );
    });

    it("warns of each finding once", async () => {
      people(1, "password");
      const { warnings } = await look({ settings: { exemptUsers: ["user-00", "user-o0"] } });
      expect(warnings).to.deep.equal([
        "exempt, with a password and no MFA device: user-00",
        'exemptUsers names "user-o0", which matches nobody (the nearest is "user-00")',
      ]);
    });

    it("stops beyond failOnImpact, and says how to confirm it", async () => {
      people(3, "password");
      expect((await look({ settings: { failOnImpact: 3 } })).impact).to.equal(undefined);
      expect((await look({ settings: { failOnImpact: 2 } })).impact).to.equal(
        "this would newly hold 3 users, more than failOnImpact allows, 2; nothing was deployed.\n  If they are to be held, confirm it:\n    pulumi config set failOnImpact 3",
      );
    });

    it("does not stop for whom it would hold on a later day, or but for a dry run", async () => {
      people(3, "password");
      const later = await look({ settings: { failOnImpact: 0, enforceFrom: "2999-01-01" } });
      const dryRun = await look({ settings: { failOnImpact: 0, dryRun: true } });
      expect([later.impact, dryRun.impact]).to.deep.equal([undefined, undefined]);
    });

    it("follows the roles of the configuration, one after the other", async () => {
      previewer.principals.set("ASIAreader", { type: "AssumedRole", roleArn: ROLE_ARN("reader"), sessionName: "s" });
      world.account.putRole(ROLE_ARN("reader"), [READ_ALL]);
      previewer.callers.set("AKIASTART", user("starter"));
      const roles = [
        { roleArn: ROLE_ARN("hub"), externalId: "x" },
        { roleArn: ROLE_ARN("reader"), sessionName: "s" },
      ];
      const { info, warnings } = await look({
        config: { ...previewer.configuration("AKIASTART"), "aws:assumeRoles": JSON.stringify(roles) },
        provider: { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/reader/provider" },
      });
      expect([info.length, warnings]).to.deep.equal([1, []]);
    });
  });

  describe("goes on with one warning that says why, and with nothing else,", () => {
    const NOWHERE = JSON.stringify([
      { iam: "http://127.0.0.1:9", sts: "http://127.0.0.1:9", cloudtrail: "http://127.0.0.1:9" },
    ]);
    const UNTOLD = "whom these settings would hold can't be told: ";
    const cases: readonly (readonly [string, () => Promise<Heard>, RegExp])[] = [
      [
        "without credentials",
        () =>
          look({
            config: {
              "aws:profile": "there-is-none",
              "aws:sharedConfigFiles": '["/there/is/none"]',
              "aws:sharedCredentialsFiles": '["/there/is/none"]',
            },
          }),
        /^no credentials: Could not load credentials/,
      ],
      [
        "with credentials that are none",
        () => look({ config: previewer.configuration("AKIANOBODY") }),
        /InvalidClientTokenId|security token is invalid/,
      ],
      [
        "without a network",
        () => look({ config: { ...previewer.configuration(), "aws:endpoints": NOWHERE } }),
        /ECONNREFUSED/,
      ],
      [
        "with the credentials of another account",
        () => {
          previewer.callers.set("AKIAOTHER", { accountId: "210987654321", arn: "arn:aws:iam::210987654321:root" });
          return look({ config: previewer.configuration("AKIAOTHER") });
        },
        /^the credentials at hand are those of arn:aws:iam::210987654321:root, and the AWS provider works as arn:aws:sts::123456789012:/,
      ],
      [
        "where the configuration names a way in that is not followed",
        () => {
          previewer.callers.set("AKIAOTHER", { accountId: "210987654321", arn: "arn:aws:iam::210987654321:root" });
          return look({
            config: { ...previewer.configuration("AKIAOTHER"), "aws:assumeRoleWithWebIdentity": '{"roleArn":"x"}' },
          });
        },
        /\(aws:assumeRoleWithWebIdentity is not followed here\)$/,
      ],
      [
        "where the AWS provider does not say who it is",
        () => look({ provider: new Error("no provider") }),
        /^no provider$/,
      ],
    ];
    for (const [title, run, why] of cases) {
      it(title, async () => {
        // Whoever runs this on a machine at AWS has credentials all the same.
        stub(process, "env").value({ ...process.env, AWS_EC2_METADATA_DISABLED: "true" });
        people(1, "password");
        const { warnings, ...rest } = await run();
        expect(rest).to.deep.equal({ info: [], lockout: undefined, impact: undefined });
        expect(warnings).to.have.lengthOf(1);
        expect(warnings[0]).to.satisfy(
          (text: string) => text.startsWith(UNTOLD) && why.test(text.slice(UNTOLD.length)),
          warnings[0],
        );
      });
    }

    for (const action of [
      "GenerateCredentialReport",
      "GetAccountAuthorizationDetails",
      "GetCredentialReport",
    ] as const) {
      it(`without permission for ${action}`, async () => {
        people(11, "password");
        world.account.failNext(action, "AccessDenied", 9);
        const { warnings, ...rest } = await look();
        expect(rest).to.deep.equal({ info: [], lockout: undefined, impact: undefined });
        expect(warnings).to.have.lengthOf(1);
        expect(warnings[0]).to.match(/^whom these settings would hold can't be told: .*AccessDenied$/);
      });
    }
  });

  it("makes no call and says nothing in an update by a role", async () => {
    const before = world.account.log.length;
    expect(await look({ isPreview: false, config: {} })).to.deep.equal({
      info: [],
      warnings: [],
      lockout: undefined,
      impact: undefined,
    });
    expect(world.account.log.slice(before)).to.deep.equal([]);
  });

  it("reads the account for a role that is not followed, whose session is another", async () => {
    const { info, warnings } = await look({ provider: NOBODY });
    expect([info.length, warnings]).to.deep.equal([1, []]);
  });

  describe("stops where it would lock out who deploys:", () => {
    const deployer = (id: string, has: readonly ("password" | "device")[]) => {
      peopleOf(world).personAt("/staff/", "alice", ...has);
      previewer.principals.set(id, { type: "IAMUser", userName: "alice" });
      previewer.callers.set(id, user("alice"));
    };
    type Has = readonly ("password" | "device")[];
    const cases: readonly (readonly [string, "AKIAALICE" | "ASIAALICE", Has, Partial<Settings>, RegExp | undefined])[] =
      [
        [
          "with a password, no device, on a key, in quarantine",
          "AKIAALICE",
          ["password"],
          { mode: "quarantine" },
          /belongs in quarantine \(a password, no MFA device\)/,
        ],
        ["the same in a session", "ASIAALICE", ["password"], { mode: "quarantine" }, /belongs in quarantine/],
        [
          "with keys alone, on a key, in conditional-deny",
          "AKIAALICE",
          [],
          { mode: "conditional-deny" },
          /belongs in conditional/,
        ],
        [
          "with a device, on a key, in strict",
          "AKIAALICE",
          ["password", "device"],
          { mode: "strict" },
          /belongs in sealed/,
        ],
        ["with a device, in a session, in strict", "ASIAALICE", ["password", "device"], { mode: "strict" }, undefined],
        ["with keys alone in quarantine", "AKIAALICE", [], { mode: "quarantine" }, undefined],
        ["who is exempt", "AKIAALICE", ["password"], { mode: "strict", exemptUsers: ["Alice"] }, undefined],
        ["who is exempt by path", "AKIAALICE", ["password"], { mode: "strict", exemptPaths: ["/staff/"] }, undefined],
        ["outside the scope", "AKIAALICE", ["password"], { mode: "strict", onlyUsers: ["bob"] }, undefined],
        ["in a dry run", "AKIAALICE", ["password"], { mode: "strict", dryRun: true }, undefined],
        ["in mode off", "AKIAALICE", ["password"], { mode: "off" }, undefined],
      ];
    for (const [title, id, has, settings, stop] of cases) {
      for (const isPreview of [true, false]) {
        it(`${title}, in ${isPreview ? "a preview" : "an update"}: ${stop === undefined ? "goes on" : "stops"}`, async () => {
          deployer(id, has);
          const { lockout, warnings } = await look({
            settings,
            isPreview,
            config: previewer.configuration(id),
            provider: user("alice"),
          });
          if (stop === undefined) expect(lockout).to.equal(undefined);
          else expect(lockout).to.match(stop);
          if (!isPreview) expect(warnings).to.deep.equal([]);
        });
      }
    }

    it("says all the ways out", async () => {
      deployer("AKIAALICE", ["password"]);
      const settings: Partial<Settings> = { mode: "conditional-deny", exemptUsers: ["break-glass"] };
      const { lockout } = await look({
        settings,
        isPreview: false,
        config: previewer.configuration("AKIAALICE"),
        provider: user("alice"),
      });
      expect(lockout).to.equal(
        [
          "these settings would lock out alice, who deploys them: alice belongs in conditional (a password, no MFA device; conditional-deny holds everybody); nothing was deployed.",
          "  Ways out:",
          "    deploy by a role, which no guard ever holds",
          "    enrol an MFA device for alice, if there is none yet",
          "    deploy in a session with MFA: aws sts get-session-token --serial-number DEVICE --token-code CODE",
          "    exempt alice: pulumi config set --path 'exemptUsers[1]' alice",
        ].join("\n"),
      );
    });

    it("not before the day on which a hold is due, of which it warns", async () => {
      deployer("AKIAALICE", ["password"]);
      const { lockout, warnings } = await look({
        settings: { enforceFrom: "2999-01-01" },
        isPreview: false,
        config: previewer.configuration("AKIAALICE"),
        provider: user("alice"),
      });
      expect(lockout).to.equal(undefined);
      expect(warnings).to.deep.equal([
        "these settings will hold alice, who deploys them, in quarantine from 2999-01-01T00:00:00.000Z on: by then deploy by a role",
      ]);
    });

    it("and goes on with one warning where it can't be told", async () => {
      deployer("AKIAALICE", ["password"]);
      world.account.failNext("ListMFADevices", "AccessDenied");
      const { lockout, warnings } = await look({
        isPreview: false,
        config: previewer.configuration("AKIAALICE"),
        provider: user("alice"),
      });
      expect(lockout).to.equal(undefined);
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.match(
        /^whether these settings would lock out who deploys them can't be told: .*AccessDenied$/,
      );
    });

    it("and goes on with one warning where there is no other user's key at hand than somebody else's", async () => {
      const { warnings } = await look({ isPreview: false, provider: user("bob") });
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.match(
        /^whether these settings would lock out who deploys them can't be told: the credentials at hand are those of /,
      );
    });
  });
});

const ROLE_ARN = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const READ_ALL = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
