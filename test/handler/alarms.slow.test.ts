import { expect } from "chai";
import { type Datum, metricsIn, readAlarm, type StateChange, type Unknowns } from "../../fake-aws/alarms";
import type { Trail } from "../../fake-aws/cloudtrail-api";
import {
  type DeployedAlarms,
  deployedAlarms,
  FUNCTION_NAME,
  QUEUES,
  RULES,
  TOPIC_ARN,
} from "../support/deployed-alarms";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { RECORDING_TRAIL } from "../support/trails";
import { newWorld, type Settings, type World } from "../support/world";

const HOUR_SECONDS = 3_600;
const SETTINGS: Settings = { mode: "quarantine" };
const OF_LAMBDA = { namespace: "AWS/Lambda", dimensions: { FunctionName: FUNCTION_NAME } };

/** A world whose schedule is kept, and what CloudWatch gets of it: from the handler's log, and from AWS's services. */
interface Stage {
  readonly world: World;
  readonly people: ReturnType<typeof peopleOf>;
  /** Lets scheduled sweeps come, an hour from one to the next. */
  sweeps(count: number, settings?: Settings): Promise<void>;
  /** Brings the handler a record as EventBridge does. */
  event(record: unknown, settings?: Settings): Promise<void>;
  /** Lets a service put metrics, so many minutes from now. */
  put(data: Omit<Datum, "at">, ...minutes: readonly number[]): void;
  /** What each alarm did up to a minute from now, those left out that went to ALARM at no time. */
  wentOff(unknowns?: Unknowns): ReadonlyMap<string, readonly StateChange[]>;
}

/** A message that waits in a queue. */
const waitingIn = (QueueName: string) => ({
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName },
  value: 1,
});

/** A deploy into an account of some people, and a sweep by it. */
async function deployInto(world: World, alarms: DeployedAlarms): Promise<Stage> {
  const people = peopleOf(world);
  people.person("alice", "password");
  people.person("bob", "password", "device");
  people.person("robot");
  const data: Datum[] = [];
  const now = () => world.now().getTime();
  const put: Stage["put"] = (datum, ...minutes) => {
    for (const minute of minutes) data.push({ ...datum, at: now() + minute * 60_000 });
  };
  /** Invokes as Lambda does for whoever does not wait: twice more, a minute and two minutes later. */
  const invoke = async (run: () => Promise<unknown>): Promise<void> => {
    for (const pause of [60, 120, 0]) {
      const started = now();
      const failed = await run().then(
        () => false,
        () => true,
      );
      data.push({ ...OF_LAMBDA, metricName: "Errors", value: failed ? 1 : 0, at: started });
      if (!failed) return;
      world.waitSeconds(pause);
    }
    put(waitingIn(QUEUES.failed), 0);
  };
  const deployed = world.now();
  await world.sweep(SETTINGS, { by: "deploy" });
  const swept = world.now();
  let next = deployed.getTime();
  return {
    world,
    people,
    put,
    sweeps: async (times, settings = SETTINGS) => {
      for (let time = 0; time < times; time++) {
        next += HOUR_SECONDS * 1_000;
        world.waitSeconds((next - now()) / 1_000);
        await invoke(() => world.sweep(settings, {}));
      }
    },
    event: (record, settings = SETTINGS) => {
      world.waitSeconds(30);
      return invoke(() => world.handle(settings, record));
    },
    wentOff: (unknowns) => {
      const all = [...data, ...world.log.flatMap(metricsIn)];
      const until = new Date(now() + 60_000);
      return new Map(
        [...alarms].flatMap(([name, inputs]) => {
          // The heartbeat waits for the deploy's sweep.
          const from = name === "heartbeat" ? swept : deployed;
          const changes = readAlarm(inputs).changes(all, from, until, unknowns);
          return changes.some(({ to }) => to === "ALARM") ? [[name, changes] as const] : [];
        }),
      );
    },
  };
}

/** Makes as many groups or managed policies of others as IAM lets a user have, for one user. */
function fillQuotas({ world, people }: Stage, user: string): void {
  for (let index = 0; index < 10; index++) {
    people.groups(`team-${index}`);
    people.join(user, `team-${index}`);
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
    world.root("CreatePolicy", { PolicyName: `policy-${index}`, PolicyDocument });
    world.root("AttachUserPolicy", { UserName: user, PolicyArn: `arn:aws:iam::123456789012:policy/policy-${index}` });
  }
}

interface Failure {
  readonly title: string;
  /** The account's trails; one that records everything, if left out. */
  readonly trails?: readonly Trail[];
  readonly play: (stage: Stage) => Promise<void>;
  /** The alarms that go off, and no others. */
  readonly alarms: readonly string[];
}

