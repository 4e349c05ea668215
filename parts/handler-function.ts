/** What the handler's function is, in whichever form it is deployed. */
export const HANDLER_FUNCTION = {
  description: "require-mfa: holds IAM users until they have enrolled an MFA device",
  runtime: "nodejs24.x",
  architecture: "arm64",
  handler: "index.handler",
  /** The file that the handler's bundle is. */
  file: "index.mjs",
  memoryMb: 256,
  /** The most that Lambda gives one invocation: a sweep of many users takes its time. */
  timeoutSeconds: 900,
  /** Text leaves the handler's JSON lines as they are; Lambda's own JSON format would wrap them once more. */
  logFormat: "Text",
  /** How long decisions can be looked up. */
  logRetentionDays: 365,
  roleDescription: "require-mfa: reads users, and moves them between its own guards",
} as const;
