import { readFileSync } from "node:fs";
import { expect } from "chai";
import { conditionalPolicy, sealedPolicy } from "../policies/conditional";
import type { Partition, PolicyDocument } from "../policies/document";
import { DOORS, type DoorSettings } from "../policies/door";
import { goOnPolicy, handlerRolePolicy } from "../policies/handler-role";
import { quarantinePolicy } from "../policies/quarantine";

const PARTITIONS: readonly Partition[] = ["aws", "aws-us-gov", "aws-cn"];
const GUARD_POLICIES = { quarantine: quarantinePolicy, conditional: conditionalPolicy, sealed: sealedPolicy };

/** All 32 ways to set what changes a policy. */
const SETTINGS: readonly DoorSettings[] = Array.from({ length: 32 }, (_, bits) => ({
  passwordChangeWithoutMfa: (bits & 1) !== 0,
  enrolmentByAccessKey: (bits & 2) !== 0,
  usersPage: (bits & 4) !== 0,
  spareServiceCalls: (bits & 8) !== 0,
  selfService: (bits & 16) !== 0,
}));

const EVERY_GUARD_DOCUMENT: readonly (readonly [string, PolicyDocument])[] = SETTINGS.flatMap((settings) =>
  Object.entries(GUARD_POLICIES).flatMap(([guard, policy]) =>
    PARTITIONS.map((partition) => [`${guard} in ${partition}`, policy(settings, partition)] as const),
  ),
);

const ROLE = handlerRolePolicy({
  partition: "aws",
  groupArns: ["arn:aws:iam::123456789012:group/g"],
  policyArns: ["arn:aws:iam::123456789012:policy/p"],
  logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:l",
});

const GO_ON = goOnPolicy("arn:aws:lambda:us-east-1:123456789012:function:f");

const sids = ({ Statement }: PolicyDocument) => Statement.map(({ Sid }) => Sid);
const flagsOn = (...on: readonly (keyof DoorSettings)[]): DoorSettings => ({
  passwordChangeWithoutMfa: on.includes("passwordChangeWithoutMfa"),
  enrolmentByAccessKey: on.includes("enrolmentByAccessKey"),
  usersPage: on.includes("usersPage"),
  spareServiceCalls: on.includes("spareServiceCalls"),
  selfService: on.includes("selfService"),
});

describe("the guards' policies", () => {
  it("have each Sid once, of letters and digits", () => {
    for (const [title, document] of EVERY_GUARD_DOCUMENT) {
      expect(new Set(sids(document)).size, title).to.equal(document.Statement.length);
      for (const sid of sids(document)) expect(sid, title).to.match(/^[A-Za-z0-9]+$/);
    }
  });

  it("stay within the 6,144 characters of a managed policy", () => {
    for (const [title, document] of EVERY_GUARD_DOCUMENT) {
      expect(JSON.stringify(document).length, title).to.be.at.most(6144);
    }
  });

  it("never name LoginProfile writes, device removals or new access keys in a NotAction, nor NotAction beside NotResource", () => {
    for (const [title, document] of EVERY_GUARD_DOCUMENT) {
      for (const statement of document.Statement) {
        if (!("NotAction" in statement)) continue;
        expect(statement, title).to.not.have.property("NotResource");
        expect(JSON.stringify(statement.NotAction), title).to.not.match(
          /LoginProfile|DeactivateMFADevice|DeleteVirtualMFADevice|CreateAccessKey|\*/,
        );
      }
    }
  });

  it("name no partition but their own", () => {
    for (const [title, document] of EVERY_GUARD_DOCUMENT) {
      const partitions = new Set(JSON.stringify(document).match(/(?<=arn:)[\w-]+/g));
      expect([...partitions], title).to.deep.equal([title.split(" in ")[1]]);
    }
  });

  it("differ by their settings as the door says", () => {
    const names = (
      policy: (settings: DoorSettings, partition: Partition) => PolicyDocument,
      ...on: (keyof DoorSettings)[]
    ) => sids(policy(flagsOn(...on), "aws"));
    expect(names(quarantinePolicy)).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnDevices",
      "AllowTheDoorOnEverything",
      "DenyEverythingButTheDoor",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentByAccessKey",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
    ]);
    expect(names(sealedPolicy, "enrolmentByAccessKey")).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnEverything",
      "BlockMostAccessUnlessSignedInWithMFA",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
    ]);
    expect(names(sealedPolicy, "selfService", "spareServiceCalls")).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnEverything",
      "AllowReadingThePasswordPolicy",
      "AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation",
      "AllowIndividualUserToManageTheirOwnMFA",
      "AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA",
      "BlockMostAccessUnlessSignedInWithMFA",
      "DenyProxiesUnlessSignedInWithMFA",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentByAccessKey",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
    ]);
  });
});

describe("docs/policies.md", () => {
  const text = readFileSync("docs/policies.md", "utf8");

  it("has a heading for each Sid and no other", () => {
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    const written = new Set([...EVERY_GUARD_DOCUMENT.map(([, document]) => document), ROLE, GO_ON].flatMap(sids));
    expect(headings.sort()).to.deep.equal([...written].sort());
  });

  it("tells the door as it is, action by action, with what opens it and why", () => {
    const openings = (["quarantine", "conditional", "sealed"] as const).map((guard) => {
      const always = new Set(DOORS[guard](flagsOn()).map(({ action }) => action));
      const withSetting = (setting: keyof DoorSettings) => DOORS[guard](flagsOn(setting)).map(({ action }) => action);
      return (action: string): string => {
        if (always.has(action)) return "yes";
        if (withSetting("usersPage").includes(action)) return "`usersPage`";
        return withSetting("passwordChangeWithoutMfa").includes(action) ? "`passwordChangeWithoutMfa`" : "no";
      };
    });
    const widest = DOORS.quarantine(flagsOn("usersPage"));
    const told = text.split("\n").filter((line) => /^\| \w+:/.test(line));
    expect(told).to.deep.equal(
      widest.map(({ action, on, why }) => {
        return `| ${action} | ${on} | ${openings.map((opening) => opening(action)).join(" | ")} | ${why} |`;
      }),
    );
  });
});
