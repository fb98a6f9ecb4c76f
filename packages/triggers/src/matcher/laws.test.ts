import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream, type Stream } from '../../fixtures/arbitrary/streams.ts'
import { toMatcherEvent } from '../../fixtures/matcher/run.ts'
import { holds, inDefinedSegment } from '../../fixtures/reference/conditions.ts'
import { anchorKey } from '../../fixtures/reference/fires.ts'
import { membershipChanges } from '../../fixtures/reference/membership.ts'
import { firesOf } from '../../fixtures/reference/occasions.ts'
import {
  comparePlaces,
  entryOf,
  isPlace,
  placeOf,
  timeLineOf,
  timerPlace,
  type Place,
} from '../../fixtures/reference/time-line.ts'
import type { User } from '../../fixtures/reference/user.ts'
import type { Definitions } from '../index.ts'
import { createCompiler } from './compiler.ts'
import type { Core, Scope, ScopedOccasion, ScopeFire, Sink } from './core.ts'
import { anchorKeyOf } from './event.ts'
import type { MatcherUser } from './user.ts'

/** One line per fire or change: instant, number of events seen, what, key. */
type Line = string

interface Reading {
  /** Numbers of milliseconds before which it is saved and loaded. */
  readonly pauses?: ReadonlySet<number>
  /** An occasion that waits, from the end of the place of this event on. */
  readonly waiting?: { readonly occasion: ScopedOccasion; readonly from: string }
}

/** A user read to the end by the core, and what was told. */
function read(core: Core, { events, facts, untilMs }: Stream, { pauses = new Set(), waiting }: Reading = {}) {
  const lines: Line[] = []
  let user: MatcherUser = core.createUser('u1')
  const sink: Sink = {
    fire: (trigger, anchor, atMs, dueMs) =>
      lines.push(`${atMs} ${user.sequence} ${core.triggers[trigger]} ${anchorKeyOf(anchor, dueMs)}`),
    membership: (segment, entered, atMs) =>
      lines.push(`${atMs} ${user.sequence} ${core.segments[segment]} ${entered}`),
  }
  const waited: Line[] = []
  const fire: ScopeFire = (anchor, atMs, dueMs) =>
    waited.push(`${atMs} ${user.sequence} ${anchorKeyOf(anchor, dueMs)}`)
  let scope: Scope | undefined
  const known = [...new Set([...events.map(({ at }) => at), ...facts.map(({ atMs }) => atMs)])]
  for (let step = 0, doneMs = Number.NEGATIVE_INFINITY; ; step++) {
    const scopeMs = scope === undefined ? Infinity : waiting?.occasion.nextDueMs(scope)
    const dueMs = Math.min(core.nextDueMs(user), scopeMs ?? Infinity)
    const nextMs = Math.min(...known.filter((ms) => ms > doneMs), dueMs < untilMs ? dueMs : Infinity)
    if (nextMs === Infinity) break
    if (pauses.has(step)) {
      user = core.load(JSON.parse(JSON.stringify(core.save(user))))
      if (scope) scope = waiting?.occasion.load(JSON.parse(JSON.stringify(waiting.occasion.save(scope))))
    }
    for (const fact of facts) if (fact.atMs === nextMs) core.applyFact(user, fact)
    const now = events.filter(({ at }) => at === nextMs)
    for (const [place, event] of now.entries()) {
      const given = toMatcherEvent(event)
      core.apply(user, given, sink)
      if (scope) waiting?.occasion.apply(scope, user, given, fire)
      const isBefore = place < now.length - 1
      if (isBefore && waiting?.from === event.messageId) scope = waiting.occasion.start()
    }
    if (nextMs < untilMs) {
      core.endDue(user, nextMs, sink)
      if (scope) waiting?.occasion.endDue(scope, user, nextMs, fire)
    }
    if (waiting !== undefined && now.at(-1)?.messageId === waiting.from) scope = waiting.occasion.start()
    doneMs = nextMs
  }
  return { user, lines: lines.toSorted(), waited: waited.toSorted() }
}

