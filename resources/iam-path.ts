import * as pulumi from "@pulumi/pulumi";

/** The IAM path under which everything of a stack lives, so that people and tools find it. */
export function iamPath(): string {
  return `/require-mfa/${pulumi.getStack()}/`;
}
