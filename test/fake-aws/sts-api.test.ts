import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { serveSts } from "../../fake-aws/sts-api";
import { totpCode } from "../../fake-aws/totp";
import { createDevice, newAccountWithUser, ROOT, refusalOf, type TestAccount } from "../support/account";
import { failureOf } from "../support/failure";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

describe("STS in memory", () => {
  let aws: TestAccount;
  let sts: LoopbackServer;
  let key: Keys;
  let serial: string;
  let seed: string;
  const clients: STSClient[] = [];

  beforeEach(async () => {
    aws = newAccountWithUser();
    const { AccessKey } = aws.account.call(ROOT, "CreateAccessKey", { UserName: "alice" });
    key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    ({ serial, seed } = createDevice(aws, "phone"));
    const [AuthenticationCode1, AuthenticationCode2] = [codeIn(-30), codeIn(0)];
    aws.root("EnableMFADevice", { UserName: "alice", SerialNumber: serial, AuthenticationCode1, AuthenticationCode2 });
    sts = await serveSts(new Map(), aws.account);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await sts.close();
  });

  const codeIn = (seconds: number) => totpCode(seed, new Date(aws.now().getTime() + seconds * 1000));
  const by = (credentials: Keys): STSClient => {
    const client = new STSClient({ endpoint: sts.url, region: "us-east-1", credentials });
    clients.push(client);
    return client;
  };
  const open = async (TokenCode?: string, DurationSeconds?: number): Promise<Keys> => {
    const mfa = TokenCode === undefined ? {} : { SerialNumber: serial, TokenCode };
    const { Credentials } = await by(key).send(new GetSessionTokenCommand({ ...mfa, DurationSeconds }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  const principalOf = ({ accessKeyId }: Keys) => aws.account.identityOfKey(accessKeyId)?.principal;

  it("tells a user's key and its sessions who they are, whatever the user is called by then", async () => {
    const session = await open();
    aws.root("UpdateUser", { UserName: "alice", NewUserName: "alicia", NewPath: "/eng/" });
    for (const each of [key, session]) {
      const { Arn, Account } = await by(each).send(new GetCallerIdentityCommand());
      expect([Arn, Account]).to.deep.equal(["arn:aws:iam::123456789012:user/eng/alicia", "123456789012"]);
    }
  });

  it("opens sessions without MFA and with it, for twelve hours or as long as is asked for", async () => {
    const plain = await open();
    const withMfa = await open(codeIn(0), 900);
    expect([principalOf(plain), principalOf(withMfa)]).to.deep.equal([
      { type: "IAMUser", userName: "alice", accessKeyId: plain.accessKeyId, mfa: false, byToken: true },
      { type: "IAMUser", userName: "alice", accessKeyId: withMfa.accessKeyId, mfa: true, byToken: true },
    ]);
    aws.waitSeconds(900);
    expect([principalOf(plain)?.type, principalOf(withMfa)]).to.deep.equal(["IAMUser", undefined]);
    aws.waitSeconds(12 * 3600 - 900);
    expect(principalOf(plain)).to.equal(undefined);
  });

  it("takes each code once, by a device of the caller's, and not too old a one", async () => {
    const code = codeIn(0);
    await open(code);
    const refused = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    expect((await failureOf(open(code))).message).to.equal(refused);
    expect((await failureOf(open(codeIn(-60)))).message).to.equal(refused);
    aws.waitSeconds(30);
    await open(codeIn(0));
    aws.root("DeactivateMFADevice", { UserName: "alice", SerialNumber: serial });
    aws.waitSeconds(30);
    expect((await failureOf(open(codeIn(0)))).message).to.equal(
      "MultiFactorAuthentication failed, unable to validate MFA code.",
    );
  });

  it("opens none by a session, and none for longer than 36 hours or shorter than a quarter of one", async () => {
    const session = await open();
    const again = by(session).send(new GetSessionTokenCommand({}));
    expect((await failureOf(again)).name).to.equal("AccessDenied");
    for (const seconds of [899, 129_601])
      expect((await failureOf(open(undefined, seconds))).name).to.equal("ValidationError");
  });

  it("lets sessions without MFA call nothing of IAM, and others what policies allow", async () => {
    const [plain, withMfa] = [await open(), await open(codeIn(0))];
    const read = (keys: Keys) =>
      refusalOf(() => aws.account.call(principalOf(keys) ?? ROOT, "GetUser", { UserName: "alice" }));
    expect([key, plain, withMfa].map(read)).to.deep.equal([
      "no refusal",
      "InvalidClientTokenId: The security token included in the request is invalid.",
      "no refusal",
    ]);
  });

  it("knows no key that is deleted, and no session of a user who is", async () => {
    const session = await open();
    aws.root("DeleteAccessKey", { UserName: "alice", AccessKeyId: key.accessKeyId });
    expect([principalOf(key), principalOf(session)?.type]).to.deep.equal([undefined, "IAMUser"]);
    aws.root("DeactivateMFADevice", { UserName: "alice", SerialNumber: serial });
    aws.root("DeleteUser", { UserName: "alice" });
    aws.root("CreateUser", { UserName: "alice" });
    expect(principalOf(session)).to.equal(undefined);
    expect((await failureOf(by(session).send(new GetCallerIdentityCommand()))).name).to.equal("InvalidClientTokenId");
  });

  it("knows no key while it is inactive", async () => {
    const update = (Status: string) =>
      aws.root("UpdateAccessKey", { UserName: "alice", AccessKeyId: key.accessKeyId, Status });
    update("Inactive");
    expect((await failureOf(by(key).send(new GetCallerIdentityCommand()))).name).to.equal("InvalidClientTokenId");
    update("Active");
    expect(principalOf(key)?.type).to.equal("IAMUser");
  });

  it("records what a session does as no console's", async () => {
    const withMfa = principalOf(await open(codeIn(0)));
    if (withMfa === undefined) throw new Error("there is no session");
    aws.account.call(withMfa, "CreateAccessKey", {});
    const record = aws.records.at(-1);
    expect(record?.userIdentity.sessionContext?.attributes.mfaAuthenticated).to.equal("true");
    expect(record?.sessionCredentialFromConsole).to.equal(undefined);
  });
});
