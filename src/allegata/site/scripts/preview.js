// The rows of a table, page by page, where a page shows the first few.
import { carried, made, table as drawn } from "./dom.js";

const AT_ONCE = 10;
const { tables } = carried("al-release");

for (const place of document.querySelectorAll("[data-preview]")) {
  const table = tables.find((one) => one.name === place.dataset.preview);
  if (!table) continue;
  const said = made("p", { role: "status" });
  const shown = made("div");
  let start = 0;
  const turn = async (to) => {
    start = Math.min(Math.max(0, to), Math.max(0, table.rows - 1));
    said.textContent = "Loading.";
    try {
      const { rows, text } = await import("./reading.js");
      const end = Math.min(start + AT_ONCE, table.rows);
      const found = table.rows ? await rows(table, start, end) : [];
      const names = table.columns.map((column) => column.name);
      const heads = table.columns.map((column) => made("th", { scope: "col", title: column.description }, column.name));
      shown.replaceChildren(drawn(heads, found.map((row) => names.map((name) => text(row[name]))), `Rows of ${table.name}`));
      said.textContent = table.rows ? `Rows ${start + 1} to ${end} of ${table.rows.toLocaleString("en")}.` : "The table has no rows.";
      back.hidden = on.hidden = false;
      back.disabled = start === 0;
      on.disabled = end >= table.rows;
      first.hidden = true;
      place.querySelector("[data-static]")?.setAttribute("hidden", "");
    } catch (error) {
      said.textContent = `The rows cannot be shown: ${error.message}`;
    }
  };
  const first = made("button", { type: "button", class: "al-button", onclick: () => turn(0) }, "Show the rows");
  const back = made("button", { type: "button", class: "al-button", hidden: true, onclick: () => turn(start - AT_ONCE) }, "Back");
  const on = made("button", { type: "button", class: "al-button", hidden: true, onclick: () => turn(start + AT_ONCE) }, "Further");
  place.append(made("p", {}, first, back, " ", on), said, shown);
}
