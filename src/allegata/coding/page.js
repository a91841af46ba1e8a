// The page: claims beside the text. What comes from records is only ever set as text.

import { SourceText } from "./text.js";

const $ = (id) => document.getElementById(id);
let state = null;
let text = null;
let draft = null; // the claim in the form
let asked = 0;
let timer = 0;

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

async function call(path, given) {
  const options = given === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given),
  };
  let answer;
  try {
    const response = await fetch(path, options);
    answer = await response.json();
  } catch {
    answer = { error: "the program that serves this page does not answer; nothing was changed" };
  }
  $("told").textContent = answer.error ?? "";
  if (answer.error) return null;
  if (answer.state) { state = answer.state; render(); }
  return answer;
}

const label = (id) => state.labels[id] ?? id;

function render() {
  document.title = `${state.saved ? "" : "* "}${state.source}`;
  $("source").textContent = state.source;
  $("saved").textContent = state.saved ? `saved in ${state.file}` : "not saved yet";
  $("undo").disabled = !state.undo;
  $("save").disabled = state.saved;
  $("claims").replaceChildren(...state.claims.map(claimItem));
  $("problems").replaceChildren(...state.problems.map(problemItem));
  if (!state.problems.length) $("problems").append(make("li", { textContent: "none" }));
  renderText();
}

function renderText() {
  const of = (claim, kind) => (claim.quotes ?? []).map((quote) => ({
    start: quote.start, end: quote.end, kind, title: `${quote.role}: ${claim.stance ?? "?"} ${label(claim.proposition ?? "")}`,
  }));
  const others = state.claims.filter((claim) => claim.id !== draft?.id);
  text.show([...others.flatMap((claim) => of(claim, "anchor")), ...(draft ? of(draft, "now") : [])]);
}

function claimItem(claim) {
  const chain = (claim.chain ?? []).map((hop) => `${label(hop.statement)}${hop.cue ? ` “${hop.cue}”` : ""} › `).join("");
  const said = `${chain}${claim.stance}: ${label(claim.proposition)}`;
  return make("li", {},
    make("button", { type: "button", className: "claim", onclick: () => edit(claim) }, said),
    ...state.problems.filter((one) => one.record === claim.id).map(
      (one) => make("div", { className: "problem", textContent: one.message })));
}

function problemItem(one) {
  const where = [one.record, one.field].filter(Boolean).join(", ");
  return make("li", { className: "problem" },
    `${one.severity} ${one.code}${where ? ` (${where})` : ""}, ${one.elsewhere ? `${one.elsewhere} ` : ""}line ${one.line}: ${one.message}${one.fix ? `; ${one.fix}` : ""}`);
}

// The form of a claim.

function edit(claim) {
  draft = structuredClone(claim);
  draft.chain ??= [];
  draft.quotes ??= [];
  openForm();
  $("editor").querySelector("input, select").focus();
}

function openForm() {
  const form = $("editor");
  form.hidden = false;
  form.replaceChildren(
    make("h2", { id: "editor-head", textContent: draft.id ? `Claim ${draft.id}` : "New claim" }),
    quotesField(), ...state.forms.claims.map((field) => control(field, draft, changed)), chainField(),
    make("ul", { id: "draft-problems", "aria-live": "polite" }),
    make("div", { className: "row" },
      make("button", { type: "button", id: "keep", onclick: keep }, "Keep ", make("kbd", {}, "Ctrl Enter")),
      make("button", { type: "button", id: "leave", onclick: leave }, "Leave ", make("kbd", {}, "Esc")),
      draft.id ? make("button", { type: "button", id: "drop", onclick: drop }, "Delete this claim") : null));
  renderText();
  changed();
}

function leave() {
  draft = null;
  clearTimeout(timer);
  asked += 1;
  $("editor").hidden = true;
  $("editor").replaceChildren();
  renderText();
  $("text").focus();
}

async function keep() {
  if (await call("keep", draft)) leave();
}

async function drop() {
  if (await call("drop", { id: draft.id })) leave();
}

/** Ask what the rules say of the claim as it stands, soon after the last key. */
function changed() {
  clearTimeout(timer);
  const number = asked += 1;
  timer = setTimeout(async () => {
    const found = await call("attempt", draft);
    if (number !== asked || !found) return;
    const known = new Set(state.problems.map((one) => JSON.stringify([one.code, one.record, one.field, one.message])));
    const own = found.filter((one) => (draft.id && one.record === draft.id) || !known.has(JSON.stringify([one.code, one.record, one.field, one.message])));
    const list = $("draft-problems");
    list?.replaceChildren(...(own.length ? own.map(problemItem) : [make("li", { textContent: "no problems" })]));
    list?.setAttribute("data-asked", String(number));
  }, 250);
}

