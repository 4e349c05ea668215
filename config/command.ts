/** The command that sets a setting to a text. */
export function setCommand(name: string, text: string): string {
  return `pulumi config set ${name} ${quoted(text)}`;
}

/** The command that sets one entry of a list to what only its reader can fill in. */
export function setEntryCommand(name: string, index: number, placeholder: string): string {
  // Of digits alone the CLI would make a number, which it then refuses itself in a list of texts.
  const type = placeholder === "ACCOUNT" ? "--type string " : "";
  return `pulumi config set --path ${type}${quoted(`${name}[${index}]`)} ${placeholder}`;
}

/** The command that takes a key away, with its namespace or, for one of the program's own settings, without. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${quoted(key)}`;
}

/** The command that takes one entry out of a list; those after it move up. */
export function removeEntryCommand(name: string, index: number): string {
  return `pulumi config rm --path ${quoted(`${name}[${index}]`)}`;
}

/** As one word of a shell's command line. */
function quoted(word: string): string {
  return /^[\w:./-][\w:./@+=-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
