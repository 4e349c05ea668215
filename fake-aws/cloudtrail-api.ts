import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { accessKeyIdOf, type Principals } from "./iam/access-key";
import type { Principal } from "./iam/account";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** A trail, in the words of CloudTrail's API. */
export interface Trail {
  readonly Name: string;
  readonly TrailARN: string;
  readonly HomeRegion: string;
  readonly IsMultiRegionTrail: boolean;
  readonly IncludeGlobalServiceEvents: boolean;
  readonly IsOrganizationTrail: boolean;
  /** What GetTrailStatus tells. */
  readonly IsLogging: boolean;
  /** What GetEventSelectors tells. */
  readonly selectors:
    | { readonly EventSelectors: readonly object[] }
    | { readonly AdvancedEventSelectors: readonly object[] };
}

/** The account and the region in which CloudTrail is asked. */
export interface CloudTrail {
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  readonly trails: readonly Trail[];
  /** By access key id. */
  readonly principals: Principals;
  /** Whether policies allow an action on a trail's ARN, or on `*`. */
  readonly allows: (principal: Principal, action: string, resource: string) => boolean;
}

/** An answer that is no success; both the code and the message are CloudTrail's. */
class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const TARGET = /^com\.amazonaws\.cloudtrail\.v20131101\.CloudTrail_20131101\.(\w+)$/;

const DescribeTrails = v.strictObject({ includeShadowTrails: v.optional(v.boolean(), true) });
const GetTrailStatus = v.strictObject({ Name: v.string() });
const GetEventSelectors = v.strictObject({ TrailName: v.string() });

/**
 * CloudTrail's API on a free loopback port, as far as it tells of trails: DescribeTrails, GetTrailStatus and
 * GetEventSelectors, these by ARN alone. As CloudTrail, it tells in one region of the trails that have their home there
 * or are for all regions (CloudTrail API Reference, DescribeTrails), and a member of an organization nothing of what the
 * organization's trail selects (as cloud-custodian#6394 found). Signatures are not verified.
 */
export async function serveCloudTrail(cloudTrail: CloudTrail): Promise<LoopbackServer> {
  return listenOnLoopback(createServer(cloudTrailListener(cloudTrail)));
}

/** What answers requests as {@link serveCloudTrail} does, for a server that has several accounts. */
export function cloudTrailListener(cloudTrail: CloudTrail): RequestListener {
  return (request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    };
    answer(cloudTrail, request).then(
      (result) => send(200, result),
      (error: unknown) => {
        if (error instanceof Refusal) send(400, { __type: error.code, message: error.message });
        else send(500, { __type: "InternalFailure", message: `the stand-in for CloudTrail failed: ${String(error)}` });
      },
    );
  };
}

async function answer(cloudTrail: CloudTrail, request: IncomingMessage): Promise<object> {
  const { accountId, region, principals, allows } = cloudTrail;
  const [, action = ""] = TARGET.exec(String(request.headers["x-amz-target"])) ?? [];
  const parameters: unknown = JSON.parse(await text(request));
  const caller = principals.get(accessKeyIdOf(request.headers) ?? "");
  if (caller === undefined) {
    throw new Refusal("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const authorize = (resource: string): void => {
    if (allows(caller, `cloudtrail:${action}`, resource)) return;
    throw new Refusal(
      "AccessDeniedException",
      `not authorized to perform: cloudtrail:${action} on resource: ${resource}`,
    );
  };
  const isOfAnother = ({ TrailARN }: Trail): boolean => TrailARN.split(":")[4] !== accountId;
  const isShadow = (trail: Trail): boolean => trail.HomeRegion !== region || isOfAnother(trail);
  const here = cloudTrail.trails.filter((trail) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
  const find = (arn: string): Trail => {
    authorize(arn);
    const trail = here.find(({ TrailARN }) => TrailARN === arn);
    if (trail === undefined) throw new Refusal("TrailNotFoundException", `Unknown trail: ${arn}`);
    return trail;
  };
  switch (action) {
    case "DescribeTrails": {
      const { includeShadowTrails } = v.parse(DescribeTrails, parameters);
      authorize("*");
      const told = here.filter((trail) => includeShadowTrails || !isShadow(trail));
      return { trailList: told.map(({ IsLogging: _, selectors: __, ...trail }) => trail) };
    }
    case "GetTrailStatus":
      return { IsLogging: find(v.parse(GetTrailStatus, parameters).Name).IsLogging };
    case "GetEventSelectors": {
      const trail = find(v.parse(GetEventSelectors, parameters).TrailName);
      if (isOfAnother(trail)) throw new Refusal("TrailNotFoundException", `Unknown trail: ${trail.TrailARN}`);
      return { TrailARN: trail.TrailARN, ...trail.selectors };
    }
    default:
      throw new Refusal("UnknownOperationException", `not played here: ${action}`);
  }
}