function quotesField() {
  const box = make("fieldset", {}, make("legend", { textContent: "quotes" }));
  draft.quotes.forEach((quote, index) => {
    const role = make("select", { "aria-label": `role of quote ${index + 1}`, onchange: () => { quote.role = role.value; changed(); } },
      ...state.roles.map((one) => make("option", { value: one.code, textContent: one.code, title: one.rule, selected: one.code === quote.role })));
    box.append(make("div", { className: "row" }, role, make("q", { textContent: text.words_of(quote) }),
      make("button", { type: "button", "aria-label": `remove quote ${index + 1}`, onclick: () => { draft.quotes.splice(index, 1); openForm(); } }, "remove")));
  });
  return box;
}

function chainField() {
  const box = make("fieldset", {}, make("legend", { textContent: "chain, outermost first" }));
  draft.chain.forEach((hop, index) => {
    box.append(make("div", {}, `${index + 1}. ${label(hop.statement)} `,
      make("input", { value: hop.cue ?? "", "aria-label": `cue of step ${index + 1}`, placeholder: "reporting word", oninput: (event) => { hop.cue = event.target.value; changed(); } }),
      make("button", { type: "button", "aria-label": `remove step ${index + 1}`, onclick: () => { draft.chain.splice(index, 1); openForm(); } }, "remove")));
  });
  box.append(finder("add a statement", "statements", "", (id) => {
    draft.chain.push({ statement: id });
    openForm();
    $("editor").querySelector(`[aria-label="cue of step ${draft.chain.length}"]`).focus();
  }));
  return box;
}

// Controls of any record, as the models describe its fields.

function control(field, record, then) {
  const about = make("span", { className: "about", textContent: field.about });
  const name = `${field.name}${field.required ? " (required)" : ""}`;
  const put = (value) => { record[field.name] = value; then(); };
  if (field.kind === "ref") {
    const shown = record[field.name] ? label(record[field.name]) : "";
    return finder(name, field.table, shown, put, about);
  }
  if (field.kind === "refs") return manyField(field, record, then, about);
  let input;
  if (field.kind === "choice") {
    const now = record[field.name] ?? field.default ?? "";
    const rule = make("span", { className: "about" });
    const tell = () => { rule.textContent = field.values.find((one) => one.code === input.value)?.rule ?? ""; };
    input = make("select", { onchange: () => { tell(); put(input.value === field.default ? null : input.value || null); } },
      make("option", { value: "", textContent: "" }),
      ...field.values.map((one) => make("option", { value: one.code, textContent: one.code, title: one.rule, selected: one.code === now })));
    tell();
    return make("label", {}, name, input, rule);
  }
  if (field.kind === "yes") {
    input = make("input", { type: "checkbox", checked: Boolean(record[field.name]), onchange: () => put(input.checked) });
  } else if (field.kind === "number") {
    input = make("input", { inputMode: "decimal", value: record[field.name] ?? "", oninput: () => put(input.value === "" || Number.isNaN(Number(input.value)) ? null : Number(input.value)) });
  } else {
    input = make("input", { value: record[field.name] ?? "", oninput: () => put(input.value.trim()) });
  }
  return make("label", {}, name, input, about);
}

function manyField(field, record, then, about) {
  const box = make("div", { className: "field" });
  const fill = () => box.replaceChildren(
    ...(record[field.name] ?? []).map((one, index) => make("button", { type: "button", "aria-label": `remove ${label(one[field.key])}`,
      onclick: () => { record[field.name].splice(index, 1); fill(); then(); } }, `${label(one[field.key])} ×`)),
    finder(field.name, field.table, "", (id) => { (record[field.name] ??= []).push({ [field.key]: id }); fill(); then(); }, about));
  fill();
  return box;
}

let boxes = 0;

