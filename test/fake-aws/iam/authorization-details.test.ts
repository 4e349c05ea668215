import { expect } from "chai";
import { ALLOW_ALL, newAccount, newAccountWithUser, ROOT, refusalOf, type TestAccount } from "../../support/account";

/** The names in one page, users' and groups', and its marker. */
function page({ account }: TestAccount, parameters: Readonly<Record<string, string>> = {}) {
  const answer = account.call(ROOT, "GetAccountAuthorizationDetails", parameters);
  return {
    users: answer.UserDetailList.map(({ UserName }) => UserName),
    groups: answer.GroupDetailList.map(({ GroupName }) => GroupName),
    truncated: answer.IsTruncated,
    ...(answer.Marker !== undefined && { Marker: answer.Marker }),
  };
}

/** All pages to the last, without their markers. */
function pages(aws: TestAccount, parameters: Readonly<Record<string, string>>) {
  const seen = [];
  for (let Marker: string | undefined, more = true; more; more = Marker !== undefined) {
    const { Marker: next, ...names } = page(aws, { ...parameters, ...(Marker !== undefined && { Marker }) });
    seen.push(names);
    Marker = next;
  }
  return seen;
}

/** An account of three users and two groups. */
function withFive(pageSize?: number): TestAccount {
  const aws = newAccount(pageSize === undefined ? {} : { pageSize });
  for (const GroupName of ["web", "Admins"]) aws.root("CreateGroup", { GroupName });
  for (const UserName of ["zoe", "Bob", "alice"]) aws.root("CreateUser", { UserName });
  return aws;
}

