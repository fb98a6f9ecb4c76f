import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/matcher/run.ts'
import { browsing, idleBuyer, shop, spending } from '../../fixtures/real-streams.ts'
import { hasStream, readStream } from '../../fixtures/reference/read-events.ts'
import { normaliseDefinitions, type ConditionInput, type OccasionInput } from '../index.ts'
import { compile } from './program.ts'

/** All together in one program; counts of fires by trigger and of members at the last event, by segment. */
function count(
  stream: string,
  occasions: { readonly [id: string]: OccasionInput },
  segments: { readonly [id: string]: ConditionInput },
): Record<string, number> {
  const program = compile(
    normaliseDefinitions({
      specVersion: 1,
      triggers: Object.entries(occasions).map(([id, when]) => ({ specVersion: 1, id, when })),
      segments: Object.entries(segments).map(([id, condition]) => ({
        specVersion: 1,
        kind: 'dynamic',
        id,
        condition,
      })),
    }),
  )
  const users = readStream(stream)
  const endMs = Math.max(...[...users.values()].map((events) => events.at(-1)?.at ?? 0))
  const counts: Record<string, number> = {}
  const add = (name: string) => (counts[name] = (counts[name] ?? 0) + 1)
  for (const [id, events] of users) {
    const { user, fires } = run(program, id, events, endMs, new Set([events.length >> 1]))
    for (const { trigger } of fires) add(trigger)
    for (const segment of Object.keys(segments)) if (program.isMember(user, segment, endMs)) add(segment)
  }
  return counts
}

describe('counts known from the real streams', () => {
  test.skipIf(!hasStream('taobao-a'))('taobao-a (skipped: data not present)', () => {
    expect(count('taobao-a', shop, { browsers: browsing })).toEqual({
      'no-order': 1579,
      'no-order-every': 2636,
      'third-view': 1267,
      idle: 227,
      busy: 4567,
      'viewed-and-added': 141,
      browsers: 160,
    })
  })

  test.skipIf(!hasStream('cdnow'))('cdnow (skipped: data not present)', () => {
    expect(count('cdnow', { idle: idleBuyer }, { spenders: spending })).toEqual({
      idle: 37_770,
      spenders: 1299,
    })
  })
})
