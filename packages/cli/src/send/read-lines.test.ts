import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { maxLineBytes, readLines, type RawLine } from './read-lines.ts'

async function collect(chunks: readonly Uint8Array[]): Promise<readonly RawLine[]> {
  const all: RawLine[] = []
  const stream = (async function* () {
    yield* chunks
  })()
  for await (const lines of readLines(stream)) all.push(...lines)
  return all
}

fcTest.prop([
  fc.array(fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\n', ''))),
  fc.array(fc.integer({ min: 1, max: 9 })),
])('finds the lines wherever the chunks are cut, inside a character too', async (texts, sizes) => {
  const bytes = Buffer.from(texts.join('\n'))
  const chunks: Uint8Array[] = []
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? 4
    chunks.push(bytes.subarray(from, from + size))
    from += size
  }
  const expected = bytes
    .toString()
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.trim() }))
  expected.splice(
    0,
    1,
    ...expected.slice(0, 1).map(({ line, text }) => ({ line, text: text.replace(/^\uFEFF/, '') })),
  )
  expect(await collect(chunks)).toEqual(expected.filter(({ text }) => text !== ''))
})

test('blank lines count, Windows line ends and a byte order mark do no harm', async () => {
  const text = '\uFEFF{"a":1}\r\n\r\n{"b":2}'
  expect(await collect([Buffer.from(text)])).toEqual([
    { line: 1, text: '{"a":1}' },
    { line: 3, text: '{"b":2}' },
  ])
})

test('a line longer than the limit is refused without being held; the next one is read', async () => {
  const part = Buffer.alloc(1_048_576, 'x')
  const parts = Array.from({ length: maxLineBytes / part.length }, () => part)
  expect(await collect([...parts, Buffer.from('\nshort')])).toEqual([
    { line: 1, text: expect.any(String) as string },
    { line: 2, text: 'short' },
  ])
  const [refused, next] = await collect([...parts, Buffer.from('x\nshort')])
  expect(refused).toEqual({ line: 1, text: '', unreadable: `is longer than ${maxLineBytes} bytes` })
  expect(next).toEqual({ line: 2, text: 'short' })
})
