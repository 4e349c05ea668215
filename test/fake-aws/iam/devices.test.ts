import { expect } from "chai";
import type { Principal } from "../../../fake-aws/iam/account";
import { totpCode } from "../../../fake-aws/totp";
import {
  createDevice,
  enableDevice,
  newAccount,
  newAccountWithUser,
  ROOT,
  refusalOf,
  START_TIME,
  signedIn,
} from "../../support/account";

describe("IamAccount", () => {
  describe("virtual MFA devices", () => {
    it("come with a seed of 64 characters in base32, each its own", () => {
      const aws = newAccount();
      const [one, other] = [createDevice(aws, "one"), createDevice(aws, "other")];
      expect(one.serial).to.equal("arn:aws:iam::123456789012:mfa/one");
      expect(one.seed).to.match(/^[A-Z2-7]{64}$/);
      expect(other.seed)
        .to.match(/^[A-Z2-7]{64}$/)
        .and.not.equal(one.seed);
      expect(refusalOf(() => createDevice(aws, "one"))).to.equal(
        "EntityAlreadyExists: MFADevice entity at the same path and name already exists.",
      );
    });

    const pairs: readonly (readonly [title: string, seconds: readonly [number, number], accepted: boolean])[] = [
      ["the last code and this one", [-30, 0], true],
      ["this code and the next, by a clock that is 30 s fast", [0, 30], true],
      ["the two codes before this one, by a slow hand", [-60, -30], true],
      ["no codes that are older", [-90, -60], false],
      ["no codes from further ahead", [30, 60], false],
      ["not one code twice", [0, 0], false],
      ["no codes with one left out between them", [-60, 0], false],
      ["no codes in the wrong order", [0, -30], false],
    ];
    for (const [title, seconds, accepted] of pairs) {
      it(`are enabled by ${title}`.replace("enabled by no", "not enabled by"), () => {
        const aws = newAccountWithUser();
        expect(refusalOf(() => enableDevice(aws, signedIn("alice"), "phone", seconds))).to.equal(
          accepted ? "no refusal" : "InvalidAuthenticationCode: Authentication code for device is not valid.",
        );
      });
    }

    it("show in their user's list and in the account's, with whom they are assigned to", () => {
      const aws = newAccountWithUser();
      const { account } = aws;
      enableDevice(aws, signedIn("alice"), "phone");
      createDevice(aws, "spare");
      const serialsOf = (AssignmentStatus: string) =>
        account
          .call(ROOT, "ListVirtualMFADevices", { AssignmentStatus })
          .VirtualMFADevices.map(({ SerialNumber }) => SerialNumber);
      expect(account.call(ROOT, "ListMFADevices", { UserName: "alice" })).to.deep.equal({
        MFADevices: [
          { UserName: "alice", SerialNumber: "arn:aws:iam::123456789012:mfa/phone", EnableDate: new Date(START_TIME) },
        ],
        IsTruncated: false,
      });
      expect(serialsOf("Assigned")).to.deep.equal(["arn:aws:iam::123456789012:mfa/phone"]);
      expect(serialsOf("Unassigned")).to.deep.equal(["arn:aws:iam::123456789012:mfa/spare"]);
      expect(serialsOf("Any")).to.have.length(2);
      expect(account.call(ROOT, "ListVirtualMFADevices").VirtualMFADevices[0]).to.have.nested.property(
        "User.UserName",
        "alice",
      );
    });

    it("are enabled for one user at a time", () => {
      const aws = newAccountWithUser();
      aws.root("CreateUser", { UserName: "bob" });
      const serial = enableDevice(aws, signedIn("alice"), "phone");
      const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
      expect(
        refusalOf(() => aws.root("EnableMFADevice", { UserName: "bob", SerialNumber: serial, ...codes })),
      ).to.equal("EntityAlreadyExists: MFA Device arn:aws:iam::123456789012:mfa/phone is already in use.");
    });

    it("are resynchronised by codes from further away, if they are enabled", () => {
      const aws = newAccountWithUser();
      const { serial, seed } = createDevice(aws, "phone");
      const codes = (early: number, late: number) => ({
        UserName: "alice",
        SerialNumber: serial,
        AuthenticationCode1: totpCode(seed, new Date(aws.now().getTime() + early * 1000)),
        AuthenticationCode2: totpCode(seed, new Date(aws.now().getTime() + late * 1000)),
      });
      expect(refusalOf(() => aws.root("ResyncMFADevice", codes(-30, 0)))).to.equal(
        "NoSuchEntity: MFA Device arn:aws:iam::123456789012:mfa/phone of user alice cannot be found.",
      );
      aws.root("EnableMFADevice", codes(-30, 0));
      expect(refusalOf(() => aws.root("ResyncMFADevice", codes(270, 300)))).to.equal("no refusal");
      expect(refusalOf(() => aws.root("ResyncMFADevice", codes(870, 900)))).to.equal(
        "InvalidAuthenticationCode: Authentication code for device is not valid.",
      );
    });
  });

  describe("the rule that a second device takes the first", () => {
    const RULE =
      "AccessDenied: An IAM user must authenticate with an existing MFA device to enable or disable an additional MFA device.";
    const callers: readonly (readonly [title: string, caller: Principal, refusal: string])[] = [
      ["holds a session without MFA", signedIn("alice", false), RULE],
      ["holds an access key", { type: "IAMUser", userName: "alice" }, RULE],
      ["does not know a name in other case for another's", signedIn("ALICE", false), RULE],
      ["lets a session with MFA pass", signedIn("alice", true), "no refusal"],
      ["lets another user pass", signedIn("bob", false), "no refusal"],
      ["lets root pass", ROOT, "no refusal"],
    ];
    for (const [title, caller, refusal] of callers) {
      it(title, () => {
        const aws = newAccountWithUser();
        aws.root("CreateUser", { UserName: "bob" });
        const SerialNumber = enableDevice(aws, signedIn("alice"), "phone");
        expect(refusalOf(() => enableDevice(aws, caller, "tablet"))).to.equal(refusal);
        expect(
          refusalOf(() => aws.account.call(caller, "DeactivateMFADevice", { UserName: "alice", SerialNumber })),
        ).to.equal(refusal);
      });
    }
  });

  describe("passkeys", () => {
    it("tell two records, the device being there after the second", () => {
      const seen: [string, number][] = [];
      const { account } = newAccountWithUser({
        onRecord: ({ eventName }) => {
          if (eventName !== "EnableMFADevice") return;
          seen.push([eventName, account.call(ROOT, "ListMFADevices", { UserName: "alice" }).MFADevices.length]);
        },
      });
      const serial = account.enrolPasskey("alice", "yubikey");
      expect(serial).to.match(/^arn:aws:iam::123456789012:u2f\/user\/alice\/yubikey-[A-Z2-7]{26}$/);
      expect(seen).to.deep.equal([
        ["EnableMFADevice", 0],
        ["EnableMFADevice", 1],
      ]);
    });

    it("are enrolled in a session without MFA, and with it once there is a device", () => {
      const { account, records } = newAccountWithUser();
      account.enrolPasskey("alice", "one");
      account.enrolPasskey("alice", "other");
      expect(
        records.slice(1).map(({ userIdentity }) => userIdentity.sessionContext?.attributes.mfaAuthenticated),
      ).to.deep.equal(["false", "false", "true", "true"]);
    });

    it("are no virtual devices, and gone once deactivated", () => {
      const { account, root } = newAccountWithUser();
      const SerialNumber = account.enrolPasskey("alice");
      expect(root("ListVirtualMFADevices")).to.deep.equal({ VirtualMFADevices: [], IsTruncated: false });
      account.call(signedIn("alice", true), "DeactivateMFADevice", { SerialNumber });
      expect(root("ListMFADevices", { UserName: "alice" })).to.deep.equal({ MFADevices: [], IsTruncated: false });
    });

    it("ask for permission to enable a device", () => {
      const { account } = newAccountWithUser({ authorize: ({ action }) => action !== "iam:EnableMFADevice" });
      expect(refusalOf(() => account.enrolPasskey("alice"))).to.equal(
        "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:EnableMFADevice " +
          "on resource: arn:aws:iam::123456789012:user/alice",
      );
    });
  });
});
