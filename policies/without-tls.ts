/** Of a bucket's policy: that nobody may do anything without TLS. */
export function denyWithoutTls(bucketArn: string) {
  return {
    Sid: "DenyEverythingWithoutTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  } as const;
}
