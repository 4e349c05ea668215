import * as pulumi from "@pulumi/pulumi";
import { COMPONENT_NAME } from "./config/component-name";
import { foreignKeysWarning } from "./config/foreign-keys";
import { readSettings } from "./config/read-settings";
import { stackConfiguration } from "./config/stack-configuration";
import { tellSourcePositions } from "./config/tell-source-positions";
import { outputsOf } from "./resources/outputs";
import { RequireMfa } from "./resources/require-mfa";

/** The program that `pulumi up` runs; what it returns are the stack's outputs. */
export = async function program() {
  tellSourcePositions();
  const configuration = stackConfiguration();
  const settings = readSettings(configuration);
  const warning = foreignKeysWarning(configuration);
  if (warning !== undefined) void pulumi.log.warn(warning);
  return outputsOf(new RequireMfa(COMPONENT_NAME, settings));
};
