import type { Connector, Item, ItemResult, Outcome, Report } from '@tripline/model'
import { expect, test } from 'vitest'
import { deliverAll } from './deliver-all.ts'

const item = (key: string, lane: string): Item => ({
  kind: 'profile',
  key,
  lane,
  at: '2026-10-01T10:00:00.000Z',
  who: { userId: lane },
  set: {},
})
const sent: Outcome = { status: 'sent', proof: 'stored' }
const retry: Outcome = { status: 'retry', fault: { code: 'unavailable', message: 'later' } }

/** A connector that answers by a script: per call and key, else `sent`. */
function scripted(script: readonly Readonly<Record<string, Partial<ItemResult>>>[], halt?: Report['halt']) {
  const given: (readonly Item[])[] = []
  const connector = {
    deliver: async (items: readonly Item[]): Promise<Report> => {
      const answers = script[given.push(items) - 1] ?? {}
      const results = items.map(({ key }) => ({
        key,
        outcome: sent,
        losses: [],
        done: [],
        ...answers[key],
      }))
      const call = { endpoint: 'POST /x', purpose: 'write', count: 1, retries: 2, bytes: 10 } as const
      return { results, calls: [call], ...(halt && { halt }) }
    },
  } as unknown as Connector
  return { connector, keys: () => given.map((items) => items.map(({ key }) => key)), given }
}
const options = { batchItems: 2, signal: new AbortController().signal, onProgress: () => undefined }

test('a retry holds its lane over batches, goes again with what was done, and keeps its losses', async () => {
  const loss = { path: 'set.a', kind: 'dropped', because: 'x', source: 'y' } as const
  const { connector, keys, given } = scripted([{ a1: { outcome: retry, done: ['first'], losses: [loss] } }])
  const items = [item('a1', 'a'), item('b1', 'b'), item('a2', 'a'), item('b2', 'b')]
  const { delivered, calls } = await deliverAll(connector, items, options)
  expect(keys()).toEqual([['a1', 'b1'], ['b2'], ['a1', 'a2']])
  expect(given[2]?.[0]?.done).toEqual(['first'])
  expect(delivered.map(({ result }) => result.outcome.status)).toEqual(['sent', 'sent', 'sent', 'sent'])
  expect(delivered.map((each) => each.item.key)).toEqual(['a1', 'b1', 'a2', 'b2'])
  expect(delivered[0]?.result.losses).toEqual([loss])
  expect(calls).toEqual([{ endpoint: 'POST /x', purpose: 'write', count: 3, retries: 6, bytes: 30 }])
})

test('it ends when a round settles nothing more', async () => {
  const never = { a1: { outcome: retry }, a2: { outcome: retry } }
  const { connector, keys } = scripted([never, never, never, never])
  const { delivered } = await deliverAll(
    connector,
    [item('a1', 'a'), item('a2', 'a'), item('b1', 'b')],
    options,
  )
  expect(keys()).toEqual([['a1', 'a2'], ['b1'], ['a1', 'a2']])
  expect(delivered.map(({ result }) => result.outcome.status)).toEqual(['retry', 'retry', 'sent'])
})

test('a halt ends it, and what was never given is undelivered', async () => {
  const halt = { what: 'connector', fault: { code: 'auth', message: 'key refused' } } as const
  const { connector, keys } = scripted([{ a1: { outcome: retry } }], halt)
  const all = await deliverAll(connector, [item('a1', 'a'), item('b1', 'b'), item('c1', 'c')], options)
  expect(keys()).toHaveLength(1)
  expect(all.halt).toEqual(halt)
  expect(all.delivered.map(({ result }) => result.outcome.status)).toEqual(['retry', 'sent', 'retry'])
})
