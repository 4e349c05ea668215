/** Says on stderr what wants a look and stops nothing. */
export function warn(text: string): void {
  console.error(`warning: ${text}`);
}
