import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createClock } from '../core/index.ts'
import { newContact } from './contact-store.ts'
import { createSearchIndex } from './search-index.ts'
import { compileQuery, type SearchSurroundings } from './search-query.ts'
import type { Contact } from './stored.ts'

const few = fc.constantFrom('a', 'b', 'c', 'd')
const contact = fc.record({
  email: few,
  external_id: few,
  name: few,
  tags: fc.uniqueArray(few),
  user: fc.boolean(),
})
const filter = fc.oneof(
  fc.record({
    field: fc.constantFrom('email', 'external_id', 'name', 'id'),
    operator: fc.constantFrom('=', '!='),
    value: few,
  }),
  fc.record({
    field: fc.constantFrom('email', 'external_id'),
    operator: fc.constantFrom('IN', 'NIN'),
    value: fc.array(few),
  }),
  fc.record({ field: fc.constant('tag_id'), operator: fc.constantFrom('=', '!='), value: few }),
  fc.record({
    field: fc.constant('segment_id'),
    operator: fc.constant('='),
    value: fc.constantFrom('fixed', 'rule'),
  }),
)
const operator = fc.constantFrom('AND', 'OR')
const group = fc.record({ operator, value: fc.array(filter, { minLength: 1, maxLength: 5 }) })
const query = fc.oneof(
  filter,
  group,
  fc.record({ operator, value: fc.array(group, { minLength: 1, maxLength: 3 }) }),
)

const times = { created_at: 0, updated_at: 0, person_type: 'user' } as const
const segments = new Map([
  ['fixed', { id: 'fixed', name: 'Fixed', ...times, rule: null, members: new Set(['a', 'b']) }],
  [
    'rule',
    {
      id: 'rule',
      name: 'Rule',
      ...times,
      rule: { field: 'email', operator: '=', value: 'a' },
      members: new Set<string>(),
    },
  ],
])

describe('search', () => {
  fcTest.prop([fc.array(contact, { maxLength: 4 }), query])(
    'the short cut over kept values leaves nobody out',
    (given, asked) => {
      const index = createSearchIndex(createClock({ jump: true }))
      for (const [position, { tags, user, ...fields }] of given.entries()) {
        const id = 'abcd'.charAt(position)
        const stored: Contact = newContact({ id, role: user ? 'user' : 'lead', created_at: 0, ...fields })
        for (const tag of tags) stored.tags.set(tag, 0)
        index.put(stored, 0)
      }
      const around: SearchSurroundings = {
        timeZone: 'UTC',
        index,
        attributeType: () => undefined,
        segment: (id) => segments.get(id),
      }
      const { test, candidates } = compileQuery(asked, around)
      const all = [...index.all()].filter((document) => test(document)).map(({ id }) => id)
      const narrowed = candidates()
      for (const id of all) expect(narrowed === undefined || narrowed.has(id)).toBe(true)
    },
  )
})
