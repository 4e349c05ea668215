import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EVENT_REGIONS, type Partition } from "../../core/partitions";
import { codeBucketPolicy } from "../../policies/code-bucket";
import { bundleHandler } from "../bundle";
import { keepPrivate } from "../private-bucket";
import type { OrganizationChecked } from "./check-organization";
import { zipOf } from "./zip";

export interface CodeBucketArgs {
  readonly checked: pulumi.Output<OrganizationChecked>;
}

/** Where an object lies, once it may be read. */
interface Stored {
  readonly object: aws.s3.BucketObjectv2;
  readonly key: pulumi.Output<string>;
}

/**
 * The bucket from which every account of the organization gets the handler's code, and CloudFormation the template: the
 * accounts' functions all are in the one region, so one bucket serves them all.
 *
 * The key of an object has its content's hash, for CloudFormation sees that code is another by the key alone, and takes an
 * update back by the object of before: earlier ones stay until the bucket goes. All of it can be made again.
 */
export class CodeBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** The handler's zip. */
  readonly code: Stored;
  private readonly ready: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    { checked }: CodeBucketArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("require-mfa:index:CodeBucket", name, {}, opts);
    const child = { parent: this };
    this.bucket = new aws.s3.Bucket(name, { forceDestroy: checked.apply(() => true) }, child);
    const { bucket } = this.bucket;
    const policy = pulumi
      .all([checked, this.bucket.arn])
      .apply(([{ organizationId }, bucketArn]) => JSON.stringify(codeBucketPolicy({ bucketArn, organizationId })));
    this.ready = [
      ...keepPrivate(name, { bucket, policy }, child),
      new aws.s3.BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }, child),
    ];
    const handler = bundleHandler();
    this.code = this.store("handler", `handler-${hashOf(handler)}.zip`, {
      contentType: "application/zip",
      contentBase64: zipOf("index.mjs", handler).toString("base64"),
    });
    this.registerOutputs();
  }

  /** Stores the template; returns its URL, which is there once it can be read. */
  storeTemplate(template: pulumi.Output<string>, checked: pulumi.Output<OrganizationChecked>): pulumi.Output<string> {
    const key = template.apply((text) => `template-${hashOf(text)}.json`);
    const { object } = this.store("template", key, { contentType: "application/json", content: template });
    return pulumi
      .all([this.bucket.bucket, object.key, checked])
      .apply(([bucket, stored, { partition }]) => urlOf(bucket, stored, partition));
  }

  private store(
    what: string,
    key: pulumi.Input<string>,
    content: Pick<aws.s3.BucketObjectv2Args, "content" | "contentBase64" | "contentType">,
  ): Stored {
    const object = new aws.s3.BucketObjectv2(
      `${this.name}-${what}`,
      { bucket: this.bucket.bucket, key, ...content },
      { parent: this, dependsOn: [...this.ready], retainOnDelete: true, hideDiffs: ["content", "contentBase64"] },
    );
    return { object, key: object.key };
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function urlOf(bucket: string, key: string, partition: Partition): string {
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://${bucket}.s3.${EVENT_REGIONS[partition]}.${domain}/${key}`;
}
