import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type LoopbackServer, listenOnLoopback } from "./loopback";

/** An instance of a StackSet, in the words of CloudFormation's API. */
export interface FakeInstance {
  readonly Account: string;
  readonly Region: string;
  readonly Status: "CURRENT" | "OUTDATED" | "INOPERABLE";
  readonly StatusReason?: string;
}

/** A StackSet, as a test changes it. */
export interface FakeStackSet {
  readonly name: string;
  callAs: "SELF" | "DELEGATED_ADMIN";
  instances: readonly FakeInstance[];
  operations: readonly { readonly Action: string; readonly CreationTimestamp: string }[];
  /** The code that every call is to fail with, if any. */
  failWith?: string | undefined;
}

/**
 * CloudFormation's API on a free loopback port, as far as it tells of one StackSet: ListStackInstances of a region and
 * ListStackSetOperations, by the AWS Query protocol, two a page. Whoever asks is let in.
 */
export async function serveStackSet(stackSet: FakeStackSet): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<readonly [number, string]> => {
      const form = new URLSearchParams(await text(request));
      const { failWith } = stackSet;
      if (failWith !== undefined) return [400, refusal(failWith, `${failWith} for a test`)];
      if (form.get("StackSetName") !== stackSet.name || form.get("CallAs") !== stackSet.callAs) {
        return [404, refusal("StackSetNotFoundException", "StackSet not found")];
      }
      const action = form.get("Action") ?? "";
      switch (action) {
        case "ListStackInstances": {
          const region = form.get("StackInstanceRegion");
          return [
            200,
            page(
              action,
              stackSet.instances.filter(({ Region }) => Region === region),
              form,
            ),
          ];
        }
        case "ListStackSetOperations":
          return [200, page(action, stackSet.operations, form)];
        default:
          return [400, refusal("InvalidAction", `not played here: ${action}`)];
      }
    };
    void answer().then(([status, xml]) => response.writeHead(status, { "content-type": "text/xml" }).end(xml));
  });
  return listenOnLoopback(server);
}

const PAGE = 2;

function page(action: string, all: readonly object[], form: URLSearchParams): string {
  const start = Number(form.get("NextToken") ?? "0");
  const members = all.slice(start, start + PAGE).map(
    (each) =>
      `<member>${Object.entries(each)
        .map(([name, value]) => element(name, String(value)))
        .join("")}</member>`,
  );
  const next = start + PAGE < all.length ? element("NextToken", String(start + PAGE)) : "";
  const result = `<Summaries>${members.join("")}</Summaries>${next}`;
  return `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`;
}

function refusal(code: string, message: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>${element("Code", code)}${element("Message", message)}</Error></ErrorResponse>`;
}

function element(name: string, value: string): string {
  return `<${name}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${name}>`;
}
