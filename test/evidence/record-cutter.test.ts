import { expect } from "chai";
import fc from "fast-check";
import { RecordCutter } from "../../evidence/record-cutter";

/** What is cut out of a text that comes in chunks of so many bytes. */
function cut(text: string | Buffer, chunkBytes = 1 << 20): { readonly records: readonly string[]; oversized: number } {
  const records: string[] = [];
  let oversized = 0;
  const cutter = new RecordCutter({ onRecord: (json) => records.push(json), onOversize: () => oversized++ });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) cutter.push(bytes.subarray(at, at + chunkBytes));
  cutter.end();
  return { records, oversized };
}

describe("RecordCutter", () => {
  it("cuts out each record, whatever its strings hold and wherever chunks end", () => {
    const records = [
      String.raw`{"a":"}]{[\"","b":[{"c":["\\"]}],"d":"über € 𝄞"}`,
      "{}",
      '{\n  "Records": [ { } ],\n  "e": null\n}',
    ];
    const text = ` {\n"Records" :\t[ ${records.join(" ,\r\n")} ] } \n`;
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++) {
      expect(cut(text, chunkBytes), `chunks of ${chunkBytes} bytes`).to.deep.equal({ records, oversized: 0 });
    }
  });

  it("gives back what any JSON was made of", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.integer({ min: 1, max: 64 }),
        (given, bytes) => {
          const records = given.map((each) => JSON.stringify(each));
          expect(cut(`{"Records":[${records.join(",")}]}`, bytes).records).to.deep.equal(records);
        },
      ),
    );
  });

  it("takes a file without records, and what stands after them", () => {
    expect(cut('{"Records":[]}').records).to.deep.equal([]);
    expect(cut('{"Records":[{}],"more":[{"a":1}]}').records).to.deep.equal(["{}"]);
  });

  it("passes over a record of more than 4 MiB, in whatever chunks, and goes on with the next", () => {
    const large = (characters: number) => JSON.stringify({ text: "x".repeat(characters) });
    const fitting = large(4 * 1024 * 1024 - '{"text":""}'.length);
    const text = `{"Records":[{"a":1},${large(5e6)},${fitting},{"b":2}]}`;
    const expected = { records: ['{"a":1}', fitting, '{"b":2}'], oversized: 1 };
    expect(cut(text, 10e6).records.length).to.equal(3);
    for (const chunkBytes of [10e6, 65_537]) expect(cut(text, chunkBytes)).to.deep.equal(expected);
  });

  for (const [what, text, message] of [
    ["nothing", "", 'no log file of CloudTrail, for it does not begin with {"Records":['],
    [
      "a bare record",
      '{"eventName":"CreateUser"}',
      'no log file of CloudTrail, for it does not begin with {"Records":[',
    ],
    ["a long text", "x".repeat(5000), 'no log file of CloudTrail, for it does not begin with {"Records":['],
    ["records that end early", '{"Records":[{"a":1},', "the file ends between records"],
    ["a record that ends early", '{"Records":[{"a":"}', "the file ends in a record"],
    ["what is no record", '{"Records":[{},null,{}]}', 'between records stands "null,{}]}"'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => cut(text)).to.throw(message);
    });
  }
});
