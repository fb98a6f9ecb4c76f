import type { Call, EventItem, Fault, Item, Outcome, Report } from '@tripline/model'
import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createBuffer, type BufferOptions } from './buffer.ts'
import { groupBy } from '../fixtures/group-by.ts'
import { nextOf } from '../fixtures/next-of.ts'

let clock = createFakeClock()
beforeEach(() => {
  clock = createFakeClock()
})
const fault: Fault = { code: 'unavailable', message: 'not now' }
const item = (key: string, lane = key): EventItem => ({
  kind: 'event',
  key,
  lane,
  at: '2026-01-01T00:00:00.000Z',
  who: { userId: lane },
  event: { type: 'track', event: 'Seen', properties: {} },
})
type Judge = (item: Item) => Outcome['status']
const outcomeOf = (status: Outcome['status']): Outcome =>
  status === 'sent'
    ? { status, proof: 'stored' }
    : status === 'skipped'
      ? { status, because: 'unchanged' }
      : status === 'planned'
        ? { status }
        : { status, fault }

/** A connector that takes a second, and a buffer over it. */
function setUp(options: BufferOptions = {}, judge: Judge = () => 'sent') {
  const batches: (readonly string[])[] = []
  const calls: (Call | undefined)[] = []
  const deliver = vi.fn<(items: readonly Item[], call?: Call) => Promise<Report>>(async (items, call) => {
    batches.push(items.map(({ key }) => key))
    calls.push(call)
    await clock.sleep(1_000)
    const results = items.map((each) => ({
      key: each.key,
      outcome: outcomeOf(judge(each)),
      losses: [],
      done: each.done ?? ['x'],
    }))
    return { results, calls: [] }
  })
  return {
    buffer: createBuffer({ deliver }, { clock, maxItems: 2, maxAgeMs: 5_000, ...options }),
    batches,
    calls,
    deliver,
  }
}

test('a full batch leaves at once, an older one by its age, the rest with the flush', async () => {
  const { buffer, batches, calls } = setUp()
  await buffer.add(item('1'))
  await buffer.add(item('2'))
  await clock.advance(1_000)
  expect(batches).toEqual([['1', '2']])
  await buffer.add(item('3'))
  await clock.advance(4_999)
  expect(batches).toHaveLength(1)
  await clock.advance(1)
  expect(batches).toEqual([['1', '2'], ['3']])
  await buffer.add(item('4'))
  await clock.run(buffer.flush({ onUnknown: 'report' }))
  expect(batches.at(-1)).toEqual(['4'])
  expect(calls.at(-1)).toEqual({ onUnknown: 'report' })
  expect(clock.sleeping).toBe(0)
})

test('one delivery at a time', async () => {
  let underWay = 0
  const { buffer, deliver } = setUp({ maxWaiting: 100 })
  const slow = deliver.getMockImplementation()
  deliver.mockImplementation(async (...args) => {
    expect(++underWay).toBe(1)
    const report = await slow?.(...args)
    underWay--
    return report ?? { results: [], calls: [] }
  })
  const all = Array.from({ length: 9 }, (_, index) => buffer.add(item(String(index))))
  await clock.run(Promise.all([...all, buffer.flush(), buffer.flush()]))
  expect(buffer.waiting).toBe(0)
})

test('back-pressure: who adds to a full buffer waits for room, first come first served', async () => {
  const { buffer, batches } = setUp({ maxWaiting: 3 })
  const added: string[] = []
  const add = async (key: string): Promise<void> => {
    await buffer.add(item(key))
    added.push(key)
  }
  const all = ['1', '2', '3', '4', '5', '6', '7'].map(add)
  await clock.settle()
  expect(added).toEqual(['1', '2', '3'])
  expect(buffer.waiting).toBe(3)
  await clock.advance(1_000)
  expect(added).toEqual(['1', '2', '3', '4', '5'])
  await clock.run(Promise.all(all))
  await clock.run(buffer.close())
  expect(batches.flat()).toEqual(['1', '2', '3', '4', '5', '6', '7'])
})

