import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PlainError } from "../config/plain-error";
import type { Settings } from "../core/settings";

/** What a deploy waits for. */
export interface AccountLook {
  /** Before the first resource. Rejects with a PlainError where the deploy would lock out its own caller. */
  readonly lockout: Promise<void>;
  /** In a preview, beside the resources. Rejects with a PlainError where it would newly hold more than failOnImpact. */
  readonly impact: Promise<void>;
}

/**
 * Looks at the account that the component's provider works in. In a preview, whom the settings would hold is told by
 * Pulumi's log. Where there is no engine, as under the mocks of tests, there is no account either.
 */
export function lookAtAccount(name: string, settings: Settings, component: pulumi.ComponentResource): AccountLook {
  if (!pulumi.runtime.hasEngine()) return { lockout: Promise.resolve(), impact: Promise.resolve() };
  // Loaded here, and by require: a program that is not tsx's own may have it compile what is required only.
  const { lookAtDeploy }: typeof import("../impact/at-deploy") = require("../impact/at-deploy");
  const { lockout, impact } = lookAtDeploy({
    question: { stack: pulumi.getStack(), name, settings },
    isPreview: pulumi.runtime.isDryRun(),
    config: pulumi.runtime.allConfig(),
    environment: process.env,
    provider: aws.getCallerIdentity({}, { parent: component }),
    info: (message) => void pulumi.log.info(message, component),
    warn: (message) => void pulumi.log.warn(message, component),
  });
  return { lockout: lockout.then(stop), impact: impact.then(stop) };
}

function stop(message: string | undefined): void {
  if (message !== undefined) throw new PlainError(message);
}
