import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { createWorkspace } from '../../../fixtures/command-line.ts'
import { readColumnMap } from './columns.ts'
import { openFiles } from './open-files.ts'

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0]
type Compressor = NonNullable<NonNullable<WriteOptions['compressors']>['GZIP']>

const workspace = createWorkspace()
afterAll(() => workspace.remove())

async function read(options: WriteOptions, columns = "userId='u1',timestamp=at,properties.x=x,event='E'") {
  workspace.write('x.parquet', new Uint8Array(parquetWriteBuffer(options)))
  const map = readColumnMap(columns, workspace.folder)
  const messages: unknown[] = []
  const problems: string[] = []
  const [file] = openFiles(['x.parquet'], {
    folder: workspace.folder,
    stdin: Readable.from([]),
    columns: map,
    areEvents: true,
  })
  const sink = {
    message: (message: unknown) => void messages.push(message),
    problem: (reason: string, message: string, line: number) =>
      void problems.push(`${line} ${reason} ${message}`),
  }
  let readBytes = 0
  for await (const _ of file?.read(sink, (bytes) => (readBytes += bytes)) ?? []) continue
  return {
    messages: messages as readonly { readonly [name: string]: unknown }[],
    problems,
    readBytes,
    sizeBytes: file?.sizeBytes,
  }
}

/** A block of literals, which every reader of LZ4 takes. */
const lz4: Compressor = (bytes) => {
  if (bytes.length < 15) return Uint8Array.of(bytes.length << 4, ...bytes)
  const lengths: number[] = []
  let rest = bytes.length - 15
  for (; rest >= 255; rest -= 255) lengths.push(255)
  return Uint8Array.of(0xf0, ...lengths, rest, ...bytes)
}

/** As Hadoop frames it: both lengths before each block. */
const hadoopLz4: Compressor = (bytes) => {
  const block = lz4(bytes)
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(bytes.length, 0)
  lengths.writeUInt32BE(block.length, 4)
  return Uint8Array.of(...lengths, ...block)
}

describe('every usual compression is read', () => {
  const names = Array.from({ length: 500 }, (_, index) => `name ${index % 7} ${index}`)
  const columnData: WriteOptions['columnData'] = [
    { name: 'at', type: 'STRING', data: names.map(() => '2026-11-01T10:00:00Z') },
    { name: 'x', type: 'STRING', data: names },
  ]
  const compressors = {
    GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
    ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)),
    BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)),
    LZ4_RAW: lz4,
    LZ4: hadoopLz4,
  }
  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW', 'LZ4'] as const)(
    '%s',
    async (codec) => {
      const { messages, problems, readBytes, sizeBytes } = await read({
        columnData,
        codec,
        compressors,
        rowGroupSize: 120,
      })
      expect([problems, readBytes]).toEqual([[], sizeBytes])
      expect(messages.map(({ properties }) => properties)).toEqual(names.map((x) => ({ x })))
    },
  )

  test('another is a problem that names it', async () => {
    const { messages, problems } = await read({
      columnData,
      codec: 'LZO',
      compressors: { LZO: (bytes) => bytes.slice(0) },
    })
    expect([messages.length, problems.length]).toEqual([0, 1])
    expect(problems[0]).toMatch(/^1 truncated cannot be read from this row on \(.*LZO.*\)$/)
  })
})

