import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";

const PAGES = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)),
];

/** A page without its blocks of code, in which a «#» is no heading and a bracket no link. */
const proseOf = (page: string): string => readFileSync(page, "utf8").replace(/^ *```[\s\S]*?^ *```$/gm, "");

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The links of a page that lead nowhere in this repository. */
function brokenIn(page: string): readonly string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^https:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !(statSync(file).isFile() && anchorsOf(file).includes(anchor));
  });
}

describe("the pages of this repository", () => {
  it("link to what exists, heading and all, and to others by https", () => {
    expect(PAGES).to.include.members(["README.md", "docs/for-users.md", "docs/decisions/0002-the-state-decides.md"]);
    expect(PAGES.map((page) => [page, brokenIn(page)]).filter(([, broken]) => broken?.length !== 0)).to.deep.equal([]);
  });
});
