import type { Field } from '@tripline/model'
import { expect, test } from 'vitest'
import { openBraze } from '../fixtures/open-sandbox.ts'
import { profileFields } from './mapping/profiles.ts'
import { nextQuery } from './schema.ts'

const named = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `a${String(index).padStart(3, '0')}`,
    type: 'String' as const,
  }))
const field = (name: string, type: Field['type'], of: Field['of'] = 'user'): Field => ({ of, name, type })

test.each([
  [0, 1],
  [49, 1],
  [50, 1],
  [51, 2],
  [120, 3],
])('%d attributes are read in %d pages, each once', async (count, pages) => {
  const { braze, routes } = await openBraze({}, { seed: { custom_attributes: named(count) } })
  const fields = await braze.schema.read()
  const custom = fields.slice(Object.keys(profileFields).length)
  expect(custom.map(({ vendorName }) => vendorName)).toEqual(named(count).map(({ name }) => name))
  expect(routes()).toHaveLength(pages)
})

test('types as Braze writes them, detected or forced; Braze’s own fields first', async () => {
  const types = ['String', 'Number', 'Boolean', 'Time', 'Array', 'Object', 'Object Array'] as const
  const { braze } = await openBraze(
    {},
    {
      seed: {
        custom_attributes: types.map((type, index) => ({ name: `t${index}`, type, forced: index % 2 === 0 })),
      },
    },
  )
  const fields = await braze.schema.read()
  expect(fields.find(({ name }) => name === 'firstName')).toMatchObject({
    vendorName: 'first_name',
    of: 'user',
  })
  expect(fields.filter(({ name }) => /^t\d$/.test(name)).map(({ type }) => type)).toEqual([
    'string',
    'number',
    'boolean',
    'instant',
    'strings',
    'object',
    'object',
  ])
})

test('a blocklisted attribute takes no values: it is not writable, and is refused', async () => {
  const { braze } = await openBraze(
    {},
    { seed: { custom_attributes: [{ name: 'secret', type: 'String', status: 'Blocklisted' }] } },
  )
  expect((await braze.schema.read()).find(({ name }) => name === 'secret')).toMatchObject({ writable: false })
  expect(await braze.schema.ensure([field('secret', 'string')])).toMatchObject([{ did: 'refused' }])
})

test('what is there exists, what is not comes with its first value, groups are refused', async () => {
  const { braze, sandbox } = await openBraze(
    {},
    { seed: { custom_attributes: [{ name: 'plan', type: 'Number' }] } },
  )
  const wanted = [
    field('plan', 'string'),
    field('firstName', 'string'),
    field('fresh', 'string'),
    field('size', 'string', 'group'),
    field('plan', 'string', 'event'),
  ]
  const ensured = await braze.schema.ensure(wanted)
  expect(ensured.map(({ did }) => did)).toEqual(['exists', 'exists', 'implicit', 'refused', 'implicit'])
  expect(ensured.map((one) => one.field)).toEqual(wanted)
  expect(ensured[0]?.note).toContain('number')
  expect(sandbox.inspect().custom_attributes).toHaveLength(1)
})

test('a dry run asks nobody', async () => {
  const { braze, routes } = await openBraze()
  expect(await braze.schema.ensure([field('plan', 'string')], { dryRun: true })).toMatchObject([
    { did: 'implicit' },
  ])
  expect(await braze.schema.read({ dryRun: true })).toHaveLength(Object.keys(profileFields).length)
  expect(routes()).toEqual([])
})

test.each([
  ['</custom_attributes?cursor=YQ%3D%3D>; rel="next"', 'cursor=YQ%3D%3D'],
  ['<https://rest.iad-01.braze.com/custom_attributes/?cursor=b>; rel="next"', 'cursor=b'],
  ['</a?cursor=before>; rel="prev",</a?cursor=after>; rel="next"', 'cursor=after'],
  ['</a?cursor=c>; rel=next', 'cursor=c'],
  ['</a?cursor=before>; rel="prev"', undefined],
  ['', undefined],
  [null, undefined],
])('the next page of %s', (link, query) => expect(nextQuery(link)).toBe(query))
