import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Keeps a bucket from everybody but those whom its policy lets in: no public access, all objects the bucket's owner's,
 * encrypted by keys of S3's own, for one of the account's costs a dollar a month, and whoever may disable it stops what
 * writes there.
 *
 * @param policy the bucket's, as JSON
 * @returns what whoever uses the bucket waits for
 */
export function keepPrivate(
  name: string,
  { bucket, policy }: { readonly bucket: pulumi.Input<string>; readonly policy: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const isPrivate = new aws.s3.BucketPublicAccessBlock(
    name,
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    opts,
  );
  return [
    // S3 refuses changes of the two at once.
    new aws.s3.BucketPolicy(name, { bucket, policy }, { ...opts, dependsOn: [isPrivate] }),
    new aws.s3.BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, opts),
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      opts,
    ),
  ];
}
