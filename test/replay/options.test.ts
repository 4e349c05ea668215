import { expect } from "chai";
import { readOptions } from "../../replay/options";

const QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-failures-1a2b3c4";
const OTHER = "https://sqs.us-east-1.amazonaws.com/123456789012/require-mfa-dead-letters-1a2b3c4";

function refusalOf(args: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
  try {
    readOptions(args, environment);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error(`${args.join(" ")} was taken`);
}

describe("the options of npm run replay", () => {
  it("name a stack, and replay nothing unless they say so", () => {
    expect(readOptions(["--stack", "dev"], {})).to.deep.equal({
      print: "messages",
      from: { stack: "dev" },
      execute: false,
    });
    expect(readOptions(["--stack", "dev", "--execute"], {})).to.deep.equal({
      print: "messages",
      from: { stack: "dev" },
      execute: true,
    });
  });

  it("name queues and function, each queue once", () => {
    const args = ["--queue", QUEUE, "--function", "require-mfa-1a2b3c4", "--queue", OTHER, "--queue", QUEUE];
    expect(readOptions(args, {})).to.deep.equal({
      print: "messages",
      from: { queueUrls: [QUEUE, OTHER], functionName: "require-mfa-1a2b3c4" },
      execute: false,
    });
  });

  it("ask how the command is called", () => {
    expect(readOptions(["--help", "--stack", "dev"], {})).to.deep.equal({ print: "usage" });
  });

  it("are refused where they say too little, too much or what is no queue", () => {
    expect(refusalOf([])).to.equal("nothing says where to look: give --stack NAME, or --queue URL and --function NAME");
    expect(refusalOf(["--execute"])).to.match(/^nothing says where to look/);
    expect(refusalOf(["--stack="])).to.equal("--stack is given without a name; pulumi stack ls lists the stacks");
    expect(refusalOf(["--queue", QUEUE])).to.equal("--queue goes with --function NAME");
    expect(refusalOf(["--function", "require-mfa-1a2b3c4"])).to.equal("--function goes with --queue URL");
    expect(refusalOf(["--stack", "dev", "--queue", QUEUE])).to.equal(
      "--stack finds the queues and the function, and goes without --queue and --function",
    );
    expect(refusalOf(["--function", "f", "--queue", "failures"])).to.equal(
      '"failures" is no URL of a queue; one reads https://sqs.us-east-1.amazonaws.com/123456789012/NAME',
    );
    expect(refusalOf(["--stack", "dev", "--stack", "prod"])).to.equal("--stack is given more than once");
    expect(refusalOf(["--all"])).to.include("Unknown option '--all'");
  });

  it("are refused where npm took them, for a replay without --execute would only look", () => {
    expect(refusalOf([], { npm_config_stack: "dev", npm_config_execute: "true" })).to.equal(
      "npm took --stack=dev, --execute for itself; an option of this command goes behind --: " +
        "npm run replay -- --stack=dev --execute",
    );
  });
});
