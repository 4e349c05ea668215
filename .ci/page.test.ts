import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import * as v from "valibot";
import { organizationPage } from "../impact/command/organization-page";
import { page } from "../impact/command/page";
import { type Browser, type OpenPage, type Scheme, startBrowser } from "./browser";
import { EMPTY, FIVE, HOSTILE_PATH, LARGE, LARGE_ORGANIZATION, LONG_NAME, ORGANIZATION } from "./impacts";

/*
 * The impact's page and the rehearsal's picture before judges who are not ours: Chromium, and axe-core, driven by
 * puppeteer-core. BROWSER_JUDGES names the folder that .ci/run installs the two in, CHROMIUM the browser, and
 * SCREENSHOTS a folder for pictures of all that is looked at.
 */

const WIDTHS = [360, 1280] as const;
const SCHEMES: readonly Scheme[] = ["light", "dark"];

/** Beyond the right edge of the window: the page itself, or what it has. */
const OVERFLOWING = `[
  ...(document.documentElement.scrollWidth > innerWidth ? ["the page"] : []),
  ...[...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
    .map((each) => each.outerHTML.slice(0, 200)),
]`;

const Texts = v.array(v.string());

/** The names of the users that are shown, in order. */
const SHOWN = `[...document.querySelectorAll("#people tbody tr:not([hidden]) th")].map((each) => each.firstChild.textContent.trim())`;

/** What a screen reader says of the list as it changes. */
const TOLD = `document.querySelector("[role=status]").textContent`;

/** The headers that say that the table is sorted by them, and how. */
const SORTED = `[...document.querySelectorAll("[aria-sort]")].map((each) => each.textContent + " " + each.ariaSort)`;

/** What has the keyboard, by its label or its text. */
const FOCUSED = `(document.activeElement.labels?.[0]?.firstChild ?? document.activeElement).textContent.trim()`;

