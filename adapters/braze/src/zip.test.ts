import { fc, test as fcTest } from '@fast-check/vitest'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { zipLines } from './zip.ts'

interface File {
  readonly name: string
  readonly text: string
  /** 0 stored, 8 deflated. */
  readonly method: number
}
const file = (text: string, method = 8, name = 'part.json'): File => ({ name, text, method })

/** A zip as https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT lays it out, without CRCs (nobody reads them here). */
function zipOf(files: readonly File[], comment = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text, method } of files) {
    const [path, plain] = [Buffer.from(name), Buffer.from(text)]
    const data = method === 8 ? deflateRawSync(plain) : plain
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(data.length, 18)
    local.writeUInt32LE(plain.length, 22)
    local.writeUInt16LE(path.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt32LE(plain.length, 24)
    entry.writeUInt16LE(path.length, 28)
    entry.writeUInt32LE(offset, 42)
    parts.push(local, path, data)
    directory.push(entry, path)
    offset += local.length + path.length + data.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment)])
}

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tripline-zip-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
async function stored(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${count++}.zip`)
  await writeFile(path, bytes)
  return path
}
async function linesOf(bytes: Uint8Array): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of zipLines(await stored(bytes))) lines.push(line)
  return lines
}
/** What has no line end in it is one line, whatever else it holds. */
const line = fc
  .string({ unit: 'binary', maxLength: 60 })
  .filter((text) => !/[\r\n\uFEFF]/.test(text) && text !== '')
const method = fc.constantFrom(0, 8)

describe('the lines of a zip', () => {
  fcTest.prop([fc.array(fc.tuple(fc.array(line, { maxLength: 8 }), method), { maxLength: 6 })])(
    'come back as they went in, file after file',
    async (files) => {
      const zip = zipOf(
        files.map(([lines, how], index) =>
          file(lines.map((one) => `${one}\n`).join(''), how, `${index}.json`),
        ),
      )
      expect(await linesOf(zip)).toEqual(files.flatMap(([lines]) => lines))
    },
  )

  test.each([
    ['no line end behind the last', 'a\nb', ['a', 'b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['an empty file', '', []],
    ['empty lines', 'a\n\nb\n', ['a', '', 'b']],
    [
      'line separators of Unicode, which JSON may hold as they are',
      '"a\u2028b\u2029c\u0085d"\n',
      ['"a\u2028b\u2029c\u0085d"'],
    ],
  ])('%s', async (_name, text, lines) => {
    for (const how of [0, 8]) expect(await linesOf(zipOf([file(text, how)]))).toEqual(lines)
  })

  test('folders hold no lines, a comment at the end does no harm', async () => {
    const zip = zipOf([file('', 0, 'folder/'), file('a\n', 8, 'folder/part.json')], 'made by hand')
    expect(await linesOf(zip)).toEqual(['a'])
  })

  test('a character and a line over many chunks stay whole', async () => {
    const long = 'ä€😀'.repeat(60_000)
    for (const how of [0, 8]) {
      const lines = await linesOf(zipOf([file(`x${long}\n${long}\n`, how)]))
      expect(lines.map((one) => one.length)).toEqual([long.length + 1, long.length])
      expect(lines[1] === long).toBe(true)
    }
  })

  test('none at all in an empty zip', async () => expect(await linesOf(zipOf([]))).toEqual([]))
})

describe('what is no whole zip is an error, never fewer lines', () => {
  const whole = (how: number): Buffer =>
    zipOf([
      file('{"a":1}\n'.repeat(2_000), how, 'one.json'),
      file('{"b":2}\n'.repeat(2_000), how, 'two.json'),
    ])

  test.each([0, 8])('a file cut anywhere (method %d)', async (how) => {
    const zip = whole(how)
    for (const bytes of [0, 21, Math.floor(zip.length / 2), zip.length - 30, zip.length - 1])
      await expect(linesOf(zip.subarray(0, bytes)), `${bytes} bytes`).rejects.toThrow(/zip|end of/)
  })

  test.each([0, 8])('an entry that says it is longer than the file (method %d)', async (how) => {
    const zip = whole(how)
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    zip.writeUInt32LE(zip.length * 2, entry + 20)
    await expect(linesOf(zip)).rejects.toThrow('one.json')
  })

  test('deflated data that ends too early, or is none', async () => {
    const zip = whole(8)
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    zip.writeUInt32LE(4, entry + 20)
    await expect(linesOf(zip)).rejects.toThrow('unexpected end of file')
    const broken = whole(8)
    broken.fill(0xff, 38, 60)
    await expect(linesOf(broken)).rejects.toThrow('invalid')
  })

  test('a directory with fewer entries than it says', async () => {
    const zip = whole(8)
    const second = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    zip.writeUInt32LE(0, second)
    await expect(linesOf(zip)).rejects.toThrow('directory')
  })

  test('a directory that points nowhere', async () => {
    const zip = whole(0)
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    zip.writeUInt32LE(3, entry + 42)
    await expect(linesOf(zip)).rejects.toThrow('one.json')
  })

  test('another compression, and no zip at all', async () => {
    await expect(linesOf(zipOf([file('a', 12)]))).rejects.toThrow('compression method 12')
    await expect(linesOf(Buffer.from('<html>maintenance</html>'))).rejects.toThrow('not a zip file')
  })
})

test.each([0, 8])('who stops early leaves nothing open and breaks nothing (method %d)', async (how) => {
  const path = await stored(zipOf([file('{"a":1}\n'.repeat(200_000), how)]))
  for (let round = 0; round < 5; round++) {
    for await (const first of zipLines(path)) {
      expect(first).toBe('{"a":1}')
      break
    }
  }
  const handle = await open(path)
  await handle.close()
})
