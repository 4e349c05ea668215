import { expect } from "chai";
import { DETAIL_TYPES, type DetailType } from "../../../core/told";
import { enableDevice, ROOT } from "../../support/account";
import { GUARDS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { RECORDING_TRAIL } from "../../support/trails";
import { newWorld, type Settings, type World, type WorldOptions } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };
const { quarantine } = GUARDS;
const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** Half past midnight, so that a sweep is the day's first. */
const NIGHT = "2026-03-05T00:30:00Z";

type People = ReturnType<typeof peopleOf>;

/** How a type of event comes about, and the message of the last one by then. */
type Occasion = readonly [message: string, arrange: (world: World, people: People) => Promise<unknown>];

const password = ({ recordOf }: World) =>
  recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });

const fillQuotas = (world: World, people: People) => {
  for (let index = 0; index < 10; index++) {
    people.groups(`team-${index}`);
    people.join("alice", `team-${index}`);
    world.root("CreatePolicy", { PolicyName: `policy-${index}`, PolicyDocument: ALLOW_ALL });
    const PolicyArn = `arn:aws:iam::123456789012:policy/policy-${index}`;
    world.root("AttachUserPolicy", { UserName: "alice", PolicyArn });
  }
};

const EXEMPT: Settings = { ...QUARANTINE, exemptGroups: ["robots"] };

