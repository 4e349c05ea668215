import { BlockList, isIP } from "node:net";

/**
 * What nobody but this machine and its neighbours can listen on. 169.254.0.0/16 is none of it, nor is what is among it by
 * IPv6 and AWS's: clouds answer there (EC2 User Guide, "Access instance metadata").
 */
const NEAR = new BlockList();
NEAR.addSubnet("127.0.0.0", 8, "ipv4");
NEAR.addSubnet("10.0.0.0", 8, "ipv4");
NEAR.addSubnet("172.16.0.0", 12, "ipv4");
NEAR.addSubnet("192.168.0.0", 16, "ipv4");
NEAR.addAddress("::1", "ipv6");
NEAR.addSubnet("fc00::", 7, "ipv6");
const CLOUD = new BlockList();
CLOUD.addSubnet("fd00:ec2::", 32, "ipv6");

/**
 * Reads where another IAM listens. It has to be near: the rehearsal makes and deletes users, which is for no account that
 * anybody uses, and so never for AWS.
 *
 * @throws Error that says what is wrong with the endpoint
 */
export function readEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(`${JSON.stringify(text)} is no endpoint; one is http://127.0.0.1:5000`);
  }
  const { hostname } = url;
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws|amazonwebservices\.com\.cn)\.?$/i.test(hostname)) {
    throw new Error(`${hostname} is AWS's: the rehearsal makes and deletes users, and never in an account of AWS's`);
  }
  if (!isNear(hostname)) {
    throw new Error(
      `${hostname} is not near: the rehearsal makes and deletes users, and does so at loopback and private addresses and at names without a dot`,
    );
  }
  return url.origin;
}

function isNear(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0) {
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    return NEAR.check(address, family) && !CLOUD.check(address, family);
  }
  return !hostname.includes(".") || hostname.endsWith(".localhost");
}