describe('moments of every unit are ISO text in UTC', () => {
  const iso = '2026-11-01T10:00:00.123Z'
  const ms = Date.parse(iso)
  const schemaOf = (element: object): NonNullable<WriteOptions['schema']> =>
    [
      { name: 'root', num_children: 1 },
      { name: 'at', repetition_type: 'OPTIONAL', ...element },
    ] as NonNullable<WriteOptions['schema']>
  const stamp = (unit: string, isAdjustedToUTC: boolean) => ({
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit },
  })
  const columns = "userId='u1',timestamp=at,event='E'"
  test.each([
    ['milliseconds', stamp('MILLIS', true), BigInt(ms), iso],
    ['microseconds', stamp('MICROS', true), BigInt(ms) * 1_000n + 999n, iso],
    ['nanoseconds', stamp('NANOS', true), BigInt(ms) * 1_000_000n + 999_999n, iso],
    ['nanoseconds without a zone', stamp('NANOS', false), BigInt(ms) * 1_000_000n, iso],
    ['the old milliseconds', { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, new Date(ms), iso],
    ['the old microseconds', { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }, BigInt(ms) * 1_000n, iso],
    ['days', { type: 'INT32', converted_type: 'DATE' }, new Date('2026-11-01'), '2026-11-01T00:00:00.000Z'],
  ])('%s', async (_, element, value, expected) => {
    const data = [{ name: 'at', data: [value, null] }]
    const { messages } = await read({ columnData: data, schema: schemaOf(element) }, columns)
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([expected, undefined])
  })

  test.each([
    ['seconds', 1_793_527_200n, '2026-11-01T10:00:00.000Z'],
    ['milliseconds', 1_793_527_200_123n, iso],
  ])('bare whole numbers with the form %s', async (form, value, expected) => {
    const { messages } = await read(
      { columnData: [{ name: 'at', type: 'INT64', data: [value] }] },
      `userId='u1',timestamp=at:${form},event='E'`,
    )
    expect(messages[0]?.['timestamp']).toBe(expected)
  })
})

describe('values', () => {
  const at = { name: 'at', type: 'STRING', data: ['2026-11-01T10:00:00Z'] } as const
  const valueOf = async (column: object, form = '') => {
    const { messages, problems } = await read(
      {
        columnData: [
          { ...at, data: [...at.data] },
          { name: 'x', ...column },
        ] as WriteOptions['columnData'],
      },
      `userId='u1',timestamp=at,event='E',properties.x=x${form}`,
    )
    return problems[0] ?? (messages[0]?.['properties'] as { readonly x: unknown } | undefined)?.x
  }
  test.each([
    ['a whole number of 64 bits', { type: 'INT64', data: [9_007_199_254_740_991n] }, 9_007_199_254_740_991],
    [
      'one that a double does not hold',
      { type: 'INT64', data: [-9_007_199_254_740_993n] },
      '-9007199254740993',
    ],
    ['a fraction', { type: 'DOUBLE', data: [12.5] }, 12.5],
    ['no number, which data frames write for none', { type: 'DOUBLE', data: [Number.NaN] }, undefined],
    ['a flag', { type: 'BOOLEAN', data: [false] }, false],
    ['JSON', { type: 'JSON', data: [{ a: [1, 'b'] }] }, { a: [1, 'b'] }],
    ['nothing', { type: 'STRING', nullable: true, data: [null] }, undefined],
  ])('%s', async (_, column, expected) => {
    expect(await valueOf(column)).toEqual(expected)
  })

  test('ids of 64 bits become text by the form text', async () => {
    expect(await valueOf({ type: 'INT64', data: [17n] }, ':text')).toBe('17')
    expect(await valueOf({ type: 'INT64', data: [2n ** 60n] }, ':text')).toBe('1152921504606846976')
  })

  const nested = (schema: readonly object[], value: unknown) =>
    read({
      columnData: [
        { name: at.name, data: [...at.data] },
        { name: 'x', data: [value] },
      ] as WriteOptions['columnData'],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'at', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        ...schema,
      ] as NonNullable<WriteOptions['schema']>,
    })
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
  test('lists', async () => {
    const schema = [
      { name: 'x', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', ...text },
    ]
    const { messages, problems } = await nested(schema, ['a', 'b', null])
    expect([messages[0]?.['properties'], problems]).toEqual([{ x: ['a', 'b', null] }, []])
  })

  test('decimals', async () => {
    const schema = [
      {
        name: 'x',
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 8,
        converted_type: 'DECIMAL',
        precision: 18,
        scale: 2,
        repetition_type: 'OPTIONAL',
      },
    ]
    const { messages } = await nested(schema, 1_234.56)
    expect(messages[0]?.['properties']).toEqual({ x: 1_234.56 })
  })
})
