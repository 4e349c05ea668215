import { deployRolesIn } from "../core/deploy-roles";
import type { Settings } from "../core/settings";
import type { Problem } from "./settings-error";

/** The environment of a Lambda function ends at 4 KB, and the lists share it with the guards and the other rules. */
const MAX_BYTES_OF_LISTS = 2_500;

/** An EventBridge pattern ends at 2,048 characters, and each name of a group stands in it as a matcher of its own. */
const MAX_CHARACTERS_OF_GROUPS = 700;
const CHARACTERS_OF_A_MATCHER = 25;

/** As in the patterns for tampering, in each of which all roles stand, with quotation marks and a comma. */
const MAX_CHARACTERS_OF_DEPLOY_ROLES = 700;
const CHARACTERS_OF_A_VALUE = 3;

/** As long as every account's. */
const AN_ACCOUNT = "123456789012";

type ListName = "onlyPaths" | "exemptPaths";

/**
 * What the lists take together is more than there is room for.
 *
 * @param fixBy the command that adds a path, the way out, to a list of paths of which there are so many
 */
export function oversizeOf(
  settings: Settings,
  fixBy: (name: ListName, index: number) => string | undefined,
): readonly Problem[] {
  const { onlyUsers, onlyPaths, onlyGroups, exemptUsers, exemptPaths, exemptGroups, deployRoles } = settings;
  const only = [onlyUsers, onlyPaths, onlyGroups].map(bytesOf);
  const exempt = [exemptUsers, exemptPaths, exemptGroups].map(bytesOf);
  const bytes = [...only, ...exempt].reduce((sum, each) => sum + each);
  const characters = charactersOf(onlyGroups) + charactersOf(exemptGroups);
  const roles = charactersOf(deployRolesIn(AN_ACCOUNT, deployRoles), CHARACTERS_OF_A_VALUE);
  const fix = (isOnly: boolean) =>
    isOnly ? fixBy("onlyPaths", onlyPaths.length) : fixBy("exemptPaths", exemptPaths.length);
  const problems: Problem[] = [];
  if (bytes > MAX_BYTES_OF_LISTS) {
    problems.push({
      given: `the lists of the scope and of the exempt take ${grouped(bytes)} bytes in the function's environment`,
      problems: [
        `must take at most ${grouped(MAX_BYTES_OF_LISTS)}, because the environment of a Lambda function ends at 4 KB; name a path or a group instead of many users`,
      ],
      fix: fix(Math.max(...only) > Math.max(...exempt)),
    });
  }
  if (characters > MAX_CHARACTERS_OF_GROUPS) {
    problems.push({
      given: `onlyGroups and exemptGroups take ${grouped(characters)} characters, each name ${CHARACTERS_OF_A_MATCHER} more than its own`,
      problems: [
        `must take at most ${grouped(MAX_CHARACTERS_OF_GROUPS)}, because an EventBridge pattern ends at 2,048; name a path instead of many groups`,
      ],
      fix: fix(charactersOf(onlyGroups) > charactersOf(exemptGroups)),
    });
  }
  if (roles > MAX_CHARACTERS_OF_DEPLOY_ROLES) {
    problems.push({
      given: `deployRoles takes ${grouped(roles)} characters, each ARN ${CHARACTERS_OF_A_VALUE} more than its own`,
      problems: [
        `must take at most ${grouped(MAX_CHARACTERS_OF_DEPLOY_ROLES)}, because an EventBridge pattern ends at 2,048; deploy by fewer roles`,
      ],
    });
  }
  return problems;
}

/** As Lambda measures it: all variables as one JSON object, in which the quotes of a list that is JSON are escaped. */
function bytesOf(list: readonly string[]): number {
  const quoted = JSON.stringify(JSON.stringify(list));
  return Buffer.byteLength(quoted.slice(1, -1));
}

function charactersOf(values: readonly string[], besides = CHARACTERS_OF_A_MATCHER): number {
  return values.reduce((sum, value) => sum + value.length + besides, 0);
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
