import { expect, test } from 'vitest'
import { takeIn } from './take-in.ts'

const at = (second: number): string => `2026-10-01T10:00:0${second}.000Z`
const view = (messageId: string, who: object, second: number) => ({
  type: 'track',
  messageId,
  ...who,
  event: 'Product Viewed',
  timestamp: at(second),
})

test('what an anonymous id did is in the lane of the first person it was linked to', async () => {
  const link = (messageId: string, userId: string, second: number) => ({
    type: 'identify',
    messageId,
    userId,
    anonymousId: 'a1',
    timestamp: at(second),
  })
  const { items } = await takeIn([
    view('m1', { anonymousId: 'a1' }, 1),
    link('m2', 'u1', 2),
    link('m3', 'u2', 3),
    view('m4', { anonymousId: 'a1' }, 4),
    view('m5', { anonymousId: 'a2' }, 5),
  ])
  expect(items.map(({ kind, lane }) => `${kind} ${lane}`)).toEqual([
    'event u1',
    'link u1',
    'profile u1',
    'link u2',
    'profile u2',
    'event u1',
    'event a2',
  ])
})

test('malformed and repeated messages are counted, the others go on', async () => {
  const { items, messages, newestAt } = await takeIn([
    view('m1', { userId: 'u1' }, 3),
    'no message',
    view('m1', { userId: 'u1' }, 9),
    view('m2', {}, 4),
    view('m3', { userId: 'u1' }, 2),
  ])
  expect(items.map(({ key }) => key)).toEqual(['m1', 'm3'])
  expect(messages).toEqual({ read: 5, malformed: 2, repeated: 1 })
  expect(newestAt).toBe(at(3))
})

test('nothing gives nothing', async () => {
  expect(await takeIn([])).toEqual({
    items: [],
    messages: { read: 0, malformed: 0, repeated: 0 },
    newestAt: undefined,
  })
})
