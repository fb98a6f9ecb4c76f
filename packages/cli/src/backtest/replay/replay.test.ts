import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as fcTest } from '@fast-check/vitest'
import type { LedgerLine } from '@tripline/triggers'
import { describe, expect, test, vi } from 'vitest'
import { createRecordingEngine } from '../../../fixtures/recording-engine.ts'
import type { InputFile } from '../input/open-files.ts'
import { createListing } from '../output/listing.ts'
import { replayInput, type ReplayInput } from './replay-input.ts'

const startMs = Date.UTC(2026, 10, 1)

interface Message {
  readonly [name: string]: unknown
  readonly timestamp?: string
}

/** Messages as a file; every `groupSize` rows the reading stops for a moment. */
function fileOf(messages: readonly Message[], groupSize = 3): InputFile {
  return {
    name: 'events.ndjson',
    async *read(sink) {
      for (const [index, message] of messages.entries()) {
        sink.message(message, index + 1)
        if (index % groupSize === groupSize - 1) yield
      }
    },
  }
}

async function replay(messages: readonly Message[], more: Partial<ReplayInput> = {}) {
  const { output, ...result } = await replayInput(
    {
      events: [fileOf(messages)],
      latenessMs: 5_000,
      asReceived: false,
      isStrict: false,
      nowMs: startMs + 1e12,
      signal: new AbortController().signal,
      windowEvents: 8,
      ...more,
    },
    (folder) => {
      const listing = createListing(folder)
      const emit = (line: LedgerLine) => listing.add(line)
      const side = { engine: createRecordingEngine(), history: createRecordingEngine(), emit }
      let lines: readonly string[] = []
      return {
        sides: () => [side],
        finish: async () => void (lines = [...listing.lines()]),
        lines: () => lines,
      }
    },
  )
  return { ...result, lines: output.lines() }
}

const at = (ms: number): string => new Date(startMs + ms).toISOString()
const sorted = { togetherBecause: 'of the test', sorter: { maxBytes: 500, maxRuns: 2 } } as const

const message = fc.record({
  userId: fc.constantFrom('a', 'b', 'c'),
  ms: fc.nat(40).map((step) => step * 250),
  seq: fc.nat(1),
  messageId: fc.nat(60).map((id) => `m${id}`),
})
const messages = fc
  .array(message, { maxLength: 60 })
  .map((all) => all.map(({ ms, ...each }) => ({ ...each, type: 'track', event: 'E', timestamp: at(ms) })))

describe('both ways of reading give the same ledger', () => {
  fcTest.prop([messages, fc.constantFrom(1, 4, 8, 64)])('any order', async (given, windowEvents) => {
    const streamed = await replay(given, { windowEvents })
    const together = await replay(given, sorted)
    expect(streamed.lines).toEqual(together.lines)
    expect(streamed.people).toBe(together.people)
    expect(streamed.counts).toEqual(together.counts)
  })

  fcTest.prop([messages])('and what the reading order was does not matter', async (given) => {
    const unique = [...new Map(given.map((each) => [each.messageId, each])).values()]
    const inOrder = unique.toSorted((left, right) => (left.timestamp < right.timestamp ? -1 : 1))
    expect((await replay(unique)).lines).toEqual((await replay(inOrder)).lines)
  })

  const anonymous = fc.array(
    fc.record({
      person: fc.constantFrom('a', 'b', '?x', '?y'),
      links: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
      ms: fc.nat(20).map((step) => step * 250),
    }),
    { maxLength: 30 },
  )
  fcTest.prop([anonymous, fc.constantFrom(2, 8)])(
    'anonymous people and links',
    async (drawn, windowEvents) => {
      const given = drawn.map(({ person, links, ms }, index) => {
        const isAnonymous = person.startsWith('?')
        const who = isAnonymous ? { anonymousId: person.slice(1) } : { userId: person }
        const link = !isAnonymous && links !== undefined ? { anonymousId: links } : {}
        return { ...who, ...link, type: 'identify', traits: {}, timestamp: at(ms), messageId: `m${index}` }
      })
      const streamed = await replay(given, { windowEvents })
      const together = await replay(given, sorted)
      expect(streamed.lines).toEqual(together.lines)
    },
  )
})

