import { expect } from "chai";
import { ROOT, refusalOf, type Scene, scene, signedIn, withUser } from "../../support/account";

const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation," +
  "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region," +
  "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date," +
  "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active," +
  "cert_2_last_rotated,additional_credentials_info";

const FOUR_HOURS = 4 * 60 * 60;

const stateOf = ({ account }: Scene) => account.call(ROOT, "GenerateCredentialReport").State;
const get = ({ account }: Scene) => account.call(ROOT, "GetCredentialReport");

/** The lines of a new report. */
function reportOf(on: Scene): readonly string[] {
  expect(stateOf(on)).to.equal("STARTED");
  return Buffer.from(get(on).Content).toString().split("\n");
}

/** The fields of a new report in one column, from the root user's on. */
function column(on: Scene, name: string): readonly (string | undefined)[] {
  const [header = "", ...rows] = reportOf(on);
  return rows.map((row) => row.split(",")[header.split(",").indexOf(name)]);
}

describe("IamAccount", () => {
  describe("the credential report", () => {
    it("is not there before somebody has it made", () => {
      const on = scene();
      expect(refusalOf(() => get(on))).to.equal("ReportNotPresent: ");
      expect(on.account.call(ROOT, "GenerateCredentialReport")).to.deep.equal({
        State: "STARTED",
        Description: "No report exists. Starting a new report generation task",
      });
    });

    const polls = [
      [undefined, ["ReportInProgress: ", "no refusal", "no refusal"]],
      [0, ["no refusal", "no refusal", "no refusal"]],
      [2, ["ReportInProgress: ", "ReportInProgress: ", "no refusal"]],
    ] as const;
    for (const [reportPolls, refusals] of polls) {
      it(`is in progress for ${reportPolls ?? "one, if nothing is said, of the"} calls that ask for it`, () => {
        const on = scene(reportPolls === undefined ? {} : { reportPolls });
        expect(stateOf(on)).to.equal("STARTED");
        expect(refusals.map(() => refusalOf(() => get(on)))).to.deep.equal(refusals);
      });
    }

    it("comes nearer by asking that it be made again, as some wait for it", () => {
      const on = scene();
      expect([stateOf(on), stateOf(on), stateOf(on)]).to.deep.equal(["STARTED", "INPROGRESS", "COMPLETE"]);
      expect(on.account.call(ROOT, "GenerateCredentialReport")).to.deep.equal({ State: "COMPLETE" });
      expect(refusalOf(() => get(on))).to.equal("no refusal");
    });

    const ages = [
      [0, "no refusal", "COMPLETE"],
      [FOUR_HOURS, "no refusal", "COMPLETE"],
      [FOUR_HOURS + 1, "ReportExpired: ", "STARTED"],
      [6 * FOUR_HOURS + 1, "ReportExpired: ", "STARTED"],
    ] as const;
    for (const [age, refusal, state] of ages) {
      it(`is ${state === "COMPLETE" ? "given out" : "refused until it is made anew"} when it is ${age} s old`, () => {
        const on = scene({ reportPolls: 0 });
        stateOf(on);
        on.wait(age);
        expect([refusalOf(() => get(on)), stateOf(on), refusalOf(() => get(on))]).to.deep.equal([
          refusal,
          state,
          "no refusal",
        ]);
      });
    }

    it("is in progress again when it is made anew", () => {
      const on = scene();
      stateOf(on);
      on.wait(FOUR_HOURS + 1);
      expect([stateOf(on), refusalOf(() => get(on)), refusalOf(() => get(on))]).to.deep.equal([
        "STARTED",
        "ReportInProgress: ",
        "no refusal",
      ]);
    });

    it("tells of the moment at which it was made, until it is made anew", () => {
      const on = withUser();
      stateOf(on);
      on.root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      on.root("CreateUser", { UserName: "bob" });
      on.wait(FOUR_HOURS);
      expect([stateOf(on), stateOf(on)]).to.deep.equal(["INPROGRESS", "COMPLETE"]);
      const stale = get(on);
      expect(stale.GeneratedTime).to.deep.equal(new Date("2026-03-05T01:02:38Z"));
      expect(Buffer.from(stale.Content).toString().split("\n")).to.deep.equal([
        HEADER,
        "<root_account>,arn:aws:iam::111122223333:root,2026-03-05T01:02:38+00:00,not_supported,no_information," +
          "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
        "alice,arn:aws:iam::111122223333:user/alice,2026-03-05T01:02:38+00:00,false,N/A," +
          "N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
      on.wait(1);
      expect([stateOf(on), stateOf(on)]).to.deep.equal(["STARTED", "INPROGRESS"]);
      const fresh = get(on);
      expect(fresh.GeneratedTime).to.deep.equal(new Date("2026-03-05T05:02:39Z"));
      expect(Buffer.from(fresh.Content).toString().split("\n").slice(2)).to.deep.equal([
        "alice,arn:aws:iam::111122223333:user/alice,2026-03-05T01:02:38+00:00,true,no_information," +
          "2026-03-05T01:02:38+00:00,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
        "bob,arn:aws:iam::111122223333:user/bob,2026-03-05T01:02:38+00:00,false,N/A," +
          "N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
    });

    it("tells of passwords, devices and keys, and of paths in the ARN", () => {
      const on = scene({ reportPolls: 0 });
      on.wait(60);
      on.root("CreateUser", { UserName: "alice", Path: "/eng/" });
      on.wait(60);
      on.root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      on.account.enrolPasskey("alice");
      on.wait(60);
      on.root("CreateAccessKey", { UserName: "alice" });
      on.wait(60);
      on.root("CreateAccessKey", { UserName: "alice" });
      expect(reportOf(on).slice(2)).to.deep.equal([
        "alice,arn:aws:iam::111122223333:user/eng/alice,2026-03-05T01:03:38+00:00,true,no_information," +
          "2026-03-05T01:04:38+00:00,N/A,true,true,2026-03-05T01:05:38+00:00,N/A,N/A,N/A," +
          "true,2026-03-05T01:06:38+00:00,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
    });

    it("begins with root and goes on by name, whatever the case", () => {
      const on = scene({ reportPolls: 0 });
      for (const UserName of ["dave", "Bob", "alice", "Carol", "_x"]) on.root("CreateUser", { UserName });
      expect(column(on, "user")).to.deep.equal(["<root_account>", "_x", "alice", "Bob", "Carol", "dave"]);
    });

    it("tells when a password was last set, by whomever, and not when it must be changed", () => {
      const on = withUser({ reportPolls: 0 });
      const changedAfter = (change: () => unknown) => {
        on.wait(FOUR_HOURS + 1);
        change();
        return column(on, "password_last_changed")[1];
      };
      const profile = (parameters: Readonly<Record<string, string>>) => () =>
        on.root("UpdateLoginProfile", { UserName: "alice", ...parameters });
      const passwords = { OldPassword: "second", NewPassword: "third" };
      on.root("CreateLoginProfile", { UserName: "alice", Password: "first" });
      expect([
        changedAfter(profile({ PasswordResetRequired: "true" })),
        changedAfter(profile({ Password: "second" })),
        changedAfter(() => on.account.call(signedIn("alice"), "ChangePassword", passwords)),
      ]).to.deep.equal(["2026-03-05T01:02:38+00:00", "2026-03-05T09:02:40+00:00", "2026-03-05T13:02:41+00:00"]);
    });

    it("tells a user from another who had the name before by the creation time", () => {
      const on = withUser({ reportPolls: 0 });
      on.wait(90);
      on.root("DeleteUser", { UserName: "alice" });
      on.root("CreateUser", { UserName: "alice" });
      expect(column(on, "user_creation_time")).to.deep.equal([
        "2026-03-05T01:02:38+00:00",
        "2026-03-05T01:04:08+00:00",
      ]);
    });

    const written = [
      ["bare, be there quotes in them or not", false, 'doe,john,arn:aws:iam::111122223333:user/a,"b"/doe,john,2026-'],
      ["quoted, if it is told to", true, '"doe,john","arn:aws:iam::111122223333:user/a,""b""/doe,john",2026-'],
    ] as const;
    for (const [title, quoteReport, start] of written) {
      it(`writes names and paths with commas ${title}`, () => {
        const on = scene({ reportPolls: 0, quoteReport });
        on.root("CreateUser", { UserName: "doe,john", Path: '/a,"b"/' });
        on.root("CreateUser", { UserName: "erin" });
        const [, , john, erin] = reportOf(on);
        expect(john?.slice(0, start.length)).to.equal(start);
        expect(erin).to.match(/^erin,arn:aws:iam::111122223333:user\/erin,2026-/);
      });
    }

    it("has a field too many in the name and again in the ARN, where a comma is in the name", () => {
      const on = scene({ reportPolls: 0 });
      for (const UserName of ["doe,john", "erin"]) on.root("CreateUser", { UserName });
      expect(reportOf(on).map((row) => row.split(",").length)).to.deep.equal([23, 23, 25, 23]);
    });

    it("is made of the state as it was, where the making lags", () => {
      const on = withUser({ reportPolls: 0 });
      on.account.lag("GenerateCredentialReport", 1);
      on.account.enrolPasskey("alice");
      expect(column(on, "mfa_active")).to.deep.equal(["true", "false"]);
      on.wait(FOUR_HOURS + 1);
      expect(column(on, "mfa_active")).to.deep.equal(["true", "true"]);
    });

    it("is kept where its making is refused", () => {
      const on = scene({ reportPolls: 0, authorize: ({ action }) => action !== "iam:GenerateCredentialReport" });
      on.root("CreateUser", { UserName: "alice" });
      stateOf(on);
      on.wait(FOUR_HOURS + 1);
      expect(refusalOf(() => on.account.call(signedIn("alice"), "GenerateCredentialReport"))).to.equal(
        "AccessDenied: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: " +
          "iam:GenerateCredentialReport on resource: *",
      );
      expect(refusalOf(() => get(on))).to.equal("ReportExpired: ");
    });
  });
});
