import { expect, test } from 'vitest'
import { parseBatch } from './parse-batch.ts'

const at = '2026-11-01T10:00:00.000Z'
const message = (messageId: string, more: object = {}) => ({
  type: 'track',
  messageId,
  userId: 'u1',
  event: 'Signed Up',
  timestamp: at,
  ...more,
})

test('good messages become items in order, bad ones are refused with their place', () => {
  const parsed = parseBatch({
    batch: [message('m1'), message('m2', { userId: 5 }), 'x', message('m4', { more: 1 }), message('m5')],
    sentAt: at,
  })
  expect(parsed).toMatchObject({
    ok: true,
    items: [{ key: 'm1' }, { key: 'm4' }, { key: 'm5' }],
    notes: [{ path: 'batch[3].more' }],
    refused: [
      { index: 1, mistakes: [{ path: 'batch[1].userId' }] },
      { index: 2, mistakes: [{ path: 'batch[2]' }] },
    ],
  })
})

test('a bare list is a batch; anything else is not', () => {
  expect(parseBatch([message('m1'), 5])).toMatchObject({
    items: [{ key: 'm1' }],
    refused: [{ index: 1, mistakes: [{ path: '[1]' }] }],
  })
  expect(parseBatch({})).toMatchObject({ ok: false, mistakes: [{ path: 'batch' }] })
  expect(parseBatch('x')).toMatchObject({ ok: false, mistakes: [{ path: '' }] })
})

test("the batch's context reaches each message, the message's own wins name by name", () => {
  const parsed = parseBatch({
    batch: [message('m1'), message('m2', { context: { ip: '2' } })],
    context: { ip: '1', locale: 'de' },
  })
  expect(parsed).toMatchObject({
    items: [
      { event: { context: { ip: '1', locale: 'de' } } },
      { event: { context: { ip: '2', locale: 'de' } } },
    ],
  })
  expect(parseBatch({ batch: [message('m1')], context: { at: new Date() } })).toMatchObject({
    ok: false,
    mistakes: [{ path: 'context.at' }],
  })
})
