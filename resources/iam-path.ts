import * as pulumi from "@pulumi/pulumi";
import { stackPath } from "../core/stack-path";

/** The IAM path of the stack that is being deployed. */
export function iamPath(): string {
  return stackPath(pulumi.getStack());
}