/** A field in which a record is looked for by its words, or made. */
function finder(name, table, shown, put, about = null) {
  const id = `found-${boxes += 1}`;
  const list = make("ul", { id, role: "listbox", hidden: true, "aria-label": name });
  const input = make("input", { value: shown, role: "combobox", autocomplete: "off", "aria-controls": id, "aria-expanded": "false", "aria-autocomplete": "list" });
  const box = make("div", { className: "field" }, make("label", {}, name, input), list, about);
  let at = -1;
  let number = 0;
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; };
  const options = () => [...list.children];
  const mark = () => options().forEach((one, index) => {
    one.setAttribute("aria-selected", String(index === at));
    if (index === at) input.setAttribute("aria-activedescendant", one.id);
  });
  const option = (words, chosen) => make("li", { id: `${id}-${list.children.length}`, role: "option", textContent: words,
    onmousedown: (event) => { event.preventDefault(); chosen(); } });
  const choose = (one) => { input.value = one.label; state.labels[one.id] ??= one.label; close(); put(one.id); };
  const search = async () => {
    const mine = number += 1;
    const words = input.value;
    const found = await call(`search?${new URLSearchParams({ table, words })}`);
    if (mine !== number || !found || !box.isConnected) return;
    list.replaceChildren();
    list.chosen = [];
    for (const one of found) {
      list.chosen.push(() => choose(one));
      list.append(option(`${one.label}  (${one.id})`, list.chosen.at(-1)));
    }
    if (state.forms[table]) {
      list.chosen.push(() => { close(); makeRecord(box, table, words, choose); });
      list.append(option(`New: ${words || table}`, list.chosen.at(-1)));
    }
    list.hidden = false;
    list.dataset.words = words;
    input.setAttribute("aria-expanded", "true");
    at = list.children.length ? 0 : -1;
    mark();
  };
  input.addEventListener("input", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) { search(); event.preventDefault(); return; }
    if (list.hidden || event.ctrlKey) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") at = (at + 1) % count;
    else if (event.key === "ArrowUp") at = (at - 1 + count) % count;
    else if (event.key === "End") at = count - 1;
    else if (event.key === "Enter" && at >= 0) list.chosen[at]();
    else if (event.key === "Escape") { close(); event.stopPropagation(); return; }
    else return;
    event.preventDefault();
    mark();
  });
  return box;
}

/** A form for a record that a claim needs, below the field that asks for it. */
function makeRecord(place, table, words, made) {
  place.querySelector(":scope > fieldset")?.remove();
  const record = {};
  const named = state.forms[table].find((field) => ["text", "name", "label"].includes(field.name));
  if (named) record[named.name] = words.trim();
  const add = async () => {
    const answer = await call("add", { table, record });
    if (!answer) return;
    box.remove();
    made({ id: answer.made, label: label(answer.made) });
    if (place.isConnected) place.querySelector("input").focus();
  };
  const box = make("fieldset", {
    className: "made",
    onkeydown: (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.stopPropagation(); event.preventDefault(); add(); }
      if (event.key === "Escape") { event.stopPropagation(); box.remove(); place.querySelector("input").focus(); }
    },
  }, make("legend", { textContent: `new in ${table}` }),
  ...state.forms[table].map((field) => control(field, record, () => {})),
  make("button", { type: "button", onclick: add }, `Add to ${table} `, make("kbd", {}, "Ctrl Enter")));
  place.append(box);
  box.querySelector("input, select").focus();
}

// Keys and words.

function takeWords(fresh) {
  const span = text.selected();
  if (!span) { $("told").textContent = "select some words first"; return; }
  const quote = { role: text.isSpeech(span) ? "speech" : "content", ...span };
  if (fresh || !draft) {
    draft = { quotes: [quote], chain: [] };
    openForm();
    $("editor").querySelector('[role="combobox"]').focus();
  } else {
    draft.quotes.push(quote);
    openForm();
    $("text").focus();
  }
  $("told").textContent = "";
}

$("text").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  if (moves[event.key]) text.move(...moves[event.key], event.shiftKey);
  else if (event.key === "Enter") takeWords(true);
  else if (event.key === "q") takeWords(false);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const act = (done) => { event.preventDefault(); done(); };
  if (event.key === "s" && event.ctrlKey) act(() => call("save", {}));
  else if (event.key === "z" && event.ctrlKey && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) act(() => call("undo", {}));
  else if (event.key === "t" && event.altKey) act(() => $("text").focus());
  else if (event.key === "Enter" && event.ctrlKey && draft) act(keep);
  else if (event.key === "Escape" && draft) act(leave);
});
$("editor").addEventListener("submit", (event) => event.preventDefault());
$("undo").addEventListener("click", () => call("undo", {}));
$("save").addEventListener("click", () => call("save", {}));
addEventListener("beforeunload", (event) => { if (state && (!state.saved || draft)) event.preventDefault(); });

state = await call("state");
if (state) {
  text = new SourceText($("text"), state.text);
  render();
  $("text").focus();
}
