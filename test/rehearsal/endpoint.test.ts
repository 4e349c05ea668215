import { expect } from "chai";
import { readEndpoint } from "../../rehearsal/endpoint";

describe("an endpoint for the rehearsal", () => {
  for (const [given, origin] of [
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["http://localhost:4566/", "http://localhost:4566"],
    ["http://[::1]:5000", "http://[::1]:5000"],
    ["http://[fd12:3456::7]:5000", "http://[fd12:3456::7]:5000"],
    ["https://192.168.1.7", "https://192.168.1.7"],
    ["http://10.0.0.5:5000", "http://10.0.0.5:5000"],
    ["http://172.31.0.2:5000", "http://172.31.0.2:5000"],
    ["http://moto:5000", "http://moto:5000"],
    ["http://iam.localhost:5000", "http://iam.localhost:5000"],
  ] as const) {
    it(`may be ${given}`, () => {
      expect(readEndpoint(given)).to.equal(origin);
    });
  }

  for (const given of [
    "https://iam.amazonaws.com",
    "https://iam.us-gov.amazonaws.com",
    "https://iam.cn-north-1.amazonaws.com.cn",
    "https://IAM.AMAZONAWS.COM.",
    "https://iam.global.api.aws",
  ]) {
    it(`is never AWS's, such as ${given}`, () => {
      expect(() => readEndpoint(given)).to.throw(/is AWS's: the rehearsal makes and deletes users/);
    });
  }

  for (const given of [
    "http://iam.example.com",
    "http://8.8.8.8:5000",
    "http://172.32.0.1",
    "http://169.254.169.254",
    "http://[fd00:ec2::254]",
    "http://[2001:db8::1]:5000",
    "http://localhost.example.com",
    "http://amazonaws.com.example.com",
  ]) {
    it(`is not ${given}, which others may reach`, () => {
      expect(() => readEndpoint(given)).to.throw(/is not near/);
    });
  }

  for (const given of ["moto:5000", "127.0.0.1:5000", "ftp://127.0.0.1", ""]) {
    it(`is not ${JSON.stringify(given)}, which is no URL of the web`, () => {
      expect(() => readEndpoint(given)).to.throw(/is no endpoint; one is http:\/\/127\.0\.0\.1:5000/);
    });
  }
});
