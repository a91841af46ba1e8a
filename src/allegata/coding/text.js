// The text of the source: shown with its anchors, and selected in by mouse or keyboard.
// Positions count code points, as in the record files; the browser counts UTF-16 units.

export class SourceText {
  constructor(element, text) {
    this.element = element;
    this.points = Array.from(text);
    this.words = [];
    let start = -1;
    this.points.forEach((point, at) => {
      const blank = /\s/u.test(point);
      if (!blank && start < 0) start = at;
      if (blank && start >= 0) { this.words.push([start, at]); start = -1; }
    });
    if (start >= 0) this.words.push([start, this.points.length]);
    this.words = this.words.map(([from, to]) => this.bare(from, to)).filter(([from, to]) => from < to);
    this.anchor = this.focus = 0;
  }

  /** Show the text with spans: [{start, end, kind, title}]. */
  show(spans) {
    const held = this.selected();
    const edges = new Set([0, this.points.length]);
    for (const span of spans) { edges.add(span.start); edges.add(span.end); }
    const places = [...edges].filter((at) => at >= 0 && at <= this.points.length).sort((a, b) => a - b);
    const parts = [];
    places.slice(0, -1).forEach((start, index) => {
      const end = places[index + 1];
      const over = spans.filter((span) => span.start <= start && span.end >= end);
      const part = document.createElement("span");
      part.textContent = this.points.slice(start, end).join("");
      part.dataset.start = String(start);
      if (over.length) part.className = over.some((span) => span.kind === "now") ? "now" : "anchor";
      if (over.length) part.title = over.map((span) => span.title).join("\n");
      parts.push(part);
    });
    this.element.replaceChildren(...parts);
    if (held) this.select(held.start, held.end);
  }

  /** The selected span, without blanks at its ends; null where none is. */
  selected() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    if (!this.element.contains(range.startContainer) || !this.element.contains(range.endContainer)) return null;
    let start = this.position(range.startContainer, range.startOffset);
    let end = this.position(range.endContainer, range.endOffset);
    while (start < end && /\s/u.test(this.points[start])) start += 1;
    while (end > start && /\s/u.test(this.points[end - 1])) end -= 1;
    return start < end ? { start, end } : null;
  }

  words_of(span) {
    return this.points.slice(span.start, span.end).join("");
  }

  /** A word without the marks around it. */
  bare(from, to) {
    while (from < to && /\p{P}/u.test(this.points[from])) from += 1;
    while (to > from && /\p{P}/u.test(this.points[to - 1])) to -= 1;
    return [from, to];
  }

  /** Whether quotation marks stand around a span. */
  isSpeech(span) {
    let end = span.end;
    while (/[.,;:!?…]/u.test(this.points[end] ?? "")) end += 1;
    const before = this.points[span.start - 1] ?? "";
    const after = this.points[end] ?? "";
    return /["“”„«»‘’'‹›「『]/u.test(before) && /["”“»«’‘'›‹」』]/u.test(after);
  }

  select(start, end) {
    const [from, fromAt] = this.place(start);
    const [to, toAt] = this.place(end);
    getSelection().setBaseAndExtent(from, fromAt, to, toAt);
    from.parentElement.scrollIntoView({ block: "nearest" });
  }

  /** Move by words or paragraphs; with hold, the selection grows. */
  move(words, paragraphs, hold) {
    let at = this.focus + words;
    if (paragraphs) {
      const starts = this.words.map((_, index) => index).filter((index) => index === 0 ||
        this.points.slice(this.words[index - 1][1], this.words[index][0]).includes("\n"));
      at = paragraphs > 0 ? (starts.find((index) => index > this.focus) ?? this.words.length - 1)
        : (starts.findLast((index) => index < this.focus) ?? 0);
    }
    this.focus = Math.max(0, Math.min(this.words.length - 1, at));
    if (!hold) this.anchor = this.focus;
    const [first, last] = [Math.min(this.anchor, this.focus), Math.max(this.anchor, this.focus)];
    if (this.words.length) this.select(this.words[first][0], this.words[last][1]);
  }

  position(node, offset) {
    if (node.nodeType !== Node.TEXT_NODE) {
      const before = [...node.childNodes].slice(0, offset);
      const whole = before.reduce((sum, child) => sum + Array.from(child.textContent).length, 0);
      return whole + (node === this.element ? 0 : Number(node.dataset.start));
    }
    return Number(node.parentElement.dataset.start) + Array.from(node.data.slice(0, offset)).length;
  }

  place(position) {
    const parts = [...this.element.children];
    const part = parts.findLast((one) => Number(one.dataset.start) <= position) ?? parts[0];
    const within = this.points.slice(Number(part.dataset.start), position).join("").length;
    return [part.firstChild, within];
  }
}
