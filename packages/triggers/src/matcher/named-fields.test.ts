import { test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { readByEngine, readByReference } from '../../fixtures/laws/ledger.ts'
import { normaliseDefinitions } from '../index.ts'
import { namedProperties } from './named-fields.ts'

test('paths of comparisons, correlations, totals, anchors and data', () => {
  const added = { type: 'track', name: 'Product Added' } as const
  const defined = normaliseDefinitions({
    specVersion: 1,
    triggers: [
      {
        specVersion: 1,
        id: 't',
        when: {
          kind: 'without',
          base: {
            kind: 'on',
            event: { ...added, where: { kind: 'property', property: 'a.b', op: 'exists', value: true } },
          },
          event: { ...added, where: { kind: 'property', property: 'c[].d', op: 'eq', anchor: 'e' } },
          for: '1h',
          by: 'f',
        },
        who: { kind: 'total', aggregate: 'sum', property: 'g', event: added, op: 'gte', value: 1 },
        journey: [{ kind: 'send', channel: 'email', content: {}, data: { h: { anchor: 'i' } } }],
      },
    ],
  })
  expect(namedProperties(defined)).toEqual(new Set(['send_id', 'a', 'c', 'e', 'f', 'g', 'i']))
})

fcTest.prop([definitions, stream], { numRuns: 2_000 })(
  'track events with the named properties alone have the same ledger and the same state',
  (defined, raw) => {
    const { stream: whole } = readByReference(defined, raw)
    const names = namedProperties(defined)
    const events = whole.events.map((event) => {
      const entries = Object.entries(event.properties).filter(([name]) => names.has(name))
      return event.type === 'track' ? { ...event, properties: Object.fromEntries(entries) } : event
    })
    expect(readByEngine(defined, { ...whole, events })).toEqual(readByEngine(defined, whole))
  },
)
