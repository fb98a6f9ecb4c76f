import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createClock, type SandboxClock } from './clock.ts'
import { createRateCounter } from './rate-window.ts'

const perMs = 100
/** Begins on a multiple of the window. */
const startAtMs = 1_700_000_000_000
const clockAt = (): SandboxClock => createClock({ jump: true, startAtMs })
const calls = fc.array(
  fc.record({ waitMs: fc.integer({ min: 0, max: 60 }), weight: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 60 },
)
const max = 5

describe.each(['rolling', 'fixed'] as const)('%s', (window) => {
  fcTest.prop([calls], { numRuns: 200 })(
    'never more than max, and never refused while there is room',
    (list) => {
      const clock = clockAt()
      const counter = createRateCounter({ max, perMs, window }, clock)
      const taken: { readonly at: number; readonly weight: number }[] = []
      for (const { waitMs, weight } of list) {
        clock.advance(waitMs)
        const at = clock.now()
        const from = window === 'rolling' ? at - perMs + 1 : Math.floor(at / perMs) * perMs
        const inside = taken.filter((hit) => hit.at >= from)
        const used = inside.reduce((sum, hit) => sum + hit.weight, 0)
        const { allowed, remaining, resetAtMs } = counter.hit(weight)
        expect(allowed).toBe(used + weight <= max)
        if (allowed) taken.push({ at, weight })
        expect(remaining).toBe(max - used - (allowed ? weight : 0))
        const oldest = inside[0]?.at ?? at
        expect(resetAtMs).toBe((window === 'rolling' ? oldest : from) + perMs)
      }
    },
  )

  test('there is room again at resetAtMs, not a millisecond before', () => {
    const clock = clockAt()
    clock.advance(30)
    const counter = createRateCounter({ max: 1, perMs, window }, clock)
    const { resetAtMs } = counter.hit()
    clock.advance(resetAtMs - clock.now() - 1)
    expect(counter.hit()).toEqual({ allowed: false, remaining: 0, resetAtMs })
    clock.advance(1)
    expect(counter.hit().allowed).toBe(true)
  })

  test('more than max at once never passes, and costs nothing', () => {
    const counter = createRateCounter({ max, perMs, window }, clockAt())
    expect(counter.hit(max + 1)).toMatchObject({ allowed: false, remaining: max })
    expect(counter.hit(max)).toMatchObject({ allowed: true, remaining: 0 })
  })
})
