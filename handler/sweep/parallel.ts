/**
 * Works through items, `width` at a time, for as long as `mayGoOn` says so. Returns the results of those that were
 * begun, in no order. What `work` throws is thrown, after what was begun has ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  mayGoOn: () => boolean,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    while (mayGoOn()) {
      const { value, done } = queue.next();
      if (done) return;
      results.push(await work(value));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** The items in an order in which each is as likely to stand anywhere. */
export function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(Math.random() * rest.length), 1));
}
