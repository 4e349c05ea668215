import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { MODES, type Mode } from "../core/modes";
import { iamAt, probe } from "../rehearsal/iam-elsewhere";
import { type KnownFaults, keepsTheContract } from "../test/contract/iam-contract";
import { type Moto, motoCommand, startMoto } from "./moto-server";

/*
 * moto is a second IAM, by other people: the contract that the one in memory keeps is put to it too. Where both keep it
 * the tests over ours say something of AWS's; where moto does not, AWS's page is with the case.
 */

/** What moto 5.2.5 is known to do otherwise, and what the case's failure says of it. */
const KNOWN: KnownFaults = {
  "users: CreateUser answers with the user, and GetUser and ListUsers with the same": "an id: expected",
  "users: a name is taken, whatever its case": "nothing is refused",
  "users: a user is found whatever the case of the name": "NoSuchEntityException 404",
  "users: a new user's name with a space is refused": "nothing is refused",
  "users: a new user's name of 65 characters is refused": "nothing is refused",
  "users: a new user's name below a path that does not end in a slash is refused": "nothing is refused",
  "users: nobody is renamed to a name that is taken": "nothing is refused",
  "users: who has a password is not deleted before it is gone": "nothing is refused",
  "users: who has an access key is not deleted before it is gone": "nothing is refused",
  "users: who has a device is not deleted before it is gone": "nothing is refused",
  "users: who has a group is not deleted before it is gone": "nothing is refused",
  "passwords: CreateLoginProfile answers with what GetLoginProfile tells, the password's change at sign-in among it":
    "'PasswordResetRequired' of true, but got false",
  "credentials for one service: those of all users are listed at once, and those of one user alone":
    "no answer of IAM's",
  "credentials for one service: who has one is not deleted before it is gone": "no answer of IAM's",
  "MFA devices: wrong codes are refused": "nothing is refused",
  "MFA devices: a device that does not exist is neither enabled nor deactivated nor deleted": "nothing is refused",
  "MFA devices: a device that one user has is refused another": "nothing is refused",
  "MFA devices: a device that somebody has is not deleted before it is deactivated": "nothing is refused",
  "MFA devices: a ninth device is refused": "nothing is refused",
  "groups: a group's name is taken, whatever its case and path": "nothing is refused",
  "groups: an eleventh group of one user is refused": "nothing is refused",
  "groups: a group that has users is not deleted": "nothing is refused",
  "groups: a group that has a managed policy is not deleted": "nothing is refused",
  "groups: a group that has an inline policy is not deleted": "nothing is refused",
  "managed policies: a policy's name is taken, whatever its path": "nothing is refused",
  "managed policies: a document that names a principal is refused": "nothing is refused",
  "managed policies: a document may have 6,144 characters and no more, white space not counted": "nothing is refused",
  "managed policies: AttachUserPolicy attaches, once however often, and DetachUserPolicy detaches":
    "AttachmentCount: expected 2 to equal 1",
  "managed policies: an eleventh policy of one user is refused": "nothing is refused",
  "managed policies: an eleventh policy of one group is refused": "nothing is refused",
  "managed policies: a policy that is attached is not deleted": "nothing is refused",
  "versions of policies: a document comes back to the letter, URL-encoded": "to not include '{'",
  "versions of policies: a policy that has other versions is not deleted": "nothing is refused",
  "inline policies: all inline policies of one user together may have 2048 characters and no more":
    "nothing is refused",
  "inline policies: all inline policies of one group together may have 5120 characters and no more":
    "nothing is refused",
  "pages: ListUsers gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListGroups gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: GetGroup gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListGroupsForUser gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListGroupPolicies gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListPolicyVersions gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListMFADevices gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: ListAccessKeys gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: GetAccountAuthorizationDetails gives pages of one item, with a marker to the next": "items beyond MaxItems",
  "pages: a page of 0 items is refused": "nothing is refused",
  "pages: a page of 1001 items is refused": "nothing is refused",
  "the account's details: a user's permissions boundary is told": "no answer of IAM's",
  "the credential report: the first one is started, and is complete in the end":
    "GeneratedTime: expected 1422907322000",
  "the credential report: its columns are those of the guide, in their order":
    "columns that are missing: expected [ 'additional_credentials_info' ]",
  "the credential report: it has a row of the root user": "no row of <root_account>",
  "the credential report: within four hours the same one is given out, whatever has changed": "who is told of",
  "the program's ports: a full quota of groups or policies is told as such": "nothing is thrown",
  "the program's ports: a preview learns who has credentials for one service": "no answer of IAM's",
};

/** The last line of each mode's story. */
const ENDINGS: Readonly<Record<Mode, string>> = {
  quarantine: "✓ all 6 steps came out as expected; 4 passed over",
  "conditional-deny": "✓ all 6 steps came out as expected; 3 passed over",
  strict: "✓ all 6 steps came out as expected; 4 passed over",
  off: "✓ all 4 steps came out as expected; 1 passed over",
};

describe("moto does as AWS documents:", () => {
  const command = motoCommand(".ci/moto.test.ts");
  let moto: Moto;

  before(async () => {
    moto = await startMoto(command);
  });

  keepsTheContract(
    {
      fresh: async () => {
        await fetch(`${moto.url}/moto-api/reset`, { method: "POST" });
        return moto.url;
      },
      close: () => moto.stop(),
    },
    KNOWN,
  );

  for (const mode of MODES) {
    it(`as far as the rehearsal's story goes in mode ${mode}, and is left empty`, async () => {
      const story = spawn(
        process.execPath,
        ["--import", "tsx", "rehearsal/index.ts", "--mode", mode, "--endpoint", moto.url],
        {
          env: { ...process.env, NO_COLOR: "1" },
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      const told = await text(story.stdout);
      expect(told.trimEnd().split("\n").at(-1)).to.equal(ENDINGS[mode]);
      // A second story refuses an account that the first has left anything in.
      expect(await probe(iamAt(moto.url))).to.deep.equal({ quotas: false, managedPolicies: false });
    });
  }
});