describe("IamAccount", () => {
  describe("the authorisation details", () => {
    it("tell of a user its path, groups and policies, and of a group its policies, documents as they were sent", () => {
      const { account, root, waitSeconds } = newAccountWithUser();
      const arn = (name: string) => `arn:aws:iam::123456789012:policy/guards/${name}`;
      root("UpdateUser", { UserName: "alice", NewPath: "/eng/" });
      for (const PolicyName of ["own", "shared"]) {
        root("CreatePolicy", { PolicyName, Path: "/guards/", PolicyDocument: ALLOW_ALL });
      }
      waitSeconds(60);
      for (const GroupName of ["Web", "admins"]) {
        root("CreateGroup", { GroupName, Path: "/teams/" });
        root("AddUserToGroup", { GroupName, UserName: "alice" });
      }
      root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn("own") });
      root("AttachGroupPolicy", { GroupName: "admins", PolicyArn: arn("shared") });
      const spaced = '{ "Statement": { "Effect": "Deny", "Action": "s3:*", "Resource": "*" } }\n';
      root("PutGroupPolicy", { GroupName: "Web", PolicyName: "no-s3", PolicyDocument: spaced });
      const PolicyDocument = '{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::(it\'s mine!)"}}';
      root("PutUserPolicy", { UserName: "alice", PolicyName: "inline", PolicyDocument });
      const { UserDetailList, GroupDetailList, ...rest } = account.call(ROOT, "GetAccountAuthorizationDetails");
      const { UserId } = account.call(ROOT, "GetUser", { UserName: "alice" }).User;
      expect(UserDetailList).to.deep.equal([
        {
          Path: "/eng/",
          UserName: "alice",
          UserId,
          Arn: "arn:aws:iam::123456789012:user/eng/alice",
          CreateDate: new Date("2026-03-05T01:02:38Z"),
          UserPolicyList: [
            {
              PolicyName: "inline",
              PolicyDocument:
                "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22s3%3A%2A%22%2C" +
                "%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3A%28it%27s%20mine%21%29%22%7D%7D",
            },
          ],
          GroupList: ["Web", "admins"],
          AttachedManagedPolicies: [{ PolicyName: "own", PolicyArn: "arn:aws:iam::123456789012:policy/guards/own" }],
        },
      ]);
      expect(GroupDetailList.map(({ GroupId: _, ...detail }) => detail)).to.deep.equal([
        {
          Path: "/teams/",
          GroupName: "admins",
          Arn: "arn:aws:iam::123456789012:group/teams/admins",
          CreateDate: new Date("2026-03-05T01:03:38Z"),
          GroupPolicyList: [],
          AttachedManagedPolicies: [
            { PolicyName: "shared", PolicyArn: "arn:aws:iam::123456789012:policy/guards/shared" },
          ],
        },
        {
          Path: "/teams/",
          GroupName: "Web",
          Arn: "arn:aws:iam::123456789012:group/teams/Web",
          CreateDate: new Date("2026-03-05T01:03:38Z"),
          GroupPolicyList: [
            {
              PolicyName: "no-s3",
              PolicyDocument:
                "%7B%20%22Statement%22%3A%20%7B%20%22Effect%22%3A%20%22Deny%22%2C%20%22Action%22%3A%20%22s3%3A%2A%22" +
                "%2C%20%22Resource%22%3A%20%22%2A%22%20%7D%20%7D%0A",
            },
          ],
          AttachedManagedPolicies: [],
        },
      ]);
      expect(rest).to.deep.equal({ RoleDetailList: [], Policies: [], IsTruncated: false });
    });

    it("tell nothing of passwords and devices, and of inline policies where there are none", () => {
      const { account, root } = newAccountWithUser();
      root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      account.enrolPasskey("alice");
      expect(account.call(ROOT, "GetAccountAuthorizationDetails").UserDetailList[0]).to.have.all.keys(
        "Path",
        "UserName",
        "UserId",
        "Arn",
        "CreateDate",
        "GroupList",
        "AttachedManagedPolicies",
      );
    });

    it("tell of a user the permissions boundary", () => {
      const { account, root } = newAccountWithUser();
      const PermissionsBoundary = "arn:aws:iam::aws:policy/AdministratorAccess";
      root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary });
      expect(account.call(ROOT, "GetAccountAuthorizationDetails").UserDetailList[0]?.PermissionsBoundary).to.deep.equal(
        {
          PermissionsBoundaryType: "Policy",
          PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        },
      );
    });

    const filters = [
      [[], ["alice", "Bob", "zoe"], ["Admins", "web"]],
      [["User"], ["alice", "Bob", "zoe"], []],
      [["Group"], [], ["Admins", "web"]],
      [
        ["Group", "User"],
        ["alice", "Bob", "zoe"],
        ["Admins", "web"],
      ],
      [["Role", "User", "LocalManagedPolicy"], ["alice", "Bob", "zoe"], []],
      [["Role", "LocalManagedPolicy", "AWSManagedPolicy"], [], []],
    ] as const;
    for (const [filter, users, groups] of filters) {
      it(`are of ${filter.join(" and ") || "all entities"}, as the filter says`, () => {
        const parameters = Object.fromEntries(filter.map((type, index) => [`Filter.member.${index + 1}`, type]));
        expect(page(withFive(), parameters)).to.deep.equal({ users, groups, truncated: false });
      });
    }

    const TWO_BY_TWO = [
      { users: ["alice", "Bob"], groups: [], truncated: true },
      { users: ["zoe"], groups: ["Admins"], truncated: true },
      { users: [], groups: ["web"], truncated: false },
    ];

    it("come in pages of users first, then groups, one of which may hold both", () => {
      expect(pages(withFive(), { MaxItems: "2" })).to.deep.equal(TWO_BY_TWO);
    });

    it("come in pages as short as the account cuts them", () => {
      expect(pages(withFive(2), { MaxItems: "1000" })).to.deep.equal(TWO_BY_TWO);
    });

    it("skip nobody where somebody goes meanwhile", () => {
      const aws = withFive();
      const { Marker = "" } = page(aws, { MaxItems: "1" });
      aws.root("DeleteUser", { UserName: "alice" });
      expect(page(aws, { Marker }).users).to.deep.equal(["Bob", "zoe"]);
    });

    it("refuse the marker of another list", () => {
      const aws = withFive();
      const { Marker = "" } = aws.account.call(ROOT, "ListUsers", { MaxItems: "1" });
      expect(refusalOf(() => page(aws, { Marker }))).to.equal("ValidationError: Invalid Marker.");
    });

    it("show a full account of 5,000 users in five pages", () => {
      const aws = newAccount();
      aws.root("CreateGroup", { GroupName: "web" });
      for (let n = 0; n < 5000; n++) {
        aws.root("CreateUser", { UserName: `user${n}` });
        aws.root("AddUserToGroup", { GroupName: "web", UserName: `user${n}` });
      }
      const users = pages(aws, { MaxItems: "1000", "Filter.member.1": "User" }).map((names) => names.users);
      expect(users.map(({ length }) => length)).to.deep.equal([1000, 1000, 1000, 1000, 1000]);
      expect(new Set(users.flat()).size).to.equal(5000);
    });
  });
});
