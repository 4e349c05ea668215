/** IAM's names differ by more than case ("IAM and AWS STS quotas", IAM name requirements). */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
