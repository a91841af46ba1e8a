// What the readers in JavaScript share: the dump of cells, as readers/cells.py describes it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const BITS = new DataView(new ArrayBuffer(8))

// The cell of a value, of a type that the reader told.
export function cell(value, type) {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'string':
      return `s:${text(value)}`
    case 'bool':
      return `b:${value}`
    case 'int32':
      return `i:${value}`
    case 'double':
      BITS.setFloat64(0, value)
      return `f:${BITS.getBigUint64(0).toString(16).padStart(16, '0')}`
    case 'date32[day]':
      return `d:${day(value)}`
    case 'timestamp[us, tz=UTC]':
      return `t:${BigInt(value)}`
  }
  throw new Error(`a column of type ${type}`)
}

function text(value) {
  if (typeof value !== 'string') throw new Error(`no text: ${typeof value}`)
  return value
}

// A day from milliseconds, or from a Date.
function day(value) {
  const iso = new Date(value).toISOString()
  return iso.replace(/T00:00:00\.000Z$/, '')
}

// Read all tables of releases, and write their cells. `read` gives, of a file, the columns as
// pairs of name and type, and the rows.
export async function dump(read) {
  const [out, ...releases] = process.argv.slice(2)
  for (const [number, release] of releases.entries()) {
    mkdirSync(join(out, String(number)), { recursive: true })
    const manifest = JSON.parse(readFileSync(join(release, 'manifest.json'), 'utf8'))
    for (const { name, path } of manifest.tables) {
      const { columns, rows } = await read(join(release, path))
      const cells = rows.map(row => columns.map(([, type], at) => cell(row[at], type)))
      const lines = [columns, ...cells].map(line => JSON.stringify(line) + '\n')
      writeFileSync(join(out, String(number), `${name}.jsonl`), lines.join(''))
    }
  }
}
