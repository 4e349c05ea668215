import { inspect } from "node:util";
import { expect } from "chai";
import { GUARDS } from "../../support/guards";
import { newWorld, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine", exemptGroups: ["gone"] };

/** What no line of the log, no event and no error may hold, wherever a record has it. */
const CANARY = "canary-7Jq2";

/** Where records of IAM have secrets, or might: CloudTrail hides some of them, by its own account. */
const SECRETS = {
  requestParameters: {
    password: CANARY,
    oldPassword: CANARY,
    newPassword: CANARY,
    authenticationCode1: CANARY,
    authenticationCode2: CANARY,
    policyDocument: `{"Sid":"${CANARY}"}`,
    tags: [{ key: "note", value: CANARY }],
  },
  responseElements: {
    accessKey: { accessKeyId: CANARY, secretAccessKey: CANARY, userName: "alice" },
    loginProfile: { userName: "alice", password: CANARY },
    virtualMFADevice: { serialNumber: CANARY, base32StringSeed: CANARY, qRCodePNG: CANARY },
    serviceSpecificCredential: { servicePassword: CANARY },
  },
  userIdentity: { type: "IAMUser", userName: "root", arn: "arn:aws:iam::123456789012:user/root", accessKeyId: CANARY },
  additionalEventData: { note: CANARY },
  errorMessage: CANARY,
  tlsDetails: { clientProvidedHostHeader: CANARY },
};

const CALLS = [
  "CreateUser",
  "UpdateUser",
  "CreateLoginProfile",
  "UpdateLoginProfile",
  "DeleteLoginProfile",
  "EnableMFADevice",
  "DeactivateMFADevice",
  "CreateVirtualMFADevice",
  "CreateAccessKey",
  "AddUserToGroup",
  "RemoveUserFromGroup",
  "AttachUserPolicy",
  "DetachUserPolicy",
  "PutGroupPolicy",
  "DetachGroupPolicy",
  "CreatePolicyVersion",
];

describe("a secret that comes with a record", () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
    world.root("CreateUser", { UserName: "alice" });
    world.root("CreateLoginProfile", { UserName: "alice", Password: CANARY });
  });
  afterEach(() => world.close());

  /** All that the handler says of records, and what it throws. */
  const said = async (...records: readonly unknown[]): Promise<string> => {
    const failures: unknown[] = [];
    for (const record of records)
      await world.handle(QUARANTINE, record).catch((error: unknown) => failures.push(error));
    return [JSON.stringify(world.log), JSON.stringify(world.told()), inspect(failures, { depth: 9 })].join("\n");
  };
  const record = (eventName: string, requestParameters: object = {}) => ({
    ...SECRETS,
    eventName,
    requestParameters: { ...SECRETS.requestParameters, userName: "alice", ...requestParameters },
  });
  const ofGuard = { groupName: GUARDS.quarantine.group, policyArn: GUARDS.quarantine.policyArn };

  it("is in no line and in no event, whatever the call", async () => {
    const words = await said(...CALLS.map((call) => record(call)), ...CALLS.map((call) => record(call, ofGuard)));
    expect(world.told().length).to.be.greaterThan(2);
    expect(words).to.not.include(CANARY);
  });

  it("is in none of a call that IAM refuses the handler", async () => {
    world.account.failNext("AddUserToGroup", "AccessDenied");
    const words = await said(record("CreateLoginProfile"));
    expect(world.toldTypes()).to.deep.equal(["Event Failed"]);
    expect(words).to.not.include(CANARY);
  });

  it("is in none where it stands in the place of something that is read", async () => {
    const words = await said(
      CANARY,
      { eventName: "CreateLoginProfile", requestParameters: CANARY },
      { eventName: "CreateLoginProfile", requestParameters: { userName: [CANARY] } },
      { eventName: "CreateLoginProfile", requestParameters: { userName: { password: CANARY } } },
      { eventName: "CreateLoginProfile", userIdentity: CANARY, requestParameters: { userName: "alice" } },
      { eventName: "CreateLoginProfile", responseElements: { loginProfile: CANARY } },
      { eventName: { password: CANARY } },
    );
    expect(world.toldTypes()).to.deep.equal(Array(7).fill("Event Failed"));
    expect(words).to.not.include(CANARY);
  });

  it("is in none of a sweep, nor is what IAM itself keeps", async () => {
    const { VirtualMFADevice } = world.account.call({ type: "Root" }, "CreateVirtualMFADevice", {
      VirtualMFADeviceName: "phone",
    });
    const { AccessKey } = world.account.call({ type: "Root" }, "CreateAccessKey", { UserName: "alice" });
    world.waitHours(24);
    await world.sweep(QUARANTINE, {});
    const words = await said();
    const seed = Buffer.from(VirtualMFADevice.Base32StringSeed).toString();
    for (const secret of [CANARY, seed, AccessKey.SecretAccessKey]) expect(words).to.not.include(secret);
  });
});
