import { IAMClient, LimitExceededException, NoSuchEntityException } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { restore, type SinonStub, stub } from "sinon";
import { awsIam } from "../../../handler/iam/aws-iam";
import { AccessDeniedError, LimitExceededError, NoSuchEntityError, ThrottledError } from "../../../handler/iam/iam";
import { newWorld } from "../../support/world";

const nobodyWaits = async (): Promise<void> => undefined;

/** An error that the SDK has no class for. */
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe("the port to IAM by the SDK", () => {
  afterEach(() => restore());

  describe("at the SDK's boundary", () => {
    const client = new IAMClient({ region: "us-east-1" });
    let send: SinonStub;
    beforeEach(() => {
      send = stub(client, "send");
    });

    const sent = () => send.args.map(([command]) => [command.constructor.name, command.input]);

    it("spells each write as IAM's API does", async () => {
      send.resolves({});
      const iam = awsIam(client, nobodyWaits);
      const policyArn = "arn:aws:iam::123456789012:policy/guard";
      await iam.addUserToGroup("alice", "guard");
      await iam.removeUserFromGroup("alice", "guard");
      await iam.attachUserPolicy("alice", policyArn);
      await iam.detachUserPolicy("alice", policyArn);
      expect(sent()).to.deep.equal([
        ["AddUserToGroupCommand", { UserName: "alice", GroupName: "guard" }],
        ["RemoveUserFromGroupCommand", { UserName: "alice", GroupName: "guard" }],
        ["AttachUserPolicyCommand", { UserName: "alice", PolicyArn: policyArn }],
        ["DetachUserPolicyCommand", { UserName: "alice", PolicyArn: policyArn }],
      ]);
    });

    it("follows a list to its last page", async () => {
      send.onFirstCall().resolves({ Groups: [{ GroupName: "one" }], IsTruncated: true, Marker: "more" });
      send.onSecondCall().resolves({ Groups: [], IsTruncated: true, Marker: "still more" });
      send.onThirdCall().resolves({ Groups: [{ GroupName: "two" }, { GroupName: "three" }], IsTruncated: false });
      const groups = await awsIam(client, nobodyWaits).listGroupsForUser("alice");
      expect(groups.map(({ name }) => name)).to.deep.equal(["one", "two", "three"]);
      expect(send.callCount).to.equal(3);
    });

    it("takes no login profile for no password", async () => {
      send.rejects(
        new NoSuchEntityException({ message: "Login Profile for User alice cannot be found.", $metadata: {} }),
      );
      expect(await awsIam(client, nobodyWaits).getLoginProfile("alice")).to.equal(undefined);
    });

    const translations = [
      ["NoSuchEntity", new NoSuchEntityException({ message: "gone", $metadata: {} }), NoSuchEntityError, "gone"],
      ["LimitExceeded", new LimitExceededException({ message: "full", $metadata: {} }), LimitExceededError, "full"],
      ["AccessDenied", named("AccessDenied", "not so"), AccessDeniedError, "not so"],
      ["AccessDeniedException", named("AccessDeniedException", "not so"), AccessDeniedError, "not so"],
      ["Throttling", named("Throttling", "Rate exceeded"), ThrottledError, "Rate exceeded"],
    ] as const;
    for (const [title, thrown, expected, message] of translations) {
      it(`passes ${title} on in its own terms, with the message and what it was`, async () => {
        send.rejects(thrown);
        const failure = await awsIam(client, nobodyWaits)
          .addUserToGroup("alice", "guard")
          .catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(expected).with.property("message", message);
        expect(failure).to.include({ name: expected.name, cause: thrown });
      });
    }

    it("passes anything else on as it came", async () => {
      const thrown = new TypeError("fetch failed");
      send.rejects(thrown);
      const failure = await awsIam(client, nobodyWaits)
        .addUserToGroup("alice", "guard")
        .catch((error: unknown) => error);
      expect(failure).to.equal(thrown);
    });
  });

  it("needs a round of reads, a write and a round of reads to hold, and one more write to move", async () => {
    const world = await newWorld();
    try {
      const rounds = roundsOf(world.client);
      world.root("CreateUser", { UserName: "alice" });
      await world.handle(
        { mode: "strict" },
        world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "12345678" }),
      );
      expect(rounds.splice(0)).to.deep.equal([4, 1, 3]);
      await world.handle({ mode: "strict" }, world.enrol("alice"));
      expect(rounds.splice(0)).to.deep.equal([4, 1, 1, 3]);
    } finally {
      await world.close();
    }
  });
});

/** How many commands are under way together, round by round: each round is held back until no more join it. */
function roundsOf(client: IAMClient): number[] {
  const rounds: number[] = [];
  const real = client.send.bind(client);
  const waiting: (() => void)[] = [];
  const release = () => {
    rounds.push(waiting.length);
    for (const each of waiting.splice(0)) each();
  };
  stub(client, "send").callsFake(async (command) => {
    if (waiting.length === 0) setTimeout(release, 20);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return real(command);
  });
  return rounds;
}
