import { describe, expect, test } from 'vitest'
import { createChaos, type ChaosPlan } from './chaos.ts'
import type { FaultKind } from './simulator.ts'

const deal = (plan: ChaosPlan, requests: number, request = 'POST /a'): (FaultKind | undefined)[] => {
  const chaos = createChaos()
  chaos.set(plan)
  return Array.from({ length: requests }, () => chaos.next(request))
}

describe('by rate', () => {
  test('the same seed deals the same faults, another one others', () => {
    expect(deal({ rate: 0.3, seed: 7 }, 200)).toEqual(deal({ rate: 0.3, seed: 7 }, 200))
    expect(deal({ rate: 0.3, seed: 8 }, 200)).not.toEqual(deal({ rate: 0.3, seed: 7 }, 200))
  })

  test('setting the same plan again starts the same faults anew', () => {
    const chaos = createChaos()
    const once = (): unknown => {
      chaos.set({ rate: 0.5, seed: 3 })
      return Array.from({ length: 50 }, () => chaos.next('POST /a'))
    }
    expect(once()).toEqual(once())
  })

  test.each([0.05, 0.5, 0.95])('the share is %s within four standard deviations, over all kinds', (rate) => {
    const total = 4_000
    const dealt = deal({ rate, seed: 11 }, total).filter((kind) => kind !== undefined)
    expect(Math.abs(dealt.length - rate * total)).toBeLessThan(4 * Math.sqrt(total * rate * (1 - rate)))
    expect(new Set(dealt).size).toBe(8)
    expect(dealt).not.toContain('partial')
    expect(dealt).not.toContain('silent')
  })

  test('0 deals none, 1 deals always; only the kinds and requests asked for', () => {
    expect(deal({}, 20).every((kind) => kind === undefined)).toBe(true)
    expect(deal({ rate: 1, kinds: ['silent'] }, 20)).toEqual(Array.from({ length: 20 }, () => 'silent'))
    expect(deal({ rate: 1, on: ['/b', 'GET'] }, 5).every((kind) => kind === undefined)).toBe(true)
    expect(deal({ rate: 1, on: ['/b', 'GET'], kinds: ['slow'] }, 2, 'GET /a')).toEqual(['slow', 'slow'])
  })
})

describe('by script', () => {
  test('nth and times', () => {
    expect(deal({ script: [{ kind: 'slow', nth: 3, times: 2 }] }, 6)).toEqual([
      undefined,
      undefined,
      'slow',
      'slow',
      undefined,
      undefined,
    ])
  })

  test('entries follow one another: nth counts from the one before', () => {
    const script = [{ kind: 'slow' }, { kind: 'reset-after', nth: 2 }] as const
    expect(deal({ script }, 4)).toEqual(['slow', undefined, 'reset-after', undefined])
  })

  test('an entry waits for its own requests and lets others pass', () => {
    const chaos = createChaos()
    chaos.set({ script: [{ kind: 'slow', on: 'GET /b', nth: 2 }] })
    const requests = ['GET /b', 'POST /b', 'GET /a', 'GET /b/1', 'GET /b']
    expect(requests.map((request) => chaos.next(request))).toEqual([
      undefined,
      undefined,
      undefined,
      'slow',
      undefined,
    ])
  })
})

test('shown counts what was counted as shown, over plans', () => {
  const chaos = createChaos()
  chaos.set({ script: [{ kind: 'slow', times: 2 }] })
  expect(chaos.next('GET /a')).toBe('slow')
  expect(chaos.shown).toEqual({})
  chaos.count('slow')
  chaos.set({})
  chaos.count('slow')
  chaos.count('silent')
  expect(chaos.shown).toEqual({ slow: 2, silent: 1 })
})

test.each([
  { kinds: ['reset'] },
  { script: [{ kind: 'hang' }] },
  { rate: 2 },
  { rate: 'often' },
  { slowMs: -1 },
  { seed: Number.NaN },
  { script: [{ kind: 'slow', nth: 0 }] },
])('a plan that cannot be followed is refused, and the old one stays: %j', (plan) => {
  const chaos = createChaos()
  chaos.set({ rate: 1, kinds: ['slow'] })
  expect(() => chaos.set(plan as unknown as ChaosPlan)).toThrow(Error)
  expect(chaos.next('GET /a')).toBe('slow')
})
