import { expect } from "chai";
import type { Condition } from "../../policies/document";

describe("the type of a condition", () => {
  it("lets no misspelt operator, key or value compile: tsc fails where it would", () => {
    const misspelt: readonly Condition[] = [
      // @ts-expect-error: BoolIfExists
      { BoolIfExist: { "aws:MultiFactorAuthPresent": "false" } },
      // @ts-expect-error: aws:MultiFactorAuthPresent
      { BoolIfExists: { "aws:MultiFactorAuthPresnt": "false" } },
      // @ts-expect-error: "false"
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "flase" } },
      // @ts-expect-error: absent is what is left out
      { BoolIfExists: { "aws:MultiFactorAuthPresent": undefined } },
    ];
    expect(misspelt).to.have.lengthOf(4);
  });
});
