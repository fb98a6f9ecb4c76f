import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../../fixtures/command-line.ts'

const good = { messageId: 'm1', userId: 'u1', event: 'E', timestamp: '2026-11-01T10:00:00Z' }
const workspace = createWorkspace({
  'triggers.json': JSON.stringify({
    specVersion: 1,
    id: 'every',
    when: { kind: 'on', event: { type: 'track', name: 'E' } },
  }),
  'good.ndjson': `${JSON.stringify(good)}\n`,
})
afterAll(() => workspace.remove())
mkdirSync(workspace.path('folder'))

const call = (argv: readonly string[], stdin?: string | Uint8Array) =>
  callCli(
    workspace.folder,
    ['backtest', '--definitions', 'triggers.json', ...argv],
    stdin === undefined ? {} : { stdin },
  )
async function read(name: string, content: string | Uint8Array, ...argv: readonly string[]) {
  workspace.write(name, content)
  return call(['--events', name, ...argv])
}

describe('a file that cannot be read as it is says so once', () => {
  test('a folder', async () => {
    expect(await call(['--events', 'folder'])).toMatchObject({
      code: 1,
      stderr: `error: ${workspace.path('folder')} is a folder; name its files\n`,
    })
  })

  const parquet = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'userId', data: ['u1'], type: 'STRING' }] }),
  )
  test.each([
    ['Parquet from stdin', parquet, '- is Parquet, which cannot be read from stdin: name the file'],
    [
      'UTF-16',
      Buffer.from(`\uFEFF${JSON.stringify(good)}\n{}\n`, 'utf16le'),
      '- is UTF-16; write it as UTF-8',
    ],
    ['a zip', Buffer.from('PK\u0003\u0004\n\n\n'), '- is packed as zip; unpack it, or pack it with gzip'],
    [
      'Zstandard',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 10, 10]),
      '- is packed as Zstandard; unpack it, or pack it with gzip',
    ],
  ])('%s', async (_, content, message) => {
    const { code, stdout } = await call(['--events', '-'], content)
    expect(code).toBe(2)
    expect(stdout).toContain(`1 line is wrong: 1 malformed\n  ${message}`)
  })

  test('gzip on stdin is unpacked, and what is in it is looked at', async () => {
    expect(await call(['--events', '-'], gzipSync(JSON.stringify(good)))).toMatchObject({ code: 0 })
    expect((await call(['--events', '-'], gzipSync(parquet))).stdout).toContain('- is Parquet')
  })
})

describe('a table without what an event needs', () => {
  test.each([
    [
      'recency,history\n10,142\n',
      [],
      'x.csv: no column fills userId or anonymousId, timestamp, event; there are recency, history; name them with --columns, such as userId=COLUMN',
    ],
    [
      'userId;timestamp;event\nu1;x;E\n',
      [],
      'x.csv: the columns are separated by ";"; write them with commas',
    ],
    [
      'userId\ttimestamp\tevent\nu1\tx\tE\n',
      [],
      'x.csv: the columns are separated by tabs; write them with commas',
    ],
    [
      'customer,at\nu1,1\n',
      ['--columns', 'userId=custmer,timestamp=at,event=at'],
      'x.csv: there is no column custmer; there are customer, at',
    ],
    [
      'customer,at\nu1,1\n',
      ['--columns', 'userId=customer,timestamp=at'],
      'x.csv: no column fills event; there are customer, at; name them with --columns, such as event=COLUMN',
    ],
  ])('%j %j', async (content, argv, message) => {
    const { code, stderr } = await read('x.csv', content, ...argv)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${message}`)])
  })

  test('of a page needs no name of an event', async () => {
    const csv = 'anonymousId,timestamp,type\na1,2026-11-01T10:00:00Z,page\n'
    expect(await read('x.csv', csv)).toMatchObject({ code: 0 })
  })

  test('a profile needs less', async () => {
    workspace.write('traits.csv', 'userId,traits.plan\nu1,pro\n')
    expect(await call(['--events', 'good.ndjson', '--traits', 'traits.csv'])).toMatchObject({ code: 0 })
  })
})

test('rows of CSV that are none say why', async () => {
  const csv = 'userId,timestamp,event\nu1,2026-11-01T10:00:00Z\nu1,2026-11-01T10:00:00Z,E,F\n"u1,'
  const { stdout } = await read('x.csv', csv)
  expect(stdout).toContain('x.csv:2 has 2 values, the header has 3')
  expect(stdout).toContain('x.csv:3 has 4 values, the header has 3')
  expect(stdout).toContain('x.csv:4 opens a quote that is never closed')
})

test('rows of CSV that are not UTF-8 are left out, as no id may be read wrongly', async () => {
  const rows = 'userId,timestamp,event\nJürgen,2026-11-01T10:00:00Z,E\nu1,2026-11-01T10:00:00Z,E\n'
  const { code, stdout } = await read('latin.csv', Buffer.from(rows, 'latin1'))
  expect(code).toBe(2)
  expect(stdout).toContain('1 event of 1 user')
  expect(stdout).toContain('latin.csv:2 is not UTF-8')
  expect(await read('utf8.csv', rows)).toMatchObject({ code: 0 })
})

test('--columns where no file has any is refused', async () => {
  const { code, stderr } = await call(['--events', 'good.ndjson', '--columns', 'userId=x'])
  const message = '--columns: good.ndjson is neither .csv nor .csv.gz nor Parquet, so it has no columns'
  expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${message}`)])
})
