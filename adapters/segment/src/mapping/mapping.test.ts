import { fc, test as fcTest } from '@fast-check/vitest'
import { uuidV5 } from '@tripline/kit'
import type { PlannedRequest } from '@tripline/model'
import { expect, test } from 'vitest'
import { messages } from '../../fixtures/deliver/messages.ts'
import { createSegment } from '../index.ts'
import { isBlocked, isWellFormed } from './identifier.ts'

test.each(messages)('$title', async ({ given, sends }) => {
  const planned: PlannedRequest[] = []
  const segment = createSegment({ source: 'web' }, { onPlanned: (request) => void planned.push(request) })
  await segment.deliver([given], { dryRun: true })
  const { batch } = JSON.parse(planned[0]?.body ?? '{}') as { readonly batch: readonly object[] }
  expect(batch).toEqual([{ ...sends, messageId: uuidV5('segment:web', given.key) }])
})

fcTest.prop([
  fc.oneof(fc.string(), fc.stringMatching(/^[0-]{0,6}$/), fc.constantFrom('-1', 'null', 'Anonymous', '0a')),
])('blocked ids are those of the vendor’s patterns', (id) => {
  expect(isBlocked(id)).toBe(id !== '' && /^(?:[0-]*|-1|null|anonymous)$/i.test(id))
})

fcTest.prop([fc.string({ unit: fc.constantFrom('a', '🧀', '\ud83e', '\uddc0', 'ä') })])(
  'half a surrogate pair is seen, a whole one is not',
  (text) => {
    expect(isWellFormed(text)).toBe(Buffer.from(text).toString() === text)
  },
)