function referenceOf(defined: Definitions, { events, facts, untilMs }: Stream): User {
  const line = timeLineOf(
    events,
    facts.map((fact) => entryOf(fact, 'u1')),
  )
  return { id: 'u1', events: line, definitions: defined, horizonMs: untilMs }
}

/** How many events a place sees, without facts. */
function seenAt({ seen }: Place, user: User): number {
  return user.events.slice(0, seen).filter(isPlace).length
}

/** What the reference says, in the order of the lines. */
function expected(user: User): readonly Line[] {
  const seen = (place: Place) => seenAt(place, user)
  const fires = user.definitions.triggers.flatMap(({ id, when }) =>
    firesOf(when, user).map((fire) => `${fire.place.ms} ${seen(fire.place)} ${id} ${anchorKey(fire)}`),
  )
  const changes = user.definitions.segments.flatMap(({ id }) =>
    membershipChanges(id, user).map(({ place, entered }) => `${place.ms} ${seen(place)} ${id} ${entered}`),
  )
  return [...fires, ...changes].toSorted()
}

describe('laws', () => {
  fcTest.prop([definitions, stream], { numRuns: 1_000 })(
    'fires and memberships are those of the reference, at the same places',
    (defined, given) => {
      const core = createCompiler(defined).finish()
      expect(read(core, given).lines).toEqual(expected(referenceOf(defined, given)))
    },
  )

  fcTest.prop([definitions, stream, fc.array(fc.nat(30))], { numRuns: 500 })(
    'any split, with the state saved and loaded in between, gives the same lines and the same state',
    (defined, given, pauses) => {
      const core = createCompiler(defined).finish()
      const whole = read(core, given)
      const split = read(core, given, { pauses: new Set(pauses) })
      expect(split.lines).toEqual(whole.lines)
      expect(JSON.stringify(core.save(split.user))).toBe(JSON.stringify(core.save(whole.user)))
    },
  )

  fcTest.prop([definitions, stream, fc.nat(), fc.array(fc.nat(30))], { numRuns: 500 })(
    'an occasion that waits fires as the reference does of what comes after its start, saved and loaded or not',
    (defined, given, choice, pauses) => {
      const compiler = createCompiler(defined)
      const [first] = defined.triggers
      if (first === undefined) throw new Error('there is always a trigger')
      const occasion = compiler.trigger(first.id).waitFor(first.when, 'journey.0')
      const core = compiler.finish()
      const from = given.events[choice % given.events.length]?.messageId ?? ''
      const reference = referenceOf(defined, given)
      const start = placeOf(
        reference.events.findIndex(({ messageId }) => messageId === from),
        reference.events,
      )
      const fires = firesOf(first.when, { ...reference, since: start })
        .filter(({ place }) => comparePlaces(place, start) > 0)
        .map((fire) => `${fire.place.ms} ${seenAt(fire.place, reference)} ${anchorKey(fire)}`)
      const { waited } = read(core, given, { waiting: { occasion, from }, pauses: new Set(pauses) })
      expect(waited).toEqual(fires.toSorted())
    },
  )

  fcTest.prop([definitions, stream], { numRuns: 500 })(
    'conditions and memberships asked at the end are those of the reference, also where a mirrored segment is unknown',
    (defined, given) => {
      const compiler = createCompiler(defined)
      const asked = defined.triggers.flatMap(({ id, who }) =>
        who === undefined ? [] : [{ who, compiled: compiler.trigger(id).condition(who) }],
      )
      const core = compiler.finish()
      const { user } = read(core, given)
      const reference = referenceOf(defined, given)
      const place = timerPlace(given.untilMs, reference.events)
      for (const { who, compiled } of asked) {
        const now = holds(who, reference, place)
        expect(compiled.ask(user, given.untilMs, [])).toBe(now)
        expect(compiled.explain(user, given.untilMs, []).holds).toBe(now)
        const otherwise = holds(who, { ...reference, unknownIsMember: true }, place)
        expect(compiled.undecidable(user, given.untilMs, [])).toBe(now !== otherwise)
      }
      for (const { id } of defined.segments) {
        expect(core.isMember(user, id, given.untilMs)).toBe(inDefinedSegment(id, reference, place))
      }
    },
  )
})
