import { hash } from 'node:crypto'
import { parseMessage, type Item } from '@tripline/model'
import { beforeAll, describe, expect, test } from 'vitest'
import { malformed } from './mistakes.ts'
import { createTraffic } from './traffic.ts'

const digest = (messages: readonly unknown[]): string => hash('sha256', JSON.stringify(messages))
const textOf = (values: unknown): string => JSON.stringify(values)

test('the same options give the same messages, another seed others', () => {
  const first = digest(createTraffic({ users: 30 }))
  expect(digest(createTraffic({ users: 30 }))).toBe(first)
  expect(digest(createTraffic({ users: 30, seed: 2 }))).not.toBe(first)
})

test('a person does the same however many others there are', () => {
  const of = (users: number): readonly unknown[] =>
    createTraffic({ users }).filter(
      (message) => (message as { readonly userId?: unknown } | null)?.userId === 'user-7',
    )
  expect(of(20).length).toBeGreaterThan(0)
  expect(digest(of(60))).toBe(digest(of(20)))
})

describe('the default month', () => {
  let items: Item[] = []
  let refused = 0
  let messages: readonly unknown[] = []
  beforeAll(() => {
    messages = createTraffic({ users: 2_000 })
    for (const message of messages) {
      const parsed = parseMessage(message)
      if (parsed.ok) items.push(...parsed.items)
      else refused++
    }
  })
  const events = () => items.flatMap((item) => (item.kind === 'event' ? item : []))
  const orders = () => events().filter(({ event }) => event.event === 'Order Completed')
  const lines = () =>
    orders().flatMap(({ event }) => (event.properties['products'] ?? []) as readonly { quantity: number }[])

  test('has at least 2,000 people and 30,000 events, in the order of time', () => {
    expect(new Set(items.flatMap((item) => (item.kind === 'profile' ? item.who.userId : []))).size).toBe(
      2_000,
    )
    expect(events().length).toBeGreaterThanOrEqual(30_000)
    expect(items.every(({ at }, index) => index === 0 || at >= (items[index - 1]?.at ?? ''))).toBe(true)
    const [first, last] = [items[0]?.at ?? '', items.at(-1)?.at ?? '']
    expect(first >= '2026-10-01' && last < '2026-11-01').toBe(true)
  })

  test('only what is malformed on purpose is refused, and some messages come twice', () => {
    expect(refused).toBe(malformed.length)
    const keys = items.map(({ key }) => key)
    expect(keys.length - new Set(keys).size).toBeGreaterThan(5)
  })

  test('holds every kind of item', () => {
    const kinds = new Set(items.map(({ kind }) => kind))
    expect([...kinds].toSorted()).toEqual(['consent', 'event', 'group', 'link', 'profile'])
    const states = new Set(items.flatMap((item) => (item.kind === 'consent' ? item.state : [])))
    expect([...states].toSorted()).toEqual(['denied', 'granted'])
  })

  test('holds orders in several currencies, for nothing, of more than 100, with fields missing, and refunds', () => {
    const currencies = new Set(orders().map(({ event }) => event.properties['currency']))
    expect([...currencies]).toEqual(expect.arrayContaining(['EUR', 'JPY', 'KWD', undefined]))
    expect(orders().some(({ event }) => event.properties['total'] === 0)).toBe(true)
    expect(lines().some(({ quantity }) => quantity > 100)).toBe(true)
    for (const name of ['order_id', 'products'])
      expect(orders().some(({ event }) => event.properties[name] === undefined)).toBe(true)
    expect(events().some(({ event }) => event.event === 'Order Refunded')).toBe(true)
  })

  test('holds what is awkward: ids that look like numbers, equal times, null, empty, long and other scripts', () => {
    expect(items.some(({ lane }) => lane === '000010')).toBe(true)
    const places = events().map(({ lane, at, event }) => textOf([lane, at, event.event]))
    expect(places.length - new Set(places).size).toBeGreaterThan(10)
    const traits = items.flatMap((item) => (item.kind === 'profile' ? Object.values(item.set) : []))
    expect(traits.some((value) => value === null)).toBe(true)
    expect(traits.some((value) => value === '')).toBe(true)
    expect(traits.some((value) => typeof value === 'string' && value.length > 500)).toBe(true)
    expect(textOf(traits)).toMatch(/李/)
  })
})
