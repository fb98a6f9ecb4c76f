import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

type Seen = readonly (readonly [line: number, text: string])[]

/** How the lines come out when the bytes come in pieces of these lengths. */
async function split(bytes: Uint8Array, lengths: readonly number[], takesBytes: boolean): Promise<Seen> {
  const seen: [number, string][] = []
  const pieces = (async function* () {
    let from = 0
    for (let piece = 0; from < bytes.length; piece++) {
      const to = from + (lengths[piece % lengths.length] ?? 1)
      yield await Promise.resolve(bytes.subarray(from, to))
      from = to
    }
  })()
  const sink = {
    line: (text: string, line: number) => void seen.push([line, text]),
    unreadable: (message: string, line: number) => void seen.push([line, `! ${message}`]),
    ...(takesBytes && {
      bytes(all: Buffer, from: number, to: number, isAscii: boolean, line: number) {
        seen.push([line, all.toString(isAscii ? 'latin1' : 'utf8', from, to)])
        return true
      },
    }),
  }
  for await (const _ of splitLines(pieces, sink)) continue
  return seen
}

const line = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '€', '😀', '{', '"'), maxLength: 8 })
const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })

fcTest.prop([fc.array(line, { maxLength: 12 }), lengths, fc.boolean(), fc.boolean()])(
  'lines and their numbers do not depend on how the bytes come',
  async (lines, pieces, endsLast, takesBytes) => {
    const text = lines.join('\n') + (endsLast && lines.length > 0 ? '\n' : '')
    const expected = text.split('\n').flatMap((each, index) => (each === '' ? [] : [[index + 1, each]]))
    expect(await split(Buffer.from(text), pieces, takesBytes)).toEqual(expected)
  },
)

test.each([1, 4, 1_000])(
  'blank lines are left out, whatever ends them (pieces of %i bytes)',
  async (length) => {
    const bytes = Buffer.from('one\r\n\r\n  \ntwo\n\nthree')
    expect(await split(bytes, [length], false)).toEqual([
      [1, 'one'],
      [4, 'two'],
      [6, 'three'],
    ])
  },
)

test('a byte order mark, carriage returns and bytes that are no text', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\uFEFFone\r\ntwo\r\n'),
    Buffer.from([0xc3, 0x28, 10]),
    Buffer.from('ü\n'),
  ])
  const expected = [
    [1, 'one'],
    [2, 'two'],
    [3, '! is not UTF-8'],
    [4, 'ü'],
  ]
  expect(await split(bytes, [1_000], false)).toEqual(expected)
  expect(await split(bytes, [3], false)).toEqual(expected)
})
