import { expect } from "chai";
import { transformInput } from "../../fake-aws/input-transformer";

/** The event of the EventBridge User Guide's examples. */
const EVENT = {
  account: "123456789012",
  "detail-type": "EC2 Instance State-change Notification",
  detail: { "instance-id": "i-0123456789", state: "RUNNING", cores: 2, tags: ["a", "b"] },
};
const inputPaths = { instance: "$.detail.instance-id", state: "$.detail.state", none: "$.detail.none" };
const rendered = (inputTemplate: string, event: unknown = EVENT) =>
  transformInput({ inputPaths, inputTemplate }, event);

describe("an input transformer", () => {
  it("delivers text with the quotation marks of its template, line by line", () => {
    expect(rendered('"instance <instance> is in <state>"')).to.equal('"instance i-0123456789 is in RUNNING"');
    expect(rendered('"<instance>"\n"is <state>"')).to.equal('"i-0123456789"\n"is RUNNING"');
  });

  it("takes a value in text as it is, with line ends and quotation marks", () => {
    expect(rendered('"<state>"', { detail: { state: 'say "no"\nor not' } })).to.equal('"say "no"\nor not"');
  });

  it("delivers JSON, with values written as JSON where they stand for themselves", () => {
    expect(rendered('{"instance": <instance>, "state": [9, <state>, true], "text": "it is <state>"}')).to.equal(
      '{"instance": "i-0123456789", "state": [9, "RUNNING", true], "text": "it is RUNNING"}',
    );
    const { cores, tags } = { cores: "$.detail.cores", tags: "$.detail.tags" };
    expect(
      transformInput({ inputPaths: { cores, tags }, inputTemplate: '{"cores":<cores>,"tags":<tags>}' }, EVENT),
    ).to.equal('{"cores":2,"tags":["a","b"]}');
    expect(JSON.parse(rendered('{"state":<state>}', { detail: { state: 'say "no"\nor not' } }))).to.deep.equal({
      state: 'say "no"\nor not',
    });
  });

  it("leaves out what the event has not", () => {
    expect(rendered('"<none> is in <state>"')).to.equal('" is in RUNNING"');
    expect(rendered('{"none":<none>}')).to.equal('{"none":""}');
  });

  it("is refused where a placeholder has no path, a path is none, or a line is not in quotation marks", () => {
    expect(() => rendered('"<nobody>"')).to.throw("the placeholder <nobody>");
    expect(() => rendered("<state>")).to.throw("not in quotation marks");
    expect(() => rendered('"a \\"<state>\\""')).to.throw("has more");
    expect(() => transformInput({ inputPaths: { a: "$['b']" }, inputTemplate: '"<a>"' }, EVENT)).to.throw(
      "not in dot notation",
    );
    expect(() => rendered(`"${"a".repeat(8_191)}"`)).to.throw("8,192");
  });

  it("fails where a value within quotation marks makes no JSON of it", () => {
    expect(() => rendered('{"state":"<state>"}', { detail: { state: 'say "no"' } })).to.throw("no JSON");
  });
});