/** A failure a row: what goes wrong, and which alarms tell of it. */
const FAILURES: readonly Failure[] = [
  {
    title: "IAM refuses a write for good",
    play: async ({ world, people, sweeps }) => {
      people.person("carol", "password");
      world.account.failNext("AddUserToGroup", "AccessDenied", 1_000);
      await sweeps(1);
    },
    alarms: ["failures", "errors", "queue-failed"],
  },
  {
    title: "no guard can hold somebody",
    play: async (stage) => {
      stage.people.person("carol", "password");
      fillQuotas(stage, "carol");
      await stage.sweeps(2);
    },
    alarms: ["unholdable"],
  },
  {
    title: "a guard is hollowed out, and a sweep sees it",
    play: async ({ world, sweeps }) => {
      const { group } = GUARDS.quarantine;
      const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
      world.root("PutGroupPolicy", { GroupName: group, PolicyName: "allow", PolicyDocument });
      await sweeps(2);
    },
    alarms: ["guard-broken"],
  },
  {
    title: "a guard is hollowed out, and an event tells of it",
    play: async ({ world, event }) => {
      const { group } = GUARDS.quarantine;
      const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
      await event(world.recordOf("PutGroupPolicy", { GroupName: group, PolicyName: "allow", PolicyDocument }));
      world.waitSeconds(120);
    },
    alarms: ["guard-broken"],
  },
  {
    title: "there is never a credential report",
    play: async ({ world, sweeps }) => {
      world.waitHours(4);
      world.account.failNext("GetCredentialReport", "ReportInProgress", 1_000);
      await sweeps(6);
    },
    alarms: ["report-missing"],
  },
  {
    title: "more would be freed than may be",
    play: async ({ world, sweeps }) => {
      world.enrol("alice");
      await sweeps(2, { ...SETTINGS, maxReleases: 0 });
    },
    alarms: ["releases-stopped"],
  },
  {
    title: "events no longer arrive",
    play: async ({ people, sweeps }) => {
      for (const name of ["carol", "dave", "erin"]) {
        people.person(name, "password");
        await sweeps(1);
      }
    },
    alarms: ["drift"],
  },
  {
    title: "the trail stands still",
    trails: [{ ...RECORDING_TRAIL, IsLogging: false }],
    play: ({ sweeps }) => sweeps(2),
    alarms: ["trail-missing"],
  },
  {
    title: "a sweep can't put its events",
    play: async ({ world, people, sweeps }) => {
      people.person("carol", "password");
      world.bus.failNext("AccessDeniedException", 100);
      await sweeps(1);
    },
    alarms: ["not-told"],
  },
  {
    title: "an event of a decision is refused",
    play: async ({ world, event }) => {
      world.bus.refuseNext("InternalFailure", 100);
      await event(world.enrol("alice"));
      world.waitSeconds(60);
    },
    alarms: ["not-told"],
  },
  {
    title: "a group of the settings is gone",
    play: ({ sweeps }) => sweeps(2, { ...SETTINGS, exemptGroups: ["robots"] }),
    alarms: ["missing-groups"],
  },
  {
    title: "an exempt user has a password and no device",
    play: ({ sweeps }) => sweeps(2, { ...SETTINGS, exemptUsers: ["alice"] }),
    alarms: ["exempt-unprotected"],
  },
  {
    title: "a hold is not due yet",
    play: async ({ people, sweeps }) => {
      people.person("carol", "password");
      await sweeps(2, { ...SETTINGS, enforceFrom: "2027-01-01" });
    },
    alarms: ["pending"],
  },
  {
    title: "an event can't be carried out",
    play: async ({ world, event, sweeps }) => {
      const made = world.recordOf("CreateUser", { UserName: "carol" });
      world.account.failNext("ListGroupsForUser", "AccessDenied", 3);
      await event(made);
      await sweeps(2);
    },
    alarms: ["errors", "queue-failed"],
  },
  {
    title: "an event is poison",
    play: async ({ event, sweeps }) => {
      await event({ eventName: 7 });
      await sweeps(1);
    },
    alarms: ["errors", "queue-failed"],
  },
  {
    title: "the function runs out of time, three times",
    play: async ({ put, sweeps }) => {
      put({ ...OF_LAMBDA, metricName: "Errors", value: 1 }, 0, 16, 33);
      put(waitingIn(QUEUES.failed), 48);
      await sweeps(2);
    },
    alarms: ["errors", "queue-failed"],
  },
  {
    title: "what failed three times finds no queue",
    play: async ({ put, sweeps }) => {
      put({ ...OF_LAMBDA, metricName: "Errors", value: 1 }, 0, 1, 3);
      put({ ...OF_LAMBDA, metricName: "DestinationDeliveryFailures", value: 1 }, 3);
      await sweeps(2);
    },
    alarms: ["errors", "destination"],
  },
  {
    title: "the function is switched off for events, and sweeps by hand",
    play: async ({ put, sweeps }) => {
      put({ ...OF_LAMBDA, metricName: "Throttles", value: 1 }, 0, 0, 0, 0, 0, 1, 1, 2, 4, 8, 13, 18, 23, 28);
      await sweeps(1);
    },
    alarms: ["throttles"],
  },
  {
    title: "no sweep comes",
    play: async ({ world }) => {
      world.waitHours(5);
    },
    alarms: ["heartbeat"],
  },
  {
    title: "a rule can't invoke its target",
    play: async ({ put, sweeps }) => {
      put(
        { namespace: "AWS/Events", metricName: "FailedInvocations", dimensions: { RuleName: RULES.users }, value: 1 },
        5,
      );
      put(waitingIn(QUEUES.undelivered), 6);
      await sweeps(2);
    },
    alarms: ["rule-users", "queue-undelivered"],
  },
  {
    title: "a rule finds neither its target nor its queue",
    play: async ({ put, sweeps }) => {
      const dimensions = { RuleName: RULES.sweep };
      put({ namespace: "AWS/Events", metricName: "FailedInvocations", dimensions, value: 1 }, 5);
      put({ namespace: "AWS/Events", metricName: "InvocationsFailedToBeSentToDlq", dimensions, value: 1 }, 6);
      await sweeps(2);
    },
    alarms: ["rule-sweep", "rule-queue-sweep"],
  },
  {
    title: "a subscriber can't be told",
    play: async ({ put, sweeps }) => {
      const dimensions = { TopicName: "require-mfa-1a2b3c4" };
      put({ namespace: "AWS/SNS", metricName: "NumberOfNotificationsFailed", dimensions, value: 1 }, 5);
      await sweeps(2);
    },
    alarms: ["notifications"],
  },
];

