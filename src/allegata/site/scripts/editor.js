// The editor, loaded when somebody turns to the text: colours and completion over a text area.
import { createEditor } from "prism-code-editor";
import { autoComplete, fuzzyFilter, registerCompletions } from "prism-code-editor/autocomplete";
import { cursorPosition } from "prism-code-editor/cursor";
import { languages } from "prism-code-editor/prism";
import "prism-code-editor/prism/languages/sql";
import layout from "prism-code-editor/layout.css";
import lists from "prism-code-editor/autocomplete.css";
import own from "./editor.css";

// Words of DuckDB that the grammar of SQL lacks, and those of it that DuckDB's tables use as names.
const KEYWORDS =
  "select from where group by having order limit offset with as on using join left right inner full outer cross lateral union all distinct and or not in is null like ilike between exists case when then else end asc desc nulls first last over partition qualify unnest values filter exclude replace true false describe summarize show cast try_cast interval recursive intersect except semi anti asof pivot unpivot sample".split(" ");
const FUNCTIONS = "count sum avg min max coalesce list string_agg arg_max arg_min date_trunc date_diff year month day lower upper length regexp_matches row_number rank lag lead median quantile_cont".split(" ");
const NAMED = /\b(?:from|join)\s+"?([a-z_]\w*)"?(?:\s+(?:as\s+)?([a-z_]\w*))?/gi;

languages.sql.keyword = new RegExp(`\\b(?:${KEYWORDS.join("|")})\\b`, "i");
languages.sql.comment = /\/\*[^]*?\*\/|--.*/;
languages.sql.string = { pattern: /(^|[^\\@])'(?:[^']|'')*'/g, lookbehind: true };

/**
 * Put an editor in the place of a text area, which keeps the text.
 * @param {HTMLTextAreaElement} area
 * @param {Array<{name: string, columns: Array<{name: string, kind: string, description: string}>}>} tables
 * @returns {{focus: function(): void, fill: function(string): void}}
 */
export function edited(area, tables) {
  const host = document.createElement("div");
  // In a shadow its styles are sheets of the document; as elements the page's policy refuses them.
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [layout, lists, own].map(sheet);
  registerCompletions(["sql"], { sources: [(context, editor) => completed(context, editor.value, tables)] });
  const options = { language: "sql", value: area.value, lineNumbers: false, wordWrap: true, onUpdate: (value) => (area.value = value) };
  const editor = createEditor(root, options, cursorPosition(), autoComplete({ filter: fuzzyFilter }));
  const leave = editor.keyCommandMap.Escape;
  // Escape closes the list and no more: whoever writes by the keyboard stays where they are.
  if (leave) editor.keyCommandMap.Escape = (...given) => host.shadowRoot.querySelector(".pce-ac-tooltip") !== null && leave(...given);
  editor.textarea.setAttribute("aria-label", "SQL query");
  editor.textarea.setSelectionRange(area.selectionStart, area.selectionEnd);
  area.hidden = true;
  area.after(host);
  return {
    focus: () => editor.textarea.focus(),
    fill: (value) => editor.setOptions({ value }),
  };
}

function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

/** What can stand where the cursor is: after a table's name and a dot its columns, else any name. */
function completed({ lineBefore, pos, explicit }, text, tables) {
  const word = /"?[a-z_]*\w*$/i.exec(lineBefore)[0];
  if (!word && !explicit && !lineBefore.endsWith(".")) return;
  const used = new Map();
  for (const [, name, alias] of text.matchAll(NAMED)) {
    const table = tables.find((one) => one.name === name.toLowerCase());
    if (table) for (const known of [name, alias]) if (known) used.set(known.toLowerCase(), table);
  }
  const from = pos - word.length;
  const [, owner] = /(\w+)"?\.$/.exec(lineBefore.slice(0, lineBefore.length - word.length)) ?? [];
  if (owner) {
    const table = used.get(owner.toLowerCase()) ?? tables.find((one) => one.name === owner);
    return table && { from, options: columns([table]) };
  }
  const words = [...KEYWORDS.map((label) => ({ label: label.toUpperCase(), icon: "keyword" })), ...FUNCTIONS.map((label) => ({ label, icon: "function" }))];
  const names = tables.map(({ name, columns: held }) => ({ label: name, icon: "class", detail: `${held.length} columns`, boost: 1 }));
  return { from, options: [...columns([...new Set(used.values())]), ...names, ...words] };
}

/** The columns of tables, each once, with what the codebook says of it. */
function columns(tables) {
  const found = new Map();
  for (const table of tables) for (const column of table.columns) if (!found.has(column.name)) found.set(column.name, column);
  return [...found.values()].map(({ name, kind, description }) => ({
    label: name,
    icon: "property",
    detail: kind,
    boost: 2,
    renderDocs: () => [description],
  }));
}
