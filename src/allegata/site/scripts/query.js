// The page of queries: what is asked, what comes back, and what can be done with it.
import { carried, made, value } from "./dom.js";
import { csv, json, markdown, program } from "./writing.js";
import { chart, histogram, numeric } from "./chart.js";

const SHOWN = 200; // rows in the page
const COPIED = 100_000; // rows that are copied at most
const base = new URL(".", import.meta.url);
const release = carried("al-release");
const { tables } = release;
const place = document.querySelector("[data-query]");
const area = place.querySelector("textarea");
const [run, cancel, share] = ["run", "cancel", "share"].map((name) => place.querySelector(`[data-${name}]`));
const said = place.querySelector("[role=status]");
const shown = place.querySelector("[data-result]");
let engine;
let editor;
let running = false;

const say = (text) => (said.textContent = text);

function ask(text) {
  area.value = text;
  editor?.fill(text);
}

async function edit() {
  area.removeEventListener("focus", edit);
  const { edited } = await import("./editor.js");
  const turned = document.activeElement === area;
  editor = edited(area, tables);
  if (turned) editor.focus();
}

async function start() {
  if (running) return;
  const sql = area.value;
  if (!sql.trim()) return say("Write a query first, or take one of the examples.");
  running = true;
  run.disabled = true;
  cancel.disabled = false;
  say("Loading.");
  const began = performance.now();
  const { Cancelled, Engine, explained, named } = await import("./engine.js");
  engine ??= new Engine(base, release, say);
  try {
    const result = await engine.run(sql);
    const rows = await engine.page(result.columns, { limit: SHOWN });
    show(sql, result, rows, named(sql, tables));
    const of = result.count > rows.length ? `The first ${rows.length} of ${result.count.toLocaleString("en")} rows` : `${result.count} ${result.count === 1 ? "row" : "rows"}`;
    say(`${of}, in ${((performance.now() - began) / 1000).toFixed(1)} seconds.`);
  } catch (error) {
    shown.replaceChildren();
    say(error instanceof Cancelled ? "Cancelled." : `This did not work: ${explained(error)}`);
    if (engine?.stopped || !engine?.connection) engine = undefined;
  } finally {
    running = false;
    run.disabled = false;
    cancel.disabled = true;
  }
}

function show(sql, result, rows, used) {
  const head = made("tr");
  const body = made("tbody");
  const fill = (some) => body.replaceChildren(...some.map((row) => made("tr", {}, ...row.map((one) => made("td", {}, value(one))))));
  const meanings = result.columns.map((column) => meaning(column.name, used));
  result.columns.forEach((column, at) => {
    const help = meanings[at];
    const button = made("button", { type: "button", title: help ?? column.type, onclick: () => sort(at) }, value(column.name));
    const hint = made("span", { class: "al-unseen" }, ` ${column.type}. ${help ?? ""} Sort.`);
    button.append(hint);
    head.append(made("th", { scope: "col", "aria-sort": "none" }, button));
  });
  async function sort(at) {
    if (running) return;
    const descending = head.children[at].getAttribute("aria-sort") === "ascending";
    for (const cell of head.children) cell.setAttribute("aria-sort", "none");
    head.children[at].setAttribute("aria-sort", descending ? "descending" : "ascending");
    fill(await engine.page(result.columns, { limit: SHOWN, order: result.columns[at].name, descending }));
    say(`Sorted by ${result.columns[at].name}, ${descending ? "the greatest" : "the least"} first; empty ones last.`);
  }
  fill(rows);
  const region = { class: "al-scroll", tabindex: "0", role: "region", "aria-label": "Result" };
  const list = made("dl", { class: "al-meanings" });
  result.columns.forEach((column, at) => list.append(made("dt", {}, made("code", {}, value(column.name)), ` ${column.type}`), made("dd", {}, meanings[at] ?? "Made by the query.")));
  shown.replaceChildren(
    made("div", region, made("table", { class: "al-table" }, made("thead", {}, head), body)),
    copies(sql, result, used),
    made("details", {}, made("summary", {}, "What the columns mean"), list),
    charts(result),
  );
}

/** What the codebook says of a column, where the tables of the query agree on it. */
function meaning(name, used) {
  const found = new Set(used.flatMap((table) => table.columns).filter((column) => column.name === name).map((column) => column.description));
  return found.size === 1 ? [...found][0] : undefined;
}

function copies(sql, result, used) {
  const copy = async (name, written) => {
    try {
      await navigator.clipboard.writeText(await written());
      say(`Copied as ${name}${result.count > COPIED ? `: the first ${COPIED.toLocaleString("en")} rows` : ""}.`);
    } catch {
      say("The browser does not let this page copy.");
    }
  };
  const all = () => engine.page(result.columns, { limit: COPIED });
  const texts = { CSV: csv, Markdown: markdown, JSON: json };
  const buttons = Object.entries(texts).map(([name, write]) => button(name, () => copy(name, async () => write(result.columns, await all()))));
  const languages = ["DuckDB", "pandas", "polars", "R"].map((name) => button(name, () => copy(`code for ${name}`, () => program(name, sql, used))));
  return made("p", { class: "al-copies" }, "Copy the rows: ", ...buttons, " Copy the query as code: ", ...languages);
}

function charts(result) {
  const numbers = numeric(result.columns);
  const target = made("div");
  if (!numbers.length) return made("p", {}, "A result with a column of numbers can be drawn.");
  const kind = made("select", {}, ...["bar", "line", "histogram"].map((one) => made("option", {}, one)));
  const column = made("select", {}, ...numbers.map((one) => made("option", {}, one.name)));
  const draw = async () => {
    const at = result.columns.findIndex((one) => one.name === column.value);
    const by = kind.value === "histogram" || result.columns.length === 1 ? -1 : result.columns.findIndex((_, other) => other !== at);
    const rows = (await engine.page(result.columns, { limit: 5_000 })).filter((row) => row[at] !== null);
    const points = rows.map((row, nth) => ({ label: by < 0 ? String(nth + 1) : (row[by] ?? "empty"), amount: Number(row[at]) }));
    const drawing = kind.value === "histogram" ? histogram(points.map((one) => one.amount)) : points;
    target.replaceChildren(chart(kind.value, drawing, by < 0 ? column.value : `${column.value} by ${result.columns[by].name}`));
  };
  return made("section", { class: "al-draw" }, made("label", {}, "Draw ", kind), made("label", {}, " of ", column), " ", button("Draw", draw), target);
}

const button = (name, act) => made("button", { type: "button", class: "al-button", onclick: act }, name);

async function link() {
  location.hash = `q=${encodeURIComponent(area.value)}`;
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied. It fills the editor and does not run by itself.");
  } catch {
    say("The address of this page is now the link. It fills the editor and does not run by itself.");
  }
}

function fromLink() {
  const given = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B")).get("q");
  if (!given || given === area.value) return;
  ask(given);
  say("This query came with the link. It has not been run: read it, then choose Run.");
}

place.hidden = false;
area.addEventListener("focus", edit);
run.addEventListener("click", start);
cancel.addEventListener("click", () => {
  engine?.stop();
  engine = undefined;
});
share.addEventListener("click", link);
place.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    start();
  }
});
for (const example of document.querySelectorAll("[data-example]")) {
  const code = example.querySelector("code").textContent;
  example.append(button("Put into the editor", () => {
    ask(code);
    say("The example is in the editor; choose Run.");
    run.focus();
  }));
}
addEventListener("hashchange", fromLink);
fromLink();
