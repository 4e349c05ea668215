/**
 * A text of others' making, with a replacement character for each that would not show: controls, line ends, and what
 * turns text round. Whoever writes a log's records writes their names, which must not write to a terminal or into a page.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
