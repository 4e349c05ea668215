/** What to do about what the SDK says before it has asked AWS, by the error's name or message. */
const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: "; sign in as for AWS's CLI, by AWS_PROFILE, aws sso login or variables",
  "Region is missing": "; set AWS_REGION, for the queue's URL names none",
};

/**
 * What a call to AWS answers; names the call where it fails, which what the SDK throws does not.
 *
 * @param action as IAM names it, `sqs:ReceiveMessage`
 * @throws Error with AWS's code and words
 */
export async function named<T>(action: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new Error(`${action} failed: ${name}: ${message}${ADVICE[name] ?? ADVICE[message] ?? ""}`, { cause: error });
  }
}
