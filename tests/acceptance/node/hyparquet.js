// hyparquet, with the decompressors it names for zstd.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet/src/node.js'
import { compressors } from 'hyparquet-compressors'
import { dump } from './cells.js'

function type({ element }) {
  const { type: physical, logical_type: logical, converted_type: converted } = element
  if (logical?.type === 'STRING' || converted === 'UTF8') return 'string'
  if (logical?.type === 'DATE' || converted === 'DATE') return 'date32[day]'
  if (logical?.type === 'TIMESTAMP') {
    return `timestamp[${{ MICROS: 'us' }[logical.unit]}${logical.isAdjustedToUTC ? ', tz=UTC' : ''}]`
  }
  return { BOOLEAN: 'bool', INT32: 'int32', DOUBLE: 'double' }[physical]
}

await dump(async path => {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  const columns = parquetSchema(metadata).children.map(child => [child.element.name, type(child)])
  // By default a time is a Date, which has no microseconds.
  const parsers = { timestampFromMicroseconds: micros => micros }
  const objects = await parquetReadObjects({ file, metadata, compressors, parsers })
  return { columns, rows: objects.map(row => columns.map(([name]) => row[name])) }
})