const track = (userId: string, ms: number, more: Message = {}): Message => ({
  type: 'track',
  event: 'E',
  userId,
  timestamp: at(ms),
  messageId: `${userId}-${ms}`,
  ...more,
})
const told = (lines: readonly string[]) =>
  lines.map((line) => {
    const { userId, at: time, anchorKey } = JSON.parse(line) as Record<string, string>
    return `${Date.parse(time ?? '') - startMs} ${userId} ${anchorKey}`
  })

describe('what is read', () => {
  test('a file in order is read once; disorder of fewer lines than the window is put right in passing', async () => {
    const inOrder = Array.from({ length: 40 }, (_, index) => track('abc'[index % 3] ?? '', index * 10))
    expect((await replay(inOrder)).sortedBecause).toBeUndefined()
    const swapped = inOrder.toSpliced(10, 6, ...inOrder.slice(10, 16).toReversed())
    const result = await replay(swapped)
    expect(result.sortedBecause).toBeUndefined()
    expect(result.lines).toEqual((await replay(inOrder)).lines)
  })

  test('an event too far behind makes it sort, and says so', async () => {
    const given = [...Array.from({ length: 40 }, (_, index) => track('a', 1_000 + index)), track('a', 5)]
    const result = await replay(given)
    expect(result.sortedBecause).toBe('an event lies before what its user was read to')
    expect(told(result.lines)[0]).toBe('5 a event a-5')
  })

  test('one file after another, each from the start of the same days, needs no sorting', async () => {
    const first = Array.from({ length: 30 }, (_, index) => track('a', index * 100))
    const second = Array.from({ length: 30 }, (_, index) => track('b', index * 100))
    const result = await replay([], { events: [fileOf(first), fileOf(second)] })
    expect(result.sortedBecause).toBeUndefined()
    expect(result.people).toBe(2)
  })

  test('a timer fires when due before the last event of the whole input, not at it', async () => {
    const given = [track('a', 0), track('b', 1_000)]
    expect(told((await replay(given)).lines)).toEqual(['0 a event a-0', '1000 b event b-1000'])
    expect(told((await replay([...given, track('b', 1_001)])).lines)).toContain('1000 a timer')
    expect(told((await replay(given, { untilMs: startMs + 1_001 })).lines)).toContain('1000 a timer')
  })

  test('--to leaves events at and after it unread, and their time too', async () => {
    const given = [track('a', 0), track('a', 500), track('a', 5_000)]
    const result = await replay(given, { toMs: startMs + 5_000 })
    expect(told(result.lines)).toEqual(['0 a event a-0', '500 a event a-500'])
    expect(result.counts).toMatchObject({ events: 2, notRead: 1 })
  })

  test('--users keeps some people; the time is that of all', async () => {
    const given = [track('a', 0), track('b', 10), track('a', 3_000)]
    const result = await replay(given, { people: new Set(['b']) })
    expect(told(result.lines)).toEqual(['10 b event b-10', '1010 b timer'])
  })

  test('a repeated message is dropped whoever it belongs to, and the first to arrive counts', async () => {
    const given = [track('b', 20, { messageId: 'm' }), track('a', 10, { messageId: 'm' })]
    const result = await replay(given)
    expect(told(result.lines)).toEqual(['20 b event m'])
    expect(result.counts.duplicates).toBe(1)
  })

  test('an interrupted run leaves nothing on disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tripline-test-'))
    vi.stubEnv('TMPDIR', folder)
    const onDisk: number[] = []
    const stop = new AbortController()
    const given = Array.from({ length: 30 }, (_, index) => track('a', index))
    const onProgress = () => {
      onDisk.push(readdirSync(folder).length)
      if (onDisk.length > 5) stop.abort()
    }
    const events = [{ ...fileOf(given), read: readAndTell(fileOf(given)) }]
    await expect(replay([], { ...sorted, events, signal: stop.signal, onProgress })).rejects.toThrow(
      'interrupted',
    )
    expect(Math.max(...onDisk)).toBe(1)
    expect(readdirSync(folder)).toEqual([])
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
})

/** Reports progress after the first rows. */
function readAndTell(file: InputFile): InputFile['read'] {
  return async function* (sink, onRead) {
    for await (const group of file.read(sink)) {
      onRead?.(1)
      yield group
    }
  }
}

describe('going live', () => {
  test('--from: what lies before is history, taken over at its last millisecond', async () => {
    const given = [track('a', 0), track('a', 400), track('a', 600)]
    const result = await replay(given, { fromMs: startMs + 500 })
    expect(told(result.lines)).toEqual(['499 a live after 2 0', '600 a event a-600'])
  })

  test('an event in the very millisecond of --from is new', async () => {
    const result = await replay([track('a', 500)], { fromMs: startMs + 500 })
    expect(told(result.lines)).toEqual(['499 a live after 0 0', '500 a event a-500'])
  })
})

