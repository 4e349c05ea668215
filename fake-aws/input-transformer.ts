/**
 * What EventBridge would deliver to a target that has an input transformer, for the rehearsal and for tests: the text of a
 * mail, quotation marks and line ends included, or JSON.
 *
 * It knows a closed part of the language and throws on the rest. The rules are those of the EventBridge User Guide, "Input
 * transformation", and of what AWS was seen to deliver to a queue (recorded in LocalStack's tests).
 */

export interface InputTransformer {
  /** Where each variable stands in the event: `{ user: "$.detail.user" }`. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /** An object of JSON, or lines of text, each in quotation marks, with `<user>` where the variable is to stand. */
  readonly inputTemplate: string;
}

const MAX_TEMPLATE_CHARACTERS = 8_192;

/**
 * What an event is delivered as.
 *
 * @throws Error on a transformer that EventBridge refuses or that is not known here, and where an event's values make of a
 *   template of JSON something that is none: within quotation marks EventBridge takes them as they are
 */
export function transformInput({ inputPaths, inputTemplate }: InputTransformer, event: unknown): string {
  if (inputTemplate.length > MAX_TEMPLATE_CHARACTERS) throw new Error("the template has more than 8,192 characters");
  const variable = (name: string): unknown => {
    const path = inputPaths[name];
    if (path === undefined) throw new Error(`the template has the placeholder <${name}>, for which there is no path`);
    return valueAt(path, event);
  };
  // "If you specify a variable to match a JSON path that doesn't exist in the event, that variable isn't created and won't
  // appear in the output."
  const asText = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
  const filled = (text: string) => text.replace(/<([\w-]+)>/g, (_, name: string) => asText(variable(name)));

  if (!inputTemplate.startsWith("{")) {
    for (const line of inputTemplate.split("\n")) {
      if (!/^"[^"\\]*"$/.test(line)) throw new Error(`a line of text is not in quotation marks, or has more: ${line}`);
    }
    return filled(inputTemplate);
  }
  // Strings, and what lies between them, where a variable stands for a whole value.
  const parts = inputTemplate.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [];
  const json = parts
    .map((part) =>
      part.startsWith('"')
        ? filled(part)
        : part.replace(/<([\w-]+)>/g, (_, name: string) => JSON.stringify(variable(name) ?? "")),
    )
    .join("");
  try {
    JSON.parse(json);
  } catch {
    throw new Error(`what the template makes of the event is no JSON: ${json}`);
  }
  return json;
}

/** What stands at a path in dot notation, undefined where nothing does. */
function valueAt(path: string, event: unknown): unknown {
  if (!/^\$(\.[\w-]+)+$/.test(path)) throw new Error(`the path ${path} is not in dot notation`);
  const [, ...fields] = path.split(".");
  return fields.reduce<unknown>((value, field) => {
    const found = typeof value === "object" && value !== null && Object.entries(value).find(([key]) => key === field);
    return found ? found[1] : undefined;
  }, event);
}
