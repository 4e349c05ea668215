import { expect } from "chai";
import { newAccount, newAccountWithUser, ROOT, refusalOf, signedIn, type TestAccount } from "../../support/account";

const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation," +
  "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region," +
  "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date," +
  "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active," +
  "cert_2_last_rotated,additional_credentials_info";

const FOUR_HOURS_SECONDS = 4 * 60 * 60;

const stateOf = ({ account }: TestAccount) => account.call(ROOT, "GenerateCredentialReport").State;
const get = ({ account }: TestAccount) => account.call(ROOT, "GetCredentialReport");

/** The lines of a new report. */
function reportOf(aws: TestAccount): readonly string[] {
  expect(stateOf(aws)).to.equal("STARTED");
  return Buffer.from(get(aws).Content).toString().split("\n");
}

/** The fields of a new report in one column, from the root user's on. */
function column(aws: TestAccount, name: string): readonly (string | undefined)[] {
  const [header = "", ...rows] = reportOf(aws);
  return rows.map((row) => row.split(",")[header.split(",").indexOf(name)]);
}

describe("IamAccount", () => {
  describe("the credential report", () => {
    it("is not there before somebody has it made", () => {
      const aws = newAccount();
      expect(refusalOf(() => get(aws))).to.equal("ReportNotPresent: ");
      expect(aws.account.call(ROOT, "GenerateCredentialReport")).to.deep.equal({
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
        const aws = newAccount(reportPolls === undefined ? {} : { reportPolls });
        expect(stateOf(aws)).to.equal("STARTED");
        expect(refusals.map(() => refusalOf(() => get(aws)))).to.deep.equal(refusals);
      });
    }

    it("comes nearer by asking that it be made again, as some wait for it", () => {
      const aws = newAccount();
      expect([stateOf(aws), stateOf(aws), stateOf(aws)]).to.deep.equal(["STARTED", "INPROGRESS", "COMPLETE"]);
      expect(aws.account.call(ROOT, "GenerateCredentialReport")).to.deep.equal({ State: "COMPLETE" });
      expect(refusalOf(() => get(aws))).to.equal("no refusal");
    });

    const ages = [
      [0, "no refusal", "COMPLETE"],
      [FOUR_HOURS_SECONDS, "no refusal", "COMPLETE"],
      [FOUR_HOURS_SECONDS + 1, "ReportExpired: ", "STARTED"],
      [6 * FOUR_HOURS_SECONDS + 1, "ReportExpired: ", "STARTED"],
    ] as const;
    for (const [age, refusal, state] of ages) {
      it(`is ${state === "COMPLETE" ? "given out" : "refused until it is made anew"} when it is ${age} s old`, () => {
        const aws = newAccount({ reportPolls: 0 });
        stateOf(aws);
        aws.waitSeconds(age);
        expect([refusalOf(() => get(aws)), stateOf(aws), refusalOf(() => get(aws))]).to.deep.equal([
          refusal,
          state,
          "no refusal",
        ]);
      });
    }

    it("is in progress again when it is made anew", () => {
      const aws = newAccount();
      stateOf(aws);
      aws.waitSeconds(FOUR_HOURS_SECONDS + 1);
      expect([stateOf(aws), refusalOf(() => get(aws)), refusalOf(() => get(aws))]).to.deep.equal([
        "STARTED",
        "ReportInProgress: ",
        "no refusal",
      ]);
    });

    it("tells of the moment at which it was made, until it is made anew", () => {
      const aws = newAccountWithUser();
      stateOf(aws);
      aws.root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      aws.root("CreateUser", { UserName: "bob" });
      aws.waitSeconds(FOUR_HOURS_SECONDS);
      expect([stateOf(aws), stateOf(aws)]).to.deep.equal(["INPROGRESS", "COMPLETE"]);
      const stale = get(aws);
      expect(stale.GeneratedTime).to.deep.equal(new Date("2026-03-05T01:02:38Z"));
      expect(Buffer.from(stale.Content).toString().split("\n")).to.deep.equal([
        HEADER,
        "<root_account>,arn:aws:iam::123456789012:root,2026-03-05T01:02:38+00:00,not_supported,no_information," +
          "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
        "alice,arn:aws:iam::123456789012:user/alice,2026-03-05T01:02:38+00:00,false,N/A," +
          "N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
      aws.waitSeconds(1);
      expect([stateOf(aws), stateOf(aws)]).to.deep.equal(["STARTED", "INPROGRESS"]);
      const fresh = get(aws);
      expect(fresh.GeneratedTime).to.deep.equal(new Date("2026-03-05T05:02:39Z"));
      expect(Buffer.from(fresh.Content).toString().split("\n").slice(2)).to.deep.equal([
        "alice,arn:aws:iam::123456789012:user/alice,2026-03-05T01:02:38+00:00,true,no_information," +
          "2026-03-05T01:02:38+00:00,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
        "bob,arn:aws:iam::123456789012:user/bob,2026-03-05T01:02:38+00:00,false,N/A," +
          "N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
    });

    it("tells of passwords, devices and keys, and of paths in the ARN", () => {
      const aws = newAccount({ reportPolls: 0 });
      aws.waitSeconds(60);
      aws.root("CreateUser", { UserName: "alice", Path: "/eng/" });
      aws.waitSeconds(60);
      aws.root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      aws.account.enrolPasskey("alice");
      aws.waitSeconds(60);
      aws.root("CreateAccessKey", { UserName: "alice" });
      aws.waitSeconds(60);
      aws.root("CreateAccessKey", { UserName: "alice" });
      expect(reportOf(aws).slice(2)).to.deep.equal([
        "alice,arn:aws:iam::123456789012:user/eng/alice,2026-03-05T01:03:38+00:00,true,no_information," +
          "2026-03-05T01:04:38+00:00,N/A,true,true,2026-03-05T01:05:38+00:00,N/A,N/A,N/A," +
          "true,2026-03-05T01:06:38+00:00,N/A,N/A,N/A,false,N/A,false,N/A,N/A",
      ]);
    });

    it("tells when, where and for which service a key was last used, and of signing certificates", () => {
      const aws = newAccountWithUser({ reportPolls: 0 });
      aws.root("CreateAccessKey", { UserName: "alice" });
      aws.root("UploadSigningCertificate", { UserName: "alice", CertificateBody: "-----BEGIN CERTIFICATE-----" });
      aws.waitSeconds(60);
      aws.account.useAccessKey("alice", "s3", "eu-west-1");
      expect(reportOf(aws).slice(2)).to.deep.equal([
        "alice,arn:aws:iam::123456789012:user/alice,2026-03-05T01:02:38+00:00,false,N/A,N/A,N/A,false," +
          "true,2026-03-05T01:02:38+00:00,2026-03-05T01:03:38+00:00,eu-west-1,s3," +
          "false,N/A,N/A,N/A,N/A,true,2026-03-05T01:02:38+00:00,false,N/A,N/A",
      ]);
    });

    it("begins with root and goes on by name, whatever the case", () => {
      const aws = newAccount({ reportPolls: 0 });
      for (const UserName of ["dave", "Bob", "alice", "Carol", "_x"]) aws.root("CreateUser", { UserName });
      expect(column(aws, "user")).to.deep.equal(["<root_account>", "_x", "alice", "Bob", "Carol", "dave"]);
    });

    it("tells when a password was last set, by whomever, and not when it must be changed", () => {
      const aws = newAccountWithUser({ reportPolls: 0 });
      const changedAfter = (change: () => unknown) => {
        aws.waitSeconds(FOUR_HOURS_SECONDS + 1);
        change();
        return column(aws, "password_last_changed")[1];
      };
      const profile = (parameters: Readonly<Record<string, string>>) => () =>
        aws.root("UpdateLoginProfile", { UserName: "alice", ...parameters });
      const passwords = { OldPassword: "second", NewPassword: "third" };
      aws.root("CreateLoginProfile", { UserName: "alice", Password: "first" });
      expect([
        changedAfter(profile({ PasswordResetRequired: "true" })),
        changedAfter(profile({ Password: "second" })),
        changedAfter(() => aws.account.call(signedIn("alice"), "ChangePassword", passwords)),
      ]).to.deep.equal(["2026-03-05T01:02:38+00:00", "2026-03-05T09:02:40+00:00", "2026-03-05T13:02:41+00:00"]);
    });

    it("tells a user from another who had the name before by the creation time", () => {
      const aws = newAccountWithUser({ reportPolls: 0 });
      aws.waitSeconds(90);
      aws.root("DeleteUser", { UserName: "alice" });
      aws.root("CreateUser", { UserName: "alice" });
      expect(column(aws, "user_creation_time")).to.deep.equal([
        "2026-03-05T01:02:38+00:00",
        "2026-03-05T01:04:08+00:00",
      ]);
    });

    const written = [
      ["bare, be there quotes in them or not", false, 'doe,john,arn:aws:iam::123456789012:user/a,"b"/doe,john,2026-'],
      ["quoted, if it is told to", true, '"doe,john","arn:aws:iam::123456789012:user/a,""b""/doe,john",2026-'],
    ] as const;
    for (const [title, quoteReport, start] of written) {
      it(`writes names and paths with commas ${title}`, () => {
        const aws = newAccount({ reportPolls: 0, quoteReport });
        aws.root("CreateUser", { UserName: "doe,john", Path: '/a,"b"/' });
        aws.root("CreateUser", { UserName: "erin" });
        const [, , john, erin] = reportOf(aws);
        expect(john?.slice(0, start.length)).to.equal(start);
        expect(erin).to.match(/^erin,arn:aws:iam::123456789012:user\/erin,2026-/);
      });
    }

    it("has a field too many in the name and again in the ARN, where a comma is in the name", () => {
      const aws = newAccount({ reportPolls: 0 });
      for (const UserName of ["doe,john", "erin"]) aws.root("CreateUser", { UserName });
      expect(reportOf(aws).map((row) => row.split(",").length)).to.deep.equal([23, 23, 25, 23]);
    });

    it("is made of the state as it was, where the making lags", () => {
      const aws = newAccountWithUser({ reportPolls: 0 });
      aws.account.lag("GenerateCredentialReport", 1);
      aws.account.enrolPasskey("alice");
      expect(column(aws, "mfa_active")).to.deep.equal(["true", "false"]);
      aws.waitSeconds(FOUR_HOURS_SECONDS + 1);
      expect(column(aws, "mfa_active")).to.deep.equal(["true", "true"]);
    });

    for (const [rootHasDevice, field] of [
      [undefined, "true"],
      [true, "true"],
      [false, "false"],
    ] as const) {
      it(`says ${field} of root's device where the account has rootHasDevice ${rootHasDevice}`, () => {
        const options = rootHasDevice === undefined ? {} : { rootHasDevice };
        expect(column(newAccount({ reportPolls: 0, ...options }), "mfa_active")).to.deep.equal([field]);
      });
    }

    it("is not made while IAM has no room for it, and is made after that", () => {
      const aws = newAccount({ reportPolls: 0 });
      aws.account.failNext("GenerateCredentialReport", "LimitExceeded", 2);
      const generate = () => refusalOf(() => stateOf(aws));
      expect([generate(), refusalOf(() => get(aws)), generate(), generate()]).to.deep.equal([
        "LimitExceeded: Injected fault: LimitExceeded",
        "ReportNotPresent: ",
        "LimitExceeded: Injected fault: LimitExceeded",
        "no refusal",
      ]);
      expect(refusalOf(() => get(aws))).to.equal("no refusal");
    });

    it("is kept where its making is refused", () => {
      const aws = newAccount({ reportPolls: 0, authorize: ({ action }) => action !== "iam:GenerateCredentialReport" });
      aws.root("CreateUser", { UserName: "alice" });
      stateOf(aws);
      aws.waitSeconds(FOUR_HOURS_SECONDS + 1);
      expect(refusalOf(() => aws.account.call(signedIn("alice"), "GenerateCredentialReport"))).to.equal(
        "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: " +
          "iam:GenerateCredentialReport on resource: *",
      );
      expect(refusalOf(() => get(aws))).to.equal("ReportExpired: ");
    });
  });
});
