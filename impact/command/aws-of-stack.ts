import type { StackConfiguration } from "../../config/stack-configuration";
import { type AwsSettings, readAwsSettings } from "../aws-settings";

/** Which account a stack's configuration says, and what of it is not followed, in words. */
export interface AwsOfStack {
  readonly aws: AwsSettings;
  readonly warnings: readonly string[];
}

/** Reads where a stack is deployed to, but for what is encrypted: a command has no key to it. */
export function awsOfStack({ config, secretKeys, environment }: StackConfiguration): AwsOfStack {
  const readable = Object.fromEntries(Object.entries(config).filter(([key]) => !secretKeys.has(key)));
  const aws = readAwsSettings(readable, environment);
  const secret = [...secretKeys].filter((key) => key.startsWith("aws:"));
  const warnings = [...aws.notFollowed, ...secret].map(
    (key) => `${key} is not followed here: this may be another account than the one that Pulumi deploys to`,
  );
  return { aws, warnings };
}
