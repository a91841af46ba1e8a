// Makes what pages load, in built/: the scripts in chunks, the workers, and the engines packed.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const modules = new URL("node_modules/", import.meta.url);
const out = new URL("built/", import.meta.url);
// The pages' policy takes no styles in attributes: those that the editor's templates hold become classes.
const styled = {
  "cursor-": ["style=position:absolute;top:0;opacity:0;padding-inline-end:inherit", "class=al-cursor"],
  "search-": ['style=\\"color:#0000;contain:strict;padding:0 var(--_pse) 0 var(--padding-left)\\"', "class=al-marks"],
  tooltips: ["class=pce-tooltip style=z-index:5;top:auto;display:flex;overflow-x:clip", "class='pce-tooltip al-tooltip'"],
};
const classes = {
  name: "classes",
  setup({ onLoad }) {
    onLoad({ filter: /prism-code-editor\/dist\/(cursor-|search-|tooltips)[^/]*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const [style, name] = styled[path.match(/(cursor-|search-|tooltips)[^/]*$/)[1]];
      if (!text.includes(style)) throw new Error(`${path} has other styles than this build knows of`);
      return { contents: text.replace(style, name), loader: "js" };
    });
  },
};
const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...common,
  entryPoints: ["query", "preview", "viewer"].map((name) => new URL(`${name}.js`, import.meta.url).pathname),
  splitting: true,
  outdir: out.pathname,
  chunkNames: "chunk-[hash]",
  loader: { ".css": "text" },
  plugins: [classes],
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
