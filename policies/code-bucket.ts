import { denyWithoutTls } from "./without-tls";

/** Whose bucket it is and who reads from it. */
export interface CodeBucket {
  readonly bucketArn: string;
  /** As Organizations tells it: `o-a1b2c3d4e5`. */
  readonly organizationId: string;
}

/**
 * A policy of the bucket from which the organization's accounts get template and code: whoever is in the organization may
 * read, for Lambda fetches the code as the role that makes the function, and nobody may do anything without TLS.
 */
export function codeBucketPolicy({ bucketArn, organizationId }: CodeBucket) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetTheOrganizationRead",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `${bucketArn}/*`,
        Condition: { StringEquals: { "aws:PrincipalOrgID": organizationId } },
      },
      denyWithoutTls(bucketArn),
    ],
  } as const;
}
