/** A CloudFormation template, as far as this project writes one (CloudFormation User Guide, "Template anatomy"). */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Output>>;
}

/** A resource of a template, by its logical ID. */
interface Resource {
  readonly Type: `AWS::${string}::${string}`;
  readonly Properties: Readonly<Record<string, unknown>>;
  /** Logical IDs. */
  readonly DependsOn?: readonly string[];
  /** What becomes of it where its stack is deleted or leaves it out, or another takes its place. */
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
}

interface Output {
  readonly Description: string;
  readonly Value: unknown;
}
