import type { Backoff, Cap, Definitions, Policy, TriggerDefinition } from '../definition.ts'
import { defaultEngagements } from '../engagements.ts'
import type { TrackingPlan } from '../plan.ts'
import type { SegmentDefinition } from '../segment.ts'
import { readCondition } from './condition.ts'
import { guardFields, readQuietHours } from './guards.ts'
import { readSteps } from './journey.ts'
import { readOccasion } from './occasion.ts'
import { readPlan } from './plan.ts'
import { at, defaulted, isRecord, named, optional, reader, required, type Read } from './reader.ts'
import { choice, list, object } from './structures.ts'
import {
  readDurationText,
  readId,
  readInteger,
  readNumber,
  readOneOf,
  readText,
  readZone,
} from './scalars.ts'

const specVersion = required(readOneOf([1]))
const noPlan: TrackingPlan = { specVersion: 1, events: {}, traits: {}, requiredTraits: [] }

const readTriggerForm = object<TriggerDefinition>({
  specVersion,
  id: required(readId),
  when: required(readOccasion),
  ...guardFields,
  journey: defaulted(readSteps, []),
})
export const readTrigger: Read<TriggerDefinition> = named(
  'Trigger',
  reader((input, place) => {
    const trigger = readTriggerForm(input, place)
    if (trigger?.holdout === undefined) return trigger
    const experiment = trigger.holdout.experiment ?? trigger.id
    return { ...trigger, holdout: { ...trigger.holdout, experiment } }
  }, readTriggerForm.describe),
)

type Segment<Kind> = Extract<SegmentDefinition, { readonly kind: Kind }>
export const readSegment: Read<SegmentDefinition> = named(
  'Segment',
  choice<SegmentDefinition>('kind', {
    dynamic: object<Segment<'dynamic'>>({
      specVersion,
      kind: required(readOneOf(['dynamic'])),
      id: required(readId),
      condition: required(readCondition),
    }),
    static: object<Segment<'static'>>({
      specVersion,
      kind: required(readOneOf(['static'])),
      id: required(readId),
      members: defaulted(list(readText), []),
    }),
    mirrored: object<Segment<'mirrored'>>({
      specVersion,
      kind: required(readOneOf(['mirrored'])),
      id: required(readId),
      vendor: required(readText),
      segment: required(
        object<Segment<'mirrored'>['segment']>({
          form: required(readOneOf(['list', 'tag', 'attribute', 'cohort', 'audience', 'segment'])),
          id: required(readText),
        }),
      ),
    }),
  }),
)

const readCap: Read<Cap> = object<Cap>({
  channel: optional(readText),
  count: required(readInteger(0)),
  per: required(readDurationText),
})
const readBackoff: Read<Backoff> = object<Backoff>({
  channel: required(readText),
  responseWindow: defaulted(readDurationText, '3d'),
  base: required(readDurationText),
  factor: required(readNumber(1)),
  max: required(readDurationText),
})

export const defaultPolicy: Policy = {
  defaultZone: 'UTC',
  zoneTrait: 'timezone',
  sessionGap: '30m',
  lateness: '5s',
  caps: [],
  backoff: [],
  engagements: defaultEngagements,
}
const readPolicy: Read<Policy> = object<Policy>({
  defaultZone: defaulted(readZone, defaultPolicy.defaultZone),
  zoneTrait: defaulted(readText, defaultPolicy.zoneTrait),
  sessionGap: defaulted(readDurationText, defaultPolicy.sessionGap),
  lateness: defaulted(readDurationText, defaultPolicy.lateness),
  caps: defaulted(list(readCap), defaultPolicy.caps),
  backoff: defaulted(list(readBackoff), defaultPolicy.backoff),
  engagements: defaulted(list(readText), defaultPolicy.engagements),
  arbitrationWindow: optional(readDurationText),
  quietHours: optional(readQuietHours),
})

const readForm: Read<Definitions> = object<Definitions>({
  specVersion,
  plan: defaulted(readPlan, noPlan),
  segments: defaulted(list(readSegment), []),
  triggers: defaulted(list(readTrigger), []),
  policy: defaulted(named('Policy', readPolicy), defaultPolicy),
})
/** A file may name its schema; that is no part of the definitions. */
export const readDefinitions: Read<Definitions> = reader(
  (input, place) => {
    if (!isRecord(input) || !Object.hasOwn(input, '$schema')) return readForm(input, place)
    const { $schema, ...definitions } = input
    readText($schema, at(place, '$schema'))
    return readForm(definitions, place)
  },
  (names) => {
    const form = readForm.describe(names) as { readonly properties: object }
    return { ...form, properties: { $schema: readText.describe(names), ...form.properties } }
  },
)