/** Goes on by the Tab key until something has the keyboard. */
async function tabTo(open: OpenPage, name: string): Promise<void> {
  for (let presses = 0; presses < 50; presses++) {
    if ((await open.ask(v.string(), FOCUSED)) === name) return;
    await open.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

describe("in Chromium", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const fileOf = (name: string) => join(folder, `${name}.html`);
  const shots = process.env["SCREENSHOTS"];
  let browser: Browser;

  before(async () => {
    const judges = process.env["BROWSER_JUDGES"];
    if (judges === undefined) {
      throw new Error("BROWSER_JUDGES must name the folder in which puppeteer-core and axe-core are installed");
    }
    browser = await startBrowser(judges, process.env["CHROMIUM"] ?? "/usr/bin/chromium");
    if (shots !== undefined) mkdirSync(shots, { recursive: true });
    const demo = ["--import=tsx", "impact/command/index.ts", "--demo", "--html", fileOf("demo")];
    expect(spawnSync(process.execPath, demo).status).to.equal(3);
    for (const [name, impact] of Object.entries({ five: FIVE, large: LARGE, empty: EMPTY })) {
      writeFileSync(fileOf(name), page(impact, name === "large" ? [HOSTILE_PATH] : []));
    }
    const demoOrganization = [...demo.slice(0, -1), fileOf("demo-organization"), "--organization"];
    expect(spawnSync(process.execPath, demoOrganization).status).to.equal(3);
    writeFileSync(fileOf("organization"), organizationPage(ORGANIZATION, []));
    writeFileSync(fileOf("large-organization"), organizationPage(LARGE_ORGANIZATION, [HOSTILE_PATH]));
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Looks at a file at each width, light and dark, takes a picture of it, and asks nothing of it but no fault. */
  async function atAll(file: string, name: string, look: (open: OpenPage) => Promise<void>): Promise<void> {
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        const open = await browser.open(file, { width, scheme });
        await look(open);
        if (shots !== undefined) await open.shoot(`${shots}/${name}-${width}-${scheme}.png`);
        expect(open.faults, `${name} at ${width} px, ${scheme}`).to.deep.equal([]);
        await open.close();
      }
    }
  }

  describe("the page of an impact", () => {
    const pages = { demo: "the rehearsal's account", large: "420 people", five: "five", empty: "nobody" };
    for (const [name, whose] of Object.entries(pages)) {
      it(`is without a fault, an overflow or a violation, of ${whose}, on a phone and a desk, light and dark`, async () => {
        await atAll(fileOf(name), name, async (open) => {
          expect(await open.ask(Texts, OVERFLOWING)).to.deep.equal([]);
          expect(await open.violations()).to.deep.equal([]);
        });
      });
    }

    it("stays so sorted, searched, filtered and with all that wants a look unfolded", async () => {
      await atAll(fileOf("large"), "large-used", async (open) => {
        await tabTo(open, "Search");
        await open.type("staff");
        await tabTo(open, "User");
        await open.press("Enter", "Enter");
        await open.ask(v.any(), `document.querySelectorAll("details").forEach((each) => { each.open = true; })`);
        expect(await open.ask(Texts, OVERFLOWING)).to.deep.equal([]);
        expect(await open.violations()).to.deep.equal([]);
      });
    });

    it("fits any window, with everybody shown", async () => {
      for (const width of [320, 480, 640, 768, 900, 1024, 1199, 1200, 1440, 1920]) {
        const open = await browser.open(fileOf("large"), { width, scheme: "light" });
        await tabTo(open, "Show everybody");
        await open.press("Enter");
        expect(await open.ask(v.string(), TOLD)).to.equal("420 of 420 users are shown");
        expect(await open.ask(Texts, OVERFLOWING), `${width} px`).to.deep.equal([]);
        await open.close();
      }
    });

    it("shows what is hostile as text, and runs none of it", async () => {
      const open = await browser.open(fileOf("large"), { width: 1280, scheme: "light" });
      const cells = await open.ask(
        Texts,
        `[...[...document.querySelectorAll("tbody th")].find((each) => each.textContent.startsWith("averylong")).parentNode.cells]
          .map((each) => each.textContent)`,
      );
      expect(cells[0]).to.equal(`${LONG_NAME} ${HOSTILE_PATH}`);
      expect(cells[5]).to.equal(
        "</script><script>console.error(1)</script> \ufffd\ufffd \ufffdright to left\ufffd \u05d0\u05d1\u05d2 \ufffd \"'`",
      );
      expect(
        await open.ask(Texts, `[...document.querySelectorAll(".what-if")].map((each) => each.textContent)`),
      ).to.deep.equal([`What if ${HOSTILE_PATH}`]);
      expect(
        await open.ask(v.array(v.number()), "[document.scripts.length, document.images.length, document.links.length]"),
      ).to.deep.equal([1, 0, 0]);
      expect(open.faults).to.deep.equal([]);
      await open.close();
    });

    describe("goes by the keyboard alone", () => {
      for (const width of WIDTHS) {
        it(`and shows where it is, at ${width} px`, async () => {
          const open = await browser.open(fileOf("five"), { width, scheme: "dark" });
          const stops: string[] = [];
          await open.press("Tab");
          for (let last = ""; last !== "Look at"; ) {
            last = await open.ask(v.string(), FOCUSED);
            // The filter is of the same name as the column.
            if (last === "Look at" && !stops.includes("User")) last = "Look at: the filter";
            stops.push(last);
            const isSeen = `(() => {
              const { outlineStyle, visibility } = getComputedStyle(document.activeElement);
              const { width, height, top, bottom } = document.activeElement.getBoundingClientRect();
              return outlineStyle !== "none" && visibility === "visible" && width > 20 && height > 15 && top >= 0 && bottom <= innerHeight;
            })()`;
            expect(await open.ask(v.boolean(), isSeen), last).to.equal(true);
            await open.press("Tab");
          }
          expect(stops).to.deep.equal([
            "1 access keys in use",
            "1 no authenticator app",
            "1 in nine groups or more",
            "1 of these the report does not tell",
            "Search",
            "Change",
            "Place, now or later",
            "Look at: the filter",
            "Show everybody",
            "User",
            "Has",
            "Now",
            "After",
            "Change",
            "Why",
            "Since",
            "Last used",
            "Look at",
          ]);
          await open.close();
        });
      }

      it("to each column, by which it sorts both ways, whoever has nothing there last", async () => {
        const open = await browser.open(fileOf("five"), { width: 1280, scheme: "light" });
        expect(await open.ask(Texts, SHOWN)).to.deep.equal(["ci", "person-10", "bob", "person-2", "doe,john"]);
        expect(await open.ask(Texts, SORTED)).to.deep.equal(["Change ascending"]);
        const orders: readonly (readonly [string, readonly string[], readonly string[]])[] = [
          [
            "User",
            ["bob", "ci", "doe,john", "person-2", "person-10"],
            ["person-10", "person-2", "doe,john", "ci", "bob"],
          ],
          [
            "Has",
            ["ci", "doe,john", "person-10", "bob", "person-2"],
            ["bob", "person-2", "person-10", "doe,john", "ci"],
          ],
          [
            "Now",
            ["bob", "ci", "person-10", "doe,john", "person-2"],
            ["person-2", "ci", "person-10", "doe,john", "bob"],
          ],
          [
            "After",
            ["person-2", "doe,john", "person-10", "ci", "bob"],
            ["ci", "bob", "person-10", "person-2", "doe,john"],
          ],
          [
            "Change",
            ["ci", "person-10", "bob", "person-2", "doe,john"],
            ["doe,john", "person-2", "bob", "ci", "person-10"],
          ],
          [
            "Why",
            ["bob", "person-2", "person-10", "ci", "doe,john"],
            ["doe,john", "ci", "person-10", "bob", "person-2"],
          ],
          [
            "Since",
            ["ci", "person-2", "bob", "person-10", "doe,john"],
            ["person-10", "bob", "person-2", "ci", "doe,john"],
          ],
          [
            "Last used",
            ["bob", "person-10", "ci", "person-2", "doe,john"],
            ["ci", "person-10", "bob", "person-2", "doe,john"],
          ],
          [
            "Look at",
            ["ci", "person-10", "bob", "doe,john", "person-2"],
            ["doe,john", "bob", "person-10", "ci", "person-2"],
          ],
        ];
        await tabTo(open, "Show everybody");
        await open.press("Tab");
        for (const [column, ascending, descending] of orders) {
          await tabTo(open, column);
          await open.press("Enter");
          expect(await open.ask(Texts, SHOWN), `${column}, ascending`).to.deep.equal(ascending);
          expect(await open.ask(Texts, SORTED)).to.deep.equal([`${column} ascending`]);
          await open.press("Space");
          expect(await open.ask(Texts, SHOWN), `${column}, descending`).to.deep.equal(descending);
          expect(await open.ask(Texts, SORTED)).to.deep.equal([`${column} descending`]);
          expect(await open.ask(v.string(), FOCUSED)).to.equal(column);
        }
        await open.close();
      });

      it("to the search, which finds by name, path, reason and what wants a look, and says how many", async () => {
        const searches: readonly (readonly [string, readonly string[], string])[] = [
          ["person", ["person-10", "person-2"], "2 of 5 users are shown"],
          ["STAFF", ["person-10"], "1 of 5 users are shown"],
          ["does not tell", ["doe,john"], "1 of 5 users are shown"],
          [" authenticator ", ["bob"], "1 of 5 users are shown"],
          ["s3 on 2026", ["ci"], "1 of 5 users are shown"],
          ["nobody of the name", [], "0 of 5 users are shown"],
        ];
        for (const [sought, found, told] of searches) {
          const open = await browser.open(fileOf("five"), { width: 360, scheme: "light" });
          await tabTo(open, "Search");
          await open.type(sought);
          expect(await open.ask(Texts, SHOWN), sought).to.deep.equal(found);
          expect(await open.ask(v.string(), TOLD)).to.equal(told);
          await open.close();
        }
      });

      it("to the filters by change, place and what wants a look, and back to everybody", async () => {
        const filters: readonly (readonly [string, string, readonly string[]])[] = [
          ["Change", "newly held", ["ci", "person-10"]],
          ["Change", "moved", ["bob"]],
          ["Change", "freed", ["person-2"]],
          ["Change", "not known", ["doe,john"]],
          ["Place, now or later", "free", ["ci", "person-10", "person-2", "doe,john"]],
          ["Place, now or later", "quarantine", ["person-10", "person-2"]],
          ["Place, now or later", "conditional", ["bob"]],
          ["Place, now or later", "sealed", ["ci", "bob"]],
          ["Look at", "access key in use", ["ci"]],
          ["Look at", "no authenticator app", ["bob"]],
          ["Look at", "nine groups or more", ["person-10"]],
          ["Look at", "not in the report", ["doe,john"]],
        ];
        const open = await browser.open(fileOf("five"), { width: 1280, scheme: "light" });
        for (const [name, value, shown] of filters) {
          await tabTo(open, "Search");
          await tabTo(open, name);
          await open.type(value);
          expect(await open.ask(Texts, SHOWN), `${name}: ${value}`).to.deep.equal(shown);
          expect(await open.ask(v.string(), TOLD)).to.equal(`${shown.length} of 5 users are shown`);
          await tabTo(open, "Show everybody");
          await open.press("Enter");
          expect(await open.ask(v.string(), TOLD)).to.equal("5 of 5 users are shown");
        }
        await open.close();
      });

      it("to a search that the filters leave nobody of, and says so", async () => {
        const open = await browser.open(fileOf("five"), { width: 1280, scheme: "light" });
        await tabTo(open, "Search");
        await open.type("person");
        await tabTo(open, "Place, now or later");
        await open.type("sealed");
        expect(await open.ask(v.string(), TOLD)).to.equal("0 of 5 users are shown; the search alone finds 2");
        await open.close();
      });
    });

    it("prints light, without its controls and within the paper", async () => {
      const open = await browser.open(fileOf("large"), { width: 794, scheme: "dark" });
      expect(Buffer.from(await open.print()).toString("latin1")).to.match(/^%PDF-/);
      const styles = `["form", "#people thead"].map((each) => getComputedStyle(document.querySelector(each)).display)
        .concat(getComputedStyle(document.body).color)`;
      expect(await open.ask(Texts, styles)).to.deep.equal(["none", "none", "rgb(26, 31, 38)"]);
      expect(await open.ask(Texts, OVERFLOWING)).to.deep.equal([]);
      if (shots !== undefined) await open.shoot(`${shots}/large-print.png`);
      await open.close();
    });

    it("moves nothing by itself", async () => {
      const open = await browser.open(fileOf("five"), { width: 1280, scheme: "light" });
      await tabTo(open, "User");
      await open.press("Enter");
      expect(await open.ask(v.number(), "document.getAnimations().length")).to.equal(0);
      await open.close();
    });
  });

  describe("the page of an organization", () => {
    /** The accounts that are shown, each with whether it is unfolded and the users that are shown in it. */
    const ACCOUNTS = `[...document.querySelectorAll(".account:not([hidden])")].map((each) => [
      each.querySelector("summary strong").textContent + (each.open ? ":" : ""),
      ...[...each.querySelectorAll("tbody tr:not([hidden]) th")].map((user) => user.firstChild.textContent.trim()),
    ].join(" "))`;
    const UNITS = `[...document.querySelectorAll("#people section:not([hidden]) h3")].map((each) => each.firstChild.textContent.trim())`;

    const pages = {
      "demo-organization": "the demonstration's",
      organization: "five accounts",
      "large-organization": "sixty accounts",
    };
    for (const [name, whose] of Object.entries(pages)) {
      it(`is without a fault, an overflow or a violation, of ${whose}, folded and unfolded, on a phone and a desk, light and dark`, async () => {
        await atAll(fileOf(name), name, async (open) => {
          expect(await open.ask(Texts, OVERFLOWING)).to.deep.equal([]);
          expect(await open.violations()).to.deep.equal([]);
          await open.ask(v.any(), `document.querySelectorAll("details").forEach((each) => { each.open = true; })`);
          expect(await open.ask(Texts, OVERFLOWING)).to.deep.equal([]);
          expect(await open.violations()).to.deep.equal([]);
        });
      });
    }

    it("fits any window", async () => {
      for (const width of [320, 480, 768, 1024, 1199, 1200, 1920]) {
        const open = await browser.open(fileOf("large-organization"), { width, scheme: "light" });
        await open.ask(v.any(), `document.querySelectorAll("details").forEach((each) => { each.open = true; })`);
        expect(await open.ask(Texts, OVERFLOWING), `${width} px`).to.deep.equal([]);
        await open.close();
      }
    });

    it("shows all accounts that were read, folded, by unit, and in them who does not stay", async () => {
      const open = await browser.open(fileOf("organization"), { width: 1280, scheme: "light" });
      expect(await open.ask(Texts, UNITS)).to.deep.equal(["Root", "Root / Workloads"]);
      expect(await open.ask(Texts, ACCOUNTS)).to.deep.equal([
        "management ci person-10 bob person-2 doe,john",
        "empty",
        "production ci person-10 bob person-2 doe,john",
      ]);
      expect(await open.ask(v.string(), TOLD)).to.equal("10 of 10 users are shown");
      await open.close();
    });

    const searches: readonly (readonly [string, readonly string[], readonly string[], string])[] = [
      [
        "staff",
        ["Root", "Root / Workloads"],
        ["management: person-10", "production: person-10"],
        "2 of 10 users are shown",
      ],
      [
        "000000000021",
        ["Root / Workloads"],
        ["production: ci person-10 bob person-2 doe,john"],
        "5 of 10 users are shown",
      ],
      ["empty", ["Root / Workloads"], ["empty"], "0 of 10 users are shown"],
      ["nobody of the name", [], [], "0 of 10 users are shown"],
    ];
    for (const [sought, units, accounts, told] of searches) {
      it(`is searched for «${sought}», and unfolds where it finds somebody`, async () => {
        const open = await browser.open(fileOf("organization"), { width: 360, scheme: "light" });
        await tabTo(open, "Search");
        await open.type(sought);
        expect(await open.ask(Texts, UNITS)).to.deep.equal(units);
        expect(await open.ask(Texts, ACCOUNTS)).to.deep.equal(accounts);
        expect(await open.ask(v.string(), TOLD)).to.equal(told);
        await tabTo(open, "Show everybody");
        await open.press("Enter");
        expect((await open.ask(Texts, ACCOUNTS)).map((each) => each.split(" ")[0])).to.deep.equal([
          "management",
          "empty",
          "production",
        ]);
        await open.close();
      });
    }

    it("shows no headers where nobody is below them", async () => {
      for (const width of WIDTHS) {
        const open = await browser.open(fileOf("organization"), { width, scheme: "light" });
        await open.ask(v.any(), `document.querySelectorAll(".account").forEach((each) => { each.open = true; })`);
        const tables = `[...document.querySelectorAll("#people table")].map((each) => getComputedStyle(each).display !== "none")`;
        expect(await open.ask(v.array(v.boolean()), tables), `${width} px`).to.deep.equal([true, false, true]);
        await open.close();
      }
    });

    it("is filtered in all accounts at once, and hides those of whom nobody is left", async () => {
      const open = await browser.open(fileOf("organization"), { width: 1280, scheme: "light" });
      await tabTo(open, "Look at");
      await open.type("access key in use");
      expect(await open.ask(Texts, ACCOUNTS)).to.deep.equal(["management ci", "production ci"]);
      await open.close();
    });

    it("sorts the people of an account by themselves, by the keyboard", async () => {
      const open = await browser.open(fileOf("organization"), { width: 1280, scheme: "light" });
      await open.ask(v.any(), `document.querySelector(".account").open = true`);
      await tabTo(open, "Show everybody");
      await tabTo(open, "User");
      await open.press("Enter");
      expect(await open.ask(Texts, ACCOUNTS)).to.deep.equal([
        "management: bob ci doe,john person-2 person-10",
        "empty",
        "production ci person-10 bob person-2 doe,john",
      ]);
      expect(await open.ask(Texts, SORTED)).to.deep.equal(["User ascending", "Change ascending", "Change ascending"]);
      await open.close();
    });
  });

  describe("the picture of the rehearsal", () => {
    const PICTURE = "docs/rehearsal.svg";

    it("has all its text within its frame, and no text over another, light and dark", async () => {
      await atAll(PICTURE, "picture", async (open) => {
        const outside = `[...document.querySelectorAll("text")].filter((each) => {
          const { x, y, width, height } = each.getBBox();
          const frame = document.documentElement.viewBox.baseVal;
          return x < 0 || y < 0 || x + width > frame.width || y + height > frame.height;
        }).map((each) => each.textContent)`;
        const over = `[...document.querySelectorAll("tspan + tspan")].filter((each) => {
          const before = each.previousElementSibling;
          return Number(before.getAttribute("x")) + before.getComputedTextLength() > Number(each.getAttribute("x")) + 0.5;
        }).map((each) => each.textContent)`;
        expect(await open.ask(v.number(), `document.querySelectorAll("tspan").length`)).to.be.above(50);
        expect(await open.ask(Texts, outside)).to.deep.equal([]);
        expect(await open.ask(Texts, over)).to.deep.equal([]);
      });
    });

    it("is legible, light and dark, and has a name and a description", async () => {
      const inline = fileOf("inline");
      const svg = readFileSync(PICTURE, "utf8");
      writeFileSync(
        inline,
        `<!doctype html><html lang="en"><title>picture</title><link rel="icon" href="data:,"><main><h1>picture</h1>${svg}</main>`,
      );
      await atAll(inline, "picture-inline", async (open) => {
        const named = `["title", "description"].map((id) => document.getElementById(id).textContent.slice(0, 40))`;
        expect(await open.ask(Texts, named)).to.deep.equal([
          "require-mfa rehearsed in mode quarantine",
          "A terminal with the first steps: An admi",
        ]);
        const colours = `[...document.querySelectorAll("svg text, svg tspan")].map((each) => getComputedStyle(each).fill)`;
        const grounds = `[".window", ".bar"].map((each) => getComputedStyle(document.querySelector(each)).fill)`;
        const [window = "", bar = ""] = await open.ask(Texts, grounds);
        for (const colour of new Set(await open.ask(Texts, colours))) {
          expect(contrast(colour, window), `${colour} on ${window}`).to.be.at.least(4.5);
        }
        expect(
          contrast(await open.ask(v.string(), `getComputedStyle(document.querySelector("svg > text")).fill`), bar),
        ).to.be.at.least(4.5);
      });
    });

    it("shows in a page as an image, and is another in the dark", async () => {
      const file = fileOf("image");
      const source = `file://${resolve(PICTURE)}`;
      writeFileSync(
        file,
        `<!doctype html><html lang="en"><title>image</title><main><h1>image</h1><img alt="a rehearsal" style="max-width: 100%" src="${source}"></main>`,
      );
      const seen: Uint8Array[] = [];
      for (const scheme of SCHEMES) {
        const open = await browser.open(file, { width: 360, scheme });
        const size = "[document.images[0].complete, document.images[0].naturalWidth > 800]";
        expect(await open.ask(v.array(v.boolean()), size)).to.deep.equal([true, true]);
        expect(await open.violations()).to.deep.equal([]);
        expect(open.faults).to.deep.equal([`request: ${source}`]);
        seen.push(await open.shoot());
        await open.close();
      }
      expect(Buffer.from(seen[0] ?? []).equals(Buffer.from(seen[1] ?? []))).to.equal(false);
    });
  });
});

/** The contrast of two colours as CSS computes them, rgb(r, g, b), from 1 to 21 (WCAG 2.2, "contrast ratio"). */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [one, other].map(luminance).sort((first, second) => second - first);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/\d+/g)].map(([part]) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
