import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

/** All that settings are read from. */
export interface StackConfiguration {
  /** The project's name, which is the namespace of its settings. */
  readonly project: string;
  readonly stack: string;
  /** Every key of the stack's configuration, namespace included, as `pulumi.runtime.allConfig()` gives them. */
  readonly config: Readonly<Record<string, string>>;
  /** The keys whose values the stack keeps encrypted. */
  readonly secretKeys: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What Pulumi and the environment say of the stack that is being deployed. */
export function stackConfiguration(): StackConfiguration {
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    config: pulumi.runtime.allConfig(),
    secretKeys: secretKeysIn(process.env["PULUMI_CONFIG_SECRET_KEYS"]),
    environment: process.env,
  };
}

const Keys = v.fallback(v.pipe(v.string(), v.parseJson(), v.array(v.string())), []);

/** The keys that Pulumi's language host lists in PULUMI_CONFIG_SECRET_KEYS; none where it is absent or empty. */
export function secretKeysIn(listed: string | undefined): ReadonlySet<string> {
  return new Set(v.parse(Keys, listed));
}

/** A key and its value, unless the stack keeps it secret. */
export function shown(key: string, { config, secretKeys }: StackConfiguration): string {
  return `${key} is ${secretKeys.has(key) ? "[secret]" : JSON.stringify(config[key])}`;
}
