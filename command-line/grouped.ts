/** A number as people read it: 6,144. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
