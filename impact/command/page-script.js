// What makes the page's table sortable, searchable and filtered. Without it the table shows everybody.
const table = document.getElementById("people");
const body = table.tBodies[0];
const rows = [...body.rows];
const controls = document.getElementById("controls");
const told = document.getElementById("told");
const headers = [...table.tHead.querySelectorAll("th")];
const order = controls.elements.namedItem("order");

const keyOf = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim().toLowerCase();

const sortBy = (column, direction) => {
  const sign = direction === "descending" ? -1 : 1;
  const keyed = rows.map((row, index) => ({ row, index, key: keyOf(row, column) }));
  keyed.sort((one, other) => {
    // Who has nothing to sort by comes last either way.
    if ((one.key === "") !== (other.key === "")) return one.key === "" ? 1 : -1;
    if (one.key === other.key) return one.index - other.index;
    return one.key < other.key ? -sign : sign;
  });
  body.append(...keyed.map(({ row }) => row));
  headers.forEach((header, index) => {
    if (index === column) header.setAttribute("aria-sort", direction);
    else header.removeAttribute("aria-sort");
  });
  order.value = `${column} ${direction}`;
};

const filter = () => {
  const value = (name) => controls.elements.namedItem(name).value;
  const sought = value("search").trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const { change, now, after, findings, text } = row.dataset;
    const isShown =
      text.includes(sought) &&
      (value("change") === "" || (value("change") === "any" ? change !== "none" : change === value("change"))) &&
      (value("guard") === "" || now === value("guard") || after === value("guard")) &&
      (value("finding") === "" || findings.split(" ").includes(value("finding")));
    row.hidden = !isShown;
    if (isShown) shown++;
  }
  told.textContent = `${shown} of ${rows.length} users are shown`;
};

headers.forEach((header, column) => {
  header.querySelector("button").addEventListener("click", () => {
    sortBy(column, header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
  });
});
order.addEventListener("change", () => {
  const [column, direction] = order.value.split(" ");
  sortBy(Number(column), direction);
});
controls.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
controls.hidden = false;
filter();
