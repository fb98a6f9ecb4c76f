import { startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect, createItems, wide, type Sandbox } from '../fixtures/open-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const fields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'event', event: 'Trial Started', name: 'days', type: 'number' },
  { of: 'event', event: 'Never Seen', name: 'x', type: 'number' },
] as const

test('the reserved traits, and what the space has seen of people, groups and declared events', async () => {
  const segment = connect(sandbox, { fields, fieldNames: { plan: 'subscription_plan' } })
  const make = createItems(sandbox.clock)
  await segment.deliver([
    make.profile('u1', { plan: 'pro', score: 5, vip: true, tags: ['a'], nested: {} }),
    make.event('u1', 'Trial Started', { days: 14 }),
    make.event('u1', 'Not Declared', { y: 1 }),
    {
      ...make.profile('u1', {}),
      kind: 'group',
      groupType: 'company',
      groupId: 'g1',
      member: { userId: 'u1' },
      set: { seats: 3 },
    },
  ])
  sandbox.clock.advance(10_000)
  const read = await segment.schema.read()
  const found = read.map(({ of, name, vendorName, type }) => `${of} ${name} ${vendorName} ${type}`)
  expect(found).toEqual(
    expect.arrayContaining([
      'user email email string',
      'group industry industry string',
      'user plan subscription_plan string',
      'user score score number',
      'user vip vip boolean',
      'user tags tags strings',
      'user nested nested object',
      'group seats seats number',
      'event days days number',
    ]),
  )
  expect(found.some((line) => line.startsWith('event y'))).toBe(false)
  expect(new Set(found).size).toBe(found.length)
})

test('every page is read', async () => {
  sandbox.seed({ profiles: [{ externalIds: [{ type: 'user_id', id: 'u1' }], traits: wide(450) }] })
  const read = await connect(sandbox).schema.read()
  expect(read.filter(({ name }) => /^p\d+$/.test(name))).toHaveLength(450)
})

test('without schema discovery, or without a space, the reserved traits are all', async () => {
  const unknown = await connect(sandbox, { spaceId: 'spa_other' }).schema.read()
  expect(unknown.length).toBeGreaterThan(20)
  await expect(connect(sandbox, { publicApiToken: 'wrong' }).schema.read()).rejects.toMatchObject({
    fault: { code: 'auth' },
  })
})

test('nothing has to be made before it is written', async () => {
  const ensured = await connect(sandbox).schema.ensure(fields)
  expect(ensured.map(({ field, did }) => [field.name, did])).toEqual([
    ['plan', 'implicit'],
    ['days', 'implicit'],
    ['x', 'implicit'],
  ])
  expect(sandbox.requests()).toEqual([])
})
