// parquet-wasm, which gives a stream of Arrow, read by apache-arrow.
import { readFileSync } from 'node:fs'
import { DataType, tableFromIPC, TimeUnit } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { dump } from './cells.js'

function type(arrow) {
  if (DataType.isUtf8(arrow)) return 'string'
  if (DataType.isBool(arrow)) return 'bool'
  if (DataType.isInt(arrow)) return `int${arrow.bitWidth}`
  if (DataType.isFloat(arrow) && arrow.precision === 2) return 'double'
  if (DataType.isDate(arrow)) return 'date32[day]'
  if (DataType.isTimestamp(arrow)) {
    return `timestamp[${TimeUnit[arrow.unit] === 'MICROSECOND' ? 'us' : arrow.unit}, tz=${arrow.timezone}]`
  }
  return String(arrow)
}

// apache-arrow gives a time as a number of milliseconds, with a fraction; the 64 bits beneath are
// exact.
function values(vector, kind) {
  if (!kind.startsWith('timestamp')) return [...vector]
  return vector.data.flatMap(data =>
    Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? data.values[row] : null))
  )
}

await dump(async path => {
  const table = tableFromIPC(readParquet(readFileSync(path)).intoIPCStream())
  const columns = table.schema.fields.map(field => [field.name, type(field.type)])
  const found = columns.map(([name, kind]) => values(table.getChild(name), kind))
  const rows = Array.from({ length: table.numRows }, (_, row) => found.map(column => column[row]))
  return { columns, rows }
})
