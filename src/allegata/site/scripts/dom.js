// Making elements. What a record says becomes a text node, never markup.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [given] Attributes; those that begin with "on" are listeners.
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function made(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {any} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A value as people read it: its own direction, and what would control the line made visible. */
export function value(text) {
  if (text === null || text === undefined) return made("span", { class: "al-null" }, "empty");
  return made("bdi", {}, String(text).replace(CONTROLS, (one) => `\\u${one.codePointAt(0).toString(16).padStart(4, "0")}`));
}

/** Data that the page carries. @param {string} id */
export const carried = (id) => JSON.parse(document.getElementById(id).textContent);

/** A table with a head. */
export function table(heads, rows, label) {
  return made(
    "div",
    { class: "al-scroll", tabindex: "0", role: "region", "aria-label": label },
    made(
      "table",
      { class: "al-table" },
      made("thead", {}, made("tr", {}, ...heads)),
      made("tbody", {}, ...rows.map((row) => made("tr", {}, ...row.map((one) => made("td", {}, value(one)))))),
    ),
  );
}

/** A link to an address on the web, or its text where it is none. */
export function web(address) {
  if (!/^https?:\/\/[!-~]+$/.test(address ?? "")) return value(address);
  return made("a", { href: address, rel: "noopener noreferrer nofollow ugc" }, value(address));
}
