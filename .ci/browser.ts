import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as v from "valibot";

/** What of puppeteer is used here: it is no dependency of this project, and so its types are not at hand. */
interface PuppeteerPage {
  setViewport(size: { readonly width: number; readonly height: number }): Promise<void>;
  emulateMediaFeatures(features: readonly { readonly name: string; readonly value: string }[]): Promise<void>;
  emulateMediaType(type: "screen" | "print"): Promise<void>;
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  screenshot(options: { readonly path?: `${string}.png` }): Promise<Uint8Array>;
  pdf(): Promise<Uint8Array>;
  close(): Promise<void>;
  on(event: "console", told: (message: { text(): string }) => void): void;
  on(event: "pageerror", told: (error: unknown) => void): void;
  on(event: "request", told: (request: { url(): string }) => void): void;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}

interface PuppeteerBrowser {
  newPage(): Promise<PuppeteerPage>;
  close(): Promise<void>;
}

type Launch = (options: object) => Promise<PuppeteerBrowser>;

const Puppeteer = v.object({ launch: v.custom<Launch>((given) => typeof given === "function") });
const Axe = v.object({ source: v.string() });
const Violations = v.array(v.string());

/** In CSS pixels. */
const MOST_HEIGHT = 3000;

export type Scheme = "light" | "dark";

/** What a page is seen in. */
interface Seen {
  /** In CSS pixels. */
  readonly width: number;
  readonly scheme: Scheme;
}

/** A page that is open. */
export interface OpenPage {
  /** What the page told on its console, which errors it threw, and what it asked for beside itself. */
  readonly faults: readonly string[];
  /** The value of an expression in the page. */
  readonly ask: <S extends v.GenericSchema>(schema: S, expression: string) => Promise<v.InferOutput<S>>;
  readonly press: (...keys: readonly string[]) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  /** What axe-core finds, of any of its rules. */
  readonly violations: () => Promise<readonly string[]>;
  /** The page down to {@link MOST_HEIGHT} as a PNG, written to a file as well where one is given. */
  readonly shoot: (path?: `${string}.png`) => Promise<Uint8Array>;
  /** As it would be printed. */
  readonly print: () => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}

export interface Browser {
  readonly open: (file: string, seen: Seen) => Promise<OpenPage>;
  readonly close: () => Promise<void>;
}

/**
 * Starts Chromium by puppeteer-core, with axe-core beside it.
 *
 * @param folder where both are installed
 * @param chromium the path of the browser
 */
export async function startBrowser(folder: string, chromium: string): Promise<Browser> {
  const load = createRequire(resolve(join(folder, "package.json")));
  const { launch } = v.parse(Puppeteer, load("puppeteer-core"));
  const { source } = v.parse(Axe, load("axe-core"));
  // Root, as whom containers run it, has no sandbox.
  const browser = await launch({ executablePath: chromium, args: ["--no-sandbox"] });
  return {
    open: async (file, { width, scheme }) => {
      const page = await browser.newPage();
      const url = `file://${resolve(file)}`;
      const faults: string[] = [];
      page.on("console", (message) => faults.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`error: ${error}`));
      page.on("request", (request) => {
        if (request.url() !== url) faults.push(`request: ${request.url()}`);
      });
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      await page.goto(url);
      const ask: OpenPage["ask"] = async (schema, expression) => v.parse(schema, await page.evaluate(expression));
      return {
        faults,
        ask,
        press: async (...keys) => {
          for (const key of keys) await page.keyboard.press(key);
        },
        type: (text) => page.keyboard.type(text),
        violations: async () => {
          // Of a long table its beginning and each seventh row: it takes a second for some twenty.
          const context = { exclude: [["tr:nth-child(n + 30):not(:nth-child(7n))"]] };
          await page.evaluate(`globalThis.axe ?? (() => { ${source} })()`);
          return ask(
            Violations,
            `axe.run(${JSON.stringify(context)}, { resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
              nodes.map(({ html, failureSummary }) => id + " " + html.slice(0, 200) + ": " + failureSummary)))`,
          );
        },
        shoot: async (path) => {
          const height = await ask(v.number(), `Math.min(document.documentElement.scrollHeight, ${MOST_HEIGHT})`);
          await page.setViewport({ width, height: Math.max(height, 1) });
          return page.screenshot(path === undefined ? {} : { path });
        },
        print: async () => {
          await page.emulateMediaType("print");
          return page.pdf();
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
