import { expect, test } from 'vitest'
import { createJournal } from './journal.ts'

test('keeps the newest 10,000 requests, and counts all', () => {
  const journal = createJournal()
  const total = 25_003
  for (let at = 0; at < total; at++)
    journal.add({
      at,
      method: 'GET',
      path: `/a/${at}`,
      route: '/a/{id}',
      status: 200,
      bytes: 0,
      fault: undefined,
    })
  const entries = journal.entries()
  expect(entries).toHaveLength(10_000)
  expect([entries[0]?.at, entries.at(-1)?.at]).toEqual([total - 10_000, total - 1])
  expect(journal.counts()).toEqual({ 'GET /a/{id} 200': total })
  journal.clear()
  expect([journal.entries(), journal.counts()]).toEqual([[], {}])
  expect(entries).toHaveLength(10_000)
})
