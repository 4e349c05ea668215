import { IamAccount } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { ROOT } from "../support/account";
import { CREDENTIALS, keepsTheContract } from "./iam-contract";

describe("the IAM in memory does as AWS documents:", () => {
  let server: LoopbackServer | undefined;

  keepsTheContract({
    fresh: async () => {
      await server?.close();
      const account = new IamAccount({ accountId: "123456789012", partition: "aws", now: () => new Date() });
      server = await serveIam(account, new Map([[CREDENTIALS.accessKeyId, ROOT]]));
      return server.url;
    },
    close: async () => server?.close(),
  });
});
