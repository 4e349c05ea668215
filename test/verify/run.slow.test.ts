import { expect } from "chai";
import { newSandbox, type Sandbox, type SandboxOptions } from "./sandbox";

describe("npm run verify", () => {
  let sandbox: Sandbox;
  const open = async (options?: SandboxOptions) => {
    sandbox = await newSandbox(options);
    return sandbox;
  };
  afterEach(() => sandbox.close());

  for (const mode of ["quarantine", "conditional-deny", "strict"] as const) {
    it(`mode ${mode}`, async () => {
      const { run, left } = await open({ settings: { mode } });
      const ran = await run();
      expect(ran.code).to.equal(0);
      expect(left()).to.deep.equal([]);
    });
  }
});
