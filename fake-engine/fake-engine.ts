import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type IResourceMonitorServer, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  Result,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import {
  specialArchiveSig,
  specialAssetSig,
  specialOutputValueSig,
  specialResourceSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from "@pulumi/pulumi/runtime/rpc";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type FakeOrganization, type ProgramRun, readProject, runProgram } from "./language-host";
import type { RegisteredResource, StackState, StandingResource, Step } from "./stack";
import { type Before, beginUpdate, type Update } from "./update";

/** What a program did under the engine, its values decoded: secrets bare, assets as their text, see {@link UNKNOWN}. */
export interface EngineRun {
  /** 32 is Pulumi's own: the program failed and has said why. `null` where the run had to be killed. */
  readonly exitCode: number | null;
  /** In the order of their registration, the stack and components among them. */
  readonly resources: readonly RegisteredResource[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly Diagnostic[];
  /** The tokens of the functions that were called, such as `aws:index/getRegion:getRegion`. */
  readonly invokes: readonly string[];
  /** What was done with each resource, or in a preview would be, in order. */
  readonly steps: readonly Step[];
  /** What the stack's state has afterwards. */
  readonly state: StackState;
  readonly stderr: string;
}

interface Diagnostic {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly message: string;
}

/** The errors that a run told, in order. */
export function errorsOf({ diagnostics }: Pick<EngineRun, "diagnostics">): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

/** What stands in inputs and outputs of a preview for a value that only an update can know. */
export const UNKNOWN = "[unknown]";

/**
 * Runs a program by the entry point that `pulumi up` and `pulumi preview` start, in a process of its own and with the
 * arguments and environment of Pulumi's language host, against an engine that reaches no cloud. Rejects where the program
 * asks for what this engine can't answer.
 *
 * @param before what there is already; nothing if left out, so that every resource is new
 */
export async function runUnderEngine(options: ProgramRun, before: Before = {}): Promise<EngineRun> {
  const project = readProject(options.program);
  const { result, ...did } = await withEngine(
    { ...options, project: project.name },
    (address) => runProgram(project, options, address),
    before,
  );
  return { ...did, ...result };
}

/** What was registered and said while something ran against the engine. */
interface WithEngine<T> extends Omit<EngineRun, "exitCode" | "stderr"> {
  readonly result: T;
}

/**
 * Runs something against an engine that listens at the address. Rejects where it asks for what this engine can't answer.
 *
 * @param options as {@link runUnderEngine}, and the project's name
 */
export async function withEngine<T>(
  options: ProgramRun & { readonly project: string },
  run: (address: string) => Promise<T>,
  before: Before = {},
): Promise<WithEngine<T>> {
  const update = beginUpdate(before, options.preview);
  const recording: Recording = { resources: [], outputs: {}, diagnostics: [], invokes: [], refusals: [], update };
  const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  server.addService(EngineService, engine(recording));
  server.addService(ResourceMonitorService, resourceMonitor(recording, options.project, options));
  try {
    const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", ServerCredentials.createInsecure());
    const result = await run(`127.0.0.1:${port}`);
    if (recording.refusals.length > 0) throw new Error(recording.refusals.join("\n"));
    const { resources, outputs, diagnostics, invokes } = recording;
    // A program that failed has not said all that it wants to stand.
    if (!diagnostics.some(({ severity }) => severity === "error")) {
      for (const message of update.end()) diagnostics.push({ severity: "error", message });
    }
    return { resources, outputs, diagnostics, invokes, steps: update.steps, state: update.state, result };
  } finally {
    server.forceShutdown();
  }
}

/** The engine's own limit. A bundle travels inside its message, and gRPC's default is 4 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const STACK_TYPE = "pulumi:pulumi:Stack";

const ACCOUNT = "123456789012";

const ORGANIZATION = "o-a1b2c3d4e5";

/** What the provider puts behind a logical name where none is given: random hex digits, here the next that are free. */
const FIRST_SUFFIX = 0x1a2b3c4;

/**
 * What the SDK may ask for. Aliases, deletedWith and replaceWith say what becomes of earlier resources, which this engine
 * knows by their URNs alone. Transforms, hooks and parameterized packages would need the engine to call back, which this one doesn't do.
 */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
]);

const SEVERITIES: Readonly<Record<LogSeverity, Diagnostic["severity"]>> = {
  [LogSeverity.DEBUG]: "debug",
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
};

interface Recording {
  readonly resources: RegisteredResource[];
  outputs: Readonly<Record<string, unknown>>;
  readonly diagnostics: Diagnostic[];
  readonly invokes: string[];
  /** What the program asked for and this engine can't do: a fault of the test, whatever the program makes of it. */
  readonly refusals: string[];
  readonly update: Update;
}

