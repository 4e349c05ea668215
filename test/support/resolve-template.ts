import * as v from "valibot";

/** Where a stack is made from a template. */
export interface StackPlace {
  readonly accountId: string;
  readonly partition: "aws" | "aws-us-gov" | "aws-cn";
  readonly region: string;
  /** The UUID at the end of the stack's ID. */
  readonly uuid: string;
}

/** A resource as CloudFormation would make it. */
export interface ResolvedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  /** The logical IDs of all that is made before it, by DependsOn and by what it refers to. */
  readonly after: ReadonlySet<string>;
}

const Template = v.object({
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Properties: v.record(v.string(), v.unknown()),
      DependsOn: v.optional(v.array(v.string()), []),
    }),
  ),
});

/** The property that names a resource, by which a reference to it is resolved, of those that are referred to. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Role": "RoleName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::SQS::Queue": "QueueName",
};

/**
 * The resources of a template by their logical IDs, with all that refers to something resolved, as CloudFormation does it
 * in one account (CloudFormation Template Reference, "Intrinsic function reference").
 *
 * @param text the template as JSON
 * @throws Error where a function or a reference is unknown, a circle of references among them
 */
export function resolveTemplate(text: string, place: StackPlace): Readonly<Record<string, ResolvedResource>> {
  const { Resources, Conditions } = v.parse(Template, JSON.parse(text));
  const { accountId, partition, region, uuid } = place;
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": accountId,
    "AWS::StackId": `arn:${partition}:cloudformation:${region}:${accountId}:stack/StackSet-require-mfa-x/${uuid}`,
  };
  const resourceOf = (id: string) => {
    const found = Resources[id];
    if (found === undefined) throw new Error(`the template has no ${id}`);
    return found;
  };

  /** Resolves values of one resource, and notes in `refersTo` what they refer to. */
  const resolving = (refersTo: Set<string>) => {
    const nameOf = (id: string): string => {
      const { Type, Properties } = resourceOf(id);
      const property = NAMED_BY[Type];
      if (property === undefined) throw new Error(`how a ${Type} is named is not known here`);
      refersTo.add(id);
      return String(resolve(Properties[property]));
    };
    const arnOf = (id: string): string => {
      const { Type, Properties } = resourceOf(id);
      const name = nameOf(id);
      const iam = (kind: string) => `arn:${partition}:iam::${accountId}:${kind}${String(Properties["Path"])}${name}`;
      switch (Type) {
        case "AWS::IAM::ManagedPolicy":
          return iam("policy");
        case "AWS::IAM::Role":
          return iam("role");
        case "AWS::Lambda::Function":
          return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
        case "AWS::SQS::Queue":
          return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
        default:
          throw new Error(`the ARN of a ${Type} is not known here`);
      }
    };
    const ref = (id: string): string => {
      const known = pseudo[id];
      if (known !== undefined) return known;
      const name = nameOf(id);
      switch (resourceOf(id).Type) {
        case "AWS::IAM::ManagedPolicy":
          return arnOf(id);
        case "AWS::SQS::Queue":
          // As rehearsal/deployment.ts has it in every partition.
          return `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
        default:
          return name;
      }
    };
    const substitute = (text: string, variables: Readonly<Record<string, unknown>>): string =>
      text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
        if (literal !== "") return `\${${name}}`;
        return Object.hasOwn(variables, name) ? String(resolve(variables[name])) : ref(name);
      });
    const call = (name: string, given: unknown): unknown => {
      switch (name) {
        case "Ref":
          return ref(v.parse(v.string(), given));
        case "Fn::GetAtt":
          return arnOf(v.parse(v.tuple([v.string(), v.literal("Arn")]), given)[0]);
        case "Fn::Sub": {
          if (typeof given === "string") return substitute(given, {});
          const [text, variables] = v.parse(v.tuple([v.string(), v.record(v.string(), v.unknown())]), given);
          return substitute(text, variables);
        }
        case "Fn::Split": {
          const [by, text] = v.parse(v.tuple([v.string(), v.unknown()]), given);
          return String(resolve(text)).split(by);
        }
        case "Fn::Select": {
          const [index, list] = v.parse(v.tuple([v.string(), v.unknown()]), given);
          return v.parse(v.array(v.string()), resolve(list))[Number(index)];
        }
        case "Fn::If": {
          const [condition, then, otherwise] = v.parse(v.tuple([v.string(), v.unknown(), v.unknown()]), given);
          if (!Object.hasOwn(Conditions, condition)) throw new Error(`the template has no condition ${condition}`);
          return resolve(resolve(Conditions[condition]) === true ? then : otherwise);
        }
        case "Fn::Equals": {
          const [one, other] = v.parse(v.tuple([v.unknown(), v.unknown()]), given);
          return String(resolve(one)) === String(resolve(other));
        }
        case "Fn::Or":
          return v
            .parse(v.pipe(v.array(v.unknown()), v.minLength(2), v.maxLength(10)), given)
            .map(resolve)
            .some((each) => each === true);
        default:
          throw new Error(`${name} is not known here`);
      }
    };
    const resolve = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(resolve);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value);
      const [[name, given] = ["", undefined]] = entries;
      if (entries.length === 1 && (name === "Ref" || name.startsWith("Fn::"))) return call(name, given);
      return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each)]));
    };
    return resolve;
  };

  const direct = new Map<string, ReadonlySet<string>>();
  const resolved = Object.entries(Resources).map(([id, { Type, Properties, DependsOn }]) => {
    const refersTo = new Set<string>(DependsOn);
    for (const each of DependsOn) resourceOf(each);
    const resolve = resolving(refersTo);
    const known = Object.fromEntries(Object.entries(Properties).map(([name, value]) => [name, resolve(value)]));
    direct.set(id, refersTo);
    return { id, Type, Properties: known };
  });
  const afterOf = (id: string, on: readonly string[] = []): ReadonlySet<string> => {
    if (on.includes(id)) throw new Error(`a circle: ${[...on, id].join(", ")}`);
    const all = [...(direct.get(id) ?? [])];
    return new Set(all.flatMap((each) => [each, ...afterOf(each, [...on, id])]));
  };
  return Object.fromEntries(
    resolved.map(({ id, Type, Properties }) => [id, { Type, Properties, after: afterOf(id) }] as const),
  );
}
