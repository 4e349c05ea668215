import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GUARD_NAMES } from "../../core/guards";
import type { Concerned, Finding, Impact, Places } from "../impact";
import { type Change, type Person, placeAfter, placeBefore } from "../people";
import { countsInWords, dayOf, sourceInWords } from "../words";

const PLACES = ["free", ...GUARD_NAMES] as const;

/** What a change is called, in the order in which people are shown. */
const CHANGES: Readonly<Record<Change, string>> = {
  held: "newly held",
  moved: "moved",
  freed: "freed",
  pending: "pending",
  withheld: "held but for dryRun",
  unknown: "not known",
  none: "stays",
};

/** What a finding is called where there is no room for its message. */
const FINDINGS: Readonly<Record<Finding["finding"], string>> = {
  "access-key": "access key in use",
  "ses-smtp": "SMTP password",
  "service-credential": "credential for a service",
  certificate: "signing certificate",
  "no-app": "no authenticator app",
  "permissions-boundary": "permissions boundary",
  "nine-groups": "nine groups or more",
  "exempt-without-device": "exempt without a device",
  "releases-stopped": "release stopped",
  unmatched: "setting that matches nobody",
  "missing-group": "group missing",
  "trail-missing": "no trail",
  "trail-unknown": "trail not known",
  "root-without-mfa": "root without MFA",
  "not-read": "not looked at",
  unknown: "not in the report",
};

/** The columns of the table of people: its header, what it shows, and what it is sorted by where that is another. */
const COLUMNS: readonly {
  readonly header: string;
  readonly shows: (person: Person, findings: readonly string[]) => string;
  readonly key?: (person: Person) => string;
  readonly isDay?: true;
}[] = [
  { header: "User", shows: ({ user }) => user },
  { header: "Path", shows: ({ path }) => (path === "/" ? "" : path) },
  { header: "Has", shows: hasInWords },
  { header: "Now", shows: placeBefore },
  { header: "After", shows: placeAfter },
  { header: "Change", shows: changeInWords, key: ({ change }) => String(Object.keys(CHANGES).indexOf(change)) },
  { header: "Why", shows: ({ reason }) => reason },
  { header: "Since", shows: sinceOf, isDay: true },
  { header: "Last used", shows: ({ lastUsedAt = "" }) => dayOf(lastUsedAt), isDay: true },
  { header: "Look at", shows: (_, findings) => findings.join(", ") },
];