/** The calls that programs make of the engine itself. gRPC answers UNIMPLEMENTED for the ones left out. */
function engine({ diagnostics }: Recording): Pick<IEngineServer, "log" | "setRootResource"> {
  return {
    log: answering((request) => {
      diagnostics.push({ severity: SEVERITIES[request.getSeverity()], message: request.getMessage() });
      return new Empty();
    }),
    setRootResource: answering(() => new SetRootResourceResponse()),
  };
}

/** The calls by which resources come about. Left out likewise: what would call back, or read what exists. */
function resourceMonitor(
  recording: Recording,
  project: string,
  options: ProgramRun,
): Pick<
  IResourceMonitorServer,
  "supportsFeature" | "registerResource" | "registerResourceOutputs" | "invoke" | "signalAndWaitForShutdown"
> {
  const urns = new Set<string>();
  return {
    supportsFeature: answering((request) => new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId()))),

    registerResource: answering((request) => {
      const type = request.getType();
      const name = request.getName();
      if (request.getRemote()) refuse(recording, `${type} is a component of another program`);
      if (request.getImportid() !== "") refuse(recording, `${type} ${name} is to be imported`);
      const urn = urnOf(request, project, options.stack);
      if (urns.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
      urns.add(urn);

      const wire = request.getObject()?.toJavaScript() ?? {};
      const inputs = decodeAll(wire, options.program);
      const trigger = request.getReplacementTrigger()?.toJavaScript();
      const resource: RegisteredResource = {
        urn,
        type,
        name,
        custom: request.getCustom(),
        inputs,
        parent: request.getParent(),
        dependencies: request.getDependenciesList(),
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        ...(trigger !== undefined && { replacementTrigger: decode(trigger, options.program) }),
      };
      recording.resources.push(resource);
      const outcome = recording.update.register(resource, namesFor(resource));
      const region = () => regionOf(request.getProvider(), recording, options);

      const response = new RegisterResourceResponse().setUrn(urn);
      if (outcome.op === "failed") {
        recording.diagnostics.push({ severity: "error", message: `${urn}: ${outcome.error}` });
        return response.setResult(Result.FAIL);
      }
      if (outcome.op === "skipped") return response.setResult(Result.SKIP);
      if (!request.getCustom()) return response.setObject(Struct.fromJavaScript(wire));
      const { id, computed } = computedBy(outcome.resource, unknownAfter(outcome.op, options.preview), region);
      // What was given comes back as it came, so that a secret stays a secret and an asset an asset.
      return response.setId(id).setObject(Struct.fromJavaScript({ ...computed, ...wire }));
    }),

    registerResourceOutputs: answering((request) => {
      if (qualifiedTypeOf(request.getUrn()) === STACK_TYPE) {
        recording.outputs = decodeAll(request.getOutputs()?.toJavaScript() ?? {}, options.program);
      }
      return new Empty();
    }),

    invoke: answering((request) => {
      const token = request.getTok();
      recording.invokes.push(token);
      const result =
        resultOf(token, () => regionOf(request.getProvider(), recording, options), options.caller) ??
        ofOrganization(token, request.getArgs()?.toJavaScript() ?? {}, options.organization) ??
        refuse(recording, `the function ${token} was called`);
      return new InvokeResponse().setReturn(Struct.fromJavaScript(result));
    }),

    signalAndWaitForShutdown: answering(() => new Empty()),
  };
}

/** A unary call from a function; what it throws reaches the program as the failure of its call. */
function answering<Request, Response>(answer: (request: Request) => Response): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    let response: Response;
    try {
      response = answer(request);
    } catch (error) {
      // Neither UNAVAILABLE nor CANCELLED: by these the SDK understands that the engine is gone, and ends in silence.
      callback({ code: status.INVALID_ARGUMENT, details: error instanceof Error ? error.message : String(error) });
      return;
    }
    callback(null, response);
  };
}

function refuse({ refusals }: Recording, what: string): never {
  const refusal = `The fake engine can't answer: ${what}.`;
  refusals.push(refusal);
  throw new Error(refusal);
}

function urnOf(request: RegisterResourceRequest, project: string, stack: string): string {
  const parentType = qualifiedTypeOf(request.getParent());
  const within = parentType === undefined || parentType === STACK_TYPE ? "" : `${parentType}$`;
  return `urn:pulumi:${stack}::${project}::${within}${request.getType()}::${request.getName()}`;
}

