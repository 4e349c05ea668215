/** The deploy roles as an account has them: `*` stands for it, where it is the same role in several. */
export function deployRolesIn(accountId: string, deployRoles: readonly string[]): readonly string[] {
  return deployRoles.map((arn) => arn.replace(/(?<=^arn:[\w-]+:iam::)\*/, accountId));
}

/**
 * Whether a caller is one of the deploy roles: a session of it, whose ARN has the role's name and not its path, or the role
 * itself.
 *
 * @param caller an ARN, as GetCallerIdentity tells it
 */
export function isDeployRole(caller: string, deployRoles: readonly string[]): boolean {
  const [, accountId, kind, name] = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(role|assumed-role)\/(.+)$/.exec(caller) ?? [];
  if (accountId === undefined || name === undefined) return false;
  const role = kind === "role" ? lastOf(name) : name.split("/")[0];
  return deployRolesIn(accountId, deployRoles).some((arn) => arn.split(":")[4] === accountId && lastOf(arn) === role);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
