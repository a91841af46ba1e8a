// Makes what pages load, in built/: the scripts in chunks, the workers, and the engines packed.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const modules = new URL("node_modules/", import.meta.url);
const out = new URL("built/", import.meta.url);
const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...common,
  entryPoints: ["query", "preview", "viewer"].map((name) => new URL(`${name}.js`, import.meta.url).pathname),
  splitting: true,
  outdir: out.pathname,
  chunkNames: "chunk-[hash]",
});
await build({
  ...common,
  format: "iife",
  define: { "import.meta.url": "undefined" },
  entryPoints: [new URL("tables.worker.js", import.meta.url).pathname],
  outdir: out.pathname,
});
const duckdb = "@duckdb/duckdb-wasm/dist/";
const worker = await readFile(new URL(`${duckdb}duckdb-browser-eh.worker.js`, modules), "utf8");
await writeFile(new URL("duckdb.worker.js", out), worker.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
// Packed under a name that no server takes for an encoding: the page unpacks them itself.
await packed(`${duckdb}duckdb-eh.wasm`, "duckdb.wasm.packed");
await packed("parquet-wasm/esm/parquet_wasm_bg.wasm", "parquet.wasm.packed");

async function packed(from, to) {
  await writeFile(new URL(to, out), gzipSync(await readFile(new URL(from, modules)), { level: 9 }));
}
