import { expect } from "chai";
import { findGuards } from "../../impact/deployed-guards";

const ARN = "arn:aws:iam::123456789012";
const PLACE = { path: "/require-mfa/dev/", name: "require-mfa" };

const policy = (name: string, path = "/require-mfa/dev/") => `${ARN}:policy${path}${name}`;
const group = (name: string, policies: readonly string[] = [], path = "/require-mfa/dev/") => {
  return { name, arn: `${ARN}:group${path}${name}`, policies };
};

describe("a stack's guards", () => {
  it("are found by their path and their name's beginning, whatever Pulumi puts behind it", () => {
    const { guards, deployed } = findGuards(
      [
        group("require-mfa-quarantine-1a2b3c4", [policy("require-mfa-quarantine-9f8e7d6")]),
        group("require-mfa-sealed", [policy("require-mfa-sealed")]),
        group("staff", [policy("require-mfa-quarantine-0000000", "/")], "/"),
      ],
      [],
      PLACE,
    );
    expect(guards.quarantine).to.deep.equal({
      group: "require-mfa-quarantine-1a2b3c4",
      policyArn: policy("require-mfa-quarantine-9f8e7d6"),
    });
    expect(guards.sealed).to.deep.equal({ group: "require-mfa-sealed", policyArn: policy("require-mfa-sealed") });
    expect(deployed).to.deep.equal(["quarantine", "sealed"]);
  });

  it("are not those of another stack, nor of another component", () => {
    const { deployed } = findGuards(
      [
        group("require-mfa-quarantine-1a2b3c4", [], "/require-mfa/prod/"),
        group("require-mfa-quarantine-1a2b3c4", [], "/require-mfa/dev/below/"),
        group("people-quarantine-1a2b3c4"),
        group("gov-require-mfa-quarantine-1a2b3c4"),
        group("require-mfa-quarantined-1a2b3c4"),
      ],
      [policy("people-sealed-1a2b3c4"), policy("require-mfa-sealed-1a2b3c4", "/require-mfa/prod/")],
      PLACE,
    );
    expect(deployed).to.deep.equal([]);
  });

  it("have names that nobody can have where there are none yet", () => {
    const { guards, deployed } = findGuards([], [], PLACE);
    expect(deployed).to.deep.equal([]);
    expect(guards.conditional.group).to.equal("require-mfa-conditional (not deployed)");
    expect(guards.conditional.policyArn).to.match(/ \(not deployed\)$/);
  });

  it("hold by their policy alone where the group is gone, and the other way round", () => {
    const { guards, deployed } = findGuards(
      [group("require-mfa-sealed-1a2b3c4")],
      [policy("require-mfa-quarantine-1a2b3c4")],
      PLACE,
    );
    expect(guards.quarantine.policyArn).to.equal(policy("require-mfa-quarantine-1a2b3c4"));
    expect(guards.sealed.group).to.equal("require-mfa-sealed-1a2b3c4");
    expect(deployed).to.deep.equal(["quarantine", "sealed"]);
  });

  it("are the ones with their policy while a deploy replaces them", () => {
    const { guards } = findGuards(
      [
        group("require-mfa-sealed-0000000"),
        group("require-mfa-sealed-1a2b3c4", [policy("require-mfa-sealed-1a2b3c4")]),
      ],
      [],
      PLACE,
    );
    expect(guards.sealed.group).to.equal("require-mfa-sealed-1a2b3c4");
  });
});
