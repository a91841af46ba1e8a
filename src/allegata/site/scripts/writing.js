// A result as text that other programs take.

const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|['\t\r\n])/;

/** As the CSV files of a release: a text that looks like a formula has an apostrophe before it. */
export function csv(columns, rows) {
  const line = (cells) => `${cells.join(",")}\r\n`;
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const guarded = (text) => (FORMULA.test(text) ? `'${text}` : text);
  const plain = (column) => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*|BOOLEAN|DATE|TIMESTAMP.*)$/.test(column.type);
  const cell = (text, at) => (text === null ? "" : plain(columns[at]) ? text : quoted(guarded(text)));
  return line(columns.map((column) => quoted(guarded(column.name)))) + rows.map((row) => line(row.map(cell))).join("");
}

export function json(columns, rows) {
  const number = (column) => /^(U?(TINY|SMALL)?INT(EGER)?|DOUBLE|FLOAT)$/.test(column.type);
  const one = (text, column) => {
    if (text === null) return null;
    if (column.type === "BOOLEAN") return text === "true";
    return number(column) && Number.isFinite(Number(text)) ? Number(text) : text;
  };
  return JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, one(row[at], column)]))), null, 1);
}

export function markdown(columns, rows) {
  const cell = (text) =>
    (text ?? "")
      .replace(/[\\`*_{}[\]()#+!|<>&~$:@.-]/g, (mark) => `&#${mark.codePointAt(0)};`)
      .replace(/\s+/g, " ");
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  return (
    line(columns.map((column) => cell(column.name))) +
    line(columns.map(() => "---")) +
    rows.map((row) => line(row.map(cell))).join("")
  );
}

const python = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The query as a program, for the release's Parquet files in the folder one works in. */
export function program(language, sql, tables) {
  const views = tables.map((table) => `CREATE VIEW ${table.name} AS FROM '${table.name}.parquet'`);
  if (language === "DuckDB") return `${views.map((view) => `${view};\n`).join("")}${sql.trim().replace(/;$/, "")}\n;\n`;
  const run = [...views, sql];
  if (language === "R") {
    return `library(duckdb)\nconnection <- dbConnect(duckdb())\n${run
      .map((one, at) => `${at < run.length - 1 ? "dbExecute" : "result <- dbGetQuery"}(connection, ${python(one)})\n`)
      .join("")}`;
  }
  const last = language === "polars" ? ".pl()" : ".df()";
  return `import duckdb\n\n${run.map((one, at) => `${at < run.length - 1 ? "" : "result = "}duckdb.sql(${python(one)})${at < run.length - 1 ? "" : last}\n`).join("")}`;
}
