import { describe, expect, test } from 'vitest'
import { normaliseDefinitions, type ConditionInput, type DefinitionsInput } from '../index.ts'
import { createCompiler } from './compiler.ts'
import type { Finding, Sink } from './core.ts'

const quiet: Sink = { fire: () => undefined, membership: () => undefined }
const plan = {
  specVersion: 1,
  events: { A: { price: 'number', id: 'string' } },
  traits: { age: 'integer', timezone: 'string' },
} as const

/** What is told while two users with the same values are read. */
function findings(
  input: Omit<DefinitionsInput, 'specVersion' | 'plan'>,
  properties: { readonly [name: string]: unknown },
  traits: { readonly [name: string]: unknown } = {},
): readonly Finding[] {
  const told: Finding[] = []
  const definitions = normaliseDefinitions({ specVersion: 1, plan, ...input })
  const core = createCompiler(definitions, { finding: (finding) => told.push(finding) }).finish()
  for (const id of ['u1', 'u2']) {
    const user = core.createUser(id)
    core.apply(user, { messageId: 'm0', type: 'identify', atMs: 0, properties: traits }, quiet)
    for (const atMs of [1, 2])
      core.apply(user, { messageId: `m${atMs}`, type: 'track', name: 'A', atMs, properties }, quiet)
  }
  return told
}
const having = (condition: ConditionInput) => ({
  segments: [{ specVersion: 1, kind: 'dynamic', id: 's', condition }] as const,
})
const a = { type: 'track', name: 'A' } as const

describe('a value of another type is told once per field', () => {
  const expected = [{ kind: 'type', event: 'A', field: 'price', type: 'number' }]

  test('in a comparison', () => {
    const where = { kind: 'property', property: 'price', op: 'gt', value: 1 } as const
    const condition = { kind: 'did', event: { ...a, where } } as const
    expect(findings(having(condition), { price: 'dear' })).toEqual(expected)
    expect(findings(having(condition), { price: 2 })).toEqual([])
    expect(findings(having(condition), { price: null })).toEqual([])
  })

  test('in a total of numbers', () => {
    const total = {
      kind: 'total',
      event: a,
      property: 'price',
      aggregate: 'sum',
      op: 'gt',
      value: 1,
    } as const
    expect(findings(having(total), { price: 'dear' })).toEqual(expected)
    expect(findings(having({ ...total, within: '1d' }), { price: 'dear' })).toEqual(expected)
  })

  test('in a comparison with the anchor event', () => {
    const where = { kind: 'property', property: 'id', op: 'eq', anchor: 'id' } as const
    const when = {
      kind: 'given',
      base: { kind: 'on', event: a },
      condition: { kind: 'did', event: { ...a, where }, within: '1d' },
    } as const
    expect(findings({ triggers: [{ specVersion: 1, id: 't', when }] }, { id: 7 })).toEqual([
      { kind: 'type', event: 'A', field: 'id', type: 'string' },
    ])
  })

  test('in a trait', () => {
    const condition = { kind: 'trait', trait: 'age', op: 'gt', value: 1 } as const
    expect(findings(having(condition), {}, { age: 'old' })).toEqual([
      { kind: 'type', field: 'age', type: 'integer' },
    ])
  })
})

describe('a zone that is not known is told once per user', () => {
  const when = { kind: 'at', trait: 'birthday', time: '09:00' } as const
  const input = {
    triggers: [{ specVersion: 1, id: 't', when }],
  } as const

  test.each([
    ['missing', {}, {}],
    ['unknown', { timezone: 'Mars/Base' }, { zone: 'Mars/Base' }],
  ])('%s', (_, traits, zone) => {
    const definitions = { ...input, plan: { specVersion: 1 } } as const
    expect(findings(definitions, {}, { birthday: '2026-01-10', ...traits })).toEqual([
      { kind: 'zone', userId: 'u1', ...zone },
      { kind: 'zone', userId: 'u2', ...zone },
    ])
  })
})