/** The type in a URN, the types of its parents before it. */
function qualifiedTypeOf(urn: string): string | undefined {
  return urn.split("::")[2];
}

type Inputs = Readonly<Record<string, unknown>>;

/** What the AWS provider computes for a type that has an ARN, and which of the two is its id. */
interface Computed {
  readonly id: "name" | "arn";
  /** What the name is called, if not name. */
  readonly nameProperty?: string;
  readonly arn: (name: string, inputs: Inputs, region: string) => string;
  /** What it computes beside them, as AWS writes it. */
  readonly more?: (name: string, region: string, revision: number) => Readonly<Record<string, string | boolean>>;
}

const COMPUTED: ReadonlyMap<string, Computed> = new Map<string, Computed>([
  ["aws:iam/group:Group", { id: "name", arn: iamArn("group") }],
  ["aws:iam/policy:Policy", { id: "arn", arn: iamArn("policy") }],
  ["aws:iam/role:Role", { id: "name", arn: iamArn("role") }],
  [
    "aws:lambda/function:Function",
    {
      id: "name",
      arn: regionalArn("lambda", "function:"),
      more: (_name, _region, revision) => ({
        lastModified: new Date(Date.UTC(2026, 10, 20, 9, 0, revision)).toISOString().replace("Z", "+0000"),
      }),
    },
  ],
  ["aws:cloudwatch/eventRule:EventRule", { id: "name", arn: regionalArn("events", "rule/") }],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", { id: "name", arn: regionalArn("cloudwatch", "alarm:") }],
  ["aws:cloudwatch/logGroup:LogGroup", { id: "name", arn: regionalArn("logs", "log-group:") }],
  ["aws:sns/topic:Topic", { id: "arn", arn: regionalArn("sns", "") }],
  // Nobody clicks the link in the mail.
  [
    "aws:sns/topicSubscription:TopicSubscription",
    { id: "arn", arn: regionalArn("sns", ""), more: () => ({ pendingConfirmation: true }) },
  ],
  [
    "aws:sqs/queue:Queue",
    {
      id: "name",
      arn: regionalArn("sqs", ""),
      more: (name, region) => ({ url: `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}` }),
    },
  ],
  ["aws:cloudwatch/eventBus:EventBus", { id: "name", arn: regionalArn("events", "event-bus/") }],
  ["aws:cloudformation/stackSet:StackSet", { id: "name", arn: regionalArn("cloudformation", "stackset/") }],
  [
    "aws:organizations/policy:Policy",
    { id: "name", arn: (name) => `arn:aws:organizations::${ACCOUNT}:policy/${ORGANIZATION}/${name}` },
  ],
  ["aws:cloudtrail/trail:Trail", { id: "arn", arn: regionalArn("cloudtrail", "trail/") }],
  [
    "aws:s3/bucket:Bucket",
    {
      id: "name",
      nameProperty: "bucket",
      arn: (name, _, region) => `arn:${partitionOf(region).partition}:s3:::${name}`,
    },
  ],
]);

/** Likewise the names of types of which the program reads nothing that is computed. */
const NAMED: ReadonlyMap<string, string> = new Map([["aws:cloudwatch/dashboard:Dashboard", "dashboardName"]]);

function iamArn(kind: string): Computed["arn"] {
  return (name, inputs, region) =>
    `arn:${partitionOf(region).partition}:iam::${ACCOUNT}:${kind}${stringOr(inputs["path"], "/")}${name}`;
}

