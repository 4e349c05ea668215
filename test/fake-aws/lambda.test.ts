import { expect } from "chai";
import { runFunction, sharedTime } from "../../fake-aws/lambda";
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

describe("a function with a time that is not the machine's", () => {
  const code = `
    import { setTimeout } from "node:timers/promises";
    export const handler = async (seconds) => {
      const before = Date.now();
      await Promise.all(seconds.map((each) => setTimeout(each * 1000)));
      return [before, Date.now()].map((moment) => new Date(moment).toISOString());
    };
  `;

  it("waits for an hour in no time, for several pauses as long as for the longest, and then time stands still", async () => {
    const time = sharedTime(new Date("2026-11-20T09:00:00Z"));
    const running = runFunction(code, {}, time);
    try {
      const first = ["2026-11-20T09:00:00.000Z", "2026-11-20T10:00:00.000Z"];
      expect(await running.invoke([60, 3600, 1])).to.deep.equal(first);
      const second = ["2026-11-20T10:00:00.000Z", "2026-11-20T10:00:01.000Z"];
      expect(await running.invoke([1])).to.deep.equal(second);
    } finally {
      await running.stop();
    }
  });

  it("is told of the time that has passed since by who runs it", async () => {
    const time = sharedTime(new Date("2026-11-20T09:00:00Z"));
    const running = runFunction(code, {}, time);
    try {
      time[0] = Date.UTC(2026, 11, 1);
      expect(await running.invoke([])).to.deep.equal(["2026-12-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"]);
    } finally {
      await running.stop();
    }
  });
});

describe("a function's log", () => {
  it("is there as soon as the answer is", async () => {
    const code = `
      export const handler = async (count) => {
        for (let line = 1; line <= count; line++) process.stdout.write("line " + line + "\\n");
      };
    `;
    const running = runFunction(code, {});
    try {
      for (let invocation = 1; invocation <= 50; invocation++) {
        await running.invoke(20);
        expect(running.log).to.have.lengthOf(invocation * 20);
      }
    } finally {
      await running.stop();
    }
  });
});
