import { expect } from "chai";
import { HANDLER, newAccount, newAccountWithUser, ROOT, refusalOf, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("policy documents", () => {
    const statement = (elements: string) => `{"Version":"2012-10-17","Statement":[{${elements}}]}`;
    const rest = '"Action":"iam:GetUser","Resource":"*"';
    const documents: readonly (readonly [title: string, document: string, refusal: string])[] = [
      ["no JSON", "{", "This policy contains invalid Json"],
      ["no object", "[]", "Syntax errors in policy."],
      ["an element that is none", '{"Statements":[]}', "Syntax errors in policy."],
      [
        "a version that is none",
        '{"Version":"2012-10-18","Statement":[]}',
        "The policy must contain a valid version string.",
      ],
      ["no statement", '{"Version":"2012-10-17"}', "Missing required field Statement."],
      ["an empty list of statements", '{"Statement":[]}', "Missing required field Statement."],
      ["an effect that is none", statement(`"Effect":"deny",${rest}`), "Invalid effect: deny"],
      [
        "a principal",
        statement(`"Effect":"Deny","Principal":"*",${rest}`),
        "Policy document should not specify a principal.",
      ],
      [
        "a statement's element that is none",
        statement(`"Effect":"Deny","Conditions":{},${rest}`),
        "Syntax errors in policy.",
      ],
      ["no action", statement('"Effect":"Deny","Resource":"*"'), "Policy statement must contain actions."],
      [
        "an action and its negation",
        statement(`"Effect":"Deny","NotAction":"iam:GetUser",${rest}`),
        "Syntax errors in policy.",
      ],
      [
        "an action without a service",
        statement('"Effect":"Deny","Action":["GetUser"],"Resource":"*"'),
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
      ],
      ["no resource", statement('"Effect":"Deny","Action":"*"'), "Policy statement must contain resources."],
      [
        "a resource that is no ARN",
        statement('"Effect":"Deny","Action":"*","Resource":"alice"'),
        'Resource alice must be in ARN format or "*".',
      ],
      ["an Id that is no text", `{"Id":1,"Statement":{"Effect":"Deny",${rest}}}`, "Syntax errors in policy."],
      ["no action in a list", statement('"Effect":"Deny","Action":[],"Resource":"*"'), "Syntax errors in policy."],
      [
        "an action that is no text",
        statement('"Effect":"Deny","Action":["a:B",1],"Resource":"*"'),
        "Syntax errors in policy.",
      ],
      [
        "an operator without keys",
        statement(`"Effect":"Deny","Condition":{"Bool":"true"},${rest}`),
        "Syntax errors in policy.",
      ],
      [
        "one condition among good ones whose values are none",
        statement(`"Effect":"Deny","Condition":{"Bool":{"k":"true"},"Null":{"k":"true","l":["true",null]}},${rest}`),
        "Syntax errors in policy.",
      ],
      ["a condition of no operators", statement(`"Effect":"Deny","Condition":"x",${rest}`), "Syntax errors in policy."],
      [
        "a Sid with a space",
        statement(`"Sid":"a b","Effect":"Deny",${rest}`),
        "Statement IDs (SID) must be alpha-numeric.",
      ],
      [
        "a Sid twice",
        `{"Statement":[{"Sid":"a","Effect":"Deny",${rest}},{"Sid":"a","Effect":"Deny",${rest}}]}`,
        "Statement IDs (SID) in a single policy must be unique.",
      ],
    ];
    for (const [title, PolicyDocument, message] of documents) {
      it(`are refused for ${title}`, () => {
        const { root } = newAccount();
        expect(refusalOf(() => root("CreatePolicy", { PolicyName: "p", PolicyDocument }))).to.equal(
          `MalformedPolicyDocument: ${message}`,
        );
      });
    }

    it("apply to a user by attachment, by group and inline, the group's own inline ones too", () => {
      const { account, root } = newAccountWithUser();
      const document = (sid: string) => statement(`"Sid":"${sid}","Effect":"Deny",${rest}`);
      for (const name of ["Own", "Group", "Other"]) {
        root("CreatePolicy", { PolicyName: name, PolicyDocument: document(name) });
      }
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn: "arn:aws:iam::123456789012:policy/Own" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn: "arn:aws:iam::123456789012:policy/Group" });
      root("PutUserPolicy", { UserName: "alice", PolicyName: "inline", PolicyDocument: document("Inline") });
      root("PutGroupPolicy", { GroupName: "web", PolicyName: "inline", PolicyDocument: document("GroupInline") });
      root("CreateGroup", { GroupName: "ops" });
      root("PutGroupPolicy", { GroupName: "ops", PolicyName: "inline", PolicyDocument: document("Others") });
      expect(account.identityPoliciesOf(signedIn("alice"))).to.deep.equal([
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Own", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Group", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Inline", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "GroupInline", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
      ]);
    });

    it("apply to a role as they were given to it, and to root none", () => {
      const { account } = newAccount();
      account.putRole(HANDLER.roleArn, [
        '{"Statement":{"Effect":"Allow","NotAction":["a:B"],"NotResource":"*","Condition":{"Bool":{"k":"true"}}}}',
      ]);
      expect(account.identityPoliciesOf(HANDLER)).to.deep.equal([
        {
          Statement: [{ Effect: "Allow", NotAction: ["a:B"], NotResource: "*", Condition: { Bool: { k: "true" } } }],
        },
      ]);
      account.putRole(HANDLER.roleArn, [
        '{"Id":"x","Statement":[{"Effect":"Deny","Action":"a:B","Resource":"*","Condition":{"Null":{"k":true,"l":["1",2]}}}]}',
      ]);
      expect(account.identityPoliciesOf(HANDLER)).to.deep.equal([
        {
          Id: "x",
          Statement: [{ Effect: "Deny", Action: "a:B", Resource: "*", Condition: { Null: { k: true, l: ["1", 2] } } }],
        },
      ]);
      expect(account.identityPoliciesOf(ROOT)).to.deep.equal([]);
    });
  });

  describe("roles", () => {
    it("have 10,240 characters of inline policies, all together", () => {
      const { account } = newAccount();
      const policies = (length: number) => [
        `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${"x".repeat(length)}"}}`,
        '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      ];
      expect(refusalOf(() => account.putRole(HANDLER.roleArn, policies(10117)))).to.equal("no refusal");
      expect(refusalOf(() => account.putRole(HANDLER.roleArn, policies(10118)))).to.equal(
        "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role arn:aws:iam::123456789012:role/require-mfa/handler",
      );
    });
  });
});
