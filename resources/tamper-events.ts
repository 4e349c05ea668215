/** How CloudTrail's records name what a stack is made of, and whose changes of it are deployments. */
export interface Watched {
  readonly accountId: string;
  /** ARNs of roles; where there are none, every change is told. */
  readonly deployRoles: readonly string[];
  /** The names of the EventBridge rules but for those that watch for tampering. */
  readonly rules: readonly string[];
  /** What the names of those begin with, for no rule's pattern can wait for the rule's own name. */
  readonly tamperRules: string;
  /** Likewise of those of an organization's hub, where there is one. */
  readonly hubRules?: string;
  readonly functionName: string;
  readonly roleName: string;
  readonly logGroup: string;
  readonly queues: readonly string[];
  readonly topic: string;
  /** What the names of the alarms begin with. */
  readonly alarms: string;
}

interface Service {
  /** What EventBridge calls the service. */
  readonly source: `aws.${string}`;
  /** The part of a pattern that says which of the service's calls are about the stack. */
  readonly about: (watched: Watched) => object;
  /** What was changed, in words that follow "on"; in angle brackets what is taken from the record, nothing if absent. */
  readonly what: (watched: Watched) => string;
  /** What else to do about it. */
  readonly now?: string;
}

/** A name, whatever stands around it: an ARN, a URL, a function's version, a subscription's ID. */
const around = (name: string) => [{ wildcard: `*${name}*` }];

/**
 * Whose calls are watched, a rule a service: there is no room for all in the 2,048 characters of one pattern, and
 * whoever takes one rule away is told of by another.
 *
 * A call counts by what it names, whatever it is called: Lambda's names carry versions (UpdateFunctionCode20150331v2),
 * and AWS goes on adding calls. Where some writes are no tampering, the names are listed.
 *
 * KMS is not here, for no key is ours (docs/decisions/0014).
 * Guards are not here: calls that can break them come to the handler (core/guard-events.ts), which judges what became
 * of the guard and mends it, and whoever silences the handler before is told of here.
 */
const SERVICES = {
  events: {
    source: "aws.events",
    about: ({ rules, tamperRules, hubRules }) => {
      const names = [...rules, { prefix: tamperRules }, ...(hubRules === undefined ? [] : [{ prefix: hubRules }])];
      return { $or: [{ requestParameters: { name: names } }, { requestParameters: { rule: names } }] };
    },
    what: () => "the EventBridge rule <name><rule>",
  },
  lambda: {
    source: "aws.lambda",
    about: ({ functionName }) => ({ requestParameters: { functionName: around(functionName) } }),
    what: ({ functionName }) => `the handler's function ${functionName}`,
  },
  iam: {
    source: "aws.iam",
    // IAM's names compare without case.
    about: ({ roleName }) => ({ requestParameters: { roleName: [{ "equals-ignore-case": roleName }] } }),
    what: ({ roleName }) => `the handler's role ${roleName}`,
  },
  logs: {
    source: "aws.logs",
    // Lambda goes on making log streams.
    about: ({ logGroup }) => ({
      eventName: [{ prefix: "Delete" }, { prefix: "Put" }, "AssociateKmsKey", "DisassociateKmsKey"],
      $or: [
        { requestParameters: { logGroupName: [logGroup] } },
        { requestParameters: { logGroupIdentifier: around(logGroup) } },
        { requestParameters: { resourceIdentifier: around(logGroup) } },
      ],
    }),
    what: ({ logGroup }) => `the handler's log group ${logGroup}`,
  },
  sqs: {
    source: "aws.sqs",
    about: ({ queues }) => ({ requestParameters: { queueUrl: queues.flatMap(around) } }),
    what: ({ queues }) => `a queue of failures, ${queues.join(" or ")}`,
  },
  sns: {
    source: "aws.sns",
    about: ({ topic }) => ({
      $or: [
        { requestParameters: { topicArn: around(topic) } },
        { requestParameters: { subscriptionArn: around(topic) } },
        { requestParameters: { resourceArn: around(topic) } },
      ],
    }),
    what: ({ topic }) => `the topic ${topic} or one of its subscriptions`,
  },
  alarms: {
    source: "aws.monitoring",
    about: ({ alarms }) => {
      const names = [{ prefix: alarms }];
      return {
        $or: [
          { requestParameters: { alarmName: names } },
          { requestParameters: { alarmNames: names } },
          { requestParameters: { muteTargets: { alarmNames: names } } },
        ],
      };
    },
    what: ({ alarms }) => `alarms whose names begin with ${alarms}`,
  },
  trail: {
    source: "aws.cloudtrail",
    about: () => ({ eventName: ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"] }),
    what: () => "the CloudTrail trail <name><trailName>",
    now: "Without a trail that logs management events the handler hears of nothing between its sweeps: aws cloudtrail start-logging.",
  },
} as const satisfies Readonly<Record<string, Service>>;

/** A service whose calls are watched. */
export type ServiceName = keyof typeof SERVICES;

/** The services whose calls are watched. */
export const SERVICE_NAMES: readonly ServiceName[] = Object.keys(SERVICES).filter((name): name is ServiceName =>
  Object.hasOwn(SERVICES, name),
);

/**
 * The pattern of the EventBridge rule for calls that succeeded in changing what a stack is made of, none of a deployment.
 * Of data events, which some trails log too and of which each mail makes one, none is let in.
 */
export function tamperPattern(name: ServiceName, watched: Watched) {
  const { source, about }: Service = SERVICES[name];
  const { accountId, deployRoles } = watched;
  // IAM users and root have no sessionIssuer, and `anything-but` alone matches no event in which the field is absent.
  const arn = [{ exists: false }, { "anything-but": deployRoles }];
  return {
    source: [source],
    "detail-type": [{ wildcard: "* via CloudTrail" }],
    account: [accountId],
    detail: {
      errorCode: [{ exists: false }],
      eventCategory: [{ exists: false }, "Management"],
      ...(deployRoles.length > 0 && { userIdentity: { sessionContext: { sessionIssuer: { arn } } } }),
      ...about(watched),
    },
  };
}

/** What a mail takes from a record: what AWS writes itself, and names, in which AWS allows no quotation marks. */
export const TAMPER_VARIABLES = {
  call: "$.detail.eventName",
  caller: "$.detail.userIdentity.arn",
  service: "$.detail.userIdentity.invokedBy",
  type: "$.detail.userIdentity.type",
  callerAccount: "$.detail.userIdentity.accountId",
  address: "$.detail.sourceIPAddress",
  time: "$.detail.eventTime",
  id: "$.detail.eventID",
  region: "$.region",
  name: "$.detail.requestParameters.name",
  rule: "$.detail.requestParameters.rule",
  trailName: "$.detail.requestParameters.trailName",
} as const;

/**
 * The mail about such a call, line by line: what was changed, by whom, from where and when, what to do, and where to look
 * for more.
 */
export function tamperLines(name: ServiceName, watched: Watched): readonly string[] {
  const { what, now }: Service = SERVICES[name];
  return [
    `require-mfa, account ${watched.accountId}: <call> on ${what(watched)}`,
    "by <caller> <service> (<type>, account <callerAccount>), from <address>, at <time>",
    watched.deployRoles.length > 0
      ? "No role of deployRoles did it, so it is no deployment."
      : "deployRoles names no role, so deployments are told too.",
    "What to do: if none of you meant it, find out what else they did, and take it back by pulumi up.",
    ...(now === undefined ? [] : [now]),
    "The record: aws cloudtrail lookup-events --region <region> --lookup-attributes AttributeKey=EventId,AttributeValue=<id>",
  ];
}
