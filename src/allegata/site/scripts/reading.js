// Rows of a Parquet file, of which no more is fetched than they need.
import { decompress } from "fzstd";
import { asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";

const compressors = { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) };
const open = new Map();

/** @param {{file: string, bytes: number}} table */
async function opened(table) {
  if (!open.has(table.file)) {
    const url = new URL(table.file, location.href).href;
    open.set(
      table.file,
      (async () => {
        const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url, byteLength: table.bytes }));
        return { file, metadata: await parquetMetadataAsync(file) };
      })(),
    );
  }
  return open.get(table.file);
}

/** Some rows of a table, from one to before another. */
export async function rows(table, rowStart, rowEnd, columns) {
  const { file, metadata } = await opened(table);
  return parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, columns });
}

/**
 * The rows in whose column a value stands. Groups of rows whose least and greatest value shut it
 * out are passed over; of the others the column is read, and whole rows only where it fits.
 */
export async function where(table, column, wanted, most = 200) {
  const { file, metadata } = await opened(table);
  const found = [];
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    if (may_hold(group, column, wanted)) {
      const read = { file, metadata, compressors };
      const cells = await parquetReadObjects({ ...read, rowStart: start, rowEnd: end, columns: [column] });
      for (const [from, to] of runs(cells, column, wanted, start)) {
        found.push(...(await parquetReadObjects({ ...read, rowStart: from, rowEnd: Math.min(to, from + most - found.length) })));
        if (found.length >= most) return found;
      }
    }
    start = end;
  }
  return found;
}

function may_hold(group, column, wanted) {
  const about = group.columns.find((one) => one.meta_data.path_in_schema.join(".") === column)?.meta_data.statistics;
  const low = about?.min_value ?? about?.min;
  const high = about?.max_value ?? about?.max;
  // Ids are ASCII, so that the order of UTF-16 units is that of bytes.
  return typeof low !== "string" || typeof high !== "string" || (low <= wanted && wanted <= high);
}

function* runs(cells, column, wanted, start) {
  let from = -1;
  for (let at = 0; at <= cells.length; at += 1) {
    const fits = at < cells.length && cells[at][column] === wanted;
    if (fits && from < 0) from = at;
    if (!fits && from >= 0) {
      yield [start + from, start + at];
      from = -1;
    }
  }
}

/** A cell as text; null where it is missing. */
export function text(cell) {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$/, "").replace(/\.000Z$/, "Z");
  if (cell instanceof Uint8Array) return `${cell.length} bytes`;
  if (typeof cell === "object") return JSON.stringify(cell, (_, one) => (typeof one === "bigint" ? String(one) : one));
  return String(cell);
}
