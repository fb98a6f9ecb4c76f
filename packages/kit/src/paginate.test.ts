import { TriplineError } from '@tripline/model'
import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createCursorCodec, paginate } from './paginate.ts'

const codec = createCursorCodec<number>('example', 'things-1')
const list = Array.from({ length: 7 }, (_, index) => index)
/** Three a page; remembers what was asked for. */
function createPages() {
  const asked: number[] = []
  const readPage = async (from: number) => {
    asked.push(from)
    const next = from + 3 < list.length ? from + 3 : undefined
    return { items: list.slice(from, from + 3), next }
  }
  return { asked, readPage }
}

test('reads page by page; each but the last says where to go on', async () => {
  const pages = []
  for await (const page of paginate(0, createPages().readPage, { codec })) pages.push(page)
  expect(pages.map(({ items, last, cursor }) => [items, last, cursor && codec.decode(cursor)])).toEqual([
    [[0, 1, 2], false, 3],
    [[3, 4, 5], false, 6],
    [[6], true, undefined],
  ])
  expect(pages.at(-1)).not.toHaveProperty('cursor')
})

test('goes on from a cursor, and asks only when more is wanted', async () => {
  const { asked, readPage } = createPages()
  const reading = paginate(codec.decode(codec.encode(3)), readPage)
  expect((await reading.next()).value?.items).toEqual([3, 4, 5])
  expect(asked).toEqual([3])
  await reading.return()
  expect(asked).toEqual([3])
})

test('an abort between two pages ends it; a failed page fails it', async () => {
  const stop = new AbortController()
  const reading = paginate(0, createPages().readPage, { signal: stop.signal })
  await reading.next()
  stop.abort(new Error('enough'))
  await expect(reading.next()).rejects.toThrow('enough')
  await expect(paginate(0, () => Promise.reject(new Error('down'))).next()).rejects.toThrow('down')
})

describe('cursors', () => {
  fcTest.prop([fc.jsonValue()])('come back as they were', (state) => {
    const json = createCursorCodec('example', '1')
    expect(json.decode(json.encode(state))).toEqual(JSON.parse(JSON.stringify(state)))
  })

  const token = codec.encode(1).token
  test.each([
    ['another vendor', { vendor: 'other', token }],
    ['another version', createCursorCodec<number>('example', 'things-2').encode(1)],
    [
      'a token that was cut',
      {
        vendor: 'example',
        token: createCursorCodec('example', 'things-1').encode({ a: 1 }).token.slice(0, -3),
      },
    ],
    ['no token', { vendor: 'example', token: '' }],
  ])('of %s are refused', (_, cursor) => {
    expect(() => codec.decode(cursor)).toThrow(TriplineError)
    expect(() => codec.decode(cursor)).toThrow('start the read anew')
  })
})
