import { endWithTheReader } from "../command-line/reader-gone";
import { deployerDocuments } from "./deployer";
import { documentsOf, protectionOf } from "./documents";
import { explain, explainDeployer, explainOrganization, explainProtection } from "./explain";
import { tables } from "./markdown";
import { type Options, readOptions, USAGE } from "./options";
import { organizationDocuments } from "./organization";

/** What the command line asks for, as text. */
function printed(options: Options): string {
  switch (options.print) {
    case "usage":
      return USAGE;
    case "markdown":
      return tables().join("\n\n");
    case "explanation":
      return explain(options.selection);
    case "json":
      return JSON.stringify(documentsOf(options.selection), undefined, 2);
    case "protection explained":
      return explainProtection(options.protection);
    case "protection":
      return JSON.stringify(protectionOf(options.protection), undefined, 2);
    case "organization explained":
      return explainOrganization(options.organization);
    case "organization":
      return JSON.stringify(Object.fromEntries(organizationDocuments(options.organization)), undefined, 2);
    case "deployer explained":
      return explainDeployer(options.reach);
    case "deployer":
      return JSON.stringify(deployerDocuments(options.reach), undefined, 2);
  }
}

/** The options, or undefined once it has been said what is wrong with them. */
function optionsOrRefusal(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

endWithTheReader();
const options = optionsOrRefusal();
if (options !== undefined) console.log(printed(options));