const OCCASIONS: Readonly<Record<DetailType, Occasion>> = {
  "User Held": [
    "alice is held in quarantine now (a password, no MFA device). The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Nothing to do where the user can enrol a device, which frees them. To undo it, exempt the user and run pulumi up; whoever is taken out by hand is held again.",
    (world) => world.handle(QUARANTINE, password(world)),
  ],
  "User Moved": [
    "alice was moved from quarantine to sealed (a password, one MFA device). The call was EnableMFADevice by arn:aws:iam::123456789012:user/alice from 192.0.2.10. Nothing to do. To undo it, exempt the user or set another mode, and run pulumi up.",
    async (world) => {
      await world.handle({ mode: "strict" }, password(world));
      await world.handle({ mode: "strict" }, world.enrol("alice"));
    },
  ],
  "User Freed": [
    "alice is free now (a password, one MFA device). The call was EnableMFADevice by arn:aws:iam::123456789012:user/alice from 192.0.2.10. Nothing to do where the reason is expected. To undo it, undo the reason.",
    async (world) => {
      await world.handle(QUARANTINE, password(world));
      await world.handle(QUARANTINE, world.enrol("alice"));
    },
  ],
  "User Pending": [
    "alice is to be held in quarantine from 2026-04-01T00:00:00.000Z on (a password, no MFA device). The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Ask the user to enrol a device before that day. To hold at once, set enforceFrom to none and graceDays to 0, and run pulumi up; to spare the user, exempt them.",
    (world) => world.handle({ ...QUARANTINE, enforceFrom: "2026-04-01" }, password(world)),
  ],
  "Device Enrolled": [
    "alice has enrolled an MFA device. The call was EnableMFADevice by arn:aws:iam::123456789012:user/alice from 192.0.2.10. Nothing to do where the user did it. Otherwise deactivate the device, which holds the user again, and reset the password.",
    (world) => world.handle(QUARANTINE, world.enrol("alice")),
  ],
  "Users Changed": [
    "A sweep has changed where 11 users stand: user-10 (held), user-11 (held), user-12 (held), user-13 (held), user-14 (held), user-15 (held), user-16 (held), user-17 (held), user-18 (held), user-19 (held), user-20 (held). See in the function's log whether each has a reason that is expected. To undo it, go back to the settings from before and run pulumi up.",
    async (world, people) => {
      for (let index = 10; index < 21; index++) people.person(`user-${index}`, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
    },
  ],
  "Nobody Held": [
    "mode off, and nobody is under a guard. Nothing to do: the stack may be destroyed. To hold again, set another mode and run pulumi up.",
    async (world) => {
      await world.handle(QUARANTINE, password(world));
      await world.sweep({ mode: "off" }, {});
    },
  ],
  "Suspicious Enrolment": [
    "An MFA device was enrolled for alice by someone else. The call was EnableMFADevice by arn:aws:iam::123456789012:root from 192.0.2.10. Ask the user whether the device is theirs. If not, deactivate it, which holds the user again, reset the password and delete the access keys.",
    async (world) => {
      enableDevice(world, ROOT, "mallory");
      await world.handle(QUARANTINE, world.records.at(-1));
    },
  ],
  "Scope Changed": [
    "alice, with a password and no MFA device, came into the scope or out of it (exempt by group robots). The call was AddUserToGroup by arn:aws:iam::123456789012:root from 192.0.2.10. Ask whoever did it whether it was meant. To undo it, take back the group, the path or the name.",
    async (world, people) => {
      people.groups("robots");
      await world.handle(EXEMPT, password(world));
      await world.handle(EXEMPT, world.recordOf("AddUserToGroup", { UserName: "alice", GroupName: "robots" }));
    },
  ],
  "Exempt User Unprotected": [
    "alice has a password and no MFA device, and is exempt by name. The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Let the user enrol a device. Or end the exemption and run pulumi up, which holds the user.",
    (world) => world.handle({ ...QUARANTINE, exemptUsers: ["alice"] }, password(world)),
  ],
  "User Gone": [
    "There is no user alice any more. The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Nothing to do where the user was deleted; the next sweep looks at whoever has another name now.",
    async (world) => {
      const made = password(world);
      world.root("DeleteLoginProfile", { UserName: "alice" });
      world.root("DeleteUser", { UserName: "alice" });
      await world.handle(QUARANTINE, made);
    },
  ],
  "User Unholdable": [
    "No guard can hold alice, for both of IAM's quotas are full. The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Take the user out of a group or detach a policy from them; the next sweep holds them.",
    async (world, people) => {
      fillQuotas(world, people);
      await world.handle(QUARANTINE, password(world)).catch(() => undefined);
    },
  ],
  "Event Failed": [
    "An event about alice was not carried out: Injected fault: AccessDenied. The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Read the error. Lambda tries the event twice more and the next sweep mends what is left; if it goes on, run pulumi up --refresh.",
    async (world) => {
      world.account.failNext("AddUserToGroup", "AccessDenied");
      await world.handle(QUARANTINE, password(world)).catch(() => undefined);
    },
  ],
  "Sweep Failed": [
    "A sweep fell short: 1 user could not be reconciled: bob: Injected fault: AccessDenied. Read the error. The next sweep takes up what is left; if it goes on, run pulumi up --refresh.",
    async (world, people) => {
      people.person("bob", "password");
      world.account.failNext("AddUserToGroup", "AccessDenied");
      await world.sweep(QUARANTINE, {}).catch(() => undefined);
    },
  ],
  "Releases Stopped": [
    "this sweep would free 1 user, and maxReleases lets a sweep free 0: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 1 && pulumi up. If they are to be free, raise maxReleases or correct the entry, and run pulumi up; else do nothing, for they stay held.",
    async (world, people) => {
      people.person("bob", "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      world.enrol("bob");
      world.waitHours(24);
      await world.sweep({ ...QUARANTINE, maxReleases: 0 }, {});
    },
  ],
  "Guard Broken": [
    "the group of quarantine has an inline policy, allow; pulumi up --refresh makes it what was deployed. The call was PutGroupPolicy by arn:aws:iam::123456789012:root from 192.0.2.10. Run pulumi up --refresh, which undoes it, and ask CloudTrail who did it.",
    async (world) => {
      const record = world.recordOf("PutGroupPolicy", {
        GroupName: quarantine.group,
        PolicyName: "allow",
        PolicyDocument: ALLOW_ALL,
      });
      await world.handle(QUARANTINE, record);
    },
  ],
  "Guard Reattached": [
    "the policy of quarantine was taken off its group, so that the group held nobody; it is attached again. The call was DetachGroupPolicy by arn:aws:iam::123456789012:root from 192.0.2.10. Nothing to mend. CloudTrail's DetachGroupPolicy tells who took the policy off.",
    async (world) => {
      const parameters = { GroupName: quarantine.group, PolicyArn: quarantine.policyArn };
      await world.handle(QUARANTINE, world.recordOf("DetachGroupPolicy", parameters));
    },
  ],
  "Group Missing": [
    "onlyGroups or exemptGroups name what is no group of this account: robots; alice is where the state says all the same. The call was CreateLoginProfile by arn:aws:iam::123456789012:root from 192.0.2.10. Make the group, or correct the setting and run pulumi up.",
    (world) => world.handle(EXEMPT, password(world)),
  ],
  "Setting Unmatched": [
    "exemptUsers names 'alcie', which matches nobody (the nearest is 'alice'). Correct the entry or remove it, and run pulumi up.",
    (world) => world.sweep({ ...QUARANTINE, exemptUsers: ["alcie"] }, {}),
  ],
  "Root Without MFA": [
    "the credential report shows no MFA device for the account's root user, whom no policy of a user binds. Sign in as root and enrol a device; nothing to do where AWS Organizations has taken root's credentials away.",
    (world) => world.sweep(QUARANTINE, {}),
  ],
  "Boundary Found": [
    "held, with a permissions boundary, which must allow what the door leaves open, or they can't enrol: alice. See that the boundary allows what docs/policies.md lists as the door, and add what it lacks.",
    async (world) => {
      const boundary = "arn:aws:iam::aws:policy/IAMUserChangePassword";
      world.root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: boundary });
      password(world);
      await world.sweep(QUARANTINE, {});
    },
  ],
  "Report Missing": [
    "there was no credential report, so that whoever may be out of place was looked at live: Injected fault: AccessDenied. Nothing to do where it is once. Otherwise see whether the function's role may make and read it.",
    async (world) => {
      world.account.failNext("GetCredentialReport", "AccessDenied", 1000);
      await world.sweep(QUARANTINE, {});
    },
  ],
  "Trail Missing": [
    "no trail brings IAM's events to us-east-1, so that only sweeps hold and free: there is none. `pulumi config set createTrail true && pulumi up` makes one that does. Mend a trail, or set createTrail to true and run pulumi up.",
    (world) => world.sweep(QUARANTINE, {}),
  ],
  "Trail Unknown": [
    "whether a trail brings IAM's events to us-east-1 can't be told: management-events selects by userIdentity.arn. Ask whoever owns the trail whether it logs management events of writing in this region.",
    (world) => world.sweep(QUARANTINE, {}),
  ],
};

const LIMITED = { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "userIdentity.arn", StartsWith: ["arn:"] }] }] };

/** What an account must be like for a type to come about. */
const ACCOUNTS: { readonly [Type in DetailType]?: WorldOptions } = {
  "Root Without MFA": { rootHasDevice: false },
  "Trail Missing": { trails: [] },
  "Trail Unknown": { trails: [{ ...RECORDING_TRAIL, selectors: LIMITED }] },
};

describe("an event", () => {
  for (const detailType of DETAIL_TYPES) {
    const [message, arrange] = OCCASIONS[detailType];
    it(`${detailType} says in plain words what happened, why, what to do and how to undo it`, async () => {
      const world = await newWorld({ startTime: NIGHT, ...ACCOUNTS[detailType] });
      try {
        world.root("CreateUser", { UserName: "alice" });
        await arrange(world, peopleOf(world));
        const told = world.told().filter((event) => event["detail-type"] === detailType);
        expect(told.at(-1)?.detail["message"]).to.equal(message);
      } finally {
        await world.close();
      }
    });
  }
});
