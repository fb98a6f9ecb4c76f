import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { plainArray } from './attribute-operations.ts'
import { deepMerge } from './attribute-values.ts'
import type { BrazeAccount } from './account.ts'
import { openBraze } from './test-client.ts'

/** Writes the values one request after the other and gives what is stored, lost, and billed in the end. */
async function write(values: readonly object[], account: Partial<BrazeAccount> = {}) {
  await using braze = await openBraze({ account })
  for (const value of values)
    await braze.post('/users/track', { attributes: [{ external_id: 'u', ...value }] })
  const {
    profiles,
    lost_values: lost,
    data_points: points,
    custom_attributes: types,
  } = braze.sandbox.inspect()
  return {
    stored: profiles[0]?.custom_attributes,
    standard: profiles[0]?.standard,
    lost,
    points: points.attributes,
    types,
  }
}
const book = (title: string, more: object = {}): object => ({ title, ...more })

describe('operations', () => {
  test('inc adds whole numbers, up and down, and starts at 0', async () => {
    expect((await write([{ n: { inc: 3 } }, { n: { inc: -1 } }])).stored).toEqual({ n: 2 })
    expect(await write([{ n: 1 }, { n: { inc: 0.5 } }])).toMatchObject({
      stored: { n: 1 },
      lost: { 'n: inc needs an integer': 1 },
    })
    expect(await write([{ n: 'text' }, { n: { inc: 1 } }])).toMatchObject({ stored: { n: 'text' } })
  })

  test('add and remove work on a set; adding again moves to the end', async () => {
    expect((await write([{ a: ['x', 'y', 'x'] }])).stored).toEqual({ a: ['y', 'x'] })
    expect(
      (await write([{ a: ['x', 'y'] }, { a: { add: ['z', 'x'] } }, { a: { remove: ['y'] } }])).stored,
    ).toEqual({ a: ['z', 'x'] })
    expect((await write([{ a: ['x', 'y'] }, { a: { add: ['z'], remove: ['x'] } }])).stored).toEqual({
      a: ['y', 'z'],
    })
  })

  test('500 elements fit, 501 are no update, or cut on an older account', async () => {
    const list = Array.from({ length: 500 }, (_, n) => n)
    expect((await write([{ a: list }])).stored).toEqual({ a: list })
    expect((await write([{ a: list }, { a: { add: [500] } }])).stored).toEqual({ a: list })
    expect((await write([{ a: [...list, 500] }], { longArrays: 'cut' })).stored).toEqual({
      a: [...list.slice(1), 500],
    })
  })

  test('an array of objects takes $add, then $remove, then $update', async () => {
    const operations = {
      $update: [{ $identifier_key: 'title', $identifier_value: 'C', $new_object: { read: true } }],
      $remove: [{ $identifier_key: 'title', $identifier_value: 'A' }],
      $add: [book('C'), book('A')],
    }
    expect((await write([{ books: [book('A'), book('B')] }, { books: operations }])).stored).toEqual({
      books: [book('B'), book('C', { read: true })],
    })
  })

  test('an object replaces the old one, or is merged in depth with _merge_objects', async () => {
    const first = { o: { a: { x: 1 }, b: 1 } }
    expect((await write([first, { o: { a: { y: 2 } } }])).stored).toEqual({ o: { a: { y: 2 } } })
    expect((await write([first, { _merge_objects: true, o: { a: { y: 2 } } }])).stored).toEqual({
      o: { a: { x: 1, y: 2 }, b: 1 },
    })
  })

  test('$time is a time inside an object', async () => {
    expect((await write([{ o: { at: { $time: '2026-01-02' } } }])).stored).toEqual({
      o: { at: '2026-01-02T00:00:00.000Z' },
    })
  })

  test('null removes, and costs', async () => {
    expect(await write([{ a: 1 }, { a: null }])).toMatchObject({ stored: {}, points: 2 })
  })
})

