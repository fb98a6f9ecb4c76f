import { describe, expect, test } from 'vitest'
import { endpoints } from './endpoints.ts'
import { effectiveLimits, hubspotLimits, maxOf } from './limits.ts'
import type { HubSpotOptions } from './options.ts'

const maxIn = (options: HubSpotOptions, id: string): number | undefined =>
  effectiveLimits(options).find((limit) => limit.id === id)?.max

describe('the limits of an account', () => {
  test.each<[HubSpotOptions, number, number | undefined]>([
    [{}, 100, 250_000],
    [{ tier: 'professional' }, 190, 625_000],
    [{ tier: 'enterprise' }, 190, 1_000_000],
    [{ tier: 'enterprise', limitAddOn: true }, 250, 2_000_000],
    [{ tier: 'enterprise', credential: 'oauth' }, 110, undefined],
    [{ credential: 'oauth', limitAddOn: true }, 110, undefined],
  ])('%j', (options, tenSeconds, day) => {
    expect([maxIn(options, 'tenSeconds.rate'), maxIn(options, 'day.rate')]).toEqual([tenSeconds, day])
  })

  test('ids per list call are the account’s', () => {
    expect(maxIn({ membershipsPerCall: 50 }, 'memberships.items')).toBe(50)
    expect(maxIn({}, 'memberships.items')).toBe(maxOf('memberships.items'))
  })
})

test('every endpoint takes from exactly one rate, and every limit names endpoints that exist', () => {
  const rates = hubspotLimits.filter(({ kind }) => kind === 'rate')
  for (const name of Object.keys(endpoints))
    expect({
      name,
      rates: rates.filter((limit) => (limit.endpoints as readonly string[]).includes(name)).length,
    }).toEqual({ name, rates: 1 })
  for (const { endpoints: named } of hubspotLimits)
    for (const name of named) expect(Object.keys(endpoints)).toContain(name)
})
