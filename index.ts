import * as pulumi from "@pulumi/pulumi";
import { noticesOf, readSettings, stackConfiguration } from "./config";
import { createGuards, guardPolicies } from "./resources/guard";
import { Handler } from "./resources/handler";
import { outputsOf } from "./resources/outputs";
import { Sweep } from "./resources/sweep";
import { Trigger } from "./resources/trigger";

/** The program that `pulumi up` runs; what it returns are the stack's outputs. */
export = async function program() {
  const settings = readSettings(stackConfiguration());
  for (const notice of noticesOf(settings)) void pulumi.log.warn(notice);
  const guards = createGuards(settings, await guardPolicies(settings));
  const handler = new Handler(settings, guards);
  const trigger = new Trigger(settings, handler, guards);
  const sweep = new Sweep(settings, handler, guards, trigger);
  return outputsOf(settings, guards, handler, trigger, sweep);
};