describe('what is lost although the answer is 201', () => {
  test.each([
    ['null', { a: 1, b: { c: null } }],
    ['a bad time', { a: 1, b: { $time: 'soon' } }],
    ['a key with a dot', { a: 1, 'b.c': 1 }],
    ['a key with a dollar', { a: 1, b$: 1 }],
    ['a key with a space', { a: 1, 'b c': 1 }],
    ['long text', { a: 1, b: 'x'.repeat(256) }],
    [
      'more than 100 KB',
      Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 'x'.repeat(250)])),
    ],
  ])('one leaf with %s voids the whole object, not the others', async (_what, o) => {
    expect(await write([{ o: { old: 1 } }, { o, other: 1 }])).toMatchObject({
      stored: { o: { old: 1 }, other: 1 },
    })
  })

  test('100 KB fit to the byte', async () => {
    const keys = Array.from({ length: 380 }, (_, n): [string, string] => [
      `key_${String(n).padStart(3, '0')}`,
      'x'.repeat(250),
    ])
    const size = Buffer.byteLength(JSON.stringify(Object.fromEntries(keys)))
    const rest = 100_000 - size - '"":"",'.length
    const [name, text] = ['y'.repeat(200), 'z'.repeat(200)] as const
    const filler = Array.from({ length: Math.floor(rest / 406) }, (_, n): [string, string] => [
      `${name.slice(3)}${String(n).padStart(3, '0')}`,
      text,
    ])
    const full: Readonly<Record<string, string>> = Object.fromEntries([...keys, ...filler])
    const left = 100_000 - Buffer.byteLength(JSON.stringify(full)) - '"":"",'.length
    const exact = { ...full, ['f'.repeat(Math.ceil(left / 2))]: 'g'.repeat(Math.floor(left / 2)) }
    expect(Buffer.byteLength(JSON.stringify(exact))).toBe(100_000)
    const over = { ...full, ['f'.repeat(Math.ceil(left / 2) + 1)]: 'g'.repeat(Math.floor(left / 2)) }
    expect((await write([{ o: exact }])).stored).toHaveProperty('o')
    expect((await write([{ o: over }])).stored).toEqual({})
  })

  test('text of 255 characters fits, 256 do not; names alike', async () => {
    expect((await write([{ a: 'x'.repeat(255), b: 'x'.repeat(256), ['c'.repeat(256)]: 1 }])).stored).toEqual({
      a: 'x'.repeat(255),
    })
  })
})

describe('types', () => {
  test('the first value fixes the type, later ones are coerced or dropped', async () => {
    const values = [
      { t: 'a', n: 1, b: true },
      { t: 5, n: '7', b: 'false' },
      { t: [1], n: 'x', b: 3 },
    ]
    expect((await write(values)).stored).toEqual({ t: '5', n: 7, b: false })
    expect((await write(values, { typeConflict: 'drop' })).stored).toEqual({ t: 'a', n: 1, b: true })
  })

  test('text that looks like a time becomes one, but not in a text attribute', async () => {
    expect(await write([{ at: '2026-01-02' }, { at: '2026-01-02T03:04:05+01:00' }])).toMatchObject({
      stored: { at: '2026-01-02T02:04:05.000Z' },
      types: [{ name: 'at', type: 'Time' }],
    })
    expect((await write([{ at: 'x' }, { at: '2026-01-02' }])).stored).toEqual({ at: '2026-01-02' })
    expect((await write([{ at: '2026-01-02' }], { isoTextIsTime: false })).stored).toEqual({
      at: '2026-01-02',
    })
    expect((await write([{ at: '3001-01-02' }])).stored).toEqual({ at: '3001-01-02' })
  })
})

