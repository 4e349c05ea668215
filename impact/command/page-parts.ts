import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "../../command-line/escape-markup";
import { printable } from "../../command-line/printable";
import { GUARD_NAMES } from "../../core/guards";
import type { Concerned, Finding, Impact, Places } from "../impact";
import { type Change, type Person, placeAfter, placeBefore } from "../people";
import { dayOf, usersInWords } from "../words";
import { CHANGE_ORDER, CHANGES, changesTold, FINDINGS } from "./labels";

const PLACES = ["free", ...GUARD_NAMES] as const;

/** What a finding says of one user. */
interface Noted {
  readonly finding: Finding["finding"];
  readonly what: string | undefined;
}

/** The columns of the table of people: class and header, what they show, as HTML, and what they sort by where that is not the text. */
const COLUMNS: readonly {
  readonly name: string;
  readonly header: string;
  readonly shows: (person: Person, noted: readonly Noted[]) => string;
  readonly key?: (person: Person, noted: readonly Noted[]) => string;
}[] = [
  { name: "user", header: "User", shows: userAndPath, key: ({ user }) => user },
  { name: "has", header: "Has", shows: hasInWords },
  { name: "now", header: "Now", shows: (person) => placeMark(placeBefore(person)) },
  { name: "after", header: "After", shows: (person) => placeMark(placeAfter(person)) },
  {
    name: "change",
    header: "Change",
    shows: (person) => `<span class="badge ${standingOut(person)}">${escaped(changeInWords(person))}</span>`,
    key: ({ change }) => String(CHANGE_ORDER.indexOf(change)),
  },
  { name: "why", header: "Why", shows: ({ reason }) => escaped(reason) },
  { name: "since", header: "Since", shows: sinceOf },
  { name: "used", header: "Last used", shows: ({ lastUsedAt = "" }) => escaped(dayOf(lastUsedAt)) },
  { name: "look", header: "Look at", shows: (_, noted) => risksList(noted), key: (_, noted) => risksInWords(noted) },
];

/** What a page is made of. */
interface PageParts {
  readonly title: string;
  /** HTML, as the others. */
  readonly header: string;
  readonly sections: readonly string[];
}

/**
 * A page for a browser, which needs nothing from elsewhere and could not fetch it: its policy lets only its own style and
 * script in, by their digests.
 */
