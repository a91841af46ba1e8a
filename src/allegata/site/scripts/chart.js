// A result as a picture: SVG in the theme's colours, with the same figures in words.
import { made } from "./dom.js";

const SPACE = "http://www.w3.org/2000/svg";
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 280, 60, 48, 12];
const MOST = 40;

/** Which columns can be drawn. */
export const numeric = (columns) => columns.filter((column) => NUMBER.test(column.type));

/** Equal steps from the least to the greatest, with how many values lie in each. */
export function histogram(values, steps = 12) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const width = (high - low) / steps || 1;
  const found = Array.from({ length: high > low ? steps : 1 }, (_, at) => ({ label: short(low + at * width), amount: 0 }));
  for (const one of values) found[Math.min(found.length - 1, Math.floor((one - low) / width))].amount += 1;
  return found;
}

/**
 * @param {"bar" | "line" | "histogram"} kind
 * @param {Array<{label: string, amount: number}>} points
 * @param {string} title
 */
export function chart(kind, points, title) {
  const shown = kind === "bar" ? points.slice(0, MOST) : points;
  const top = Math.max(0, ...shown.map((one) => one.amount));
  const low = Math.min(0, ...shown.map((one) => one.amount));
  const y = (amount) => TOP + ((top - amount) / (top - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const step = (WIDTH - LEFT) / Math.max(shown.length, 1);
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}. The figures stand in the table.`, class: "al-chart" });
  for (const amount of [low, (low + top) / 2, top]) {
    picture.append(svg("line", { x1: LEFT, x2: WIDTH, y1: y(amount), y2: y(amount), class: "al-chart-grid" }), text(LEFT - 6, y(amount) + 4, short(amount), "end"));
  }
  const centre = (at) => LEFT + (at + 0.5) * step;
  if (kind === "line") {
    picture.append(svg("polyline", { points: shown.map((one, at) => `${centre(at)},${y(one.amount)}`).join(" "), class: "al-chart-line" }));
  }
  shown.forEach((one, at) => {
    if (kind !== "line") {
      const bar = svg("rect", { x: centre(at) - step * 0.4, width: step * 0.8, y: y(Math.max(0, one.amount)), height: Math.abs(y(one.amount) - y(0)), class: "al-chart-bar" });
      const name = svg("title", {});
      name.textContent = `${one.label}: ${one.amount}`;
      bar.append(name);
      picture.append(bar);
    }
    if (at % Math.ceil(shown.length / 8) === 0) picture.append(text(centre(at), HEIGHT - BOTTOM + 18, clipped(one.label), "middle"));
  });
  const note = points.length > shown.length ? ` The first ${shown.length} of ${points.length}.` : "";
  return made("figure", { class: "al-figure-chart", tabindex: "0" }, picture, made("figcaption", {}, made("bdi", {}, title), note));
}

function svg(tag, given) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, one] of Object.entries(given)) element.setAttribute(name, String(one));
  return element;
}

function text(x, y, content, anchor) {
  const element = svg("text", { x, y, "text-anchor": anchor });
  element.textContent = content;
  return element;
}

const clipped = (label) => (label.length > 12 ? `${label.slice(0, 11)}…` : label);
const short = (amount) => (Number.isInteger(amount) ? amount.toLocaleString("en") : amount.toPrecision(3));
