import {
  aggregates,
  type Condition,
  type DidCondition,
  type InactiveCondition,
  type InSessionCondition,
  type TotalCondition,
} from '../condition.ts'
import type { EventMatch } from '../event-match.ts'
import { comparing, readCount, readEventMatch, readLogic } from './comparison.ts'
import { choice, defaulted, object, optional, refuse, required, at, type Read } from './reader.ts'
import { readDurationText, readId, readOneOf, readPath } from './scalars.ts'

const within = optional(readDurationText)
const anyEvent: EventMatch = { type: 'any' }

const readDid: Read<DidCondition> = object<DidCondition>({
  kind: required(readOneOf(['did'])),
  event: required(readEventMatch),
  count: defaulted(readCount, { op: 'gte', value: 1 }),
  within,
})

const readTotal: Read<TotalCondition> = comparing<
  Pick<TotalCondition, 'kind' | 'event' | 'property' | 'aggregate' | 'within'>
>({
  kind: required(readOneOf(['total'])),
  event: required(readEventMatch),
  property: required(readPath),
  aggregate: required(readOneOf(aggregates)),
  within,
})

const readInactive: Read<InactiveCondition> = object<InactiveCondition>({
  kind: required(readOneOf(['inactive'])),
  for: required(readDurationText),
  of: defaulted(readEventMatch, anyEvent),
})

const readSessionCondition: Read<InSessionCondition['condition']> = (input, place) => {
  const inner = choice<DidCondition | TotalCondition>('kind', { did: readDid, total: readTotal })(
    input,
    place,
  )
  if (inner?.within !== undefined)
    return refuse(at(place, 'within'), 'is no field here: the session is the window')
  return inner
}

const readNode: Read<Condition> = (input, place) => readCondition(input, place)

export const readCondition: Read<Condition> = choice<Condition>('kind', {
  trait: comparing<{ kind: 'trait'; trait: string }>({
    kind: required(readOneOf(['trait'])),
    trait: required(readPath),
  }),
  did: readDid,
  total: readTotal,
  inactive: readInactive,
  inSession: object<InSessionCondition>({
    kind: required(readOneOf(['inSession'])),
    condition: required(readSessionCondition),
  }),
  inSegment: object<Extract<Condition, { kind: 'inSegment' }>>({
    kind: required(readOneOf(['inSegment'])),
    segment: required(readId),
  }),
  and: readLogic('conditions', readNode),
  or: readLogic('conditions', readNode),
  not: object<Extract<Condition, { kind: 'not' }>>({
    kind: required(readOneOf(['not'])),
    condition: required(readNode),
  }),
})
