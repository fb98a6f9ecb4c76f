import type { Field } from '@tripline/model'
import { expect, test } from 'vitest'
import { openIntercom } from '../fixtures/open-sandbox.ts'

const user = (name: string, type: Field['type'] = 'string'): Field => ({ of: 'user', name, type })

test('reads Intercom’s own fields and the custom ones, by canonical name', async () => {
  const fields = [user('plan.tier')]
  const { intercom } = await openIntercom(
    { fields },
    {
      seed: {
        dataAttributes: [
          { name: 'plan_tier', data_type: 'string' },
          { name: 'seats', data_type: 'integer', model: 'company' },
          { name: 'old', data_type: 'date', archived: true },
        ],
      },
    },
  )
  const read = await intercom.schema.read()
  expect(read).toContainEqual({
    of: 'user',
    name: 'plan.tier',
    type: 'string',
    vendorName: 'plan_tier',
    writable: true,
  })
  expect(read).toContainEqual({
    of: 'user',
    name: 'createdAt',
    type: 'instant',
    vendorName: 'signed_up_at',
    writable: true,
  })
  expect(read).toContainEqual({
    of: 'group',
    name: 'seats',
    type: 'integer',
    vendorName: 'seats',
    writable: true,
  })
  expect(read.some(({ vendorName }) => vendorName === 'old')).toBe(false)
})

test('creates what is missing, and says what it cannot', async () => {
  const { sandbox, intercom } = await openIntercom(
    {},
    {
      seed: {
        dataAttributes: [
          { name: 'plan', data_type: 'string' },
          { name: 'age', data_type: 'string' },
          { name: 'seats', data_type: 'integer', model: 'company' },
          { name: 'back', data_type: 'date', archived: true },
          { name: 'tier', data_type: 'string', options: ['a', 'b'] },
        ],
      },
    },
  )
  const wanted: readonly Field[] = [
    user('Plan'),
    user('age', 'integer'),
    user('seats', 'integer'),
    user('back', 'instant'),
    user('tier'),
    user('email'),
    user('birthday', 'date'),
    user('ltv', 'money'),
    { of: 'group', name: 'arr', type: 'number' },
    { of: 'event', name: 'total', type: 'number' },
  ]
  const ensured = await intercom.schema.ensure(wanted)
  expect(ensured.map(({ did }) => did)).toEqual([
    'exists',
    'refused',
    'refused',
    'created',
    'exists',
    'exists',
    'created',
    'refused',
    'created',
    'implicit',
  ])
  expect(ensured[2]?.note).toContain('company')
  expect(ensured[4]?.note).toContain('2 options')
  expect(sandbox.inspect().dataAttributes).toContainEqual(
    expect.objectContaining({ name: 'birthday', data_type: 'date' }),
  )
  expect(sandbox.inspect().dataAttributes).toContainEqual(
    expect.objectContaining({ name: 'arr', model: 'company', data_type: 'float' }),
  )
  const again = await intercom.schema.ensure(wanted)
  expect(again.filter(({ did }) => did === 'created')).toEqual([])
})

test.each([
  [248, ['created', 'created']],
  [249, ['created', 'refused']],
  [250, ['refused', 'refused']],
] as const)('with %i attributes of people: %o', async (count, expected) => {
  const dataAttributes = Array.from({ length: count }, (_, index) => ({
    name: `a${index}`,
    data_type: 'string' as const,
  }))
  const { intercom } = await openIntercom({}, { seed: { dataAttributes } })
  const ensured = await intercom.schema.ensure([
    user('x'),
    user('y'),
    { of: 'group', name: 'z', type: 'string' },
  ])
  expect(ensured.map(({ did }) => did)).toEqual([...expected, 'created'])
})

test('a dry run plans and creates nothing', async () => {
  const { sandbox, intercom, planned } = await openIntercom()
  const [ensured] = await intercom.schema.ensure([user('plan')], { dryRun: true })
  expect(ensured?.did).toBe('planned')
  expect(planned.map(({ endpoint }) => endpoint)).toEqual(['POST /data_attributes'])
  expect(sandbox.requests()).toEqual([])
})

test('what schema made can be written at once', async () => {
  const { intercom } = await openIntercom()
  const write = () =>
    intercom.deliver([
      {
        kind: 'profile',
        key: 'k',
        lane: 'u1',
        at: '2026-11-01T10:00:00.000Z',
        who: { userId: 'u1' },
        set: { plan: 'gold' },
      },
    ])
  expect((await write()).results[0]?.outcome.status).toBe('dead')
  await intercom.schema.ensure([user('plan')])
  expect((await write()).results[0]?.outcome.status).toBe('sent')
})
