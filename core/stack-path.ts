/** The IAM path under which everything of a stack lives, so that people and tools find it. */
export function stackPath(stack: string): string {
  return `/require-mfa/${stack}/`;
}
