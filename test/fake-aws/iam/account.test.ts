import { expect } from "chai";
import { HANDLER, newAccount, newAccountWithUser, ROOT, refusalOf, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("faults, lag and another hand", () => {
    it("fails the next calls of an action, and no others, before anything happens", () => {
      const { account, root, records } = newAccountWithUser();
      account.failNext("DeleteUser", "Throttling", 2);
      account.failNext("DeleteUser", "EntityTemporarilyUnmodifiable");
      const deleting = () => root("DeleteUser", { UserName: "alice" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal("no refusal");
      expect([deleting, deleting, deleting, deleting].map(refusalOf)).to.deep.equal([
        "Throttling: Injected fault: Throttling",
        "Throttling: Injected fault: Throttling",
        "EntityTemporarilyUnmodifiable: Injected fault: EntityTemporarilyUnmodifiable",
        "no refusal",
      ]);
      expect(records.map(({ errorCode }) => errorCode)).to.deep.equal([
        undefined,
        "ThrottlingException",
        "ThrottlingException",
        "EntityTemporarilyUnmodifiableException",
        undefined,
      ]);
    });

    it("shows the old state for as many reads as it is told to", () => {
      const { account } = newAccountWithUser();
      const devices = () => account.call(ROOT, "ListMFADevices", { UserName: "alice" }).MFADevices.length;
      account.lag("ListMFADevices", 2);
      account.enrolPasskey("alice");
      expect([devices(), devices(), devices()]).to.deep.equal([0, 0, 1]);
    });

    it("lags in reads only", () => {
      const { account } = newAccount();
      expect(() => account.lag("CreateUser", 1)).to.throw(TypeError, "CreateUser does not read");
    });

    it("calls back once before the next call of an action", () => {
      const { account, root } = newAccountWithUser();
      account.before("GetUser", () => root("UpdateUser", { UserName: "alice", NewUserName: "alicia" }));
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal(
        "NoSuchEntity: The user with name alice cannot be found.",
      );
      root("UpdateUser", { UserName: "alicia", NewUserName: "alice" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal("no refusal");
    });

    it("calls back in the order it was asked to, the action's own calls included", () => {
      const { account, root } = newAccountWithUser();
      const seen: string[] = [];
      account.before("GetUser", () => seen.push("one"));
      account.before("GetUser", () => {
        root("GetUser", { UserName: "alice" });
        seen.push("other");
      });
      root("GetUser", { UserName: "alice" });
      expect(seen).to.deep.equal(["one", "other"]);
    });
  });

  describe("the log", () => {
    it("has every call with its caller, its parameters and why it failed, until it is cleared", () => {
      const { account } = newAccount();
      account.call(HANDLER, "ListUsers", { MaxItems: "5" });
      account.answer(ROOT, "DeleteUser", { UserName: "alice" });
      account.answer(signedIn("alice"), "HoldUser", {});
      expect(account.log).to.deep.equal([
        { caller: HANDLER, action: "ListUsers", parameters: { MaxItems: "5" } },
        { caller: ROOT, action: "DeleteUser", parameters: { UserName: "alice" }, errorCode: "NoSuchEntity" },
        { caller: signedIn("alice"), action: "HoldUser", parameters: {}, errorCode: "InvalidClientTokenId" },
      ]);
      account.clearLog();
      expect(account.log).to.deep.equal([]);
    });
  });
});
