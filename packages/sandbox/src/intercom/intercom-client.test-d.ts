import { IntercomClient } from 'intercom-client'
import { expectTypeOf, test } from 'vitest'

const client = new IntercomClient({ token: 'token' })

test('intercom-client 7.0.3: what its types refuse although Intercom takes it', () => {
  type Version = NonNullable<IntercomClient.Options['version']>
  expectTypeOf<'2.14'>().toExtend<Version>()
  expectTypeOf<'2.16'>().not.toExtend<Version>()
  // @ts-expect-error `name` and `model` are unknown here, though Intercom requires both
  void client.dataAttributes.create({ name: 'plan', model: 'contact', data_type: 'string' })
  const query = { field: 'role', operator: '=', value: 'user' } as const
  // @ts-expect-error a search has no `sort`
  void client.contacts.search({ query, sort: { field: 'updated_at', order: 'ascending' } })
  // @ts-expect-error metadata is text only
  void client.events.create({ event_name: 'ordered', created_at: 1, id: 'c1', metadata: { total: 12.5 } })
  // @ts-expect-error `owner_id` is a number, as it was until 2.15
  void client.contacts.update({ contact_id: 'c1', owner_id: '7' })
  // @ts-expect-error merging cannot skip the check for duplicates
  void client.contacts.mergeLeadInUser({ from: 'c1', into: 'c2', skip_duplicate_validation: true })
})