export function pageOf({ title, header, sections }: PageParts): string {
  const [style, script] = ["page-style.css", "page-script.js"].map((file) =>
    readFileSync(join(__dirname, file), "utf8"),
  );
  const policy = `default-src 'none'; style-src ${digestOf(style)}; script-src ${digestOf(script)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
${header}
</header>
${sections.join("\n")}
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** The settings that are not as the stack's configuration says, in words. */
export function whatIfLines(whatIf: readonly string[]): string {
  return whatIf.map((each) => `<p class="what-if">What if ${escaped(each)}</p>`).join("\n");
}

/** How many change how; of what seldom happens, only where it does. */
export function countsList({ users, changes }: Pick<Impact, "users" | "changes">): string {
  const counts = changesTold({ changes }).map((change) => tile(change, CHANGES[change], changes[change]));
  return `<dl class="tiles">${tile("users", "users", users)}${counts.join("")}</dl>`;
}

function tile(name: string, text: string, count: number): string {
  return `<div class="${name}"><dt>${text}</dt><dd>${count}</dd></div>`;
}

/** Where people stand now and after, as bars and as figures. */
export function placesSection({ before, after, users }: Pick<Impact, "before" | "after" | "users">): string {
  const rows = PLACES.map((place) => {
    const more = after[place] - before[place];
    const change = more === 0 ? "" : more > 0 ? `+${more}` : `−${-more}`;
    return `<tr><th scope="row">${placeMark(place)}</th><td>${before[place]}</td><td>${after[place]}</td><td>${change}</td></tr>`;
  });
  return `<section aria-labelledby="places">
<h2 id="places">Now and after</h2>
<div class="places">
<div class="bars">
<span aria-hidden="true">now</span>${bar("Now", before, users)}
<span aria-hidden="true">after</span>${bar("After", after, users)}
</div>
<table class="counts">
<thead><tr><th scope="col">place</th><th scope="col">now</th><th scope="col">after</th><th scope="col">change</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>
</section>`;
}

/** Of a bar's width, what a digit takes and the space beside a number, where the bar is as narrow as on a phone. */
const DIGIT_SHARE = 0.04;
const SPACE_SHARE = 0.04;

function bar(title: string, places: Places, users: number): string {
  let at = 0;
  const parts = PLACES.filter((place) => places[place] > 0).map((place) => {
    const count = String(places[place]);
    const share = places[place] / users;
    const start = percent(at);
    const middle = percent(at + share / 2);
    at += share;
    const told = share < count.length * DIGIT_SHARE + SPACE_SHARE ? "" : `<text x="${middle}" y="50%">${count}</text>`;
    return `<rect class="${place}" x="${start}" width="${percent(share)}" height="100%"/>${told}`;
  });
  const told = `${title}: ${PLACES.map((place) => `${places[place]} ${place}`).join(", ")}`;
  return `<svg role="img" aria-label="${told}">${parts.join("")}</svg>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

/** What wants a look; nothing where there is nothing. */
export function findingsSection(findings: readonly Pick<Finding, "message" | "users">[]): string {
  if (findings.length === 0) return "";
  return `<section aria-labelledby="findings">
<h2 id="findings">What wants a look</h2>
${findingsList(findings)}
</section>`;
}

/** Findings, each with those whom it is about folded below it. */
export function findingsList(findings: readonly Pick<Finding, "message" | "users">[]): string {
  return `<ul class="findings">
${findings.map((finding) => `<li>${findingEntry(finding)}</li>`).join("\n")}
</ul>`;
}

function findingEntry({ message, users }: Pick<Finding, "message" | "users">): string {
  if (users.length === 0) return `<p><span class="badge risk" aria-hidden="true">!</span> ${escaped(message)}</p>`;
  const summary = `<span class="badge risk">${users.length}</span> ${escaped(message)}`;
  return `<details><summary>${summary}</summary><ul class="names">${users.map(concernedItem).join("")}</ul></details>`;
}

function concernedItem({ user, what }: Concerned): string {
  return `<li>${escaped(user)}${what === undefined ? "" : ` <span class="faint">${escaped(what)}</span>`}</li>`;
}

/** The people of an account, and what wants a look of them. */
type People = Pick<Impact, "people" | "findings">;

/** What people are searched, filtered and counted by. */
export function peopleControls({ people, findings }: People): string {
  const kinds = [...new Set(findings.filter(({ users }) => users.length > 0).map(({ finding }) => finding))];
  const isQuiet = people.every(({ change }) => change === "none");
  const option = (value: string, text: string, selected = false) =>
    `<option value="${value}"${selected ? " selected" : ""}>${text}</option>`;
  const changes = CHANGE_ORDER.filter((change) => people.some((person) => person.change === change));
  return `<form id="controls" autocomplete="off" hidden>
<label>Search <input type="search" name="search"></label>
<label>Change <select name="change">${option("", "everybody", isQuiet)}${option("any", "who does not stay", !isQuiet)}${changes.map((change) => option(change, CHANGES[change])).join("")}</select></label>
<label>Place, now or later <select name="place">${option("", "any")}${PLACES.map((place) => option(place, place)).join("")}</select></label>
<label>Look at <select name="finding">${option("", "anything or nothing")}${kinds.map((kind) => option(kind, FINDINGS[kind])).join("")}</select></label>
<button type="reset">Show everybody</button>
</form>
<p id="told" role="status">${usersInWords(people.length)}</p>`;
}

/**
 * A row for each user, those first who change.
 *
 * @param named the attributes by which the table is named
 */
export function peopleTable({ people, findings }: People, named: string): string {
  const sorted = CHANGE_ORDER.flatMap((change) => people.filter((person) => person.change === change));
  const notedOf = new Map<string, Noted[]>();
  for (const { finding, users } of findings) {
    for (const { user, what } of users) notedOf.set(user, [...(notedOf.get(user) ?? []), { finding, what }]);
  }
  const headers = COLUMNS.map(({ name, header }) => {
    const sort = name === "change" ? ' aria-sort="ascending"' : "";
    return `<th scope="col" role="columnheader" class="${name}"${sort}><button type="button">${header}</button></th>`;
  });
  return `<table ${named} aria-describedby="since">
<thead role="rowgroup"><tr role="row">${headers.join("")}</tr></thead>
<tbody role="rowgroup">
${sorted.map((person) => personRow(person, notedOf.get(person.user) ?? [])).join("\n")}
</tbody>
</table>`;
}

/** What the column `since` tells. */
export const SINCE_LINE =
  '<p id="since" class="faint">Since: when the password was made or last changed, or else the user</p>';

function personRow(person: Person, noted: readonly Noted[]): string {
  const cells = COLUMNS.map(({ name, header, shows, key }) => {
    const html = shows(person, noted);
    const sorted = key === undefined ? "" : ` data-key="${escaped(key(person, noted))}"`;
    if (name === "user") return `<th scope="row" role="rowheader" class="user"${sorted}>${html}</th>`;
    return `<td role="cell" class="${name}" data-label="${header}"${sorted}>${html}</td>`;
  });
  const { user, path, reason, guard } = person;
  const places = new Set([placeBefore(person), placeAfter(person), guard ?? placeAfter(person)]);
  const data = {
    change: person.change,
    places: [...places].join(" "),
    findings: noted.map(({ finding }) => finding).join(" "),
    text: [user, path, reason, risksInWords(noted), ...noted.map(({ what = "" }) => what)].join(" ").toLowerCase(),
  };
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`);
  return `<tr role="row" ${attributes.join(" ")}>${cells.join("")}</tr>`;
}

/** What a change looks like: one that something stops, like any that is withheld. */
function standingOut({ change, stoppedBy }: Person): Change {
  return stoppedBy === undefined ? change : "withheld";
}

function placeMark(place: (typeof PLACES)[number]): string {
  return `<span class="place ${place}">${place}</span>`;
}

function userAndPath({ user, path }: Person): string {
  return escaped(user) + (path === "/" ? "" : ` <span class="path">${escaped(path)}</span>`);
}

function risksList(noted: readonly Noted[]): string {
  if (noted.length === 0) return "";
  const items = noted.map(({ finding }) => `<li class="badge risk">${FINDINGS[finding]}</li>`);
  return `<ul>${items.join("")}</ul>`;
}

function risksInWords(noted: readonly Noted[]): string {
  return noted.map(({ finding }) => FINDINGS[finding]).join(", ");
}

function hasInWords({ password, device }: Person): string {
  if (password === undefined) return "not known";
  const has = [...(password ? ["password"] : []), ...(device === true ? ["MFA device"] : [])];
  return has.join(", ") || "neither";
}

function changeInWords({ change, due, guard, stoppedBy }: Person): string {
  if (stoppedBy !== undefined) return `stays: ${stoppedBy === "scope" ? "the scope matches nobody" : "maxReleases"}`;
  if (due !== undefined) return `${CHANGES[change]}: ${guard} from ${dayOf(due)}`;
  return change === "withheld" ? `${CHANGES[change]}: ${guard}` : CHANGES[change];
}

function sinceOf({ passwordChangedAt, createdAt = "" }: Person): string {
  return escaped(dayOf(passwordChangedAt ?? createdAt));
}

/** A moment as people read it, to the minute. */
export function minuteOf(iso: string): string {
  return escaped(`${dayOf(iso)} ${iso.slice("YYYY-MM-DDT".length, "YYYY-MM-DDTHH:MM".length)} UTC`);
}

/** A source of the page's policy: the digest of what stands between its tags. */
function digestOf(text = ""): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * A text as HTML shows it, between tags or in a quoted attribute. What would turn the text round or break its line shows
 * as such: a message or a log's record may hold anything.
 */
export function escaped(text: string): string {
  return escapeMarkup(printable(text.replace(/[\t\n\r]+/g, " ")));
}
