import { expect } from "chai";
import { runFunction } from "../../fake-aws/lambda";
import { failureOf } from "../support/failure";

/** What an invocation of a function with this code fails with. */
async function failureOfInvoking(code: string): Promise<string> {
  const running = runFunction(code, {});
  try {
    return (await failureOf(running.invoke({}))).message;
  } finally {
    await running.stop();
  }
}

describe("a function that can't answer", () => {
  it("fails its invocation where the bundle is no JavaScript", async () => {
    expect(await failureOfInvoking("export const handler = ;")).to.equal("Unexpected token ';'");
  });

  it("fails its invocation where the bundle imports what is not there", async () => {
    expect(await failureOfInvoking('import "node:nothing"; export const handler = () => 1;')).to.equal(
      "No such built-in module: node:nothing",
    );
  });

  it("fails its invocation where loading it ends the process", async () => {
    expect(await failureOfInvoking("process.exit(3);")).to.equal("the function's process ended with exit code 3");
  });

  it("fails its invocation where the handler ends the process", async () => {
    expect(await failureOfInvoking("export const handler = () => process.exit(4);")).to.equal(
      "the function's process ended with exit code 4",
    );
  });

  it("fails every invocation after its end, and does not let it wait", async () => {
    const running = runFunction("export const handler = () => process.exit(5);", {});
    await failureOf(running.invoke({}));
    expect((await failureOf(running.invoke({}))).message).to.equal("the function's process ended with exit code 5");
  });
});
