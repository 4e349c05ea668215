import { expect } from "chai";
import { policyDigest } from "../../core/policy-digest";

const ONE =
  '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","NotAction":["iam:GetUser","iam:ListMFADevices"],"Resource":"*"},{"Sid":"B","Effect":"Allow","Action":"iam:GetUser","Resource":["*"]}]}';

describe("the digest of a policy", () => {
  it("is SHA-256 in base64url of the document with its keys and its lists of texts in order", () => {
    // printf '{"Statement":[{"Action":["a:B","a:C"],"Effect":"Deny"}],"Version":"2012-10-17"}' | openssl dgst -sha256
    // -binary | basenc --base64url
    expect(
      policyDigest('{ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Action": ["a:C", "a:B"] }] }'),
    ).to.equal("g_Z_l9vqKbxihMG6qpkZd8aaWwl7-W7jrpRG7BuR4a0");
  });

  const same: readonly (readonly [string, string])[] = [
    ["white space", ONE.replaceAll(",", ",\n  ")],
    [
      "the order of keys",
      '{"Statement":[{"Resource":"*","NotAction":["iam:GetUser","iam:ListMFADevices"],"Effect":"Deny","Sid":"A"},{"Sid":"B","Effect":"Allow","Action":"iam:GetUser","Resource":["*"]}],"Version":"2012-10-17"}',
    ],
    [
      "the order of a list of texts",
      ONE.replace('["iam:GetUser","iam:ListMFADevices"]', '["iam:ListMFADevices","iam:GetUser"]'),
    ],
    ["whether a single text stands in a list", ONE.replace('"Resource":["*"]', '"Resource":"*"')],
    ["how a character is escaped", ONE.replace("iam:GetUser", "iam\\u003aGetUser")],
  ];
  for (const [title, other] of same) {
    it(`is the same whatever ${title}`, () => {
      expect(other).to.not.equal(ONE);
      expect(policyDigest(other)).to.equal(policyDigest(ONE));
    });
  }

  const others: readonly (readonly [string, string])[] = [
    ["an action is added", ONE.replace('["iam:GetUser",', '["iam:GetUser","iam:*",')],
    ["an action is another", ONE.replace("iam:ListMFADevices", "iam:ListMfaDevices")],
    ["a deny is an allow", ONE.replace('"Deny"', '"Allow"')],
    ["an element is another", ONE.replace('"NotAction"', '"Action"')],
    [
      "a condition is added",
      ONE.replace('"Sid":"A",', '"Sid":"A","Condition":{"Bool":{"aws:SecureTransport":"false"}},'),
    ],
    [
      "statements stand in another order",
      '{"Version":"2012-10-17","Statement":[{"Sid":"B","Effect":"Allow","Action":"iam:GetUser","Resource":["*"]},{"Sid":"A","Effect":"Deny","NotAction":["iam:GetUser","iam:ListMFADevices"],"Resource":"*"}]}',
    ],
    ["statements are gone", '{"Version":"2012-10-17","Statement":[]}'],
  ];
  for (const [title, other] of others) {
    it(`is another where ${title}`, () => {
      expect(policyDigest(other)).to.not.equal(policyDigest(ONE));
    });
  }

  it("refuses what is no JSON, and JSON that is no object", () => {
    for (const text of ["", "%7B%22Version%22%3A%222012-10-17%22%7D", "{'Version':1}"]) {
      expect(() => policyDigest(text), text).to.throw(SyntaxError);
    }
    for (const text of ["null", "[]", '"*"', "7"]) {
      expect(() => policyDigest(text), text).to.throw(TypeError, "a policy document is an object of JSON");
    }
  });
});
