// DuckDB in the browser, loaded when the first query is run. It reaches nothing but what it is given.
import { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } from "@duckdb/duckdb-wasm/dist/duckdb-browser.mjs";
import { fetched, unpacked } from "./fetching.js";

const RESULT = "result_of_the_query";
const LOCKED = [
  "SET autoinstall_known_extensions = false",
  "SET autoload_known_extensions = false",
  "SET enable_external_access = false",
  "SET lock_configuration = true",
];

export class Cancelled extends Error {}

/** @param {string} name */
export const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** One DuckDB with those tables of the release that queries have asked for. */
export class Engine {
  /**
   * @param {URL} base Where the built files are.
   * @param {{tables: Array<{name: string, file: string}>, database: string, attached: string[]}} release
   *   What the release has; the tables in `attached` are read from the database, range by range.
   * @param {(text: string) => void} told Is told what is being loaded.
   */
  constructor(base, { tables, database, attached }, told) {
    Object.assign(this, { base, tables, database, told, loaded: new Set(), bytes: 0 });
    this.attached = new Set(attached);
  }

  async start() {
    const count = (more) => this.told(`Loading the database: ${megabytes((this.bytes += more))}, about 10 MB in all.`);
    const [duckdb, parquet] = await Promise.all([
      unpacked(new URL("duckdb.wasm.packed", this.base), count),
      unpacked(new URL("parquet.wasm.packed", this.base), count),
    ]);
    this.reader = new Worker(new URL("tables.worker.js", this.base));
    await this.read({ wasm: parquet });
    this.worker = new Worker(new URL("duckdb.worker.js", this.base));
    this.db = new AsyncDuckDB(new VoidLogger(), this.worker);
    const module = URL.createObjectURL(new Blob([duckdb], { type: "application/wasm" }));
    await this.db.instantiate(module);
    URL.revokeObjectURL(module);
    await this.db.open({ filesystem: { forceFullHTTPReads: false, reliableHeadRequests: true } });
    this.connection = await this.db.connect();
    if (this.attached.size) await this.attach();
    for (const statement of LOCKED) await this.connection.query(statement);
  }

  /** Take the large tables from their database, of which a query reads no more than it needs. */
  async attach() {
    const address = new URL(this.database, location.href).href;
    await this.db.registerFileURL("tables.duckdb", address, DuckDBDataProtocol.HTTP, false);
    await this.connection.query("ATTACH 'tables.duckdb' AS large (READ_ONLY)");
    for (const name of this.attached) {
      await this.connection.query(`CREATE VIEW ${quoted(name)} AS FROM large.${quoted(name)}`);
      this.loaded.add(name);
    }
  }

  /** Stop at once; a stopped engine is not used again. */
  stop() {
    this.stopped = true;
    this.reader?.terminate();
    this.worker?.terminate();
    this.give_up?.(new Cancelled());
  }

  /** What is under way fails when the engine is stopped, and when a worker dies. */
  guarded(promise) {
    return Promise.race([promise, new Promise((_, reject) => (this.give_up = reject))]);
  }

  read(message) {
    const answer = new Promise((resolve, reject) => {
      this.reader.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      this.reader.onerror = (event) => reject(new Error(event.message || "the reader of Parquet has stopped"));
    });
    this.reader.postMessage(message, message.parquet ? [message.parquet.buffer] : []);
    return answer;
  }

  /** Run a query and keep its result. @param {string} sql @returns {Promise<Result>} */
  async run(sql) {
    return this.guarded(this.run_alone(sql));
  }

  async run_alone(sql) {
    if (!this.connection) await this.start();
    for (const table of named(sql, this.tables)) await this.load(table);
    this.told("Running.");
    const text = sql.trim().replace(/;\s*$/, "");
    const asked = /^\s*(describe|summarize|show|pragma|explain)\b/i.test(text) ? `SELECT * FROM (${text}\n)` : text;
    await this.connection.query(`CREATE OR REPLACE TEMP TABLE ${RESULT} AS ${asked}\n`);
    const columns = await this.rows(`SELECT column_name, column_type FROM (DESCRIBE ${RESULT})`);
    const [[count]] = await this.rows(`SELECT count(*)::VARCHAR FROM ${RESULT}`);
    return { columns: columns.map(([name, type]) => ({ name, type })), count: Number(count) };
  }

  /**
   * Rows of the result as DuckDB writes them as text; null where a value is missing.
   * @param {Array<{name: string}>} columns
   * @param {{order?: string, descending?: boolean, limit?: number, offset?: number}} how
   */
  async page(columns, { order, descending = false, limit = 100, offset = 0 } = {}) {
    const wanted = columns.map((column) => `CAST(${quoted(column.name)} AS VARCHAR)`).join(", ");
    const sorted = order ? `ORDER BY ${quoted(order)} ${descending ? "DESC" : "ASC"} NULLS LAST, rowid` : "ORDER BY rowid";
    return this.guarded(this.rows(`SELECT ${wanted} FROM ${RESULT} ${sorted} LIMIT ${limit} OFFSET ${offset}`));
  }

  async rows(sql) {
    const table = await this.connection.query(sql);
    const columns = table.schema.fields.map((_, at) => table.getChildAt(at));
    return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column.get(row)));
  }

  async load(table) {
    if (this.loaded.has(table.name)) return;
    let bytes = 0;
    const parquet = await fetched(new URL(table.file, location.href), (more) =>
      this.told(`Loading the table ${table.name}: ${megabytes((bytes += more))} of ${megabytes(table.bytes)}.`),
    );
    const { stream } = await this.read({ parquet });
    await this.connection.insertArrowFromIPCStream(stream, { name: table.name, create: true });
    this.loaded.add(table.name);
  }
}

/** The tables whose names stand in a query: more than it needs perhaps, never fewer. */
export function named(sql, tables) {
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  return tables.filter((table) => words.has(table.name));
}

/** What went wrong, for people. @param {unknown} error */
export function explained(error) {
  const text = String(error?.message ?? error);
  if (/out of memory|memory access out of bounds|allocation|Array buffer|could not allocate/i.test(text)) {
    return `The query needs more memory than the browser gives it (${text}). Ask for fewer columns or rows, count instead of listing, or run it in DuckDB outside the browser: the data page says how.`;
  }
  if (/disabled by configuration|external access|locked/i.test(text)) {
    return `${text} Here a query reaches the tables of this release and nothing else.`;
  }
  return text;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
