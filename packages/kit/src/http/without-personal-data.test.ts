import { expect, test } from 'vitest'
import { withoutPersonalData } from './without-personal-data.ts'

const clean = (message: string): string => withoutPersonalData({ code: 'invalid', message }).message

test.each([
  ['Email ada.lovelace+x@mail.example.org is invalid', 'Email {e-mail} is invalid'],
  ['{"email":"ada@example.org","phone":"+4915112345678"}', '{"email":"{e-mail}","phone":"{phone}"}'],
  ['GET /statuses/ada%40example.org?tel=%2B4915112345678', 'GET /statuses/{e-mail}?tel={phone}'],
  ['ädä@exämple.de', '{e-mail}'],
])('%s', (text, expected) => {
  expect(clean(text)).toBe(expected)
})

test('ids, times and sums stay', () => {
  const fault = {
    code: 'invalid',
    message: 'contact 4915112345678 of user 00001 at 2026-11-01T10:00:00+01:00, 1+2 @ 3',
    body: '{"id":"+x"}',
  } as const
  expect(withoutPersonalData(fault)).toBe(fault)
})

test('the body is cleaned, too; a hostile text costs little', () => {
  const body = `ada@example.org ${'x'.repeat(100_000)}`
  const startedMs = performance.now()
  expect(withoutPersonalData({ code: 'invalid', message: 'm', body }).body).toMatch(/^\{e-mail\} x/)
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
