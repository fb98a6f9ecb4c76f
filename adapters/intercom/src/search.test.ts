import { createFakeClock } from '@tripline/testkit'
import { expect, test } from 'vitest'
import { collect } from '../fixtures/open-sandbox.ts'
import { createIntercom } from './connector.ts'

test('a next page that is the one just read is an error, not an endless loop', async () => {
  let asked = 0
  const page = {
    type: 'list',
    data: [{ id: 'c1', role: 'lead' }],
    pages: { next: { starting_after: 'same' } },
  }
  const fetch = async (): Promise<Response> => {
    asked++
    return Response.json(page)
  }
  const intercom = createIntercom({ accessToken: 'x' }, { fetch, clock: createFakeClock() })
  await expect(collect(intercom.readProfiles({ mode: 'all', fields: [] }))).rejects.toMatchObject({
    fault: { code: 'unavailable' },
  })
  expect(asked).toBe(2)
})
