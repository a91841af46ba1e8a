// The editor, loaded when somebody turns to the text.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { sql, SQLDialect } from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const KEYWORDS =
  "select from where group by having order limit offset with as on using join left right inner full outer cross lateral union all distinct and or not in is null like ilike between exists case when then else end asc desc nulls first last over partition qualify unnest values filter exclude replace true false describe summarize show cast try_cast interval recursive intersect except semi anti asof pivot unpivot sample";
const TYPES = "varchar bigint integer double boolean date timestamp timestamptz hugeint decimal time";
const DUCKDB = SQLDialect.define({ keywords: KEYWORDS, types: TYPES, doubleQuotedStrings: false });
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--md-code-hl-keyword-color)" },
  { tag: tags.string, color: "var(--md-code-hl-string-color)" },
  { tag: tags.number, color: "var(--md-code-hl-number-color)" },
  { tag: tags.comment, color: "var(--md-code-hl-comment-color)" },
]);
const THEME = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", background: "var(--md-code-bg-color)", fontSize: "0.75rem" },
  "&.cm-focused": { outline: "0.1rem solid var(--md-accent-fg-color)" },
  ".cm-content": { minHeight: "8rem", caretColor: "var(--md-default-fg-color)", fontFamily: "var(--md-code-font-family, monospace)" },
  ".cm-cursor": { borderColor: "var(--md-default-fg-color)" },
  ".cm-tooltip": { color: "var(--md-default-fg-color)", background: "var(--md-default-bg-color)" },
});

/**
 * Put an editor in the place of a text area, which keeps the text.
 * @param {HTMLTextAreaElement} area
 * @param {Array<{name: string, columns: Array<{name: string, description: string}>}>} tables
 * @returns {EditorView}
 */
export function edited(area, tables) {
  const schema = Object.fromEntries(
    tables.map((table) => [
      table.name,
      table.columns.map((column) => ({ label: column.name, type: "property", info: column.description })),
    ]),
  );
  const host = document.createElement("div");
  // In a shadow its styles are sheets of the document; as elements the page's policy refuses them.
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      selection: { anchor: area.selectionStart },
      extensions: [
        history(),
        closeBrackets(),
        autocompletion(),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap.filter((one) => one.key !== "Mod-Enter")]),
        sql({ dialect: DUCKDB, schema, upperCaseKeywords: true }),
        syntaxHighlighting(COLOURS),
        THEME,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "SQL query", "aria-describedby": "" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  area.hidden = true;
  area.after(host);
  return view;
}
