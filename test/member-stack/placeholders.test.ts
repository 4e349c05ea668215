import { expect } from "chai";
import { ACCOUNT_ID, LOG_GROUP, substituted } from "../../member-stack/placeholders";

describe("placeholders", () => {
  it("become references of CloudFormation's, however many a text has", () => {
    expect(substituted(`arn:aws:iam::${ACCOUNT_ID}:role/x`)).to.deep.equal({
      "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/x",
    });
    expect(substituted(`${ACCOUNT_ID}/${ACCOUNT_ID}/${LOG_GROUP}`)).to.deep.equal({
      "Fn::Sub": "${AWS::AccountId}/${AWS::AccountId}/${LogGroup}",
    });
  });

  it("are found wherever they stand, and all else stays what it is", () => {
    const value = { Statement: [{ Resource: ["*", `x:${ACCOUNT_ID}`], Count: 3, On: true, None: null }] };
    expect(substituted(value)).to.deep.equal({
      Statement: [{ Resource: ["*", { "Fn::Sub": "x:${AWS::AccountId}" }], Count: 3, On: true, None: null }],
    });
  });

  it("escape what CloudFormation would take for a reference beside them", () => {
    const escapes: readonly (readonly [string, string])[] = [
      ["${aws:username}", "${!aws:username}"],
      ["${AWS::Region}", "${!AWS::Region}"],
      ["a${x}b${y}", "a${!x}b${!y}"],
      // What is escaped already is meant as it stands.
      ["${!x}", "${!!x}"],
      ["${$}", "${!$}"],
      ["$${x}", "$${!x}"],
      ["$x {y} $", "$x {y} $"],
      ["$&", "$&"],
    ];
    for (const [given, escaped] of escapes) {
      expect(substituted(`${given} ${ACCOUNT_ID}`), given).to.deep.equal({
        "Fn::Sub": `${escaped} \${AWS::AccountId}`,
      });
    }
  });

  it("are no business of a text without one, in which CloudFormation resolves nothing", () => {
    expect(substituted("arn:aws:iam::*:user/${aws:username}")).to.equal("arn:aws:iam::*:user/${aws:username}");
  });
});
