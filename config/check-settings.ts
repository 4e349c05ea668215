import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { type SettingName, type Settings, settingsBy } from "../core/settings";
import { conflictsOf } from "./conflicts";
import { organizationConflictsOf } from "./organization";
import { oversizeOf } from "./oversize";
import type { Problem } from "./settings-error";

/** What was given for each setting, unchecked; a setting that is absent or undefined has its default. */
export type GivenSettings = { readonly [Name in SettingName]?: unknown };

/** What is wrong with a setting, as far as a command could put it right. */
export type Fault = { readonly kind: "value" } | { readonly kind: "entry" | "repeated entry"; readonly index: number };

/** How settings are told of where they were given. */
export interface Wording {
  /** A setting and its value. */
  readonly shown: (name: SettingName) => string;
  /** The one command that puts a fault right, or shows how. */
  readonly fix: (name: SettingName, fault: Fault) => string | undefined;
}

/** Checks settings: all of them with their values, and everything that is wrong. A wrong one has its default. */
export function checkSettings(
  given: GivenSettings,
  { shown, fix }: Wording,
): { readonly settings: Settings; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const settings = settingsBy((name, { kind, defaultValue }) => {
    const value = given[name];
    if (value === undefined) return defaultValue;
    if ((Array.isArray(value) ? value : [value]).some(isPending)) {
      problems.push({ given: `${name} is an Output`, problems: [PLAIN_VALUES_ONLY] });
      return defaultValue;
    }
    const parsed = v.safeParse(kind.schema, value);
    if (parsed.success) return parsed.output;
    problems.push({
      given: shown(name),
      problems: parsed.issues.map(({ message }) => message),
      fix: fix(name, faultOf(parsed.issues[0])),
    });
    return defaultValue;
  });
  return {
    settings,
    problems: [
      ...problems,
      ...conflictsOf(settings, (name) => ({ given: shown(name), fix: fix(name, { kind: "value" }) })),
      ...organizationConflictsOf(settings, (name, fault) => ({
        given: given[name] === undefined ? `${name} is not given` : shown(name),
        fix: fix(name, fault),
      })),
      ...oversizeOf(settings, (name, index) => fix(name, { kind: "entry", index })),
    ],
  };
}

const PLAIN_VALUES_ONLY =
  "must be a plain value, for settings and policies are checked before the first resource is there to have outputs";

function faultOf({ type, path }: v.BaseIssue<unknown>): Fault {
  const index = path?.[0]?.key;
  if (typeof index !== "number") return { kind: "value" };
  return { kind: type === "check_items" ? "repeated entry" : "entry", index };
}

function isPending(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
