import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import program = require("../index");

/** The account, region and stack to deploy to; they exist nowhere. */
export interface Place {
  readonly accountId: string;
  readonly partition: "aws" | "aws-us-gov" | "aws-cn";
  readonly region: string;
  readonly stack: string;
}

/** One resource as the program registers it, with all the inputs that `pulumi up` would hand to the provider. */
export interface Resource {
  /** Pulumi's type token, `aws:iam/group:Group`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the provider would have answered, inputs included. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** What `pulumi up` would deploy, components left out. */
export interface Deployment {
  readonly resources: readonly Resource[];
  readonly outputs: unknown;
}

/** The suffix that stands for the random one of Pulumi's auto-naming. */
const SUFFIX = "1a2b3c4";

/**
 * Runs the real program under Pulumi's mocks: every resource is registered and none is made. Pulumi keeps mocks for the
 * whole process, so no two calls may overlap.
 *
 * @param config the stack's configuration, each key with its namespace; the place's region is added to it
 * @throws what the program throws, its one error about a wrong configuration among it
 */
export async function deploy(config: Readonly<Record<string, string>>, place: Place): Promise<Deployment> {
  const resources: Promise<Resource>[] = [];
  const answers = new Map<string, Readonly<Record<string, string>>>([
    ["aws:index/getCallerIdentity:getCallerIdentity", { accountId: place.accountId }],
    ["aws:index/getPartition:getPartition", { partition: place.partition }],
    ["aws:index/getRegion:getRegion", { region: place.region }],
    ["aws:organizations/getOrganization:getOrganization", { id: "o-a1b2c3d4e5", masterAccountId: place.accountId }],
  ]);
  pulumi.runtime.setAllConfig({ "aws:region": place.region, ...config });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        const physicalName = v.parse(Named, inputs).name ?? `${name}-${SUFFIX}`;
        const state = { name: physicalName, ...computed(type, physicalName, inputs, place), ...inputs };
        if (custom)
          resources.push(plain(inputs).then((read) => ({ type, name, inputs: v.parse(Inputs, read), state })));
        return { id: physicalName, state };
      },
      call: ({ token, inputs }) => answers.get(token) ?? inputs,
    },
    "require-mfa",
    place.stack,
  );
  const outputs = await pulumi.runtime.runInPulumiStack(async () => program());
  await pulumi.runtime.disconnect();
  return { resources: await Promise.all(resources), outputs: await plain(outputs) };
}

const Inputs = v.record(v.string(), v.unknown());
const Named = v.object({ name: v.optional(v.string()) });

/** What the provider computes and the program reads: ARNs, and a queue's URL. */
function computed(type: string, name: string, inputs: unknown, { accountId, partition, region }: Place) {
  const path = v.parse(v.object({ path: v.optional(v.string(), "/") }), inputs).path;
  const arn = (service: string, resource: string) => ({ arn: `arn:${partition}:${service}:${accountId}:${resource}` });
  switch (type) {
    case "aws:iam/group:Group":
      return arn("iam:", `group${path}${name}`);
    case "aws:iam/policy:Policy":
      return arn("iam:", `policy${path}${name}`);
    case "aws:iam/role:Role":
      return arn("iam:", `role${path}${name}`);
    case "aws:cloudwatch/logGroup:LogGroup":
      return arn(`logs:${region}`, `log-group:${name}`);
    case "aws:cloudwatch/eventRule:EventRule":
      return arn(`events:${region}`, `rule/${name}`);
    case "aws:s3/bucket:Bucket":
      return { bucket: name, arn: `arn:${partition}:s3:::${name}` };
    case "aws:cloudtrail/trail:Trail":
      return { arn: `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${name}` };
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      return arn(`cloudwatch:${region}`, `alarm:${name}`);
    case "aws:lambda/function:Function":
      return arn(`lambda:${region}`, `function:${name}`);
    case "aws:sns/topic:Topic":
      return arn(`sns:${region}`, name);
    case "aws:cloudwatch/eventBus:EventBus":
      return arn(`events:${region}`, `event-bus/${name}`);
    case "aws:sqs/queue:Queue":
      return { ...arn(`sqs:${region}`, name), url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}` };
    default:
      return {};
  }
}

/** Promises and outputs waited for, assets as their text: the value as it would reach the engine. */
async function plain(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return new Promise((resolve) => value.apply((known) => resolve(plain(known))));
  const known: unknown = await value;
  if (known instanceof pulumi.asset.StringAsset) return plain(known.text);
  if (known instanceof pulumi.asset.AssetArchive) return plain(known.assets);
  if (Array.isArray(known)) return Promise.all(known.map(plain));
  if (typeof known !== "object" || known === null) return known;
  return Object.fromEntries(
    await Promise.all(Object.entries(known).map(async ([key, each]) => [key, await plain(each)])),
  );
}