test('who waits for room is not overtaken when items are put aside', async () => {
  const { buffer, batches } = setUp({ maxItems: 10, maxWaiting: 3 }, ({ lane }) =>
    lane === 'stuck' ? 'retry' : 'sent',
  )
  await buffer.add(item('1', 'stuck'))
  await clock.run(buffer.flush())
  for (const each of [item('2', 'stuck'), item('3', 'stuck'), item('4')]) await buffer.add(each)
  const waits = buffer.add(item('5', 'x'))
  await clock.settle()
  expect(buffer.waiting).toBe(1)
  const comesLater = buffer.add(item('6', 'x'))
  await clock.run(Promise.all([waits, comesLater]))
  await clock.advance(10_000)
  expect(batches.slice(1)).toEqual([['4'], ['5', '6']])
})

test('a flush sends all that waits by its own options, also what would have left anyway', async () => {
  const { buffer, calls } = setUp()
  for (const key of ['1', '2', '3', '4', '5']) await buffer.add(item(key))
  await clock.settle()
  await clock.run(buffer.flush({ onUnknown: 'report' }))
  expect(calls).toEqual([undefined, { onUnknown: 'report' }, { onUnknown: 'report' }])
})

test('a buffer smaller than a batch delivers what there is room for', async () => {
  const { buffer, batches } = setUp({ maxItems: 10, maxWaiting: 1 })
  await clock.run(Promise.all(['1', '2', '3'].map((key) => buffer.add(item(key)))))
  await clock.run(buffer.flush())
  expect(batches).toEqual([['1'], ['2'], ['3']])
})

describe('what does not arrive', () => {
  test('is kept, oldest first, with the writes that were acknowledged', async () => {
    const { buffer } = setUp(
      {},
      ({ key }) => ({ 1: 'dead', 2: 'sent', 3: 'unknown', 4: 'skipped' } as const)[key] ?? 'sent',
    )
    for (const key of ['1', '2', '3', '4']) await buffer.add(item(key))
    await clock.run(buffer.flush())
    const taken = buffer.takeUndelivered()
    expect(taken.map(({ item: { key, done }, result }) => [key, done, result.outcome.status])).toEqual([
      ['1', ['x'], 'dead'],
      ['3', ['x'], 'unknown'],
    ])
    expect(buffer.takeUndelivered()).toEqual([])
  })

  test('as retry holds its lane, and the flush tries it again, in lane order', async () => {
    let isDown = true
    const { buffer, batches } = setUp({}, ({ lane }) => (lane === 'x' && isDown ? 'retry' : 'sent'))
    for (const [key, lane] of [
      ['1', 'x'],
      ['2', 'y'],
      ['3', 'x'],
      ['4', 'z'],
    ] as const)
      await buffer.add(item(key, lane))
    await clock.advance(3_000)
    expect(batches).toEqual([['1', '2'], ['4']])
    isDown = false
    await buffer.add(item('5', 'x'))
    await clock.run(buffer.flush())
    expect(batches.slice(2)).toEqual([['1', '3'], ['5']])
    expect(buffer.takeUndelivered()).toEqual([])
  })

  test('as retry again stays for the next flush', async () => {
    const { buffer, batches } = setUp({}, () => 'retry')
    await buffer.add(item('1'))
    await clock.run(buffer.flush())
    await clock.run(buffer.flush())
    expect(batches).toEqual([['1'], ['1']])
    expect(buffer.takeUndelivered()).toHaveLength(1)
    await clock.run(buffer.flush())
    expect(batches).toHaveLength(2)
  })

  test('as retry in a delivery under way is tried again by a flush that waited for it', async () => {
    let tries = 0
    const { buffer, batches } = setUp({}, () => (++tries === 1 ? 'retry' : 'sent'))
    await buffer.add(item('1'))
    await clock.advance(5_500)
    await clock.run(buffer.flush())
    expect(batches).toEqual([['1'], ['1']])
  })
})

