import { substituted } from "./placeholders";

/** A CloudFormation template, as far as this project writes one (CloudFormation User Guide, "Template anatomy"). */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  /** By their names; CloudFormation takes no empty section. */
  readonly Conditions?: Readonly<Record<string, Condition>>;
  /** By their logical IDs. */
  readonly Resources: Resources;
  readonly Outputs: Readonly<Record<string, Output>>;
}

/** What is true or false where and when the stack is made (CloudFormation Template Reference, "Condition functions"). */
export type Condition =
  | { readonly "Fn::Equals": readonly [unknown, unknown] }
  | { readonly "Fn::Or": readonly Condition[] };

export type Resources = Readonly<Record<string, Resource>>;

interface Resource extends ResourceOptions {
  readonly Type: ResourceType;
  readonly Properties: Properties;
}

type ResourceType = `AWS::${string}::${string}`;
type Properties = Readonly<Record<string, unknown>>;

interface ResourceOptions {
  /** The logical IDs of what must be there first, beside what the properties refer to. */
  readonly DependsOn?: readonly string[];
  /** What becomes of it where its stack is deleted or leaves it out, but for a stack that was never completed. */
  readonly DeletionPolicy?: "RetainExceptOnCreate";
  /** What becomes of it where another takes its place. */
  readonly UpdateReplacePolicy?: "Retain";
}

interface Output {
  readonly Description: string;
  readonly Value: unknown;
}

/** A resource, in whose properties placeholders may stand. */
export function resource(Type: ResourceType, properties: Properties, options: ResourceOptions = {}): Resource {
  const Properties = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, substituted(value)]));
  return { Type, Properties, ...options };
}

/** Refers to a resource by its logical ID: its name, of a queue its URL, of a managed policy its ARN. */
export function ref(logicalId: string) {
  return { Ref: logicalId } as const;
}

/** Refers to the ARN of a resource by its logical ID. */
export function arnOf(logicalId: string) {
  return { "Fn::GetAtt": [logicalId, "Arn"] } as const;
}

/** A logical ID of words, which take letters and digits alone: QueueUntoldAlarm of "queue-untold" and "alarm". */
export function logicalId(...words: readonly string[]): string {
  return words
    .flatMap((word) => word.split("-"))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
