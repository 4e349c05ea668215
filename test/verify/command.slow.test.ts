import { type ChildProcess, spawn } from "node:child_process";
import { expect } from "chai";
import { newSandbox, type Sandbox } from "./sandbox";

/** What a process came to. */
interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("npm run verify as a process", () => {
  let sandbox: Sandbox;
  let ticking: Promise<void>;
  let isOver: boolean;
  const processes: ChildProcess[] = [];

  /** An account whose time is the machine's. */
  async function open(lagSeconds: number): Promise<void> {
    sandbox = await newSandbox({ lagSeconds, startTime: new Date().toISOString() });
    isOver = false;
    ticking = (async () => {
      while (!isOver) {
        const behind = Date.now() - sandbox.world.now().getTime();
        await sandbox.passSeconds(Math.max(0, behind) / 1000);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
  }

  afterEach(async () => {
    isOver = true;
    await ticking;
    for (const each of processes.splice(0)) each.kill("SIGKILL");
    await sandbox.close();
  });

  /** Runs the command as npm does; `onTold` sees what it tells so far, and may end it. */
  function verify(args: readonly string[], onTold: (told: string, process: ChildProcess) => void = () => undefined) {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const own = Object.entries(inherited).filter(([name]) => !/^(AWS|npm_config)_/.test(name));
    const [{ iam, sts, cloudtrail }] = JSON.parse(sandbox.configuration.config["aws:endpoints"] ?? "");
    const env = {
      ...Object.fromEntries(own),
      NO_COLOR: "1",
      AWS_ACCESS_KEY_ID: "ASIAVERIFIER",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_ENDPOINT_URL_IAM: iam,
      AWS_ENDPOINT_URL_STS: sts,
      AWS_ENDPOINT_URL_CLOUDTRAIL: cloudtrail,
    };
    const child = spawn(process.execPath, ["--import=tsx", "verify/index.ts", "--stack", "dev", ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    processes.push(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += String(data);
    });
    child.stderr.on("data", (data) => {
      stderr += String(data);
      onTold(stderr, child);
    });
    return new Promise<Ran>((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
  }

  /** Does something once, as soon as the user was seen free. */
  const onceMade = (act: (process: ChildProcess) => void) => {
    let isDone = false;
    return (told: string, child: ChildProcess): void => {
      if (isDone || !/^made, with an access key/m.test(told)) return;
      isDone = true;
      act(child);
    };
  };

  it("refuses with 2 to go on where nobody can be asked", async () => {
    await open(1);
    const { code, stdout, stderr } = await verify([]);
    expect([code, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.match(
      /^there is no terminal on which to ask: --yes says that the test user may be made and deleted\n\nnpm run verify -- /,
    );
    expect(sandbox.calls()).to.deep.equal([]);
  });

  it("waits for the handler, tells of it on standard error, and says where a limit passed with 3", async () => {
    await open(1000);
    const { code, stdout, stderr } = await verify(["--yes", "--limit", "2"]);
    expect(code).to.equal(3);
    expect(stdout).to.match(/^the limit of 2 s passed: the test user is free, and in quarantine is right/);
    expect(stderr).to.match(/^verify on account 123456789012, stack dev, mode quarantine, as .*\nIt makes, /);
    expect(stderr).to.match(/\nmade, with an access key \(CreateUser\): free \(no password, no MFA device\)\n$/);
    expect(sandbox.left()).to.deep.equal([]);
  });

  for (const [signal, expected] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`deletes all on ${signal}, and ends with ${expected}`, async () => {
      await open(1000);
      const ran = await verify(
        ["--yes", "--json"],
        onceMade((child) => child.kill(signal)),
      );
      expect(ran.code).to.equal(expected);
      expect(ran.stderr).to.include(`${signal}: deleting what was made; once more ends at once`);
      expect(JSON.parse(ran.stdout)).to.deep.include({ failure: `interrupted by ${signal}`, left: [] });
      expect(sandbox.left()).to.deep.equal([]);
    });
  }

  it("deletes all where nobody listens any more", async () => {
    await open(1000);
    const ran = await verify(
      ["--yes"],
      onceMade((child) => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.kill("SIGTERM");
      }),
    );
    expect([ran.code, sandbox.left()]).to.deep.equal([143, []]);
  });

  it("says on a second SIGINT what is left, and --clean-up deletes it", async () => {
    await open(1000);
    const signalled = onceMade((child) => child.kill("SIGINT"));
    sandbox.world.account.failNext("DeleteLoginProfile", "EntityTemporarilyUnmodifiable", 2);
    const ran = await verify(["--yes"], (told, child) => {
      signalled(told, child);
      if (told.includes("once more ends at once") && !told.includes("left, as far"))
        setTimeout(() => child.kill("SIGINT"), 500);
    });
    expect(ran.code).to.equal(130);
    expect(ran.stderr).to.match(
      /\nleft, as far as it was made: require-mfa-verify-[0-9a-f]{8}; --clean-up deletes it\n$/,
    );
    expect(sandbox.left()).to.have.lengthOf(1);
    const cleaned = await verify(["--clean-up", "--yes"]);
    expect([cleaned.code, cleaned.stdout]).to.deep.equal([0, "all of it is deleted\n"]);
    expect(sandbox.left()).to.deep.equal([]);
  });

  it("leaves, where it is killed, what --clean-up deletes", async () => {
    await open(1000);
    const ran = await verify(
      ["--yes"],
      onceMade((child) => child.kill("SIGKILL")),
    );
    expect(ran.code).to.equal(null);
    expect(sandbox.left()).to.have.lengthOf(1);
    const cleaned = await verify(["--clean-up", "--yes"]);
    expect([cleaned.code, cleaned.stdout]).to.deep.equal([0, "all of it is deleted\n"]);
    expect(sandbox.left()).to.deep.equal([]);
  });

  it("says with 1 that the account can't be asked", async () => {
    await open(1);
    sandbox.forbid("ListGroups");
    const { code, stdout, stderr } = await verify(["--yes"]);
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^User: .* is not authorized to perform: iam:ListGroups on resource: \*\n$/);
  });
});
