import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as v from "valibot";
import { compilePattern } from "../../fake-aws/event-pattern";
import { transformInput } from "../../fake-aws/input-transformer";

const FOLDER = "docs/subscribers";
const NAMES = readdirSync(FOLDER).map((file) => basename(file, ".ts"));

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const INVOKES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:index/getRegion:getRegion": { region: "us-east-1" },
};

/** What a program of docs/subscribers deploys, under Pulumi's mocks. */
async function deployed(name: string): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  const keys = ["chatRoleArn", "slackTeamId", "slackChannelId", "slackWebhook", "teamsWebhook"];
  pulumi.runtime.setAllConfig(Object.fromEntries(keys.map((key) => [`shop:${key}`, `https://example.com/${key}`])));
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name: logical, inputs }) => {
        resources.push({ type, inputs: v.parse(v.record(v.string(), v.unknown()), inputs) });
        return { id: logical, state: { ...inputs, name: logical, arn: `arn:aws:x:us-east-1:123456789012:${logical}` } };
      },
      call: ({ token, inputs }) => INVOKES[token] ?? inputs,
    },
    "shop",
    "dev",
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    await import(resolve(FOLDER, `${name}.ts`));
  });
  await pulumi.runtime.disconnect();
  return resources;
}

const Rule = v.object({ eventPattern: v.pipe(v.string(), v.parseJson()) });
const Target = v.object({
  inputTransformer: v.optional(v.object({ inputPaths: v.record(v.string(), v.string()), inputTemplate: v.string() })),
});

/** An event as the handler puts it, but with a message that has what a message never has. */
const EVENT = {
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "Suspicious Enrolment",
  source: "require-mfa",
  account: "123456789012",
  time: "2026-11-20T09:00:00Z",
  region: "us-east-1",
  detail: {
    user: "alice",
    message: 'An MFA device was enrolled for alice by "someone else".\nAsk her.',
    consoleLink: "https://console.aws.amazon.com/iam/home#/users/details/alice",
  },
};
const MESSAGE = EVENT.detail.message;

/** What each delivers of {@link EVENT}; nothing where the whole event is delivered. */
const DELIVERED: Readonly<Record<string, unknown>> = {
  chat: {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: "Suspicious Enrolment",
      description: MESSAGE,
      nextSteps: ["https://console.aws.amazon.com/iam/home#/users/details/alice"],
    },
    metadata: { threadId: "mfa-alice" },
  },
  slack: { text: MESSAGE },
  teams: {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            { type: "TextBlock", weight: "bolder", text: "Suspicious Enrolment" },
            { type: "TextBlock", wrap: true, text: MESSAGE },
          ],
        },
      },
    ],
  },
  "security-hub": undefined,
};

describe("docs/subscribers.md", () => {
  it("quotes the programs in docs/subscribers, which the compiler checks, and has no other code", () => {
    const quoted = [...readFileSync("docs/subscribers.md", "utf8").matchAll(/```ts\n([\s\S]*?)```/g)];
    const programs = NAMES.map((name) => readFileSync(join(FOLDER, `${name}.ts`), "utf8"));
    expect(quoted.map(([, code]) => code).sort()).to.deep.equal(programs.sort());
    expect(NAMES).to.have.members(Object.keys(DELIVERED));
    const { include } = v.parse(
      v.object({ include: v.array(v.string()) }),
      JSON.parse(readFileSync("tsconfig.json", "utf8")),
    );
    expect(include).to.include("**/*.ts");
  });

  for (const [name, delivered] of Object.entries(DELIVERED)) {
    it(`lets ${name} hear of this account's events and of no other's`, async () => {
      const resources = await deployed(name);
      const only = (type: string) => {
        const found = resources.filter((each) => each.type === type);
        expect(found, type).to.have.lengthOf(1);
        return found[0]?.inputs;
      };
      const matches = compilePattern(v.parse(Rule, only("aws:cloudwatch/eventRule:EventRule")).eventPattern);
      expect(matches(EVENT)).to.equal(true);
      expect(matches({ ...EVENT, account: "210987654321" })).to.equal(false);
      const { inputTransformer } = v.parse(Target, only("aws:cloudwatch/eventTarget:EventTarget"));
      const given = inputTransformer && JSON.parse(transformInput(inputTransformer, EVENT));
      expect(given).to.deep.equal(delivered);
    });
  }
});
