// What makes the page's table sortable, searchable and filtered. Without it the table shows everybody.
const table = document.getElementById("people");
const body = table.tBodies[0];
const rows = [...body.rows];
const controls = document.getElementById("controls");
const told = document.getElementById("told");
const headers = [...table.tHead.querySelectorAll("th")];

// As people count: person-2 before person-10.
const { compare } = new Intl.Collator("en", { numeric: true });

const keyOf = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent;

const sortBy = (column, direction) => {
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

const filter = () => {
  const value = (name) => controls.elements.namedItem(name).value;
  const sought = value("search").trim().toLowerCase();
  const isAmong = (words, name) => value(name) === "" || words.split(" ").includes(value(name));
  let found = 0;
  let shown = 0;
  for (const row of rows) {
    const { change, places, findings, text } = row.dataset;
    const isFound = text.includes(sought);
    const isChange = value("change") === "any" ? change !== "none" : isAmong(change, "change");
    row.hidden = !(isFound && isChange && isAmong(places, "place") && isAmong(findings, "finding"));
    if (isFound) found++;
    if (!row.hidden) shown++;
  }
  const others = shown === 0 && found > 0 ? `; the search alone finds ${found}` : "";
  told.textContent = `${shown} of ${rows.length} users are shown${others}`;
};

headers.forEach((header, column) => {
  header.querySelector("button").addEventListener("click", () => {
    sortBy(column, header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
  });
});
controls.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("reset", (event) => {
  event.preventDefault();
  for (const name of ["search", "change", "place", "finding"]) controls.elements.namedItem(name).value = "";
  filter();
});
controls.hidden = false;
filter();
