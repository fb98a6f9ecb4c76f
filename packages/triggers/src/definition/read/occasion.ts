import { maxDays } from '../duration.ts'
import type * as form from '../occasion.ts'
import { maxSequenceSteps } from '../occasion.ts'
import { readCondition } from './condition.ts'
import { readEventMatch } from './comparison.ts'
import { at, defaulted, later, named, optional, reader, refuse, required, type Read } from './reader.ts'
import { choice, list, object } from './structures.ts'
import {
  readCron,
  readDurationText,
  readBoolean,
  readId,
  readInteger,
  readLocalTime,
  readOneOf,
  readPath,
  readValue,
  readZone,
} from './scalars.ts'

const by = optional(readPath)
const duration = required(readDurationText)
const event = required(readEventMatch)
const readNode: Read<form.Occasion> = later(() => readOccasion)

const readStep: Read<form.SequenceStep> = object<form.SequenceStep>({
  event,
  gap: optional(readDurationText),
})

const readChain: Read<form.SequenceOccasion> = object<form.SequenceOccasion>({
  kind: required(readOneOf(['sequence'])),
  by,
  steps: required(list(readStep, 2, maxSequenceSteps)),
  within: duration,
  reuse: defaulted(readBoolean, false),
})
const readSequence: Read<form.SequenceOccasion> = reader(
  (input, place) => {
    const node = readChain(input, place)
    if (node?.steps?.[0]?.gap === undefined) return node
    const gap = at(at(at(place, 'steps'), 0), 'gap')
    return refuse(gap, 'is no field of the first step: there is no step before')
  },
  (names) => ({
    ...(readChain.describe(names) as object),
    allOf: [{ properties: { steps: { prefixItems: [{ not: { required: ['gap'] } }] } } }],
  }),
)

const readMembership: Read<form.MembershipOccasion> = object<form.MembershipOccasion>({
  kind: required(readOneOf(['enters', 'leaves'])),
  segment: required(readId),
})

/** An occasion as written; `by` stands where it was written. */
export const readOccasion: Read<form.Occasion> = named(
  'Occasion',
  choice<form.Occasion>('kind', {
    on: object<form.OnOccasion>({ kind: required(readOneOf(['on'])), by, event }),
    times: object<form.TimesOccasion>({
      kind: required(readOneOf(['times'])),
      by,
      event,
      count: required(readInteger(1)),
      within: duration,
    }),
    sequence: readSequence,
    without: object<form.WithoutOccasion>({
      kind: required(readOneOf(['without'])),
      by,
      base: required(readNode),
      event,
      for: duration,
      anchor: defaulted(readOneOf(['last', 'every', 'first']), 'last'),
    }),
    given: object<form.GivenOccasion>({
      kind: required(readOneOf(['given'])),
      by,
      base: required(readNode),
      condition: required(readCondition),
    }),
    inactive: object<form.InactiveOccasion>({
      kind: required(readOneOf(['inactive'])),
      by,
      for: duration,
      of: defaulted(readEventMatch, { type: 'any' }),
    }),
    enters: readMembership,
    leaves: readMembership,
    changes: object<form.ChangesOccasion>({
      kind: required(readOneOf(['changes'])),
      trait: required(readPath),
      from: optional(readValue),
      to: optional(readValue),
    }),
    at: object<form.AtOccasion>({
      kind: required(readOneOf(['at'])),
      trait: required(readPath),
      offsetDays: defaulted(readInteger(-maxDays, maxDays), 0),
      time: required(readLocalTime),
      repeat: defaulted(readOneOf(['never', 'yearly']), 'never'),
    }),
    schedule: object<form.ScheduleOccasion>({
      kind: required(readOneOf(['schedule'])),
      cron: required(readCron),
      zone: required(readZone),
      segment: required(readId),
      catchUp: defaulted(readDurationText, '1h'),
    }),
  }),
)
