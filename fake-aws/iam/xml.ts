import type { IamError } from "./error";
import { type IamResult, type IamValue, isList, isMap, isoSeconds } from "./values";

const NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

/** The XML of an answer (API Reference, the sample response of each action). */
export function resultXml(action: string, result: IamResult, requestId: string): string {
  const members = membersXml(result);
  // Actions that answer nothing have no element for it.
  const resultElement = members === "" ? "" : element(`${action}Result`, members);
  const metadata = element("ResponseMetadata", textElement("RequestId", requestId));
  return `<${action}Response xmlns="${NAMESPACE}">${resultElement}${metadata}</${action}Response>\n`;
}

/** The XML of a refusal. */
export function errorXml({ code, message, status }: IamError, requestId: string): string {
  const type = textElement("Type", status < 500 ? "Sender" : "Receiver");
  const error = type + textElement("Code", code) + (message === "" ? "" : textElement("Message", message));
  return `<ErrorResponse xmlns="${NAMESPACE}">${element("Error", error)}${textElement("RequestId", requestId)}</ErrorResponse>\n`;
}

function membersXml(result: IamResult): string {
  return Object.entries(result)
    .map(([name, value]) => (value === undefined ? "" : valueXml(name, value)))
    .join("");
}

function valueXml(name: string, value: IamValue): string {
  if (typeof value !== "object") return textElement(name, String(value));
  if (value instanceof Date) return element(name, isoSeconds(value));
  if (value instanceof Uint8Array) return element(name, Buffer.from(value).toString("base64"));
  if (isMap(value)) return element(name, [...value].map(([key, each]) => entryXml(key, each)).join(""));
  if (isList(value)) return element(name, value.map((item) => valueXml("member", item)).join(""));
  return element(name, membersXml(value));
}

/** One entry of a map, such as the account's summary (API Reference, GetAccountSummary: SummaryMap.entry.N). */
function entryXml(key: string, value: number): string {
  return element("entry", textElement("key", key) + textElement("value", String(value)));
}

function element(name: string, content: string): string {
  return content === "" ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function textElement(name: string, text: string): string {
  return element(name, escapeXml(text));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#xD;",
};

/** Characters that XML 1.0 has no way to write, which a refused value may contain, become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? character);
}
