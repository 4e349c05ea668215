/** Lists that are told end at so many items: a log line, an event and a stack output are to stay small. */
const LIST_END = 100;

/** A list in words fit for a log: its first items, and how many more there are. */
export function listInWords(items: readonly string[], separator = ", "): string {
  const more = items.length - LIST_END;
  const listed = items.slice(0, LIST_END).join(separator);
  return more > 0 ? `${listed}${separator}and ${more} more` : listed;
}

/** How many items each list leaves out, by its name. */
export interface More {
  readonly more?: Readonly<Record<string, number>>;
}

/**
 * The same, but each list in it, or in an object in it, ends at {@link LIST_END}; `more` beside it says how many items
 * it leaves out.
 */
export function withShortLists<T extends object>(given: T): T & More;
export function withShortLists(given: object): object {
  const more: Record<string, number> = {};
  const shortened = Object.entries(given).map(([name, value]: [string, unknown]) => {
    if (!Array.isArray(value)) return [name, isObject(value) ? withShortLists(value) : value];
    if (value.length > LIST_END) more[name] = value.length - LIST_END;
    return [name, value.slice(0, LIST_END)];
  });
  return { ...Object.fromEntries(shortened), ...(Object.keys(more).length > 0 && { more }) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
