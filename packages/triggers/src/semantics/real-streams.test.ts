import { describe, expect, test } from 'vitest'
import { countByEngine, countingEngine } from '../../fixtures/engine/count.ts'
import { countFires, countMembers, usersOf } from '../../fixtures/reference/count.ts'
import { hasStream, readStream } from '../../fixtures/reference/read-events.ts'
import { browsing, idleBuyer, shop, spending } from '../../fixtures/real-streams.ts'

describe.skipIf(!hasStream('taobao-a'))('taobao-a (skipped: data not present)', () => {
  const users = hasStream('taobao-a') ? usersOf(readStream('taobao-a')) : []

  test('has 54,371 events of 499 users', () => {
    expect(users.length).toBe(499)
    expect(users.reduce((count, { events }) => count + events.length, 0)).toBe(54_371)
  })

  const occasions = [
    ['an add with neither order nor another add in 1 h', 1579, shop['no-order']],
    ['the same, every add with its own timer', 2636, shop['no-order-every']],
    ['the third view of a product in 24 h with no add of it in those 24 h', 1267, shop['third-view']],
    ['no event for 48 h after at least two events', 227, shop['idle']],
    ['the fifth event in 10 minutes', 4567, shop['busy']],
    [
      'an add within 30 minutes of a view of the product, then no order in 24 h, every add with its own timer',
      141,
      shop['viewed-and-added'],
    ],
  ] as const

  test.each(occasions)('%s: %i', (_, count, when) => {
    expect(countFires(when, users)).toBe(count)
  })

  test('members at the end with at least 3 views in 7 days and never an order: 160', () => {
    expect(countMembers(browsing, users)).toBe(160)
  })

  test('the engine writes as many lines `fire`, with all of them in one', () => {
    const all = Object.fromEntries(occasions.map(([, count, when]) => [`t${count}`, when]))
    const engine = countingEngine(all, { browsing })
    const counts = Object.fromEntries(occasions.map(([, count]) => [`t${count}`, count]))
    expect(countByEngine(engine, users, ['browsing'])).toEqual({ ...counts, browsing: 160 })
  })
})

describe.skipIf(!hasStream('cdnow'))('cdnow (skipped: data not present)', () => {
  const users = hasStream('cdnow') ? usersOf(readStream('cdnow')) : []

  test('no event for 7 d after at least two orders: 37,770', () => {
    expect(countFires(idleBuyer, users)).toBe(37_770)
  })
  test('revenue of at least 100 in the last 180 days, at the end: 1,299', () => {
    expect(countMembers(spending, users)).toBe(1299)
  })
  test('the engine writes as many lines `fire`', () => {
    const engine = countingEngine({ idle: idleBuyer }, { spending })
    expect(countByEngine(engine, users, ['spending'])).toEqual({ idle: 37_770, spending: 1299 })
  })
})
