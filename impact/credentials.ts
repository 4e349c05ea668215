import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { wordsOf } from "../core/words-of";
import type { AwsSettings, StaticKey } from "./aws-settings";

/**
 * How long an instance or a container may take to tell its credentials. Anywhere else nobody answers, and a preview waits
 * for nothing.
 */
const METADATA_TIMEOUT_MS = 300;

/**
 * Finds credentials where the AWS provider finds them: in the stack's configuration, in the environment, in the profile,
 * in what an instance or a container tells. Roles of the configuration are not assumed yet.
 *
 * @throws Error where there are none, or none that can be used
 */
export async function findCredentials(aws: AwsSettings): Promise<StaticKey> {
  if (aws.key !== undefined) return aws.key;
  const provider = defaultProvider({
    ...(aws.profile !== undefined && { profile: aws.profile }),
    ...(aws.configFile !== undefined && { configFilepath: aws.configFile }),
    ...(aws.credentialsFile !== undefined && { filepath: aws.credentialsFile }),
    clientConfig: { region: aws.region },
    timeout: METADATA_TIMEOUT_MS,
    maxRetries: 0,
    logger: SILENT,
  });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await provider();
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  } catch (error) {
    throw new Error(`no credentials: ${wordsOf(error)}`, { cause: error });
  }
}

/** The SDK would warn on the console of credentials that are there twice. */
const SILENT = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
