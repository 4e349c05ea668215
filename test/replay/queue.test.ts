import { expect } from "chai";
import { regionOf } from "../../replay/queue";

describe("a queue's region", () => {
  for (const [url, region] of [
    ["https://sqs.us-east-1.amazonaws.com/123456789012/failed", "us-east-1"],
    ["https://sqs.us-gov-west-1.amazonaws.com/123456789012/failed", "us-gov-west-1"],
    ["https://sqs.cn-north-1.amazonaws.com.cn/123456789012/failed", "cn-north-1"],
    ["https://sqs-fips.us-east-1.amazonaws.com/123456789012/failed", "us-east-1"],
    ["https://vpce-0a1b-2c3d.sqs.us-east-1.vpce.amazonaws.com/123456789012/failed", "us-east-1"],
    ["http://127.0.0.1:5000/123456789012/failed", undefined],
  ] as const) {
    it(`${region === undefined ? "is not" : "is"} in ${url}`, () => {
      expect(regionOf(url)).to.equal(region);
    });
  }
});
