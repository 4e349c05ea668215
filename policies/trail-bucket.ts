import { denyWithoutTls } from "./without-tls";

/** Whose bucket it is and whose trail writes to it. */
export interface TrailBucket {
  readonly bucketArn: string;
  readonly trailArn: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/**
 * A policy of the bucket that the program's own trail writes to: CloudTrail may do what it must for that trail and no
 * other, where the object becomes the bucket's owner's (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"),
 * and nobody may do anything without TLS. What people may do in the bucket, their own policies say.
 */
export function trailBucketPolicy({ bucketArn, trailArn, accountId }: TrailBucket) {
  const cloudTrail = { Service: "cloudtrail.amazonaws.com" };
  const forTheTrail = { "aws:SourceArn": trailArn };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetTheTrailLookAtTheBucket",
        Effect: "Allow",
        Principal: cloudTrail,
        Action: "s3:GetBucketAcl",
        Resource: bucketArn,
        Condition: { StringEquals: forTheTrail },
      },
      {
        Sid: "LetTheTrailWriteItsLogs",
        Effect: "Allow",
        Principal: cloudTrail,
        Action: "s3:PutObject",
        Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
        Condition: { StringEquals: { ...forTheTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
      denyWithoutTls(bucketArn),
    ],
  } as const;
}