describe("the alarms", () => {
  let alarms: DeployedAlarms;
  before(async () => {
    alarms = await deployedAlarms(HOUR_SECONDS);
  });
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
  });
  afterEach(() => world.close());

  for (const { title, trails, play, alarms: expected } of FAILURES) {
    it(`tell of it where ${title}: ${expected.join(", ")}`, async () => {
      if (trails !== undefined) {
        await world.close();
        world = await newWorld({ trails });
      }
      const stage = await deployInto(world, alarms);
      await stage.sweeps(2);
      await play(stage);
      const wentOff = stage.wentOff();
      expect([...wentOff.keys()]).to.have.members(expected);
      for (const [name, changes] of wentOff) {
        const told = changes.filter(({ to }) => to === "ALARM").map(({ actions }) => actions);
        expect(told, name).to.deep.equal([[TOPIC_ARN]]);
      }
    });
  }

  it("are silent in a calm account, also right after its first deploy, whatever AWS does not tell of CloudWatch", async () => {
    const stage = await deployInto(world, alarms);
    await stage.sweeps(1);
    await stage.event(world.recordOf("CreateUser", { UserName: "carol" }));
    await stage.event(world.recordOf("CreateLoginProfile", { UserName: "carol", Password: "correct-horse" }));
    expect(world.standing("carol")).to.equal("quarantine");
    await stage.event(world.enrol("carol"));
    await stage.sweeps(24);
    for (const evaluationRange of [undefined, 62]) {
      for (const delaySeconds of [0, 10, 20]) {
        const unknowns = { delaySeconds, ...(evaluationRange !== undefined && { evaluationRange }) };
        expect([...stage.wentOff(unknowns).keys()], JSON.stringify(unknowns)).to.deep.equal([]);
      }
    }
  });

  it("are silent about what Lambda's next try mends: a run whose instructions a deploy has replaced fails on purpose", async () => {
    const stage = await deployInto(world, alarms);
    await stage.sweeps(1);
    stage.put({ ...OF_LAMBDA, metricName: "Errors", value: 1 }, 1, 1);
    await stage.sweeps(2);
    expect([...stage.wentOff().keys()]).to.deep.equal([]);
  });

  it("tell the end of what a sweep or a queue says is over, and of nothing else", async () => {
    const stage = await deployInto(world, alarms);
    stage.people.person("carol", "password");
    world.account.failNext("AddUserToGroup", "AccessDenied", 3);
    await stage.sweeps(1);
    stage.put({ ...waitingIn(QUEUES.failed), value: 0 }, 5);
    await stage.sweeps(2);
    const ends = [...stage.wentOff()].map(([name, changes]) => [name, changes.at(-1)?.to, changes.at(-1)?.actions]);
    expect(ends).to.have.deep.members([
      ["failures", "OK", [TOPIC_ARN]],
      ["errors", "OK", []],
      ["queue-failed", "OK", [TOPIC_ARN]],
    ]);
  });
});
