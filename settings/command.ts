/** The command that sets a setting to a text. */
export function setCommand(name: string, text: string): string {
  return `pulumi config set ${name} ${argument(text)}`;
}

/** The command that sets a setting to something yet to be chosen, of what is allowed. */
export function setCommandFor(name: string, allowed: string): string {
  return `pulumi config set ${name} <${allowed}>`;
}

/** The command that sets one entry of a list; the index after the last adds one. */
export function setEntryCommand(name: string, index: number, entry: string): string {
  // Within a list Pulumi makes a number or a boolean of what reads as one, unless told not to.
  const type = /^([+-]?\d+|true|false)$/.test(entry) ? " --type string" : "";
  return `pulumi config set --path${type} ${quoted(`${name}[${index}]`)} ${argument(entry)}`;
}

/** The command that takes a key away, with its namespace or, for one of the program's own settings, without. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${quoted(key)}`;
}

/** The command that takes one entry out of a list; those after it move up. */
export function removeEntryCommand(name: string, index: number): string {
  return `pulumi config rm --path ${quoted(`${name}[${index}]`)}`;
}

/** As the last word of a command line, where a leading dash would read as an option. */
function argument(text: string): string {
  return text.startsWith("-") ? `-- ${quoted(text)}` : quoted(text);
}

/** As one word of a shell's command line. */
function quoted(word: string): string {
  return /^[\w:./-][\w:./@+=-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
