// What makes the page's tables sortable, searchable and filtered. Without it they show everybody. There is one table of
// people, or one for each account of an organization, folded.
const people = document.getElementById("people");
const tables = people.matches("table") ? [people] : [...people.querySelectorAll("table")];
const controls = document.getElementById("controls");
const told = document.getElementById("told");

// As people count: person-2 before person-10.
const { compare } = new Intl.Collator("en", { numeric: true });

const keyOf = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent;

const sortBy = ({ body, rows, headers }, column, direction) => {
  const sign = direction === "descending" ? -1 : 1;
  const keyed = rows.map((row, index) => ({ row, index, key: keyOf(row, column) }));
  keyed.sort((one, other) => {
    // Who has nothing to sort by comes last either way.
    if ((one.key === "") !== (other.key === "")) return one.key === "" ? 1 : -1;
    return sign * compare(one.key, other.key) || one.index - other.index;
  });
  body.append(...keyed.map(({ row }) => row));
  headers.forEach((header, index) => {
    if (index === column) header.setAttribute("aria-sort", direction);
    else header.removeAttribute("aria-sort");
  });
};

const accounts = tables.map((table) => {
  const body = table.tBodies[0];
  const fold = table.closest("details");
  const headers = [...table.tHead.querySelectorAll("th")];
  const account = { table, body, rows: [...body.rows], headers, fold, text: fold?.dataset.text ?? "" };
  headers.forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => {
      sortBy(account, column, header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
    });
  });
  return account;
});
const all = accounts.reduce((sum, { rows }) => sum + rows.length, 0);
const units = [...people.querySelectorAll("section")];
let lastSought = "";

const filter = () => {
  const value = (name) => controls.elements.namedItem(name).value;
  const sought = value("search").trim().toLowerCase();
  const isAmong = (words, name) => value(name) === "" || words.split(" ").includes(value(name));
  const isAsked =
    sought !== "" || value("place") !== "" || value("finding") !== "" || !["", "any"].includes(value("change"));
  let found = 0;
  let shown = 0;
  for (const { table, rows, fold, text: named } of accounts) {
    const [foundBefore, shownBefore] = [found, shown];
    for (const row of rows) {
      const { change, places, findings, text } = row.dataset;
      const isFound = text.includes(sought) || named.includes(sought);
      const isChange = value("change") === "any" ? change !== "none" : isAmong(change, "change");
      row.hidden = !(isFound && isChange && isAmong(places, "place") && isAmong(findings, "finding"));
      if (isFound) found++;
      if (!row.hidden) shown++;
    }
    if (fold === null) continue;
    table.hidden = shown === shownBefore;
    // Which accounts there are stays to be seen until something is asked for.
    fold.hidden = isAsked && shown === shownBefore && !(sought !== "" && named.includes(sought));
    if (sought !== lastSought) fold.open = sought !== "" && found > foundBefore;
  }
  for (const unit of units) unit.hidden = unit.querySelector(".account:not([hidden])") === null;
  lastSought = sought;
  const others = shown === 0 && found > 0 ? `; the search alone finds ${found}` : "";
  told.textContent = `${shown} of ${all} users are shown${others}`;
};

controls.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("reset", (event) => {
  event.preventDefault();
  for (const name of ["search", "change", "place", "finding"]) controls.elements.namedItem(name).value = "";
  filter();
});
controls.hidden = false;
filter();
