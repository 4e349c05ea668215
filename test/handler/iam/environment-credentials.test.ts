import { expect } from "chai";
import { defaultProvider } from "../../../handler/iam/environment-credentials";
import { failureOf } from "../../support/failure";

const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

describe("the credentials in the environment", () => {
  const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>) => {
    for (const name of NAMES) {
      const value = values[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  afterEach(() => set(before));

  const KEY = { AWS_ACCESS_KEY_ID: "ASIAHANDLER", AWS_SECRET_ACCESS_KEY: "secret" };

  it("are a session's, read anew each time, for Lambda renews them", async () => {
    const provide = defaultProvider();
    set({ ...KEY, AWS_SESSION_TOKEN: "token" });
    expect(await provide()).to.deep.equal({
      accessKeyId: "ASIAHANDLER",
      secretAccessKey: "secret",
      sessionToken: "token",
    });
    set({ ...KEY, AWS_SESSION_TOKEN: "another" });
    expect((await provide()).sessionToken).to.equal("another");
  });

  it("are a key alone where there is no session", async () => {
    set(KEY);
    expect(await defaultProvider()()).to.deep.equal({ accessKeyId: "ASIAHANDLER", secretAccessKey: "secret" });
  });

  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const) {
    it(`are none without ${name}`, async () => {
      set({ ...KEY, [name]: undefined });
      expect(String(await failureOf(defaultProvider()()))).to.equal(
        "Error: no credentials in the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set",
      );
    });
  }
});
