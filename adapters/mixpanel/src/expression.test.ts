import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { connect } from '../fixtures/sandbox-account.ts'
import { toWhere } from './expression.ts'

test('a flag', () => {
  const flag = {
    kind: 'equals',
    left: { kind: 'property', name: 'seg_vip' },
    right: { kind: 'literal', value: true },
  } as const
  expect(toWhere(flag)).toBe('(properties["seg_vip"] == true)')
})
fcTest.prop([fc.string({ unit: 'binary' })])('no text can leave its quotes', (text) => {
  const written = toWhere({ kind: 'literal', value: text })
  expect(written.slice(1, -1).replaceAll(/\\["\\]/g, '')).not.toMatch(/["\\]/)
  expect(written.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')).toBe(text)
})
test.each(['a"] == 1 or properties["b', 'back\\slash', '\\"', 'ü🧀'])(
  'the flag %s selects its own people',
  async (flag) => {
    const { sandbox, connector } = await connect()
    sandbox.seed({
      profiles: [
        { distinctId: 'in', properties: { [flag]: true } },
        { distinctId: 'out', properties: { b: 1 } },
      ],
    })
    const found: unknown[] = []
    for await (const page of connector.segments.members(
      { form: 'attribute', id: flag },
      { mode: 'all', fields: [] },
    ))
      found.push(...page.items.map(({ who }) => who.userId))
    await sandbox.close()
    expect(found).toEqual(['in'])
  },
)
