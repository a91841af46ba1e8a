// Any record by its id, from the release's files.
import { carried, made, table as drawn, value, web } from "./dom.js";
import { text, where } from "./reading.js";

const release = carried("al-release");
const byName = new Map(release.tables.map((table) => [table.name, table]));
const place = document.querySelector("[data-viewer]");
const said = made("p", { role: "status" });
const shown = made("div");
place.append(said, shown);
let turn = 0;

async function view() {
  const mine = ++turn;
  const id = decoded(location.hash.slice(1));
  shown.replaceChildren();
  if (!id) return (said.textContent = "The address of this page ends with # and the id of a record, such as #evt-…");
  said.textContent = "Loading.";
  try {
    const parts = await record(id);
    if (mine !== turn) return;
    said.textContent = "";
    shown.replaceChildren(...parts);
  } catch (error) {
    if (mine === turn) said.textContent = `The record cannot be shown: ${error.message}`;
  }
}

function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

async function record(id) {
  const table = byName.get(release.prefixes[id.slice(0, 3)]);
  const [row] = table ? await where(table, "id", id, 1) : [];
  if (!row) return absent(id);
  const parts = [heading(row, table, id), fields(row, table)];
  const claims = release.claims[table.name];
  if (claims) parts.push(...(await said_of(id, claims)));
  for (const { name, column } of release.refers[table.name] ?? []) parts.push(...(await referring(name, column, id)));
  return parts;
}

async function absent(id) {
  const revisions = byName.get("revisions");
  const history = revisions && /^[a-z]{3}-/.test(id) ? await where(revisions, "record_id", id, 50) : [];
  const gone = history.findLast((one) => one.change === "retracted" || one.change === "merged");
  if (!gone) return [made("p", {}, "This release has no record with the id ", made("code", {}, value(id)), ". Look for it in the ", made("a", { href: release.data }, "data"), ".")];
  const list = history.map((one) => made("li", {}, `${one.release}: ${one.change}. `, ...(one.reason ? [value(one.reason)] : []), ...(one.merged_into ? [" It is now ", ...linked(one.merged_into)] : [])));
  return [made("h2", {}, `This record was ${gone.change}`), made("p", {}, made("code", {}, value(id)), " is no longer in the dataset; its id is not given to another record."), made("ul", {}, ...list)];
}

function heading(row, table, id) {
  const name = row.label ?? row.name ?? row.title ?? row.text ?? id;
  return made("header", {}, made("h2", {}, value(text(name))), made("p", {}, made("code", {}, value(id)), " in ", made("a", { href: `${release.codebook}${table.name}/` }, table.name)));
}

function fields(row, table) {
  const list = made("dl", { class: "al-facts" });
  for (const column of table.columns) {
    const cell = row[column.name];
    if (cell === null || cell === undefined || (Array.isArray(cell) && !cell.length)) continue;
    list.append(made("div", {}, made("dt", { title: column.description }, column.name), made("dd", {}, ...linked(cell))));
  }
  return list;
}

function linked(cell) {
  const cells = Array.isArray(cell) ? cell : [cell];
  return cells.flatMap((one, at) => {
    const shown = text(one);
    const known = typeof one === "string" && /^[a-z]{3}-[a-z0-9-]+$/.test(one) && release.prefixes[one.slice(0, 3)];
    const node = known ? made("a", { href: `#${one}` }, value(one)) : web(shown);
    return at ? [", ", node] : [node];
  });
}

async function said_of(id, columns) {
  const flat = byName.get("claims_flat");
  if (!flat) return [];
  const found = await where(flat, columns, id, 100);
  // A proposition does not stand without who asserts or denies it.
  if (!found.length) return [made("p", {}, "No claim of this release is about it, or by it.")];
  const wanted = release.shown.filter((name) => flat.columns.some((column) => column.name === name));
  const heads = wanted.map((name) => made("th", { scope: "col", title: flat.columns.find((column) => column.name === name).description }, name));
  const table = drawn(heads, found.map((row) => wanted.map((name) => text(row[name]))), "Claims");
  table.querySelectorAll("tbody tr").forEach((line, at) => line.lastChild.replaceChildren(...linked(found[at][wanted.at(-1)])));
  return [made("h3", {}, "Who says what"), made("p", {}, found.length === 100 ? "The first 100 claims." : `${found.length} claims, as alleged.`), table];
}

async function referring(name, column, id) {
  const table = byName.get(name);
  if (!table) return [];
  const found = await where(table, column, id, 50);
  if (!found.length) return [];
  // Rows without an id of their own, such as who took part, are told by what else they hold.
  const other = (row) => table.columns.map((one) => one.name).filter((one) => one !== column && row[one] != null).slice(0, 4);
  const line = (row) => (row.id ? [...linked(row.id), " ", value(text(row.label ?? row.name ?? row.title ?? ""))] : other(row).flatMap((one) => [`${one}: `, ...linked(row[one]), " "]));
  const list = found.map((row) => made("li", {}, ...line(row)));
  return [made("h3", {}, name), made("p", {}, found.length === 50 ? "The first 50." : `${found.length}.`), made("ul", {}, ...list)];
}

addEventListener("hashchange", view);
view();
