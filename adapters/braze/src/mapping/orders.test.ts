import type { Host } from '@tripline/model'
import { expect, test } from 'vitest'
import { orderLadder } from '../../fixtures/deliver/order-ladder.ts'
import { createBraze } from '../index.ts'

test.each(orderLadder)('$title', async ({ given, sends, losses }) => {
  const bodies: unknown[] = []
  const host: Partial<Host> = { onPlanned: ({ body }) => void bodies.push(JSON.parse(body ?? '{}')) }
  const braze = createBraze({ baseUrl: 'https://rest.example.com', apiKey: 'key' }, host)
  const { results } = await braze.deliver([given], { dryRun: true })
  expect(bodies).toEqual([sends])
  expect(results[0]?.losses.map(({ path }) => path)).toEqual(losses)
})