/**
 * The report as one page for a browser, which needs nothing from elsewhere and could not fetch it: its policy lets only
 * its own style and script in, by their digests. All that comes from the account is text.
 *
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function page(impact: Impact, whatIf: readonly string[]): string {
  const { account, stack, settings, caller } = impact;
  const [style, script] = ["page-style.css", "page-script.js"].map((file) =>
    readFileSync(join(__dirname, file), "utf8"),
  );
  const title = `Impact on account ${account}, stack ${stack}, mode ${settings.mode}`;
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
<h1>${escaped(title)}</h1>
<p>${escaped(countsInWords(impact))}.</p>
${whatIf.map((each) => `<p>What if ${escaped(each)}.</p>`).join("\n")}
<p class="faint">Read as ${escaped(caller)} at ${escaped(impact.readAt)}, ${escaped(sourceInWords(impact))}.</p>
${placesSection(impact)}
${findingsSection(impact)}
${peopleSection(impact)}
</main>
<script>${script}</script>
</body>
</html>
`;
}

function placesSection({ before, after, users }: Impact): string {
  const rows = PLACES.map(
    (place) =>
      `<tr><th scope="row"><span class="${place}" aria-hidden="true">■</span> ${place}</th><td>${before[place]}</td><td>${after[place]}</td></tr>`,
  );
  return `<section aria-labelledby="places">
<h2 id="places">Now and after</h2>
<div class="bars">
<span aria-hidden="true">now</span>${bar("Now", before, users)}
<span aria-hidden="true">after</span>${bar("After", after, users)}
</div>
<table class="counts">
<thead><tr><th scope="col">place</th><th scope="col">now</th><th scope="col">after</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</section>`;
}

function bar(title: string, places: Places, users: number): string {
  let at = 0;
  const parts = PLACES.map((place) => {
    const width = users === 0 ? 0 : (places[place] / users) * 100;
    const part = `<rect class="${place}" x="${at.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`;
    at += width;
    return part;
  });
  const told = `${title}: ${PLACES.map((place) => `${places[place]} ${place}`).join(", ")}`;
  return `<svg role="img" aria-label="${told}">${parts.join("")}</svg>`;
}

function findingsSection({ findings }: Impact): string {
  if (findings.length === 0) return "";
  return `<section aria-labelledby="findings">
<h2 id="findings">What wants a look</h2>
${findings.map(findingEntry).join("\n")}
</section>`;
}

function findingEntry({ message, users }: Finding): string {
  if (users.length === 0) return `<p>${escaped(message)}</p>`;
  const items = users.map(concernedItem).join("");
  return `<details><summary>${users.length} · ${escaped(message)}</summary><ul>${items}</ul></details>`;
}

function concernedItem({ user, what }: Concerned): string {
  return `<li>${escaped(user)}${what === undefined ? "" : ` <span class="faint">${escaped(what)}</span>`}</li>`;
}

function peopleSection({ people, findings }: Impact): string {
  const order = Object.keys(CHANGES);
  const sorted = people.toSorted((one, other) => order.indexOf(one.change) - order.indexOf(other.change));
  const findingsOf = new Map<string, Finding["finding"][]>();
  for (const { finding, users } of findings) {
    for (const { user } of users) findingsOf.set(user, [...(findingsOf.get(user) ?? []), finding]);
  }
  const kinds = [...new Set([...findingsOf.values()].flat())];
  const isQuiet = people.every(({ change }) => change === "none");
  const option = (value: string, text: string, selected = false) =>
    `<option value="${value}"${selected ? " selected" : ""}>${escaped(text)}</option>`;
  const changes = Object.entries(CHANGES).filter(([change]) => people.some((person) => person.change === change));
  const orders = COLUMNS.flatMap(({ header }, column) => [
    option(`${column} ascending`, header, header === "Change"),
    option(`${column} descending`, `${header}, the other way round`),
  ]);
  const headers = COLUMNS.map(({ header }) => {
    const sort = header === "Change" ? ' aria-sort="ascending"' : "";
    return `<th scope="col" role="columnheader"${sort}><button type="button">${header}</button></th>`;
  });
  return `<section aria-labelledby="who">
<h2 id="who">Who</h2>
<form id="controls" hidden>
<label>Search <input type="search" name="search" autocomplete="off"></label>
<label>Change <select name="change">${option("", "everybody", isQuiet)}${option("any", "who does not stay", !isQuiet)}${changes.map(([change, text]) => option(change, text)).join("")}</select></label>
<label>Guard, now or after <select name="guard">${option("", "any")}${PLACES.map((place) => option(place, place)).join("")}</select></label>
<label>Look at <select name="finding">${option("", "anything or nothing")}${kinds.map((kind) => option(kind, FINDINGS[kind])).join("")}</select></label>
<label class="order">Order <select name="order">${orders.join("")}</select></label>
</form>
<p id="told" role="status">${people.length} users are shown</p>
<table id="people" role="table">
<caption class="faint">Since: when the password was made or last changed, or else the user</caption>
<thead role="rowgroup"><tr role="row">${headers.join("")}</tr></thead>
<tbody role="rowgroup">
${sorted.map((person) => personRow(person, findingsOf.get(person.user) ?? [])).join("\n")}
</tbody>
</table>
</section>`;
}

function personRow(person: Person, findings: readonly Finding["finding"][]): string {
  const named = findings.map((finding) => FINDINGS[finding]);
  const cells = COLUMNS.map(({ header, shows, key, isDay }, column) => {
    const text = escaped(shows(person, named));
    if (column === 0) return `<th scope="row" role="rowheader">${text}</th>`;
    const sorted = key === undefined ? "" : ` data-key="${escaped(key(person))}"`;
    return `<td role="cell" data-label="${header}"${isDay ? ' class="day"' : ""}${sorted}>${text}</td>`;
  });
  const { user, path, reason } = person;
  const data = {
    change: person.change,
    now: placeBefore(person),
    after: placeAfter(person),
    findings: findings.join(" "),
    text: [user, path, reason, ...named].join(" ").toLowerCase(),
  };
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`);
  return `<tr role="row" ${attributes.join(" ")}>${cells.join("")}</tr>`;
}

function hasInWords({ password, device }: Person): string {
  if (password === undefined) return "not known";
  const has = [...(password ? ["password"] : []), ...(device === true ? ["MFA device"] : [])];
  return has.join(", ") || "neither";
}

function changeInWords({ change, due, stoppedBy }: Person): string {
  if (stoppedBy !== undefined) return `stays: ${stoppedBy === "scope" ? "the scope matches nobody" : "maxReleases"}`;
  return due === undefined ? CHANGES[change] : `${CHANGES[change]} until ${dayOf(due)}`;
}

function sinceOf({ passwordChangedAt, createdAt = "" }: Person): string {
  return dayOf(passwordChangedAt ?? createdAt);
}

/** A source of the page's policy: the digest of what stands between its tags. */
function digestOf(text = ""): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML shows it, between tags or in a quoted attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (each) => ENTITIES[each] ?? each);
}
