/** The AWS partitions in which IAM's events are known to arrive; the second part of every ARN. */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn"] as const;

export type Partition = (typeof PARTITIONS)[number];

/** The one region of each partition in which IAM's events arrive (EventBridge User Guide, "My rule … IAM"). */
export const EVENT_REGIONS = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
} as const satisfies Readonly<Record<Partition, string>>;

/** Where each partition's console is. */
export const CONSOLE_HOSTS = {
  aws: "console.aws.amazon.com",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-cn": "console.amazonaws.cn",
} as const satisfies Readonly<Record<Partition, string>>;