describe('as received', () => {
  const received = (ms: number, receivedMs: number, more: Message = {}) =>
    track('a', ms, { receivedAt: at(receivedMs), ...more })

  test('within the lateness order does not matter; later it is late, at the watermark', async () => {
    const given = [received(0, 0), received(9_000, 9_000), received(4_500, 9_100), received(3_000, 9_200)]
    const result = await replay(given, { asReceived: true, latenessMs: 5_000 })
    expect(told(result.lines)).toEqual([
      '0 a event a-0',
      '1000 a timer',
      '4200 a late a-3000',
      '4500 a event a-4500',
      '5500 a timer',
      '9000 a event a-9000',
    ])
  })

  test('an event exactly at the watermark is late', async () => {
    const given = [received(0, 0), received(4_000, 9_000), received(20_000, 20_000)]
    const result = await replay(given, { asReceived: true, latenessMs: 5_000 })
    expect(told(result.lines)).toContain('4000 a late a-4000')
  })

  test('a timestamp ahead of its arrival by more than the lateness is put at the arrival, and reported', async () => {
    const given = [received(60_000, 2_000)]
    const result = await replay(given, { asReceived: true, latenessMs: 5_000 })
    expect(told(result.lines)).toEqual(['2000 a event a-60000'])
    expect(result.problems.first).toMatchObject([{ line: 1, reason: 'future', taken: true }])
  })

  fcTest.prop([messages])(
    'events that all arrive in time give the ledger of as it happened',
    async (given) => {
      const unique = [...new Map(given.map((each) => [each.messageId, each])).values()]
      const arriving = unique.map((each) => ({ ...each, receivedAt: each.timestamp }))
      const asReceived = await replay(arriving, { asReceived: true, latenessMs: 5_000 })
      expect(asReceived.lines).toEqual((await replay(unique)).lines)
    },
  )
})

test('--users: a link to somebody else keeps an anonymous person away', async () => {
  const link = (userId: string, ms: number) => track(userId, ms, { type: 'identify', anonymousId: 'x' })
  const visit = (ms: number) => track('', ms, { userId: null, anonymousId: 'x', messageId: `v-${ms}` })
  const people = new Set(['u'])
  const given = [visit(0), link('w', 100), link('u', 200), visit(300)]
  expect(told((await replay(given, { people })).lines)).toEqual(['200 u event u-200'])
  const linkedFirst = [link('w', 100), link('u', 200), visit(300)]
  const streamed = await replay(linkedFirst, { people })
  expect(streamed.sortedBecause).toBeUndefined()
  expect(told(streamed.lines)).toEqual(['200 u event u-200'])
  expect(streamed.people).toBe(1)
})

describe('links', () => {
  const identify = (ms: number): Message =>
    track('u', ms, { type: 'identify', anonymousId: 'anon', traits: {} })
  const visit = (ms: number) => track('', ms, { userId: null, anonymousId: 'anon', messageId: `v-${ms}` })

  test('before its link an anonymous id is a person of its own, then part of the user', async () => {
    const given = [visit(0), track('u', 100), visit(200), identify(300), visit(400)]
    const result = await replay(given)
    expect(result.sortedBecause).toBe('an anonymous id is linked to a user')
    expect(told(result.lines)).toEqual([
      '0 anon event v-0',
      '100 u event u-100',
      '200 anon event v-200',
      '300 u merge anon',
      '300 u event u-300',
      '400 u event v-400',
    ])
    expect(result.people).toBe(1)
  })

  test('as received it is the same when all arrive in time', async () => {
    const given = [visit(0), track('u', 100), visit(200), identify(300), visit(400)]
    const arriving = given.map((each) => ({ ...each, receivedAt: each.timestamp }))
    const result = await replay(arriving, { asReceived: true })
    expect(result.lines).toEqual((await replay(given)).lines)
  })

  test('the first link is for good', async () => {
    const given = [
      visit(0),
      track('u', 300, { type: 'identify', anonymousId: 'anon' }),
      track('w', 400, { type: 'identify', anonymousId: 'anon' }),
      visit(500),
    ]
    expect(told((await replay(given)).lines)).toContain('500 u event v-500')
  })
})
