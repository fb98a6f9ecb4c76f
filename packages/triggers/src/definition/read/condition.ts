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
import { at, defaulted, later, named, optional, reader, refuse, required, type Read } from './reader.ts'
import { choice, object } from './structures.ts'
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

const readDidOrTotal = choice<DidCondition | TotalCondition>('kind', { did: readDid, total: readTotal })
const readSessionCondition: Read<InSessionCondition['condition']> = reader(
  (input, place) => {
    const inner = readDidOrTotal(input, place)
    if (inner?.within === undefined) return inner
    return refuse(at(place, 'within'), 'is no field here: the session is the window')
  },
  (names) => ({ allOf: [readDidOrTotal.describe(names), { not: { required: ['within'] } }] }),
)

const readNode: Read<Condition> = later(() => readCondition)
const readLogicOfConditions = readLogic('conditions', readNode)

export const readCondition: Read<Condition> = named(
  'Condition',
  choice<Condition>('kind', {
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
    and: readLogicOfConditions,
    or: readLogicOfConditions,
    not: object<Extract<Condition, { kind: 'not' }>>({
      kind: required(readOneOf(['not'])),
      condition: required(readNode),
    }),
  }),
)