function regionalArn(service: string, prefix: string): Computed["arn"] {
  return (name, inputs, region) =>
    `arn:${partitionOf(region).partition}:${service}:${stringOr(inputs["region"], region)}:${ACCOUNT}:${prefix}${name}`;
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** What an answer leaves open: all that AWS gives, or what the provider computes anew at each change, or nothing. */
type Unknown = "everything" | "what changes" | "nothing";

/** A preview can't know what only the update brings about. */
function unknownAfter(op: "create" | "update" | "replace" | "same", preview: boolean): Unknown {
  if (!preview || op === "same") return "nothing";
  return op === "update" ? "what changes" : "everything";
}

/** The property that gives a resource its name in the account, where it has one. */
function namePropertyOf(type: string): string | undefined {
  const rule = COMPUTED.get(type);
  return rule === undefined ? NAMED.get(type) : (rule.nameProperty ?? "name");
}

/** What a resource may be called: what it is given, or its logical name with one suffix after the other. */
function* namesFor({ type, name, custom, inputs }: RegisteredResource): Generator<string> {
  if (!custom) return;
  const given = inputs[namePropertyOf(type) ?? ""];
  if (typeof given === "string") yield given;
  else for (let suffix = FIRST_SUFFIX; ; suffix++) yield `${name}-${suffix.toString(16)}`;
}

/**
 * The id of a resource and what its provider adds to its inputs. The preview of a new one has neither id nor ARN, but it
 * has the name: the provider chooses it when it checks the inputs, before anything is made.
 */
function computedBy(
  { type, inputs, physicalName: name, revision }: StandingResource,
  unknown: Unknown,
  region: () => string,
): { readonly id: string; readonly computed: Readonly<Record<string, string | boolean>> } {
  const rule = COMPUTED.get(type);
  if (rule === undefined) return { id: unknown === "everything" ? "" : name, computed: {} };
  const { nameProperty = "name" } = rule;
  const known = rule.more?.(name, region(), revision) ?? {};
  const more = unknown === "nothing" ? known : Object.fromEntries(Object.keys(known).map((key) => [key, unknownValue]));
  if (unknown === "everything") return { id: "", computed: { [nameProperty]: name, arn: unknownValue, ...more } };
  const arn = rule.arn(name, inputs, region());
  return { id: rule.id === "arn" ? arn : name, computed: { [nameProperty]: name, arn, ...more } };
}

/** The answer to a function of the provider, or `undefined` for one that it doesn't know. */
function resultOf(
  token: string,
  regionOfProvider: () => string,
  caller = `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/session`,
): Record<string, string> | undefined {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        id: ACCOUNT,
        accountId: ACCOUNT,
        arn: caller,
        userId: "AROAEXAMPLEEXAMPLE123:session",
      };
    case "aws:index/getPartition:getPartition":
      return partitionOf(regionOfProvider());
    case "aws:index/getRegion:getRegion": {
      const region = regionOfProvider();
      return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    }
    default:
      return undefined;
  }
}

/** What AWS Organizations answers, or `undefined` where there is no organization or another function. */
function ofOrganization(
  token: string,
  args: Readonly<Record<string, JavaScriptValue>>,
  organization: FakeOrganization | undefined,
): Record<string, JavaScriptValue> | undefined {
  if (organization === undefined) return undefined;
  const { managementAccount, below } = organization;
  switch (token) {
    case "aws:organizations/getOrganization:getOrganization":
      return { id: ORGANIZATION, masterAccountId: managementAccount };
    case "aws:organizations/getOrganizationalUnitDescendantAccounts:getOrganizationalUnitDescendantAccounts": {
      const parentId = String(args["parentId"]);
      return { id: parentId, parentId, accounts: (below[parentId] ?? []).map((id) => ({ id })) };
    }
    default:
      return undefined;
  }
}

function partitionOf(region: string) {
  const isChina = region.startsWith("cn-");
  const partition = isChina ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  const dnsSuffix = isChina ? "amazonaws.com.cn" : "amazonaws.com";
  return { id: partition, partition, dnsSuffix, reverseDnsPrefix: dnsSuffix.split(".").reverse().join(".") };
}

/** The region that a provider works in, by the reference `URN::ID`; the default one's is in the configuration. */
function regionOf(provider: string, { resources }: Recording, { config }: ProgramRun): string {
  const explicit = resources.find(({ urn }) => provider.startsWith(`${urn}::`))?.inputs["region"];
  const region = typeof explicit === "string" ? explicit : config["aws:region"];
  if (region === undefined) throw new Error("Missing region configuration: set aws:region");
  return region;
}

function decodeAll(wire: Readonly<Record<string, unknown>>, program: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decode(value, program)]));
}

/** A value off the wire as plain data. What is more than JSON travels as an object that carries a signature. */
function decode(value: unknown, program: string): unknown {
  if (value === unknownValue) return UNKNOWN;
  if (Array.isArray(value)) return value.map((element) => decode(element, program));
  if (!isObject(value)) return value;
  switch (value[specialSigKey]) {
    case undefined:
      return decodeAll(value, program);
    case specialSecretSig:
      return decode(value["value"], program);
    case specialOutputValueSig:
      return "value" in value ? decode(value["value"], program) : UNKNOWN;
    case specialResourceSig:
      return decode(value["id"] ?? value["urn"], program);
    case specialAssetSig:
      if (typeof value["path"] === "string") return readFileSync(resolve(program, value["path"]), "utf8");
      return value["text"] ?? value["uri"];
    case specialArchiveSig:
      return isObject(value["assets"]) ? decodeAll(value["assets"], program) : (value["path"] ?? value["uri"]);
    default:
      throw new Error(`Unrecognized signature '${String(value[specialSigKey])}'`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, JavaScriptValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
