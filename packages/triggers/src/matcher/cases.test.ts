import { describe, expect, test } from 'vitest'
import { conditionCases } from '../../fixtures/cases/conditions.ts'
import { dateCases } from '../../fixtures/cases/dates.ts'
import {
  eventsOf,
  msOf,
  type ConditionCase,
  type OccasionCase,
  type SetChange,
} from '../../fixtures/cases/notation.ts'
import { occasionCases } from '../../fixtures/cases/occasions.ts'
import { segmentCases } from '../../fixtures/cases/segments.ts'
import { waitCases } from '../../fixtures/cases/waits.ts'
import { toMatcherEvent } from '../../fixtures/matcher/run.ts'
import { orderEvents, type PastEvent } from '../../fixtures/reference/time-line.ts'
import { normaliseDefinitions } from '../index.ts'
import { createCompiler } from './compiler.ts'
import type { Compiler, Core, Sink } from './core.ts'
import { anchorKeyOf, type Anchor } from './event.ts'
import type { MatcherUser } from './user.ts'

const monthMs = 30 * 86_400_000

interface Given {
  readonly core: Core
  readonly user: MatcherUser
  readonly events: readonly PastEvent[]
  readonly changes: readonly SetChange[]
  readonly sink: Sink
}

/** Reads everything up to `untilMs`: its events and facts, and what is due before it. */
function readUntil({ core, user, events, changes, sink }: Given, untilMs: number): void {
  const known = [...events.map(({ at }) => at), ...changes.map(({ ms }) => ms)]
  for (let doneMs = Number.NEGATIVE_INFINITY; ;) {
    const later = known.filter((ms) => ms > doneMs && ms <= untilMs)
    const dueMs = core.nextDueMs(user)
    const nextMs = Math.min(...later, dueMs < untilMs ? dueMs : Infinity)
    if (nextMs === Infinity) return
    for (const { ms, segment, member } of changes) {
      if (ms === nextMs) core.applyFact(user, { kind: 'membership', atMs: ms, segment, member })
    }
    for (const event of events) if (event.at === nextMs) core.apply(user, toMatcherEvent(event), sink)
    if (nextMs < untilMs) core.endDue(user, nextMs, sink)
    doneMs = nextMs
  }
}

function keysOf(given: OccasionCase): readonly string[] {
  const definitions = normaliseDefinitions({
    specVersion: 1,
    triggers: [{ specVersion: 1, id: 'case', when: given.when }],
    ...given.definitions,
  })
  const core = createCompiler(definitions).finish()
  const events = orderEvents(eventsOf(given.events))
  const keys: string[] = []
  const sink: Sink = {
    fire: (_, anchor, __, dueMs) => keys.push(anchorKeyOf(anchor, dueMs)),
    membership: () => undefined,
  }
  const end = (events.at(-1)?.at ?? 0) + monthMs
  const untilMs = given.until === undefined ? end : msOf(given.until)
  readUntil({ core, user: core.createUser('u1'), events, changes: given.changes ?? [], sink }, untilMs)
  return keys
}

/** The condition is `who` of a trigger on every event, whose fire at the anchor event gives the values to ask with. */
function holdsIn(given: ConditionCase): boolean {
  const definitions = normaliseDefinitions({
    specVersion: 1,
    ...given.definitions,
    triggers: [
      {
        specVersion: 1,
        id: 'asked',
        when: {
          kind: 'given',
          base: { kind: 'on', event: { type: 'any' } },
          condition: { kind: 'or', conditions: [{ kind: 'did', event: { type: 'any' } }, given.condition] },
        },
        who: given.condition,
      },
    ],
  })
  const compiler: Compiler = createCompiler(definitions)
  const [asked] = definitions.triggers
  if (asked?.who === undefined) throw new Error('the trigger has its condition')
  const who = compiler.trigger('asked').condition(asked.who)
  const core = compiler.finish()
  const user = core.createUser('u1')
  const anchors = new Map<string, Anchor>()
  const sink: Sink = {
    fire: (_, anchor) => anchors.set(anchor.key, anchor),
    membership: () => undefined,
  }
  const all = eventsOf(given.events)
  const place = typeof given.at === 'number' ? all[given.at] : undefined
  const atMs = place?.at ?? msOf(given.at as string)
  const ordered = orderEvents(all)
  const events = place === undefined ? ordered : ordered.slice(0, ordered.indexOf(place) + 1)
  const changes = (given.changes ?? []).filter(({ ms }) => ms <= atMs)
  readUntil({ core, user, events, changes, sink }, atMs)
  const values = given.anchor === undefined ? [] : (anchors.get(`m${given.anchor}`)?.values ?? [])
  return who.ask(user, atMs, values)
}

describe('the cases of the semantics', () => {
  const cases = [...occasionCases, ...waitCases, ...dateCases, ...segmentCases]
  test.each(cases.map((given) => [given.law, given] as const))('%s', (_, given) => {
    expect(keysOf(given)).toEqual(given.keys)
  })

  test.each(conditionCases.map((given) => [given.law, given] as const))('%s', (_, given) => {
    expect(holdsIn(given)).toBe(given.holds)
  })
})
