// Narrows the list of events. Without it the page is the whole list, by status.
const form = document.querySelector("[data-filters]");
const found = document.querySelector("[data-found]");
const whole = document.querySelector("[data-static]");
const results = document.querySelector("[data-results]");
const A_PAGE = 50;
const total = Number(form.dataset.all);
const complete = total === Number(form.dataset.shown);
let asked = null; // what the server has of all events, once it was asked for
let at = 0;

const wanted = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

function matches(one, by) {
  return (
    (!by.type || one.type === by.type) &&
    (!by.status || one.status === by.status) &&
    (!by.party || one.parties.includes(by.party)) &&
    (!by.from || !one.latest || one.latest >= by.from) &&
    (!by.to || !one.earliest || one.earliest <= by.to) &&
    (!(by.from || by.to) || one.earliest || one.latest) &&
    (!by.words || one.label.toLocaleLowerCase().includes(by.words.toLocaleLowerCase()))
  );
}

const items = [...whole.querySelectorAll("[data-event]")].map((element) => ({
  element,
  type: element.dataset.type,
  status: element.dataset.status,
  parties: element.dataset.parties.split(" "),
  earliest: element.dataset.earliest,
  latest: element.dataset.latest,
  label: element.querySelector(".al-title").textContent,
}));

function tell(number) {
  const events = number === 1 ? "1 event" : `${number.toLocaleString("en")} events`;
  const narrowed = Object.keys(wanted()).length;
  found.textContent = narrowed ? `${events} of ${total.toLocaleString("en")}.` : "";
}

// Where the page lists all events, those that do not fit are hidden.
function narrow() {
  const by = wanted();
  let number = 0;
  for (const one of items) {
    const fits = matches(one, by);
    one.element.hidden = !fits;
    number += fits;
  }
  for (const group of whole.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-event]:not([hidden])");
  }
  tell(number);
}

// Where they are too many, they are shown from what lies beside the page, some at a time.
async function fetched() {
  asked ??= fetch("index.json").then((answer) => answer.json());
  try {
    return await asked;
  } catch {
    asked = null;
    return null;
  }
}

function line(one, words) {
  const item = document.createElement("li");
  const title = document.createElement("p");
  title.className = "al-title";
  const link = document.createElement("a");
  link.href = one.url;
  const name = document.createElement("bdi");
  name.textContent = one.label;
  link.append(name);
  title.append(link);
  const about = document.createElement("p");
  about.className = "al-counts";
  const counted = (number, name, many = `${name}s`) => `${number.toLocaleString("en")} ${number === 1 ? name : many}`;
  about.textContent = [
    one.type.replaceAll("_", " "),
    one.time ?? "time not stated",
    counted(one.claims, "claim"),
    counted(one.sources, "source"),
    counted(one.statements, "statement"),
    counted(one.amount, "party", "parties"),
  ].join(" · ");
  const who = document.createElement("p");
  who.className = "al-who";
  const sides = Object.entries(one.sides);
  who.textContent = one.status === "granted"
    ? "That it took place is taken for granted in the sources."
    : `That it took place: ${sides.length ? "" : "nobody is recorded as speaking to it."}`;
  sides.forEach(([stance, names], number) => {
    who.append(`${number ? "; " : ""}${words[stance]}: `);
    names.forEach((text, which) => {
      const holder = document.createElement("bdi");
      holder.textContent = text;
      who.append(which ? ", " : "", holder);
    });
  });
  item.append(title, about, who);
  return item;
}

function button(text, act, off) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "al-button";
  made.textContent = text;
  made.disabled = off;
  made.addEventListener("click", act);
  return made;
}

async function show() {
  const by = wanted();
  const narrowed = Object.keys(by).length > 0;
  whole.hidden = narrowed;
  results.hidden = !narrowed;
  if (!narrowed) return tell(total);
  const all = await fetched();
  if (!all) {
    found.textContent = "The list of all events could not be loaded; only those below are shown.";
    whole.hidden = false;
    results.hidden = true;
    return undefined;
  }
  const fitting = all.events.filter((one) => matches(one, by));
  const pages = Math.max(1, Math.ceil(fitting.length / A_PAGE));
  at = Math.min(at, pages - 1);
  const list = document.createElement("ul");
  list.className = "al-events";
  list.append(...fitting.slice(at * A_PAGE, (at + 1) * A_PAGE).map((one) => line(one, all.words)));
  const turn = document.createElement("p");
  turn.append(
    button("Before", () => { at -= 1; apply(false); }, at === 0),
    ` Page ${at + 1} of ${pages} `,
    button("Next", () => { at += 1; apply(false); }, at === pages - 1),
  );
  results.replaceChildren(list, turn);
  return tell(fitting.length);
}

function apply(anew = true) {
  if (anew) at = 0;
  const state = new URLSearchParams({ ...wanted(), ...(at ? { page: at + 1 } : {}) }).toString();
  if (state || location.hash.includes("=")) {
    history.replaceState(null, "", state ? `#${state}` : location.pathname);
  }
  return complete ? narrow() : show();
}

function read() {
  const state = location.hash.includes("=") ? new URLSearchParams(location.hash.slice(1)) : new URLSearchParams();
  for (const field of form.elements) {
    if (field.name) field.value = state.get(field.name) ?? "";
  }
  at = Math.max(0, (Number(state.get("page")) || 1) - 1);
  apply(false);
}

form.hidden = false;
form.addEventListener("input", () => apply());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(apply));
addEventListener("hashchange", read);
read();