describe('a delivery that throws', () => {
  test('loses nothing: the flush says so, and the next one delivers', async () => {
    const { buffer, batches, deliver } = setUp({ maxItems: 3 })
    await buffer.add(item('1'))
    await buffer.add(item('2'))
    deliver.mockRejectedValueOnce(new Error('misuse'))
    await expect(clock.run(buffer.flush())).rejects.toThrow('misuse')
    expect(buffer.waiting).toBe(2)
    await clock.run(buffer.flush())
    expect(batches).toEqual([['1', '2']])
  })

  test('in the background is thrown by the next add, which adds nothing', async () => {
    const { buffer, batches, deliver } = setUp()
    deliver.mockRejectedValueOnce(new Error('misuse'))
    await buffer.add(item('1'))
    await buffer.add(item('2'))
    await clock.settle()
    await expect(buffer.add(item('3'))).rejects.toThrow('misuse')
    await buffer.add(item('4'))
    await clock.run(buffer.close())
    expect(batches.flat()).toEqual(['1', '2', '4'])
  })

  test('is thrown to those who wait for room', async () => {
    const { buffer, deliver } = setUp({ maxWaiting: 2 })
    deliver.mockImplementationOnce(async () => {
      await clock.sleep(10)
      throw new Error('misuse')
    })
    await buffer.add(item('1'))
    await buffer.add(item('2'))
    const third = buffer.add(item('3')).catch((error: unknown) => error)
    await clock.advance(10)
    expect(await third).toEqual(new Error('misuse'))
    expect(buffer.waiting).toBe(2)
  })

  test('a report callback that throws neither loses nor repeats items', async () => {
    const onReport = vi.fn<() => void>().mockImplementationOnce(() => {
      throw new Error('log is full')
    })
    const { buffer, batches } = setUp({ onReport })
    for (const key of ['1', '2', '3']) await buffer.add(item(key))
    await expect(clock.run(buffer.flush())).rejects.toThrow('log is full')
    await clock.run(buffer.flush())
    expect(batches.flat()).toEqual(['1', '2', '3'])
  })
})

test('close delivers what is left, leaves no timer, and refuses more', async () => {
  const { buffer, batches } = setUp({ maxItems: 5 })
  await buffer.add(item('1'))
  await clock.run(buffer.close())
  expect(batches).toEqual([['1']])
  expect(clock.sleeping).toBe(0)
  await expect(buffer.add(item('2'))).rejects.toThrow('closed')
})

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('x', 'y', 'z') },
    { weight: 1, arbitrary: fc.constantFrom('flush', 'wait') },
  ),
  { maxLength: 40 },
)
const answers = fc.infiniteStream(fc.constantFrom('sent', 'sent', 'retry', 'throw'))
fcTest.prop([steps, answers, fc.integer({ min: 1, max: 5 })])(
  'nothing is lost, and a lane arrives in order, whatever happens',
  async (given, script, maxItems) => {
    clock = createFakeClock()
    let isCalm = false
    const arrived: Item[] = []
    const next = (): string => (isCalm ? 'sent' : nextOf(script))
    const { buffer, deliver } = setUp({ maxItems })
    deliver.mockImplementation(async (items) => {
      await clock.sleep(100)
      if (next() === 'throw') throw new Error('misuse')
      const stuck = new Set<string>()
      const results = items.map((each) => {
        if (next() === 'retry') stuck.add(each.lane)
        const status = stuck.has(each.lane) ? 'retry' : 'sent'
        if (status === 'sent') arrived.push(each)
        return { key: each.key, outcome: outcomeOf(status), losses: [], done: [] }
      })
      return { results, calls: [] }
    })
    const added: Item[] = []
    for (const [index, step] of given.entries()) {
      if (step === 'wait') await clock.advance(300)
      else if (step === 'flush') await clock.run(buffer.flush().catch(() => undefined))
      else {
        const each = item(String(index), step)
        await clock.run(
          buffer.add(each).then(
            () => void added.push(each),
            () => undefined,
          ),
        )
      }
    }
    isCalm = true
    await clock.run(buffer.close())
    expect(arrived).toHaveLength(added.length)
    const byLane = groupBy(arrived, ({ lane }) => lane)
    for (const [lane, list] of groupBy(added, (each) => each.lane))
      expect(byLane.get(lane)?.map(({ key }) => key)).toEqual(list.map(({ key }) => key))
  },
)
