import { readSettings, stackConfiguration } from "./config";
import { createGuards } from "./resources/guard";
import { Handler } from "./resources/handler";
import { outputsOf } from "./resources/outputs";
import { Trigger } from "./resources/trigger";

/** The program that `pulumi up` runs; what it returns are the stack's outputs. */
export = function program() {
  const settings = readSettings(stackConfiguration());
  const guards = createGuards(settings);
  const handler = new Handler(settings, guards);
  const trigger = new Trigger(handler, guards);
  return outputsOf(settings, guards, handler, trigger);
};
