import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HANDLER_FUNCTION } from "../parts/handler-function";
import { trailBucketPolicy } from "../policies/trail-bucket";
import type { Checked } from "./checks";
import { keepPrivate } from "./private-bucket";

export interface TrailArgs {
  readonly checked: pulumi.Output<Checked>;
}

/**
 * The least trail that brings IAM's events: what writes, in the one region where they arise and where all of this program
 * lies. IAM's events go to a trail that is not for all regions where its home is that region (CloudTrail API Reference,
 * Trail, IncludeGlobalServiceEvents). The first copy of a region's management events is free; of a second, if there ever
 * is another trail, this is the smallest part.
 *
 * What it recorded outlives it, as an auditor would expect: `pulumi destroy` ends the trail and leaves the bucket with all
 * that guards it, and S3 empties it in time.
 */
export class Trail extends pulumi.ComponentResource {
  readonly trail: aws.cloudtrail.Trail;

  constructor(name: string, { checked }: TrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Trail", name, {}, opts);
    const trailName = `${name}-trail`;
    // S3 refuses to delete a bucket with something in it, and what is in it is evidence.
    const kept = { parent: this, retainOnDelete: true };
    const owned = new aws.s3.Bucket(trailName, { forceDestroy: checked.apply(() => false) }, kept);
    const { bucket } = owned;
    const isPrivate = keepPrivate(trailName, { bucket, policy: this.bucketPolicy(owned, checked) }, kept);
    const expires = new aws.s3.BucketLifecycleConfiguration(
      trailName,
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "AWSLogs/" },
            // What it recorded can be looked up as long as the handler's decisions.
            expiration: { days: HANDLER_FUNCTION.logRetentionDays },
          },
        ],
      },
      kept,
    );
    this.trail = new aws.cloudtrail.Trail(
      trailName,
      {
        // The bucket's name is known before the trail, whose ARN its policy names, and is unique.
        name: bucket,
        s3BucketName: bucket,
        enableLogging: true,
        enableLogFileValidation: true,
        isMultiRegionTrail: false,
        includeGlobalServiceEvents: true,
        eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
      },
      { parent: this, dependsOn: [...isPrivate, expires] },
    );
    this.registerOutputs();
  }

  private bucketPolicy(bucket: aws.s3.Bucket, checked: pulumi.Output<Checked>): pulumi.Output<string> {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { region } = aws.getRegionOutput({}, { parent: this });
    return pulumi
      .all([checked, region, accountId, bucket.bucket, bucket.arn])
      .apply(([{ partition }, where, account, name, bucketArn]) => {
        const trailArn = `arn:${partition}:cloudtrail:${where}:${account}:trail/${name}`;
        return JSON.stringify(trailBucketPolicy({ bucketArn, trailArn, accountId: account }));
      });
  }
}
