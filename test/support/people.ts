import type { World } from "./world";

type Having = "password" | "device";

/** Makes people in a world's account, as they were before the program came. */
export function peopleOf(world: World) {
  const personAt = (path: string, name: string, ...has: readonly Having[]): void => {
    world.root("CreateUser", { UserName: name, Path: path });
    if (has.includes("password")) world.root("CreateLoginProfile", { UserName: name, Password: "correct-horse" });
    if (has.includes("device")) world.enrol(name);
  };
  return {
    /** A user with an IAM path. */
    personAt,
    person: (name: string, ...has: readonly Having[]): void => personAt("/", name, ...has),
    /** Adds a user to a group. */
    join: (user: string, group: string): void => {
      world.root("AddUserToGroup", { UserName: user, GroupName: group });
    },
    /** Makes groups with nobody in them. */
    groups: (...names: readonly string[]): void => {
      for (const name of names) world.root("CreateGroup", { GroupName: name });
    },
    /** Where people stand, in this order. */
    standings: (...users: readonly string[]): readonly string[] => users.map((user) => world.standing(user)),
  };
}