describe('reserved fields', () => {
  test('are stored apart and only with values Braze takes', async () => {
    const given = {
      first_name: 'Ann',
      country: 'DE',
      language: 'german',
      gender: 'X',
      time_zone: 'Mars/Base',
      dob: '1990-02-30',
      phone: '0123',
      image_url: 'u',
    }
    const { stored, standard } = await write([given])
    expect([stored, standard]).toEqual([{ image_url: 'u' }, { first_name: 'Ann', country: 'DE' }])
  })

  test.each([
    [{ email: 'nope' }, "The value provided for the 'email' field is not a valid email."],
    [{ email_subscribe: 'yes' }, 'BAD_EMAIL_SUBSCRIPTION_STATE'],
    [{ push_subscribe: null }, 'BAD_PUSH_SUBSCRIPTION_STATE'],
    [{ current_location: { longitude: 200, latitude: 0 } }, 'BAD_LOCATION_UPDATE'],
    [{ subscription_groups: {} }, 'BAD_SUBSCRIPTION_GROUP_ARRAY'],
    [{ subscription_groups: ['g'] }, 'BAD_SUBSCRIPTION_GROUP_HASH'],
    [{ subscription_groups: [{ subscription_state: 'subscribed' }] }, 'BAD_SUBSCRIPTION_GROUP_ID'],
    [
      { subscription_groups: [{ subscription_group_id: 'g', subscription_state: 'Subscribed' }] },
      'BAD_SUBSCRIPTION_GROUP_STATE',
    ],
    [{ push_tokens: [{ token: 't' }] }, 'BAD_PUSH_TOKEN_APP_ID'],
  ])('%j refuses the object', async (fields, type) => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', {
      attributes: [{ external_id: 'u', plan: 'x', ...fields }],
    })
    expect([reply.status, reply.body['errors']]).toEqual([
      400,
      [{ type, input_array: 'attributes', index: 0 }],
    ])
  })
})

describe('data points', () => {
  test.each([
    ['the same value twice', [{ a: 1 }, { a: 1 }], 2],
    ['an array', [{ a: ['x', 'y', 'z'] }], 1],
    ['each value of add', [{ a: { add: ['x', 'y'] } }], 2],
    ['each key of an object', [{ o: { a: 1, b: { c: 2, d: 3 } } }], 3],
    [
      'subscription states',
      [{ email_subscribe: 'opted_in', push_subscribe: 'subscribed', subscription_groups: [] }],
      0,
    ],
    ['country and language', [{ country: 'DE', language: 'de' }], 2],
    ['a value that is lost', [{ a: 'x'.repeat(256) }], 0],
  ])('%s', async (_what, values, points) => {
    expect((await write(values)).points).toBe(points)
  })

  test('country and language are free where the account says so', async () => {
    expect(
      (await write([{ country: 'DE', language: 'de' }], { billsCountryAndLanguage: false })).points,
    ).toBe(0)
  })

  test('a quantity is that many purchases; ids, merges and renames are free', async () => {
    await using braze = await openBraze()
    const time = '2026-01-01T00:00:00Z'
    await braze.post('/users/track', {
      events: [{ external_id: 'u', name: 'e', time }],
      purchases: [{ external_id: 'u', product_id: 'p', currency: 'USD', price: 1, quantity: 3, time }],
    })
    await braze.post('/users/alias/new', {
      user_aliases: [{ external_id: 'u', alias_name: 'n', alias_label: 'l' }],
    })
    await braze.post('/users/external_ids/rename', {
      external_id_renames: [{ current_external_id: 'u', new_external_id: 'w' }],
    })
    expect(braze.sandbox.inspect().data_points).toEqual({ attributes: 0, events: 1, purchases: 3, total: 4 })
  })
})

fcTest.prop([
  fc.array(fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean()), { maxLength: 700 }),
])(
  'an array attribute never has an element twice nor more than 500, and setting it again changes nothing',
  (values) => {
    const once = plainArray(values, { longArrays: 'cut' })
    if ('lost' in once || !Array.isArray(once.value)) throw new Error('every element was valid')
    expect(new Set(once.value).size).toBe(once.value.length)
    expect(once.value.length).toBeLessThanOrEqual(500)
    expect(plainArray(once.value, { longArrays: 'cut' })).toEqual(once)
  },
)

const tree = fc.letrec<{ value: number | object }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'))),
})).value
const treeObject = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree) as fc.Arbitrary<
  Parameters<typeof deepMerge>[0]
>

fcTest.prop([treeObject, treeObject])('merging the same object twice is merging it once', (base, over) => {
  const once = deepMerge(base, over)
  expect(deepMerge(once, over)).toEqual(once)
})
